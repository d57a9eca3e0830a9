import { oauthUris } from '../core/oauth-uris.ts';
import type { SearchParameter } from '../core/search-parameter.ts';
import type { Endpoints, ServedType } from '../core/version.ts';
import { R4_TYPES } from './types.ts';

/** When what is said here last changed. */
const DATE = '2026-11-25';

/** FHIR R4 §5.1: made of the tables the server works by, so that it promises nothing else. */
export const capabilityStatement = (endpoints: Endpoints): object => ({
  resourceType: 'CapabilityStatement',
  status: 'active',
  date: DATE,
  kind: 'instance',
  software: { name: 'Patient Access' },
  implementation: { description: 'Access of patients to their records', url: endpoints.base },
  fhirVersion: '4.0.1',
  format: ['application/fhir+json', 'json'],
  rest: [
    {
      mode: 'server',
      documentation:
        'An access token is for one patient, or for the patients of some practices: every search and read is limited to their records.',
      security: security(endpoints),
      resource: [...R4_TYPES.map(resource), BINARY],
      searchParam: COMMON,
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
  interaction: [{ code: 'read' }, { code: 'search-type' }],
  versioning: 'versioned',
  readHistory: false,
  ...(type.provenance ? { searchRevInclude: ['Provenance:target'] } : {}),
  searchParam: type.parameters.map(searchParam),
});

const searchParam = ({ name, kind, documentation }: SearchParameter) => ({
  name,
  type: kind === 'patient' ? 'reference' : kind,
  documentation,
});

const BINARY = {
  type: 'Binary',
  interaction: [{ code: 'read' }],
  documentation: 'The documents that DocumentReference points to, as they are; allowed like DocumentReference.',
};

const COMMON = [
  { name: '_id', type: 'token', documentation: 'Id of the resource.' },
  { name: '_lastUpdated', type: 'date', documentation: 'When this server last changed the resource.' },
  {
    name: '_count',
    type: 'number',
    documentation: 'Matches on a page: 50 by default, at most 1000; 0 for the total alone.',
  },
  { name: '_maxresults', type: 'number', documentation: 'Another name of _count.' },
  {
    name: '_sort',
    type: 'string',
    documentation:
      'date (the main date of the type), _lastUpdated, or a date parameter of the type; with - in front, the newest first. Default: -date.',
  },
];
