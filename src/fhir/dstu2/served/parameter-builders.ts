import type { ServedType } from '../../model/fhir-version.ts';
import type { SearchParameter } from '../../model/search-parameter.ts';
import { codeTokens, conceptTokens, type TokenTranslation } from './token-translation.ts';

/** Builds the search parameter that selects the patient. */
export const patientParameter = (name = 'patient'): SearchParameter => ({
  kind: 'patient',
  name,
  documentation:
    'A patient: id, Patient/id or URL. If the access token is for one patient, other patients are rejected.',
});

/**
 * Builds a token search parameter.
 * @param index name of the R4 index to search
 * @param toStored translates a searched DSTU2 token into the stored R4 tokens that it matches
 */
export const tokenParameter = (
  name: string,
  index: string,
  toStored: TokenTranslation,
  documentation: string,
  example?: string,
): SearchParameter => ({
  kind: 'token',
  name,
  index,
  toStored,
  documentation,
  example,
});

export const untranslatedTokenParameter = (name: string, documentation: string, example?: string): SearchParameter => ({
  kind: 'token',
  name,
  index: name,
  documentation,
  example,
});

export const dateParameter = (
  name: string,
  index: string,
  documentation: string,
  example = 'ge2000-01-01',
): SearchParameter => ({ ...dateParameterWithoutExample(name, index, documentation), example });

/**
 * Builds a date search parameter without an example. An example in the documentation should find something in the
 * sandbox, and few sandbox records have such a date.
 */
export const dateParameterWithoutExample = (name: string, index: string, documentation: string): SearchParameter => ({
  kind: 'date',
  name,
  index,
  documentation,
});

/**
 * Builds a string search parameter.
 * @param indexes names of the R4 indexes to search; a match in any of them counts
 */
export const stringParameter = (
  name: string,
  [index = name, ...also]: readonly string[],
  documentation: string,
): SearchParameter => ({
  kind: 'string',
  name,
  index,
  ...(also.length === 0 ? {} : { otherIndexes: also }),
  documentation,
});

/**
 * Builds a reference search parameter.
 * @param targets R4 types that the reference may point to
 * @param at path of the element in DSTU2, if it differs from R4
 */
export const referenceParameter = (
  name: string,
  index: string,
  targets: readonly string[],
  documentation: string,
  at?: readonly string[],
): SearchParameter => ({
  kind: 'reference',
  name,
  index,
  targets,
  documentation,
  ...(at === undefined ? {} : { paths: at }),
});

export const conceptParameter = (
  name: string,
  index: string,
  documentation: string,
  example?: string,
): SearchParameter => tokenParameter(name, index, conceptTokens, documentation, example);

/**
 * Builds a token search parameter for an element of type `code`.
 * @param systems code system of the element, as DSTU2 names it and as the index stores it
 */
export const codeParameter = (
  name: string,
  index: string,
  systems: Parameters<typeof codeTokens>[0],
  table: Parameters<typeof codeTokens>[1],
  documentation: string,
): SearchParameter => tokenParameter(name, index, codeTokens(systems, table), documentation);

/** Declares a type of the patient record that has the same name in R4 and DSTU2. */
export const compartmentType = (name: string, parameters: readonly SearchParameter[]): ServedType => ({
  name,
  stored: name,
  compartment: 'record',
  parameters,
});

export const patientAndSubjectParameters: readonly SearchParameter[] = [
  patientParameter(),
  patientParameter('subject'),
];
export const identifierParameter = untranslatedTokenParameter('identifier', 'An identifier from another system.');
export const encounterParameter = referenceParameter(
  'encounter',
  'encounter',
  ['Encounter'],
  'The encounter during which the resource was created.',
);
export const PERSON_TYPES: readonly string[] = ['Patient', 'Practitioner', 'RelatedPerson'];

const TAG = conceptParameter('_tag', '_tag', 'A tag of the resource.');
const SECURITY = conceptParameter('_security', '_security', 'A security label of the resource.');
/**
 * Returns the search parameters that all types share. `_profile` is missing: the index holds the profiles that the R4
 * resource declares, while a DSTU2 resource declares Argonaut profiles, which depend on the conversion.
 */
export const commonParametersFor = (home: ServedType['compartment']): readonly SearchParameter[] =>
  home === 'record' ? [TAG, SECURITY] : [TAG];

const ADDRESS_PARTS = ['city', 'country', 'postalcode', 'state'];
/** Search parameters for the address of a person, organization, or location. */
export const addressParameters: readonly SearchParameter[] = [
  stringParameter('address', ['address'], 'A part of the address or its beginning.'),
  ...ADDRESS_PARTS.map((part) =>
    stringParameter(`address-${part}`, [`address-${part}`], `Address part ${part} or its beginning.`),
  ),
  untranslatedTokenParameter('address-use', 'home, work, temp or old.'),
];
export const nameParameters = (owner: string): readonly SearchParameter[] => [
  stringParameter('name', ['name'], `The name of ${owner}, or the beginning of a part of it.`),
  stringParameter(
    'phonetic',
    ['phonetic'],
    `Same as name. Compares the letters of the name of ${owner}, not the sound.`,
  ),
];
export const contactParameter = (kind: string): SearchParameter =>
  untranslatedTokenParameter(kind, `A contact of the type ${kind}.`);
