import { EXPORT_PARAMETERS, EXPORTS, type ExportOperation, exportPath } from './export-operations.ts';
import { bodyOf } from './openapi-named-operations.ts';
import { resourceAnswer } from './openapi-schemas.ts';
import type { VersionWords } from './openapi-words.ts';

/** Security requirement of backend apps, which act without a user. */
const BY_BACKEND = [{ backend: ['system/*.rs'] }];
const refusals = (...codes: readonly number[]): object =>
  Object.fromEntries(codes.map((code) => [code, { $ref: `#/components/responses/${code}` }]));
const ADDRESS = { description: 'Where it is to be asked about.', schema: { type: 'string', format: 'uri' } };
const inPath = (name: string, description: string) => ({
  name,
  in: 'path',
  required: true,
  description,
  schema: { type: 'string' },
});
const GROUP = inPath('id', 'Id of the group.');
const JOB = inPath('job', 'The export: the last part of Content-Location.');
const ASYNC = {
  name: 'Prefer',
  in: 'header',
  required: true,
  description: 'An export takes its time. With handling=lenient what is not supported is left out.',
  schema: { type: 'string', enum: ['respond-async', 'respond-async, handling=lenient'] },
};

/** Paths of Bulk Data 2.0 and of the groups that can be exported. Only backend apps can use them. */
export const exportPaths = (words: VersionWords): Readonly<Record<string, object>> => ({
  ...Object.fromEntries(
    EXPORTS.map((one) => [exportPath(one), { get: kickOff(one, 'get'), post: kickOff(one, 'post') }]),
  ),
  '/Group': { get: groups('listGroups', words) },
  '/Group/_search': { post: groups('listGroupsByPost', words) },
  '/Group/{id}': { get: group(words) },
  '/export/{job}': { get: status(), delete: removal() },
  '/export/{job}/{file}': { get: file() },
});

const BACKEND_SCOPES = {
  'system/*.rs': 'Read all types at the practices of the app',
  'system/*.cud': 'Write all types at the practice of the app, each its own',
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

function kickOff({ type, ofOne, summary }: ExportOperation, method: 'get' | 'post'): object {
  const parameters = EXPORT_PARAMETERS.filter(
    ({ postOnly, ofPatients }) => (method === 'post' || !postOnly) && (type !== undefined || !ofPatients),
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
    security: BY_BACKEND,
    parameters: [...(ofOne ? [GROUP] : []), ASYNC, ...(method === 'get' ? described : [])],
    ...(method === 'post' ? { requestBody: bodyOf(parameters) } : {}),
    responses: {
      202: { description: 'It is put down, and begins soon.', headers: { 'Content-Location': ADDRESS } },
      ...refusals(400, 401, 403, 404, 503),
    },
  };
}

const groups = (operationId: string, { mediaTypes }: VersionWords): object => ({
  tags: [TAG],
  operationId,
  summary: 'List the groups of patients that can be exported',
  security: BY_BACKEND,
  parameters: GROUP_PARAMETERS.map(({ name, type, documentation }) => ({
    name,
    in: 'query',
    description: documentation,
    schema: { type: 'string' },
    'x-search-type': type,
  })),
  responses: {
    200: resourceAnswer('Groups, with how many patients each has.', 'Bundle', mediaTypes),
    ...refusals(400, 401, 403, 503),
  },
});

/** Search parameters of Group. */
export const GROUP_PARAMETERS = [
  { name: '_id', type: 'token', documentation: 'Id of the resource.' },
  { name: 'name', type: 'string', documentation: 'How the name of the group begins.' },
] as const;

const group = ({ mediaTypes }: VersionWords): object => ({
  tags: [TAG],
  operationId: 'readGroup',
  summary: 'Read one group, with its members',
  security: BY_BACKEND,
  parameters: [GROUP],
  responses: { 200: resourceAnswer('The group.', 'Resource', mediaTypes), ...refusals(401, 403, 404, 503) },
});

const status = (): object => ({
  tags: [TAG],
  operationId: 'exportStatus',
  summary: 'Ask how far an export is',
  security: BY_BACKEND,
  parameters: [JOB],
  responses: {
    200: {
      description: 'It is done: the manifest names its files.',
      content: { 'application/json': { schema: { type: 'object' } } },
    },
    202: {
      description: 'It is not done.',
      headers: {
        'X-Progress': { description: 'How far it is.', schema: { type: 'string' } },
        'Retry-After': { description: 'Seconds until it may be asked again.', schema: { type: 'integer' } },
      },
    },
    ...refusals(401, 403, 404, 503),
  },
});

const removal = (): object => ({
  tags: [TAG],
  operationId: 'removeExport',
  summary: 'Cancel an export, or remove its files',
  security: BY_BACKEND,
  parameters: [JOB],
  responses: { 202: { description: 'It is gone.' }, ...refusals(401, 403, 404, 503) },
});

const file = (): object => ({
  tags: [TAG],
  operationId: 'exportFile',
  summary: 'Fetch a file of an export',
  security: BY_BACKEND,
  parameters: [JOB, inPath('file', 'As the manifest names it.')],
  responses: {
    200: {
      description: 'One resource a line.',
      content: { 'application/fhir+ndjson': { schema: { type: 'string' } } },
    },
    ...refusals(401, 403, 404, 503),
  },
});
