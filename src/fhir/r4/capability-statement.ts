import { BULK_DATA_CAPABILITY_STATEMENT, EXPORT_OPERATIONS } from '../model/export-operations.ts';
import type { Endpoints, ServedType } from '../model/fhir-version.ts';
import { oauthUris } from '../model/oauth-uris.ts';
import type { SearchParameter } from '../model/search-parameter.ts';
import { GROUP_PARAMETERS } from '../openapi/exports.ts';
import {
  COMMON_INDEXED_PARAMETERS,
  COMMON_PARAMETERS,
  RECORD_PARAMETERS,
  RESULT_PARAMETERS,
} from '../search/common-parameters.ts';
import { listIncludes, listReverseIncludes } from '../search/include.ts';
import { IPA_GUIDE, IPA_SERVER, ipaProfiles } from './ipa.ts';
import { R4_OPERATIONS } from './operations.ts';
import { R4_TYPES } from './types.ts';
import { supportedProfiles, US_CORE_GUIDES, US_CORE_SERVERS } from './us-core.ts';

/** Value of CapabilityStatement.date. Update it when the statement changes. */
const DATE = '2026-11-27';

const SMART = 'http://hl7.org/fhir/smart-app-launch/ImplementationGuide/hl7.fhir.uv.smart-app-launch';

/**
 * Builds the CapabilityStatement (FHIR R4 §5.1) from the tables that routing and search use, so the statement and the
 * server can't differ.
 */
export const capabilityStatement = (endpoints: Endpoints): object => ({
  resourceType: 'CapabilityStatement',
  status: 'active',
  date: DATE,
  kind: 'instance',
  instantiates: [...US_CORE_SERVERS, IPA_SERVER, BULK_DATA_CAPABILITY_STATEMENT],
  software: { name: 'Patient Access' },
  implementation: { description: 'Patient access to health records', url: endpoints.base },
  fhirVersion: '4.0.1',
  format: ['application/fhir+json', 'json', 'application/fhir+xml', 'xml'],
  implementationGuide: [...US_CORE_GUIDES, IPA_GUIDE, SMART],
  rest: [
    {
      mode: 'server',
      documentation:
        'An access token is for one patient, or for the patients of some practices. Every search and read is limited to their records.',
      security: security(endpoints),
      resource: [...R4_TYPES.map(resourceStatement), GROUP, BINARY],
      interaction: [
        { code: 'transaction', documentation: FEED },
        { code: 'batch', documentation: `${FEED} With all other tokens, batches of GET requests: ${BATCH}` },
      ],
      searchParam: [
        ...[...COMMON_PARAMETERS, ...COMMON_INDEXED_PARAMETERS].map(withResourceDefinition),
        ...RESULT_PARAMETERS,
      ].map(searchParam),
      ...operationStatements({}),
      compartment: ['http://hl7.org/fhir/CompartmentDefinition/patient'],
    },
  ],
});

const BATCH = 'reads and searches, each handled as a separate request.';
const FEED =
  'For backend apps with system/ scopes that include c, u or d, at the app’s one practice. POST, PUT and DELETE of the app’s own resources; ifNoneExist, conditional updates and conditional references by identifier=system|value; JSON only.';

