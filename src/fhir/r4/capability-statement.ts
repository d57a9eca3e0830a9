import { COMMON_INDEXED, COMMON_PARAMETERS, OF_RECORDS, RESULT_PARAMETERS } from '../core/common-parameters.ts';
import { includesOf, reverseIncludesOf } from '../core/include.ts';
import { oauthUris } from '../core/oauth-uris.ts';
import type { SearchParameter } from '../core/search-parameter.ts';
import type { Endpoints, ServedType } from '../core/version.ts';
import { R4_OPERATIONS } from './operations.ts';
import { R4_TYPES } from './types.ts';

/** When what is said here last changed. */
const DATE = '2026-11-26';

/** FHIR R4 §5.1: made of the tables the server works by, so that it promises nothing else. */
export const capabilityStatement = (endpoints: Endpoints): object => ({
  resourceType: 'CapabilityStatement',
  status: 'active',
  date: DATE,
  kind: 'instance',
  software: { name: 'Patient Access' },
  implementation: { description: 'Access of patients to their records', url: endpoints.base },
  fhirVersion: '4.0.1',
  format: ['application/fhir+json', 'json', 'application/fhir+xml', 'xml'],
  rest: [
    {
      mode: 'server',
      documentation:
        'An access token is for one patient, or for the patients of some practices: every search and read is limited to their records.',
      security: security(endpoints),
      resource: [...R4_TYPES.map(resource), BINARY],
      searchParam: [...COMMON_PARAMETERS, ...COMMON_INDEXED, ...RESULT_PARAMETERS].map(searchParam),
    },
  ],
});

const security = (endpoints: Endpoints) => ({
  extension: [oauthUris(endpoints)],
  cors: true,
  service: [
    { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/restful-security-service', code: 'SMART-on-FHIR' }] },
  ],
});

const resource = (type: ServedType) => ({
  type: type.name,
  interaction: ['read', 'vread', 'history-instance', 'search-type'].map((code) => ({ code })),
  versioning: 'versioned',
  readHistory: true,
  ...operationsOf(type),
  ...listed('searchInclude', includesOf(type, R4_TYPES)),
  ...listed('searchRevInclude', reverseIncludesOf(type, R4_TYPES)),
  searchParam: [...type.parameters, ...(type.home === 'record' ? OF_RECORDS : [])].map(searchParam),
});

function operationsOf({ name: type }: ServedType): object {
  const own = R4_OPERATIONS.filter((operation) => operation.type === type);
  return own.length === 0 ? {} : { operation: own.map(({ name, definition }) => ({ name, definition })) };
}

/** FHIR R4 §2.6.2: what is there is not empty. */
const listed = (name: string, values: readonly string[]) => (values.length === 0 ? {} : { [name]: values });

type Described = Pick<SearchParameter, 'name' | 'documentation'> & { readonly kind: string };

const searchParam = ({ name, kind, documentation }: Described) => ({
  name,
  type: kind === 'patient' ? 'reference' : kind,
  documentation,
});

const BINARY = {
  type: 'Binary',
  interaction: [{ code: 'read' }],
  documentation: 'The documents that DocumentReference points to, as they are; allowed like DocumentReference.',
};
