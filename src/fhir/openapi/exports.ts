import { EXPORT_OPERATIONS, EXPORT_PARAMETERS, type ExportOperation, exportPath } from '../model/export-operations.ts';
import { parametersBody } from './named-operations.ts';
import { resourceResponse } from './schemas.ts';
import type { VersionDescription } from './version-description.ts';

/** OpenAPI security requirement of operations for backend apps, which act without a user. */
const BACKEND_SECURITY = [{ backend: ['system/*.rs'] }];
const errorReferences = (...codes: readonly number[]): object =>
  Object.fromEntries(codes.map((code) => [code, { $ref: `#/components/responses/${code}` }]));
const STATUS_URL_HEADER = { description: 'Status address of the export.', schema: { type: 'string', format: 'uri' } };
const pathParameter = (name: string, description: string) => ({
  name,
  in: 'path',
  required: true,
  description,
  schema: { type: 'string' },
});
const GROUP_ID_PARAMETER = pathParameter('id', 'Id of the group.');
const JOB_PARAMETER = pathParameter('job', 'Id of the export: the last part of Content-Location.');
const PREFER_ASYNC_PARAMETER = {
  name: 'Prefer',
  in: 'header',
  required: true,
  description: 'Exports run asynchronously. With handling=lenient, unsupported parameters are ignored.',
  schema: { type: 'string', enum: ['respond-async', 'respond-async, handling=lenient'] },
};

/**
 * Describes the paths of Bulk Data exports and of the patient groups that can be exported. Only backend apps can use
 * them.
 */
export const exportPaths = (words: VersionDescription): Readonly<Record<string, object>> => ({
  ...Object.fromEntries(
    EXPORT_OPERATIONS.map((one) => [
      exportPath(one),
      { get: kickOffOperation(one, 'get'), post: kickOffOperation(one, 'post') },
    ]),
  ),
  '/Group': { get: groupSearchOperation('listGroups', words) },
  '/Group/_search': { post: groupSearchOperation('listGroupsByPost', words) },
  '/Group/{id}': { get: groupReadOperation(words) },
  '/export/{job}': { get: statusOperation(), delete: deleteOperation() },
  '/export/{job}/{file}': { get: fileOperation() },
});

const BACKEND_SCOPES = {
  'system/*.rs': 'Read all types at the app’s practices',
  'system/*.cud': 'Write all types at the app’s practice; each app can change only its own resources',
};

export const exportSecurity = (tokenUrl: string): object => ({
  backend: {
    type: 'oauth2',
    description: 'SMART Backend Services: client_credentials with private_key_jwt.',
    flows: { clientCredentials: { tokenUrl, scopes: BACKEND_SCOPES } },
  },
});

const TAG = 'Bulk export';
export const EXPORT_TAG = { name: TAG };

function kickOffOperation({ type, isInstanceLevel, summary }: ExportOperation, method: 'get' | 'post'): object {
  const parameters = EXPORT_PARAMETERS.filter(
    ({ postOnly, notForServer }) => (method === 'post' || !postOnly) && (type !== undefined || !notForServer),
  );
  const described = parameters.map(({ name, documentation }) => ({
    name,
    in: 'query',
    description: documentation,
    schema: { type: 'string' },
  }));
  return {
    tags: [TAG],
    operationId: `export${type ?? 'Server'}${method === 'post' ? 'ByPost' : ''}`,
    summary,
    security: BACKEND_SECURITY,
    parameters: [
      ...(isInstanceLevel ? [GROUP_ID_PARAMETER] : []),
      PREFER_ASYNC_PARAMETER,
      ...(method === 'get' ? described : []),
    ],
    ...(method === 'post' ? { requestBody: parametersBody(parameters) } : {}),
    responses: {
      202: { description: 'The export is queued.', headers: { 'Content-Location': STATUS_URL_HEADER } },
      ...errorReferences(400, 401, 403, 404, 429, 503),
    },
  };
}

const groupSearchOperation = (operationId: string, { mediaTypes }: VersionDescription): object => ({
  tags: [TAG],
  operationId,
  summary: 'List the patient groups that can be exported',
  security: BACKEND_SECURITY,
  parameters: GROUP_PARAMETERS.map(({ name, type, documentation }) => ({
    name,
    in: 'query',
    description: documentation,
    schema: { type: 'string' },
    'x-search-type': type,
  })),
  responses: {
    200: resourceResponse('Groups with their number of patients.', 'Bundle', mediaTypes),
    ...errorReferences(400, 401, 403, 429, 503),
  },
});

/** Search parameters of the type Group. */
export const GROUP_PARAMETERS = [
  { name: '_id', type: 'token', documentation: 'Id of the resource.' },
  { name: 'name', type: 'string', documentation: 'Beginning of the group’s name.' },
] as const;

const groupReadOperation = ({ mediaTypes }: VersionDescription): object => ({
  tags: [TAG],
  operationId: 'readGroup',
  summary: 'Read a group with its members',
  security: BACKEND_SECURITY,
  parameters: [GROUP_ID_PARAMETER],
  responses: {
    200: resourceResponse('The group.', 'Resource', mediaTypes),
    ...errorReferences(401, 403, 404, 429, 503),
  },
});

const statusOperation = (): object => ({
  tags: [TAG],
  operationId: 'exportStatus',
  summary: 'Get the status of an export',
  security: BACKEND_SECURITY,
  parameters: [JOB_PARAMETER],
  responses: {
    200: {
      description: 'The export is complete. The manifest lists its files.',
      content: { 'application/json': { schema: { type: 'object' } } },
    },
    202: {
      description: 'The export is still running.',
      headers: {
        'X-Progress': { description: 'Progress of the export.', schema: { type: 'string' } },
        'Retry-After': { description: 'Seconds to wait before the next status request.', schema: { type: 'integer' } },
      },
    },
    ...errorReferences(401, 403, 404, 429, 503),
  },
});

const deleteOperation = (): object => ({
  tags: [TAG],
  operationId: 'removeExport',
  summary: 'Cancel an export, or delete its files',
  security: BACKEND_SECURITY,
  parameters: [JOB_PARAMETER],
  responses: { 202: { description: 'The export was deleted.' }, ...errorReferences(401, 403, 404, 429, 503) },
});

const fileOperation = (): object => ({
  tags: [TAG],
  operationId: 'exportFile',
  summary: 'Download a file of an export',
  security: BACKEND_SECURITY,
  parameters: [JOB_PARAMETER, pathParameter('file', 'File name from the manifest.')],
  responses: {
    200: {
      description: 'One resource per line.',
      content: { 'application/fhir+ndjson': { schema: { type: 'string' } } },
    },
    ...errorReferences(401, 403, 404, 429, 503),
  },
});
