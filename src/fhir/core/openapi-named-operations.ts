import { allowedBy, ID, OF_SEARCH, refusals } from './openapi-operations.ts';
import { resourceAnswer } from './openapi-schemas.ts';
import type { VersionWords } from './openapi-words.ts';
import type { Operation, OperationLevel, OperationParameter } from './operation.ts';

/** OpenAPI operationId, such as `docrefDocumentReference` or `everythingPatientInstance`. */
const idOf = ({ name, type }: Operation, level: OperationLevel): string =>
  `${name}${type}${level === 'instance' ? 'Instance' : ''}`;

export const namedOperation = (operation: Operation, level: OperationLevel, words: VersionWords): object => ({
  tags: [operation.type],
  operationId: idOf(operation, level),
  summary: operation.summary,
  security: allowedBy(operation.type),
  parameters: [
    ...(level === 'instance' ? [ID] : []),
    ...operation.parameters.map(({ name, documentation }) => ({
      name,
      in: 'query',
      description: documentation,
      schema: { type: 'string' },
    })),
  ],
  responses: responsesOf(operation, words),
});

/** Describes the operation by POST, with its parameters as a form or a Parameters resource. FHIR R4 §3.2.0.1 */
export const operationByPost = (operation: Operation, level: OperationLevel, words: VersionWords): object => ({
  tags: [operation.type],
  operationId: `${idOf(operation, level)}ByPost`,
  summary: `${operation.summary}, with parameters in the body`,
  security: allowedBy(operation.type),
  parameters: level === 'instance' ? [ID] : [],
  requestBody: bodyOf(operation.parameters, words.mediaTypes[0]),
  responses: responsesOf(operation, words),
});

const responsesOf = ({ answer }: Operation, { mediaTypes }: VersionWords): object => ({
  200: resourceAnswer(answer.description, answer.resource, mediaTypes),
  ...refusals(OF_SEARCH),
});

/** Describes a body with parameters as a form or a Parameters resource. @param json the version's own media type */
export const bodyOf = (parameters: readonly OperationParameter[], json = 'application/fhir+json') => ({
  content: {
    'application/x-www-form-urlencoded': { schema: formOf(parameters) },
    [json]: { schema: parametersSchema(parameters) },
  },
});

const formOf = (parameters: readonly OperationParameter[]) => ({
  type: 'object',
  properties: Object.fromEntries(
    parameters.map(({ name, documentation }) => [name, { type: 'string', description: documentation }]),
  ),
});

const parametersSchema = (parameters: readonly OperationParameter[]) => ({
  type: 'object',
  required: ['resourceType'],
  properties: {
    resourceType: { type: 'string', enum: ['Parameters'] },
    parameter: {
      type: 'array',
      items: {
        type: 'object',
        description: 'With one value, such as valueString, valueInstant or valueReference.',
        required: ['name'],
        properties: { name: { type: 'string', enum: parameters.map(({ name }) => name) } },
        additionalProperties: true,
      },
    },
  },
});