const security = (endpoints: Endpoints) => ({
  extension: [oauthUris(endpoints)],
  cors: true,
  service: [
    { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/restful-security-service', code: 'SMART-on-FHIR' }] },
  ],
});

const resourceStatement = (type: ServedType) => ({
  type: type.name,
  ...ifAny('supportedProfile', [...supportedProfiles(type.name), ...ipaProfiles(type.name)]),
  interaction: [
    ...['read', 'vread', 'history-instance', 'search-type'].map((code) => ({ code })),
    ...writeInteractions(type),
  ],
  versioning: 'versioned',
  readHistory: true,
  conditionalRead: 'full-support',
  referencePolicy: REFERENCE_POLICY,
  ...(DELETED_WITH_OTHERS.includes(type.name) ? {} : { updateCreate: true }),
  ...operationStatements(type),
  ...ifAny('searchInclude', listIncludes(type, R4_TYPES)),
  ...ifAny('searchRevInclude', listReverseIncludes(type, R4_TYPES)),
  searchParam: [
    ...type.parameters,
    ...(type.compartment === 'record' ? RECORD_PARAMETERS.map(withResourceDefinition) : []),
  ].map(searchParam),
});

/**
 * FHIR R4 CapabilityStatement.rest.resource.referencePolicy: references are literal if the target is known, and
 * otherwise stay as they were received.
 */
const REFERENCE_POLICY = ['literal', 'logical'];

/**
 * Types whose resources a feed can't delete, because they are deleted with the resources that refer to them. (A Patient
 * can't be deleted either, because it stands for the record.)
 */
const DELETED_WITH_OTHERS = ['Medication'];

/**
 * Returns the write interactions of a type. FHIR R4 §3.1.0.11: resources are written only as entries of a Bundle, not
 * at their own URLs.
 */
const writeInteractions = ({ name }: ServedType): readonly object[] =>
  WRITE_INTERACTIONS.filter(({ code }) => code !== 'delete' || !['Patient', ...DELETED_WITH_OTHERS].includes(name)).map(
    ({ code, letter }) => ({
      code,
      documentation: `As an entry of a transaction or batch, by a backend app with system/${name}.${letter}. Only the app’s own resources.`,
    }),
  );
const WRITE_INTERACTIONS = [
  { code: 'create', letter: 'c' },
  { code: 'update', letter: 'u' },
  { code: 'delete', letter: 'd' },
];

function operationStatements({ name: type }: Partial<Pick<ServedType, 'name'>>): object {
  const own = R4_OPERATIONS.filter((operation) => operation.type === type);
  const exports = EXPORT_OPERATIONS.filter((operation) => operation.type === type);
  return ifAny('operation', [
    ...own.flatMap(({ name, definition, equivalentDefinitions = [] }) =>
      [definition, ...equivalentDefinitions].map((one) => ({ name, definition: one })),
    ),
    ...exports.map(({ definition }) => ({ name: 'export', definition })),
  ]);
}

/**
 * Returns an element for the statement, or nothing if its list is empty. FHIR R4 §2.6.2: JSON arrays are never empty.
 */
const ifAny = (name: string, values: readonly unknown[]) => (values.length === 0 ? {} : { [name]: values });

type CapabilityParameter = Pick<SearchParameter, 'name' | 'documentation' | 'definition'> & { readonly kind: string };

/**
 * Adds the URL of the definition to a search parameter of all types, such as `_id` (FHIR R4 search §3.1.1.4.1).
 * Parameters that only shape the result have no definition.
 */
const withResourceDefinition = (one: CapabilityParameter): CapabilityParameter => ({
  ...one,
  definition: `http://hl7.org/fhir/SearchParameter/Resource-${one.name.slice(1)}`,
});

const searchParam = ({ name, kind, documentation, definition }: CapabilityParameter) => ({
  name,
  ...(definition === undefined ? {} : { definition }),
  type: kind === 'patient' ? 'reference' : kind,
  documentation,
});

/** Entry for Group, which lists the patients that a backend app can export. */
const GROUP = {
  type: 'Group',
  documentation:
    'Patient groups of one practice, managed by an administrator. For backend apps with system/Group.rs only.',
  interaction: ['read', 'search-type'].map((code) => ({ code })),
  referencePolicy: ['literal'],
  ...operationStatements({ name: 'Group' }),
  // Search parameters that all types share are listed once for the whole server, so they are left out here.
  searchParam: GROUP_PARAMETERS.filter(({ name }) => !name.startsWith('_')).map(({ name, type, documentation }) => ({
    name,
    type,
    documentation,
  })),
};

const BINARY = {
  type: 'Binary',
  interaction: [{ code: 'read' }],
  documentation:
    'The documents that DocumentReference, DiagnosticReport and Media refer to. The response has the bytes, whole or in ranges, or a resource if the client accepts application/fhir+json or application/fhir+xml. A token can read a document if it can read a resource that refers to it.',
};
