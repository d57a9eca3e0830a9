import { commonOf } from '../core/common-parameters.ts';
import { includesOf, reverseIncludesOf } from '../core/include.ts';
import { oauthUris } from '../core/oauth-uris.ts';
import { type Retirement, retirementNote } from '../core/retirement.ts';
import type { SearchParameter } from '../core/search-parameter.ts';
import type { Endpoints, ServedType } from '../core/version.ts';
import { ARGONAUT_PROFILES } from './convert/conversions.ts';
import { DSTU2_OPERATIONS } from './operations.ts';
import { DSTU2_TYPES } from './served-types.ts';

/** When what is said here last changed. */
const DATE = '2026-11-27';

/** FHIR DSTU2, Conformance: made of the tables the server works by, so that it promises nothing else. */
export const conformance = (endpoints: Endpoints, retirement?: Retirement): object => ({
  resourceType: 'Conformance',
  status: 'active',
  date: DATE,
  ...(retirement === undefined ? {} : { description: retirementNote(retirement) }),
  kind: 'instance',
  software: { name: 'Patient Access' },
  implementation: { description: 'Access of patients to their records', url: endpoints.base },
  fhirVersion: '1.0.2',
  // Nothing is ever sent to this server for keeping.
  acceptUnknown: 'no',
  format: ['application/json+fhir', 'application/json', 'json', 'application/xml+fhir', 'application/xml', 'xml'],
  profile: ARGONAUT_PROFILES.map((url) => ({ reference: url })),
  rest: [
    {
      mode: 'server',
      documentation:
        'An access token is for one patient, or for the patients of some practices: every search and read is limited to ' +
        'their records. The record is kept in R4; what DSTU2 can not say without a change of meaning is not shown here. ' +
        'Pages have _count matches (50 by default, at most 1000), the latest first; _sort:asc or _sort:desc takes date, _lastUpdated or a date parameter of the type.',
      security: security(endpoints),
      resource: [...DSTU2_TYPES.map(resource), BINARY],
      operation: DSTU2_OPERATIONS.map(({ name, definition }) => ({ name, definition: { reference: definition } })),
      compartment: ['http://hl7.org/fhir/compartment/Patient'],
    },
  ],
});

const security = (endpoints: Endpoints) => ({
  extension: [oauthUris(endpoints)],
  cors: true,
  service: [{ coding: [{ system: 'http://hl7.org/fhir/restful-security-service', code: 'SMART-on-FHIR' }] }],
});

const resource = (type: ServedType) => ({
  type: type.name,
  interaction: [{ code: 'read' }, { code: 'search-type' }],
  versioning: 'versioned',
  readHistory: false,
  // DSTU2 has no place for them outside of the types.
  searchParam: [...type.parameters, ...commonOf(type)].map(searchParam),
  ...listed('searchInclude', includesOf(type, DSTU2_TYPES)),
  ...listed('searchRevInclude', reverseIncludesOf(type, DSTU2_TYPES)),
});

const listed = (name: string, values: readonly string[]) => (values.length === 0 ? {} : { [name]: values });

const searchParam = ({ name, kind, documentation }: Pick<SearchParameter, 'name' | 'kind' | 'documentation'>) => ({
  name,
  type: kind === 'patient' ? 'reference' : kind,
  documentation,
});

/** The documents that DocumentReference points to, as they are. */
const BINARY = { type: 'Binary', interaction: [{ code: 'read' }] };
