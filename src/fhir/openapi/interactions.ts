import type { ServedType } from '../model/fhir-version.ts';
import { isInCompartment } from '../search/compartment-search.ts';
import { type OpenApiErrorStatus, resourceResponse, supportedStatuses } from './schemas.ts';
import type { OpenApiParameter } from './search-parameters.ts';
import type { VersionDescription } from './version-description.ts';

/** Returns the error responses of an operation, by HTTP status. Each is a `$ref` to a component of the document. */
export const errorResponses = (codes: readonly OpenApiErrorStatus[]): object =>
  Object.fromEntries(codes.map((code) => [code, { $ref: `#/components/responses/${code}` }]));
export const SEARCH_ERRORS: readonly OpenApiErrorStatus[] = [400, 401, 403, 404, 429, 503];
const READ_ERRORS: readonly OpenApiErrorStatus[] = [401, 403, 404, 429, 503];
const readErrors = (words: VersionDescription): readonly OpenApiErrorStatus[] =>
  supportedStatuses(words, ...READ_ERRORS, 410);

/** OpenAPI security requirement: a scope that allows reading and searching the resource type. */
export const requiredScope = (type: string) => [{ smart: [`patient/${type}.rs`] }];

export const searchOperation = (
  type: ServedType,
  parameters: readonly OpenApiParameter[],
  words: VersionDescription,
): object => ({
  tags: [type.name],
  operationId: `search${type.name}`,
  summary: `Search ${type.name}`,
  security: requiredScope(type.name),
  'x-stored-type': type.stored,
  parameters,
  responses: {
    200: resourceResponse('A page of matches. `total` counts all matches.', 'Bundle', words.mediaTypes),
    ...errorResponses(SEARCH_ERRORS),
  },
});

/**
 * Describes a search by POST (FHIR R4 search §3.1.1.1). The search parameters are sent as a form, which keeps them out
 * of URLs and logs.
 */
export const searchByPost = (
  type: ServedType,
  parameters: readonly OpenApiParameter[],
  words: VersionDescription,
): object => {
  const inForm = parameters.filter((parameter) => parameter.in === 'query');
  const properties = inForm.map(({ name, description, schema }) => [name, { ...schema, description }]);
  const schema = { type: 'object', properties: Object.fromEntries(properties) };
  return {
    tags: [type.name],
    operationId: `search${type.name}ByPost`,
    summary: `Search ${type.name}, with a form`,
    security: requiredScope(type.name),
    parameters: parameters.filter((parameter) => parameter.in === 'header'),
    requestBody: { content: { 'application/x-www-form-urlencoded': { schema } } },
    responses: {
      200: resourceResponse('Same as the search by GET, including links.', 'Bundle', words.mediaTypes),
      ...errorResponses(SEARCH_ERRORS),
    },
  };
};

/** Path of a search within a patient compartment (FHIR R4, compartmentdefinition). */
export const COMPARTMENT_PATH = '/Patient/{id}/{type}';
export const compartmentOperation = (types: readonly ServedType[], words: VersionDescription): object => ({
  tags: ['Patient'],
  operationId: 'findInCompartment',
  summary: 'Search a type in a patient compartment',
  description:
    'Same as searching the type with `patient={id}`. It needs the same scope and accepts the type’s own parameters.',
  security: [{ smart: ['patient/*.rs'] }],
  parameters: [
    { ...ID_PARAMETER, description: 'Id of the patient.' },
    {
      name: 'type',
      in: 'path',
      required: true,
      description: 'A type in the patient compartment.',
      schema: { type: 'string', enum: types.filter(isInCompartment).map(({ name }) => name) },
    },
  ],
  responses: {
    200: resourceResponse('A page of matches. `total` counts all matches.', 'Bundle', words.mediaTypes),
    ...errorResponses(SEARCH_ERRORS),
  },
});

export const readOperation = ({ name }: ServedType, words: VersionDescription): object => ({
  tags: [name],
  operationId: `read${name}`,
  summary: `Read one ${name}`,
  security: requiredScope(name),
  parameters: [ID_PARAMETER, ...CONDITIONAL_HEADERS],
  responses: {
    200: { ...resourceResponse(`The ${name}.`, name, words.mediaTypes), headers: VERSION_HEADERS },
    304: NOT_MODIFIED,
    ...errorResponses(readErrors(words)),
  },
});

