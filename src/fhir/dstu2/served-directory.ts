import type { SearchParameter } from '../core/search-parameter.ts';
import type { ServedType } from '../core/version.ts';
import { CONVERSIONS } from './convert/conversions.ts';
import { LOCATION_STATUS } from './convert/location.ts';
import { addresses, code, concept, contact, identifier, names, plainToken, reference, string } from './parameters.ts';

const shared = (name: string, parameters: readonly SearchParameter[]): ServedType => ({
  name,
  stored: name,
  home: 'practice',
  parameters,
});

/** Asked of the roles that somebody has: what is not shown of them is not searched by. */
const ofRole = (parameter: SearchParameter): SearchParameter =>
  parameter.kind === 'token' || parameter.kind === 'reference' ? { ...parameter, within: true } : parameter;

const locations = {
  dstu2: 'http://hl7.org/fhir/location-status',
  stored: 'http://hl7.org/fhir/location-status',
};

/** What all records of a practice share. Parameters are those of DSTU2. */
export const DIRECTORY_TYPES: readonly ServedType[] = [
  shared('Practitioner', [
    identifier,
    ...names('the person'),
    string('family', ['family'], 'The family name, or how it begins.'),
    string('given', ['given'], 'A given name, or how it begins.'),
    ...addresses,
    plainToken('gender', 'Administrative gender.'),
    ...['telecom', 'phone', 'email'].map(contact),
    concept('communication', 'communication', 'A language that somebody speaks with patients.'),
    ofRole(concept('role', 'role', 'What somebody is at an organization: doctor, nurse and others.')),
    ofRole(concept('specialty', 'specialty', 'A specialty that somebody has at an organization.')),
    ofRole(
      reference('organization', 'organization', ['Organization'], 'For whom somebody works.', [
        'practitionerRole.managingOrganization',
      ]),
    ),
    ofRole(reference('location', 'location', ['Location'], 'Where somebody works.', ['practitionerRole.location'])),
  ]),
  shared('Organization', [
    identifier,
    ...names('the organization'),
    ...addresses,
    plainToken('active', 'true, or false where it is no more.'),
    concept('type', 'type', 'What kind of organization it is.'),
    reference('partof', 'partof', ['Organization'], 'The organization that it is a part of.'),
  ]),
  shared('Location', [
    identifier,
    string('name', ['name'], 'The name of the place, or how it begins.'),
    ...addresses,
    code('status', 'status', locations, LOCATION_STATUS, 'active, suspended or inactive.'),
    concept('type', 'type', 'What kind of place it is.'),
    reference('organization', 'organization', ['Organization'], 'Whose place it is.'),
    reference('partof', 'partof', ['Location'], 'The place that it is a part of.'),
  ]),
];

const SHARED = new Set(DIRECTORY_TYPES.map(({ stored }) => stored));
/** Stored types that DSTU2 has something of, and that are no part of a directory. */
export const TYPES_OF_RECORDS = [...CONVERSIONS.keys()].filter((stored) => !SHARED.has(stored));
