import type { FhirOperation, FhirOperationLevel, FhirOperationParameter } from '../model/operation.ts';
import { errorResponses, ID_PARAMETER, requiredScope, SEARCH_ERRORS } from './interactions.ts';
import { resourceResponse } from './schemas.ts';
import type { VersionDescription } from './version-description.ts';

/**
 * Returns the OpenAPI operationId of a FHIR operation, such as `docrefDocumentReference` or
 * `everythingPatientInstance`.
 */
const operationId = ({ name, type }: FhirOperation, level: FhirOperationLevel): string =>
  `${name}${type}${level === 'instance' ? 'Instance' : ''}`;

export const operationByGet = (
  operation: FhirOperation,
  level: FhirOperationLevel,
  words: VersionDescription,
): object => ({
  tags: [operation.type],
  operationId: operationId(operation, level),
  summary: operation.summary,
  security: requiredScope(operation.type),
  parameters: [
    ...(level === 'instance' ? [ID_PARAMETER] : []),
    ...operation.parameters.map(({ name, documentation }) => ({
      name,
      in: 'query',
      description: documentation,
      schema: { type: 'string' },
    })),
  ],
  responses: operationResponses(operation, words),
});

/**
 * Describes a FHIR operation that is called by POST. Its parameters are sent as a form or as a Parameters resource
 * (FHIR R4 §3.2.0.1).
 */
export const operationByPost = (
  operation: FhirOperation,
  level: FhirOperationLevel,
  words: VersionDescription,
): object => ({
  tags: [operation.type],
  operationId: `${operationId(operation, level)}ByPost`,
  summary: `${operation.summary}, with parameters in the body`,
  security: requiredScope(operation.type),
  parameters: level === 'instance' ? [ID_PARAMETER] : [],
  requestBody: parametersBody(operation.parameters, words.mediaTypes[0]),
  responses: operationResponses(operation, words),
});

const operationResponses = ({ response }: FhirOperation, { mediaTypes }: VersionDescription): object => ({
  200: resourceResponse(response.description, response.resource, mediaTypes),
  ...errorResponses(SEARCH_ERRORS),
});

/**
 * Describes a request body with the parameters of a FHIR operation, sent as a form or as a Parameters resource.
 * @param json JSON media type of the FHIR version
 */
export const parametersBody = (parameters: readonly FhirOperationParameter[], json = 'application/fhir+json') => ({
  content: {
    'application/x-www-form-urlencoded': { schema: formSchema(parameters) },
    [json]: { schema: parametersSchema(parameters) },
  },
});

const formSchema = (parameters: readonly FhirOperationParameter[]) => ({
  type: 'object',
  properties: Object.fromEntries(
    parameters.map(({ name, documentation }) => [name, { type: 'string', description: documentation }]),
  ),
});

const parametersSchema = (parameters: readonly FhirOperationParameter[]) => ({
  type: 'object',
  required: ['resourceType'],
  properties: {
    resourceType: { type: 'string', enum: ['Parameters'] },
    parameter: {
      type: 'array',
      items: {
        type: 'object',
        description: 'One value, such as valueString, valueInstant or valueReference.',
        required: ['name'],
        properties: { name: { type: 'string', enum: parameters.map(({ name }) => name) } },
        additionalProperties: true,
      },
    },
  },
});
