import type { FhirApi } from '../../domain/index.ts';
import { DOCUMENT_TYPE } from '../authorization/enforce.ts';
import type { Endpoints, FhirVersion, ServedType } from '../model/fhir-version.ts';
import { type FhirOperation, operationPath } from '../model/operation.ts';
import { EXPORT_TAG, exportPaths, exportSecurity } from './exports.ts';
import { FEED_TAG, feedPath } from './feed.ts';
import {
  COMPARTMENT_PATH,
  compartmentOperation,
  DOCUMENT_PATHS,
  documentOperation,
  historyOperation,
  readOperation,
  searchByPost,
  searchOperation,
  statementOperation,
  versionOperation,
} from './interactions.ts';
import { operationByGet, operationByPost } from './named-operations.ts';
import { openApiComponents, resourceSchema } from './schemas.ts';
import { describeSearchParameters, type OpenApiParameter } from './search-parameters.ts';
import type { VersionDescription } from './version-description.ts';

/**
 * Builds the OpenAPI document of one FHIR version, in OpenAPI 3.0.3, which most client generators support. The
 * document, the router and the resource at `/metadata` are all generated from the same tables, so they can't contradict
 * each other.
 */
export function openApiDocument(
  {
    api,
    types,
    operations,
    exports = false,
    feed = false,
  }: Pick<FhirVersion, 'api' | 'types' | 'operations'> & { exports?: boolean; feed?: boolean },
  endpoints: Endpoints,
  words: VersionDescription,
): object {
  const withParameters = types.map((type) => [type, describeSearchParameters(type, types, words)] as const);
  const { schemas, responses } = openApiComponents(words);
  const documents = types.some(({ name }) => name === DOCUMENT_TYPE) ? DOCUMENT_PATHS : [];
  return {
    openapi: '3.0.3',
    info: {
      title: `Patient Access: ${words.title}`,
      version: words.fhirVersion,
      description: describeApi(words),
    },
    servers: [{ url: endpoints.base }],
    tags: [
      ...types.map(({ name }) => ({ name })),
      ...documents.slice(0, 1).map(() => ({ name: 'Documents' })),
      ...(exports ? [EXPORT_TAG] : []),
      ...(feed ? [FEED_TAG] : []),
      { name: 'Server' },
    ],
    paths: {
      ...Object.fromEntries(withParameters.flatMap(([type, parameters]) => typePaths(type, parameters, words))),
      [COMPARTMENT_PATH]: { get: compartmentOperation(types, words) },
      ...Object.fromEntries(operations.flatMap((operation) => namedOperationPaths(operation, words))),
      ...Object.fromEntries(documents.map((path) => [path, { get: documentOperation(path) }])),
      ...(exports ? exportPaths(words) : {}),
      ...(feed ? feedPath(words) : {}),
      '/metadata': { get: statementOperation(words) },
    },
    components: {
      responses,
      schemas: { ...schemas, ...Object.fromEntries(types.map(({ name }) => [name, resourceSchema(name)])) },
      securitySchemes: { ...securitySchemes(types, endpoints), ...(exports ? exportSecurity(endpoints.token) : {}) },
    },
    'x-api': api satisfies FhirApi,
  };
}

const typePaths = (type: ServedType, parameters: readonly OpenApiParameter[], words: VersionDescription) => [
  [`/${type.name}`, { get: searchOperation(type, parameters, words) }],
  [`/${type.name}/_search`, { post: searchByPost(type, parameters, words) }],
  [`/${type.name}/{id}`, { get: readOperation(type, words) }],
  ...(words.hasHistory
    ? [
        [`/${type.name}/{id}/_history`, { get: historyOperation(type, words) }],
        [`/${type.name}/{id}/_history/{version}`, { get: versionOperation(type, words) }],
      ]
    : []),
];

const namedOperationPaths = (operation: FhirOperation, words: VersionDescription) =>
  operation.levels.map((level) => [
    operationPath(operation, level),
    { get: operationByGet(operation, level, words), post: operationByPost(operation, level, words) },
  ]);

const describeApi = ({ title, about: more }: VersionDescription): string =>
  `${title}. An access token is for one patient, or for the patients of some practices. Every search and read ` +
  `is limited to their records. ${more}`;

function securitySchemes(types: readonly ServedType[], { authorize, token }: Endpoints): object {
  const ofTypes = types.map(({ name }) => [`patient/${name}.rs`, `Read and search ${name}`]);
  return {
    smart: {
      type: 'oauth2',
      description: 'SMART App Launch 2.2, standalone launch: authorization code with PKCE (S256).',
      flows: {
        authorizationCode: {
          authorizationUrl: authorize,
          tokenUrl: token,
          refreshUrl: token,
          scopes: { ...NAMED_SCOPES, ...Object.fromEntries(ofTypes) },
        },
      },
    },
  };
}

const NAMED_SCOPES = {
  openid: 'The signed-in person, as an id_token',
  fhirUser: 'The FHIR resource of the signed-in person',
  'launch/patient': 'The patient whose record is shared',
  online_access: 'A refresh token, valid until the patient signs out',
  offline_access: 'A refresh token for 93 days, if the patient allows it',
  'patient/*.rs': 'Read and search all types',
};
