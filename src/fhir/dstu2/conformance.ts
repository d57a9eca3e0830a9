import { deprecationNotice, type PublishedDeprecation } from '../http/deprecation.ts';
import type { Endpoints, ServedType } from '../model/fhir-version.ts';
import { oauthUris } from '../model/oauth-uris.ts';
import type { SearchParameter } from '../model/search-parameter.ts';
import { commonParameters } from '../search/common-parameters.ts';
import { listIncludes, listReverseIncludes } from '../search/include.ts';
import { ARGONAUT_PROFILES } from './convert/conversions.ts';
import { DSTU2_OPERATIONS } from './operations.ts';
import { DSTU2_TYPES } from './served/types.ts';

/** Value of Conformance.date. Update it when the statement changes. */
const DATE = '2026-11-27';

/**
 * Builds the DSTU2 Conformance statement from the tables that routing and search use, so the statement and the server
 * can't differ.
 */
export const conformance = (endpoints: Endpoints, deprecation?: PublishedDeprecation): object => ({
  resourceType: 'Conformance',
  status: 'active',
  date: DATE,
  ...(deprecation === undefined ? {} : { description: deprecationNotice(deprecation) }),
  kind: 'instance',
  software: { name: 'Patient Access' },
  implementation: { description: 'Patient access to health records', url: endpoints.base },
  fhirVersion: '1.0.2',
  // `acceptUnknown: no` means that this server accepts no unknown elements in resources. Conformance can't say that the
  // DSTU2 API is read-only and accepts no resources at all.
  acceptUnknown: 'no',
  format: ['application/json+fhir', 'application/json', 'json', 'application/xml+fhir', 'application/xml', 'xml'],
  profile: ARGONAUT_PROFILES.map((url) => ({ reference: url })),
  rest: [
    {
      mode: 'server',
      documentation:
        'An access token is for one patient, or for the patients of some practices. Every search and read is limited to ' +
        'their records. Records are stored in R4. Data that DSTU2 can’t represent without a change of meaning is left out. ' +
        'Pages have _count matches (50 by default, at most 1000), newest first. _sort:asc and _sort:desc accept date, _lastUpdated or a date parameter of the type.',
      security: security(endpoints),
      resource: [...DSTU2_TYPES.map(resourceStatement), BINARY],
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

const resourceStatement = (type: ServedType) => ({
  type: type.name,
  interaction: [{ code: 'read' }, { code: 'search-type' }],
  versioning: 'versioned',
  readHistory: false,
  // DSTU2 has no element for parameters shared by all types, so they are repeated for each type.
  searchParam: [...type.parameters, ...commonParameters(type)].map(searchParam),
  ...ifAny('searchInclude', listIncludes(type, DSTU2_TYPES)),
  ...ifAny('searchRevInclude', listReverseIncludes(type, DSTU2_TYPES)),
});

const ifAny = (name: string, values: readonly string[]) => (values.length === 0 ? {} : { [name]: values });

const searchParam = ({ name, kind, documentation }: Pick<SearchParameter, 'name' | 'kind' | 'documentation'>) => ({
  name,
  type: kind === 'patient' ? 'reference' : kind,
  documentation,
});

/** Conformance entry for Binary: the documents that DocumentReferences point to are served in their original format. */
const BINARY = { type: 'Binary', interaction: [{ code: 'read' }] };
