import type { ProblemCode } from '../../kernel/index.ts';
import type { VersionWords } from './openapi-words.ts';
import { ISSUE_TYPE, PROBLEMS } from './outcome.ts';

/** Error codes in `issue.details.coding` for each HTTP status. */
export const ERRORS = {
  400: ['search-invalid', 'parameter-unknown', 'invalid_request'],
  401: ['login-required', 'invalid_token', 'invalid_dpop_proof'],
  403: ['scope-denied', 'api-not-added', 'patient-mismatch', 'practice-disabled'],
  404: ['not-found', 'type-not-supported'],
  410: ['gone'],
  503: ['unavailable'],
} as const satisfies Readonly<Record<number, readonly ProblemCode[]>>;
export type Refused = keyof typeof ERRORS;

/** Leaves out 410 if the version serves no history: a deleted resource then looks as if it had never existed. */
export const statusesOf = ({ versions }: VersionWords, ...statuses: readonly Refused[]): readonly Refused[] =>
  statuses.filter((status) => versions || status !== 410);

const WHY: Readonly<Record<Refused, string>> = {
  400: 'A parameter can’t be understood.',
  401: 'No access token came along, or it is good no longer.',
  403: 'The token is good, and not for this.',
  404: 'There is no such thing in what the token is for.',
  410: 'It was there, and was deleted.',
  503: 'The server is too busy; try again after `Retry-After` seconds.',
};

/** Describes a response with a resource in each of its media types. */
export const resourceAnswer = (description: string, schema: string, mediaTypes: readonly string[]) => ({
  description,
  content: Object.fromEntries(
    mediaTypes.map((type) => [type, { schema: type.includes('xml') ? XML : reference(schema) }]),
  ),
});

/** FHIR's XML schema defines the content. */
const XML = { type: 'string', description: 'The same in XML, namespace http://hl7.org/fhir.' };

const reference = (schema: string) => ({ $ref: `#/components/schemas/${schema}` });

/** Describes the elements that all resources have. FHIR defines the others. */
export const schemaOf = (type: string): object => ({
  description: `FHIR ${type}; what may be in it is as the version of FHIR says.`,
  type: 'object',
  required: ['resourceType', 'id'],
  properties: { resourceType: { type: 'string', enum: [type] }, id: { type: 'string' }, meta: META },
  additionalProperties: true,
});

const META = {
  type: 'object',
  properties: { versionId: { type: 'string' }, lastUpdated: { type: 'string', format: 'date-time' } },
  additionalProperties: true,
};

const RESOURCE = {
  type: 'object',
  required: ['resourceType'],
  properties: { resourceType: { type: 'string' }, id: { type: 'string' } },
  additionalProperties: true,
};

const LINK = {
  type: 'object',
  required: ['relation', 'url'],
  properties: { relation: { type: 'string', enum: ['self', 'next'] }, url: { type: 'string', format: 'uri' } },
};

const ENTRY = {
  type: 'object',
  properties: {
    fullUrl: { type: 'string', format: 'uri' },
    resource: reference('Resource'),
    search: { type: 'object', properties: { mode: { type: 'string', enum: ['match', 'include'] } } },
  },
};

const BUNDLE = {
  description: 'A page of a search. There is no `entry` where nothing was found.',
  type: 'object',
  required: ['resourceType', 'type', 'total', 'link'],
  properties: {
    resourceType: { type: 'string', enum: ['Bundle'] },
    id: { type: 'string' },
    type: { type: 'string', enum: ['searchset'] },
    total: { type: 'integer', description: 'Of all pages.' },
    link: { type: 'array', items: LINK },
    entry: { type: 'array', items: ENTRY },
  },
};

const issueOf = (codes: readonly ProblemCode[]) => ({
  type: 'object',
  required: ['severity', 'code'],
  properties: {
    severity: { type: 'string', enum: ['error', 'fatal'] },
    code: { type: 'string', enum: [...new Set(codes.map((code) => ISSUE_TYPE[code] ?? 'processing'))] },
    details: {
      type: 'object',
      properties: {
        coding: {
          type: 'array',
          items: { type: 'object', properties: { system: { type: 'string' }, code: { type: 'string', enum: codes } } },
        },
        text: { type: 'string', description: 'What is wrong and how to mend it.' },
      },
    },
    diagnostics: { type: 'string', description: 'Id of the request, to be named when you ask for help.' },
  },
});

const outcomeOf = (codes: readonly ProblemCode[]) => ({
  type: 'object',
  required: ['resourceType', 'issue'],
  properties: {
    resourceType: { type: 'string', enum: ['OperationOutcome'] },
    issue: { type: 'array', items: issueOf(codes) },
  },
});

const refusal = (status: Refused) => ({
  description: `${WHY[status]} Codes: ${ERRORS[status].join(', ')}.`,
  content: { 'application/json': { schema: reference('OperationOutcome'), example: exampleOf(status) } },
});

function exampleOf(status: Refused): object {
  const [code] = ERRORS[status];
  const details = { coding: [{ system: PROBLEMS, code }], text: WHY[status] };
  const severity = status < 500 ? 'error' : 'fatal';
  const issue = { severity, code: ISSUE_TYPE[code], details, diagnostics: 'Request id: …' };
  return { resourceType: 'OperationOutcome', issue: [issue] };
}

const STATUSES: readonly Refused[] = [400, 401, 403, 404, 410, 503];

export function componentsOf(words: VersionWords) {
  const statuses = statusesOf(words, ...STATUSES);
  const codes = statuses.flatMap((status): readonly ProblemCode[] => ERRORS[status]);
  return {
    schemas: { Resource: RESOURCE, Bundle: BUNDLE, OperationOutcome: outcomeOf(codes) },
    responses: Object.fromEntries(statuses.map((status) => [status, refusal(status)])),
  };
}
