import type { Api } from '../../access/index.ts';
import { DOCUMENT_TYPE } from './enforce.ts';
import { EXPORT_TAG, exportPaths, exportSecurity } from './openapi-exports.ts';
import { FEED_TAG, feedPath } from './openapi-feed.ts';
import { namedOperation, operationByPost } from './openapi-named-operations.ts';
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
} from './openapi-operations.ts';
import { type Parameter, parametersOf } from './openapi-parameters.ts';
import { componentsOf, schemaOf } from './openapi-schemas.ts';
import type { VersionWords } from './openapi-words.ts';
import { type Operation, operationPath } from './operation.ts';
import type { Endpoints, FhirVersion, ServedType } from './version.ts';

/**
 * Builds the OpenAPI 3.0.3 document; this is the version that most client generators support. It is generated from the same
 * tables as the router and the statement at `/metadata`, so the three can't contradict each other.
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
  words: VersionWords,
): object {
  const withParameters = types.map((type) => [type, parametersOf(type, types, words)] as const);
  const { schemas, responses } = componentsOf(words);
  const documents = types.some(({ name }) => name === DOCUMENT_TYPE) ? DOCUMENT_PATHS : [];
  return {
    openapi: '3.0.3',
    info: {
      title: `Patient Access: ${words.title}`,
      version: words.fhirVersion,
      description: about(words),
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
      ...Object.fromEntries(withParameters.flatMap(([type, parameters]) => pathsOf(type, parameters, words))),
      [COMPARTMENT_PATH]: { get: compartmentOperation(types, words) },
      ...Object.fromEntries(operations.flatMap((operation) => operationPaths(operation, words))),
      ...Object.fromEntries(documents.map((path) => [path, { get: documentOperation(path) }])),
      ...(exports ? exportPaths(words) : {}),
      ...(feed ? feedPath(words) : {}),
      '/metadata': { get: statementOperation(words) },
    },
    components: {
      responses,
      schemas: { ...schemas, ...Object.fromEntries(types.map(({ name }) => [name, schemaOf(name)])) },
      securitySchemes: { ...securitySchemes(types, endpoints), ...(exports ? exportSecurity(endpoints.token) : {}) },
    },
    'x-api': api satisfies Api,
  };
}

const pathsOf = (type: ServedType, parameters: readonly Parameter[], words: VersionWords) => [
  [`/${type.name}`, { get: searchOperation(type, parameters, words) }],
  [`/${type.name}/_search`, { post: searchByPost(type, parameters, words) }],
  [`/${type.name}/{id}`, { get: readOperation(type, words) }],
  ...(words.versions
    ? [
        [`/${type.name}/{id}/_history`, { get: historyOperation(type, words) }],
        [`/${type.name}/{id}/_history/{version}`, { get: versionOperation(type, words) }],
      ]
    : []),
];

const operationPaths = (operation: Operation, words: VersionWords) =>
  operation.levels.map((level) => [
    operationPath(operation, level),
    { get: namedOperation(operation, level, words), post: operationByPost(operation, level, words) },
  ]);

const about = ({ title, about: more }: VersionWords): string =>
  `${title}, for reading. An access token is for one patient, or for the patients of some practices: every search and read ` +
  `is limited to their records. ${more}`;

function securitySchemes(types: readonly ServedType[], { authorize, token }: Endpoints): object {
  const ofTypes = types.map(({ name }) => [`patient/${name}.rs`, `Read and search ${name}`]);
  return {
    smart: {
      type: 'oauth2',
      description: 'SMART App Launch 2.2, standalone: authorization code with PKCE (S256).',
      flows: {
        authorizationCode: {
          authorizationUrl: authorize,
          tokenUrl: token,
          refreshUrl: token,
          scopes: { ...NAMED, ...Object.fromEntries(ofTypes) },
        },
      },
    },
  };
}

const NAMED = {
  openid: 'Who signed in, as an id_token',
  fhirUser: 'Who that is in FHIR',
  'launch/patient': 'Which patient it is',
  online_access: 'A refresh token, until the patient signs out',
  offline_access: 'A refresh token for 93 days, where the patient allows it',
  'patient/*.rs': 'Read and search all types',
};
