import { COMMON_INDEXED, COMMON_PARAMETERS, OF_RECORDS, RESULT_PARAMETERS } from '../core/common-parameters.ts';
import { BULK_DATA, EXPORTS } from '../core/export-operations.ts';
import { includesOf, reverseIncludesOf } from '../core/include.ts';
import { oauthUris } from '../core/oauth-uris.ts';
import { GROUP_PARAMETERS } from '../core/openapi-exports.ts';
import type { SearchParameter } from '../core/search-parameter.ts';
import type { Endpoints, ServedType } from '../core/version.ts';
import { IPA_GUIDE, IPA_SERVER, ipaProfiles } from './ipa.ts';
import { R4_OPERATIONS } from './operations.ts';
import { R4_TYPES } from './types.ts';
import { supportedProfiles, US_CORE_GUIDES, US_CORE_SERVERS } from './us-core.ts';

/** When what is said here last changed. */
const DATE = '2026-11-27';

const SMART = 'http://hl7.org/fhir/smart-app-launch/ImplementationGuide/hl7.fhir.uv.smart-app-launch';

/** FHIR R4 §5.1: made of the tables the server works by, so that it promises nothing else. */
export const capabilityStatement = (endpoints: Endpoints): object => ({
  resourceType: 'CapabilityStatement',
  status: 'active',
  date: DATE,
  kind: 'instance',
  instantiates: [...US_CORE_SERVERS, IPA_SERVER, BULK_DATA],
  software: { name: 'Patient Access' },
  implementation: { description: 'Access of patients to their records', url: endpoints.base },
  fhirVersion: '4.0.1',
  format: ['application/fhir+json', 'json', 'application/fhir+xml', 'xml'],
  implementationGuide: [...US_CORE_GUIDES, IPA_GUIDE, SMART],
  rest: [
    {
      mode: 'server',
      documentation:
        'An access token is for one patient, or for the patients of some practices: every search and read is limited to their records.',
      security: security(endpoints),
      resource: [...R4_TYPES.map(resource), GROUP, BINARY],
      interaction: [
        { code: 'transaction', documentation: FEED },
        { code: 'batch', documentation: `${FEED} Every other token sends batches of GET requests: ${BATCH}` },
      ],
      searchParam: [...[...COMMON_PARAMETERS, ...COMMON_INDEXED].map(ofAllTypes), ...RESULT_PARAMETERS].map(
        searchParam,
      ),
      ...operationsOf({}),
      compartment: ['http://hl7.org/fhir/CompartmentDefinition/patient'],
    },
  ],
});

const BATCH = 'reads and searches, each answered as a request of its own.';
const FEED =
  'By backend apps with system/ scopes that have c, u or d, at the one practice that the app is for. POST, PUT and DELETE of what the app itself brings; ifNoneExist, conditional updates and conditional references by identifier=system|value; JSON.';

const security = (endpoints: Endpoints) => ({
  extension: [oauthUris(endpoints)],
  cors: true,
  service: [
    { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/restful-security-service', code: 'SMART-on-FHIR' }] },
  ],
});

const resource = (type: ServedType) => ({
  type: type.name,
  ...listed('supportedProfile', [...supportedProfiles(type.name), ...ipaProfiles(type.name)]),
  interaction: [...['read', 'vread', 'history-instance', 'search-type'].map((code) => ({ code })), ...writing(type)],
  versioning: 'versioned',
  readHistory: true,
  conditionalRead: 'full-support',
  referencePolicy: REFERENCES,
  ...(WITH_OTHERS.includes(type.name) ? {} : { updateCreate: true }),
  ...operationsOf(type),
  ...listed('searchInclude', includesOf(type, R4_TYPES)),
  ...listed('searchRevInclude', reverseIncludesOf(type, R4_TYPES)),
  searchParam: [...type.parameters, ...(type.home === 'record' ? OF_RECORDS.map(ofAllTypes) : [])].map(searchParam),
});

/** FHIR R4 CapabilityStatement.rest.resource.referencePolicy: literal where the target is known, and kept as it came where it is not. */
const REFERENCES = ['literal', 'logical'];

/** What goes along with others is not deleted by itself, and a Patient is the record. */
const WITH_OTHERS = ['Medication'];

/** FHIR R4 §3.1.0.11: not at addresses of their own, but as entries of a Bundle. */
const writing = ({ name }: ServedType): readonly object[] =>
  WRITING.filter(({ code }) => code !== 'delete' || !['Patient', ...WITH_OTHERS].includes(name)).map(
    ({ code, letter }) => ({
      code,
      documentation: `As an entry of a transaction or batch, by a backend app with system/${name}.${letter}: what it brought itself.`,
    }),
  );
const WRITING = [
  { code: 'create', letter: 'c' },
  { code: 'update', letter: 'u' },
  { code: 'delete', letter: 'd' },
];

function operationsOf({ name: type }: Partial<Pick<ServedType, 'name'>>): object {
  const own = R4_OPERATIONS.filter((operation) => operation.type === type);
  const exports = EXPORTS.filter((operation) => operation.type === type);
  return listed('operation', [
    ...own.flatMap(({ name, definition, also = [] }) =>
      [definition, ...also].map((one) => ({ name, definition: one })),
    ),
    ...exports.map(({ definition }) => ({ name: 'export', definition })),
  ]);
}

/** FHIR R4 §2.6.2: what is there is not empty. */
const listed = (name: string, values: readonly unknown[]) => (values.length === 0 ? {} : { [name]: values });

type Described = Pick<SearchParameter, 'name' | 'documentation' | 'definition'> & { readonly kind: string };

/** FHIR R4 search §3.1.1.4.1: those of all types, `_id` and its like. What only says how a result is cut has no definition. */
const ofAllTypes = (one: Described): Described => ({
  ...one,
  definition: `http://hl7.org/fhir/SearchParameter/Resource-${one.name.slice(1)}`,
});

const searchParam = ({ name, kind, documentation, definition }: Described) => ({
  name,
  ...(definition === undefined ? {} : { definition }),
  type: kind === 'patient' ? 'reference' : kind,
  documentation,
});

/** Lists of patients, for backend apps that export them. */
const GROUP = {
  type: 'Group',
  documentation:
    'Patients of one practice, put together by an administrator: for backend apps alone, with system/Group.rs.',
  interaction: ['read', 'search-type'].map((code) => ({ code })),
  referencePolicy: ['literal'],
  ...operationsOf({ name: 'Group' }),
  // Those of all types are said once, for all.
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
    'The documents that DocumentReference, DiagnosticReport and Media point to: their bytes, whole or in ranges, or a resource for whoever accepts application/fhir+json or application/fhir+xml. Allowed like what points to them.',
};