export const versionOperation = ({ name }: ServedType, words: VersionDescription): object => ({
  tags: [name],
  operationId: `vread${name}`,
  summary: `Read one version of a ${name}`,
  security: requiredScope(name),
  parameters: [
    ID_PARAMETER,
    { ...ID_PARAMETER, name: 'version', description: 'Version number.', schema: { type: 'integer', minimum: 1 } },
    ...CONDITIONAL_HEADERS,
  ],
  responses: {
    200: { ...resourceResponse(`The ${name} in this version.`, name, words.mediaTypes), headers: VERSION_HEADERS },
    304: NOT_MODIFIED,
    ...errorResponses(readErrors(words)),
  },
});

export const historyOperation = ({ name }: ServedType, words: VersionDescription): object => ({
  tags: [name],
  operationId: `history${name}`,
  summary: `List the versions of one ${name}`,
  security: requiredScope(name),
  parameters: [
    ID_PARAMETER,
    { name: '_count', in: 'query', description: 'Versions per page.', schema: { type: 'integer', minimum: 1 } },
    {
      name: '_since',
      in: 'query',
      description: 'Only versions created since this instant.',
      schema: { type: 'string' },
    },
  ],
  responses: {
    200: resourceResponse('The versions, newest first.', 'Bundle', words.mediaTypes),
    ...errorResponses(SEARCH_ERRORS),
  },
});

export const ID_PARAMETER = {
  name: 'id',
  in: 'path',
  required: true,
  description: 'Id of the resource.',
  schema: { type: 'string', pattern: '^[A-Za-z0-9\\-.]{1,64}$' },
};

/** Request header of RFC 9110 §13.1.2: a read is answered with 304 if the resource still has the ETag in the header. */
const IF_NONE_MATCH = {
  name: 'If-None-Match',
  in: 'header',
  description: 'The `ETag` of your copy. If it is current, the response has no body.',
  schema: { type: 'string' },
};
/**
 * Request header of RFC 9110 §13.1.3: a read is answered with 304 if the resource hasn't changed since the time in the
 * header.
 */
const IF_MODIFIED_SINCE = {
  name: 'If-Modified-Since',
  in: 'header',
  description:
    'The `Last-Modified` of your copy. If it is current, the response has no body. Ignored if `If-None-Match` is sent.',
  schema: { type: 'string' },
};
const CONDITIONAL_HEADERS = [IF_NONE_MATCH, IF_MODIFIED_SINCE];
const NOT_MODIFIED = { description: 'Your copy is current.' };

const VERSION_HEADERS = {
  ETag: { description: 'Version of the resource: `W/"1"`.', schema: { type: 'string' } },
  'Last-Modified': { description: 'Time of the last change on this server.', schema: { type: 'string' } },
};

/**
 * Paths of documents. Resources contain the URL `/Binary/{id}`. Clients may have stored the older URL
 * `/document/{name}`, so it still works.
 */
export const DOCUMENT_PATHS = ['/document/{name}', '/Binary/{id}'] as const;

export const documentOperation = (path: (typeof DOCUMENT_PATHS)[number]): object => ({
  tags: ['Documents'],
  operationId: path === '/Binary/{id}' ? 'readBinary' : 'readDocument',
  summary:
    path === '/Binary/{id}'
      ? 'Read a document at the address in its resource'
      : 'Read a document at its former address',
  description:
    'The bytes, with the content type they were stored with, as a download.' +
    (path === '/Binary/{id}' ? ' Clients that request a FHIR media type get a Binary resource.' : ''),
  security: requiredScope('DocumentReference'),
  parameters: [path === '/Binary/{id}' ? ID_PARAMETER : DOCUMENT_NAME_PARAMETER, RANGE_PARAMETER, IF_NONE_MATCH],
  responses: {
    200: {
      description: 'The document.',
      content: Object.fromEntries(
        ['application/pdf', 'text/plain', '*/*'].map((type) => [
          type,
          { schema: { type: 'string', format: 'binary' } },
        ]),
      ),
    },
    206: { description: 'The requested `Range`, with `Content-Range`.' },
    304: NOT_MODIFIED,
    416: { description: 'The range starts after the last byte.' },
    ...errorResponses(READ_ERRORS),
  },
});

const RANGE_PARAMETER = {
  name: 'Range',
  in: 'header',
  description: 'A byte range: `bytes=0-999`, `bytes=1000-` or `bytes=-500`.',
  schema: { type: 'string' },
};

const DOCUMENT_NAME_PARAMETER = {
  name: 'name',
  in: 'path',
  required: true,
  description: 'The last part of an attachment `url`, such as `content.attachment.url` of a DocumentReference.',
  schema: { type: 'string' },
};

export const statementOperation = ({ statement, mediaTypes }: VersionDescription): object => ({
  tags: ['Server'],
  operationId: 'metadata',
  summary: `Get the capabilities of this server, as a ${statement}`,
  security: [],
  responses: { 200: resourceResponse(`The ${statement}.`, 'Resource', mediaTypes) },
});
