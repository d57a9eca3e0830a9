import type { ProblemCode } from '../../kernel/index.ts';
import { ISSUE_TYPES, PROBLEM_SYSTEM } from '../http/operation-outcome.ts';
import type { VersionDescription } from './version-description.ts';

/** The possible error codes of a response, by HTTP status. `OperationOutcome.issue.details.coding` has the code. */
export const ERROR_CODES = {
  400: ['search-invalid', 'parameter-unknown', 'invalid_request'],
  401: ['login-required', 'invalid_token', 'invalid_dpop_proof'],
  403: ['scope-denied', 'api-not-added', 'patient-mismatch', 'practice-disabled'],
  404: ['not-found', 'type-not-supported'],
  410: ['gone'],
  429: ['throttled', 'too-many-attempts'],
  503: ['unavailable'],
} as const satisfies Readonly<Record<number, readonly ProblemCode[]>>;
export type OpenApiErrorStatus = keyof typeof ERROR_CODES;

/** Removes status 410 if the API serves no history of resources. Such an API answers 404 for a deleted resource. */
export const supportedStatuses = (
  { hasHistory }: VersionDescription,
  ...statuses: readonly OpenApiErrorStatus[]
): readonly OpenApiErrorStatus[] => statuses.filter((status) => hasHistory || status !== 410);

const STATUS_DESCRIPTIONS: Readonly<Record<OpenApiErrorStatus, string>> = {
  400: 'A parameter can’t be read.',
  401: 'The access token is missing, or is no longer valid.',
  403: 'The access token does not allow this.',
  404: 'The data of this access token has no such resource.',
  410: 'The resource was deleted.',
  429: 'The app sent too many requests in a minute, or has too many exports. Wait `Retry-After` seconds.',
  503: 'The server is too busy. Try again after `Retry-After` seconds.',
};

/** Describes a response with a FHIR resource, in each media type of the API. */
export const resourceResponse = (description: string, schema: string, mediaTypes: readonly string[]) => ({
  description,
  content: Object.fromEntries(
    mediaTypes.map((type) => [type, { schema: type.includes('xml') ? XML_SCHEMA : schemaReference(schema) }]),
  ),
});

/** OpenAPI schema of resources in XML. It is only a string, because FHIR's own XML schema defines the content. */
const XML_SCHEMA = { type: 'string', description: 'The same content in XML, namespace http://hl7.org/fhir.' };

const schemaReference = (schema: string) => ({ $ref: `#/components/schemas/${schema}` });

/**
 * Builds the schema of a resource type. It lists the elements that all resources have and leaves the others to the FHIR
 * specification.
 */
export const resourceSchema = (type: string): object => ({
  description: `FHIR ${type}, as defined by this FHIR version.`,
  type: 'object',
  required: ['resourceType', 'id'],
  properties: { resourceType: { type: 'string', enum: [type] }, id: { type: 'string' }, meta: META_SCHEMA },
  additionalProperties: true,
});

const META_SCHEMA = {
  type: 'object',
  properties: { versionId: { type: 'string' }, lastUpdated: { type: 'string', format: 'date-time' } },
  additionalProperties: true,
};

const RESOURCE_SCHEMA = {
  type: 'object',
  required: ['resourceType'],
  properties: { resourceType: { type: 'string' }, id: { type: 'string' } },
  additionalProperties: true,
};

const LINK_SCHEMA = {
  type: 'object',
  required: ['relation', 'url'],
  properties: { relation: { type: 'string', enum: ['self', 'next'] }, url: { type: 'string', format: 'uri' } },
};

const ENTRY_SCHEMA = {
  type: 'object',
  properties: {
    fullUrl: { type: 'string', format: 'uri' },
    resource: schemaReference('Resource'),
    search: { type: 'object', properties: { mode: { type: 'string', enum: ['match', 'include'] } } },
  },
};

const BUNDLE_SCHEMA = {
  description: 'A page of search results. `entry` is missing if there are no matches.',
  type: 'object',
  required: ['resourceType', 'type', 'total', 'link'],
  properties: {
    resourceType: { type: 'string', enum: ['Bundle'] },
    id: { type: 'string' },
    type: { type: 'string', enum: ['searchset'] },
    total: { type: 'integer', description: 'Number of matches on all pages.' },
    link: { type: 'array', items: LINK_SCHEMA },
    entry: { type: 'array', items: ENTRY_SCHEMA },
  },
};

const issueSchema = (codes: readonly ProblemCode[]) => ({
  type: 'object',
  required: ['severity', 'code'],
  properties: {
    severity: { type: 'string', enum: ['error', 'fatal'] },
    code: { type: 'string', enum: [...new Set(codes.map((code) => ISSUE_TYPES[code] ?? 'processing'))] },
    details: {
      type: 'object',
      properties: {
        coding: {
          type: 'array',
          items: { type: 'object', properties: { system: { type: 'string' }, code: { type: 'string', enum: codes } } },
        },
        text: { type: 'string', description: 'What is wrong and how to fix it.' },
      },
    },
    diagnostics: { type: 'string', description: 'Request id. Quote it when you ask for help.' },
  },
});

const outcomeSchema = (codes: readonly ProblemCode[]) => ({
  type: 'object',
  required: ['resourceType', 'issue'],
  properties: {
    resourceType: { type: 'string', enum: ['OperationOutcome'] },
    issue: { type: 'array', items: issueSchema(codes) },
  },
});

const errorResponse = (status: OpenApiErrorStatus) => ({
  description: `${STATUS_DESCRIPTIONS[status]} Codes: ${ERROR_CODES[status].join(', ')}.`,
  content: { 'application/json': { schema: schemaReference('OperationOutcome'), example: errorExample(status) } },
});

function errorExample(status: OpenApiErrorStatus): object {
  const [code] = ERROR_CODES[status];
  const details = { coding: [{ system: PROBLEM_SYSTEM, code }], text: STATUS_DESCRIPTIONS[status] };
  const severity = status < 500 ? 'error' : 'fatal';
  const issue = { severity, code: ISSUE_TYPES[code], details, diagnostics: 'Request id: …' };
  return { resourceType: 'OperationOutcome', issue: [issue] };
}

const STATUSES: readonly OpenApiErrorStatus[] = [400, 401, 403, 404, 410, 429, 503];

export function openApiComponents(words: VersionDescription) {
  const statuses = supportedStatuses(words, ...STATUSES);
  const codes = statuses.flatMap((status): readonly ProblemCode[] => ERROR_CODES[status]);
  return {
    schemas: { Resource: RESOURCE_SCHEMA, Bundle: BUNDLE_SCHEMA, OperationOutcome: outcomeSchema(codes) },
    responses: Object.fromEntries(statuses.map((status) => [status, errorResponse(status)])),
  };
}
