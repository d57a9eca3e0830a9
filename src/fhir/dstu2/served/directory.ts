import type { ServedType } from '../../model/fhir-version.ts';
import type { SearchParameter } from '../../model/search-parameter.ts';
import { LOCATION_STATUS } from '../convert/administration/location.ts';
import { CONVERSIONS } from '../convert/conversions.ts';
import {
  addressParameters,
  codeParameter,
  conceptParameter,
  contactParameter,
  identifierParameter,
  nameParameters,
  referenceParameter,
  stringParameter,
  untranslatedTokenParameter,
} from './parameter-builders.ts';

const directoryType = (name: string, parameters: readonly SearchParameter[]): ServedType => ({
  name,
  stored: name,
  compartment: 'practice',
  parameters,
});

/**
 * Turns a search parameter of PractitionerRole into one of the DSTU2 Practitioner, which contains the roles. A search
 * by the new parameter finds a Practitioner only through roles that the Practitioner shows.
 */
const roleParameter = (parameter: SearchParameter): SearchParameter =>
  parameter.kind === 'token' || parameter.kind === 'reference' ? { ...parameter, within: true } : parameter;

const locations = {
  dstu2: 'http://hl7.org/fhir/location-status',
  stored: 'http://hl7.org/fhir/location-status',
};

/**
 * Types of the practice directory with the search parameters of DSTU2. All patient records of a practice share the
 * directory.
 */
export const DIRECTORY_TYPES: readonly ServedType[] = [
  directoryType('Practitioner', [
    identifierParameter,
    ...nameParameters('the person'),
    stringParameter('family', ['family'], 'Family name or its beginning.'),
    stringParameter('given', ['given'], 'Given name or its beginning.'),
    ...addressParameters,
    untranslatedTokenParameter('gender', 'Administrative gender.'),
    ...['telecom', 'phone', 'email'].map(contactParameter),
    conceptParameter(
      'communication',
      'communication',
      'A language in which the practitioner communicates with patients.',
    ),
    roleParameter(conceptParameter('role', 'role', 'Role at an organization, such as doctor or nurse.')),
    roleParameter(conceptParameter('specialty', 'specialty', 'Specialty at an organization.')),
    roleParameter(
      referenceParameter(
        'organization',
        'organization',
        ['Organization'],
        'Organization that the practitioner works for.',
        ['practitionerRole.managingOrganization'],
      ),
    ),
    roleParameter(
      referenceParameter('location', 'location', ['Location'], 'Location where the practitioner works.', [
        'practitionerRole.location',
      ]),
    ),
  ]),
  directoryType('Organization', [
    identifierParameter,
    ...nameParameters('the organization'),
    ...addressParameters,
    untranslatedTokenParameter('active', 'true if the organization is in use, otherwise false.'),
    conceptParameter('type', 'type', 'Type of organization.'),
    referenceParameter('partof', 'partof', ['Organization'], 'The organization that this organization is part of.'),
  ]),
  directoryType('Location', [
    identifierParameter,
    stringParameter('name', ['name'], 'Name of the location or its beginning.'),
    ...addressParameters,
    codeParameter('status', 'status', locations, LOCATION_STATUS, 'active, suspended or inactive.'),
    conceptParameter('type', 'type', 'Type of location.'),
    referenceParameter('organization', 'organization', ['Organization'], 'Organization that manages the location.'),
    referenceParameter('partof', 'partof', ['Location'], 'The location that this location is part of.'),
  ]),
];

const DIRECTORY_TYPE_NAMES = new Set(DIRECTORY_TYPES.map(({ stored }) => stored));
/** R4 types that have a DSTU2 conversion and belong to a patient record, not to a practice directory. */
export const RECORD_TYPES = [...CONVERSIONS.keys()].filter((stored) => !DIRECTORY_TYPE_NAMES.has(stored));
