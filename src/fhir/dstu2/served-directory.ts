import type { SearchParameter } from '../core/search-parameter.ts';
import type { ServedType } from '../core/version.ts';
import { CONVERSIONS } from './convert/conversions.ts';
import { LOCATION_STATUS } from './convert/location.ts';
import { addresses, code, concept, contact, identifier, names, plainToken, reference, string } from './parameters.ts';

const directoryType = (name: string, parameters: readonly SearchParameter[]): ServedType => ({
  name,
  stored: name,
  home: 'practice',
  parameters,
});

/** A parameter that searches the roles of a Practitioner. Roles that are not shown are not searched. */
const roleParameter = (parameter: SearchParameter): SearchParameter =>
  parameter.kind === 'token' || parameter.kind === 'reference' ? { ...parameter, within: true } : parameter;

const locations = {
  dstu2: 'http://hl7.org/fhir/location-status',
  stored: 'http://hl7.org/fhir/location-status',
};

/** The practice directory, which all records of a practice share, with the search parameters of DSTU2. */
export const DIRECTORY_TYPES: readonly ServedType[] = [
  directoryType('Practitioner', [
    identifier,
    ...names('the person'),
    string('family', ['family'], 'The family name, or how it begins.'),
    string('given', ['given'], 'A given name, or how it begins.'),
    ...addresses,
    plainToken('gender', 'Administrative gender.'),
    ...['telecom', 'phone', 'email'].map(contact),
    concept('communication', 'communication', 'A language that somebody speaks with patients.'),
    roleParameter(concept('role', 'role', 'What somebody is at an organization: doctor, nurse and others.')),
    roleParameter(concept('specialty', 'specialty', 'A specialty that somebody has at an organization.')),
    roleParameter(
      reference('organization', 'organization', ['Organization'], 'For whom somebody works.', [
        'practitionerRole.managingOrganization',
      ]),
    ),
    roleParameter(
      reference('location', 'location', ['Location'], 'Where somebody works.', ['practitionerRole.location']),
    ),
  ]),
  directoryType('Organization', [
    identifier,
    ...names('the organization'),
    ...addresses,
    plainToken('active', 'true, or false where it is no more.'),
    concept('type', 'type', 'What kind of organization it is.'),
    reference('partof', 'partof', ['Organization'], 'The organization that it is a part of.'),
  ]),
  directoryType('Location', [
    identifier,
    string('name', ['name'], 'The name of the place, or how it begins.'),
    ...addresses,
    code('status', 'status', locations, LOCATION_STATUS, 'active, suspended or inactive.'),
    concept('type', 'type', 'What kind of place it is.'),
    reference('organization', 'organization', ['Organization'], 'Whose place it is.'),
    reference('partof', 'partof', ['Location'], 'The place that it is a part of.'),
  ]),
];

const DIRECTORY_TYPE_NAMES = new Set(DIRECTORY_TYPES.map(({ stored }) => stored));
/** Stored types that have a DSTU2 conversion and belong to a patient record, not to a directory. */
export const TYPES_OF_RECORDS = [...CONVERSIONS.keys()].filter((stored) => !DIRECTORY_TYPE_NAMES.has(stored));
