import type { ServedType } from '../../model/fhir-version.ts';
import type { SearchParameter } from '../../model/search-parameter.ts';
import { codeTokens, conceptTokens, type TokenTranslation } from './token-translation.ts';

/** Builds the parameter that selects the patient. This file has one builder for each kind of DSTU2 search parameter. */
export const patientParameter = (name = 'patient'): SearchParameter => ({
  kind: 'patient',
  name,
  documentation:
    'A patient: id, Patient/id or the address. Where the access token is for one patient, another one is refused.',
});

/**
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
 * A date parameter that few records have, so it has no example: an example in the documentation should find something
 * in the sandbox.
 */
export const dateParameterWithoutExample = (name: string, index: string, documentation: string): SearchParameter => ({
  kind: 'date',
  name,
  index,
  documentation,
});

/** @param indexes names of R4 indexes; a match in any of them counts */
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
 * @param targets stored types that it may refer to
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
 * A parameter on an element of type `code`.
 * @param systems code system of the element, as DSTU2 names it and as the index stores it
 */
export const codeParameter = (
  name: string,
  index: string,
  systems: Parameters<typeof codeTokens>[0],
  table: Parameters<typeof codeTokens>[1],
  documentation: string,
): SearchParameter => tokenParameter(name, index, codeTokens(systems, table), documentation);

/** A patient-compartment type that has the same name in R4 and DSTU2. */
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
export const identifierParameter = untranslatedTokenParameter('identifier', 'An identifier that it has elsewhere.');
export const encounterParameter = referenceParameter(
  'encounter',
  'encounter',
  ['Encounter'],
  'The encounter that it is from.',
);
export const PERSON_TYPES: readonly string[] = ['Patient', 'Practitioner', 'RelatedPerson'];

const TAG = conceptParameter('_tag', '_tag', 'A tag of the resource.');
const SECURITY = conceptParameter('_security', '_security', 'A security label of the resource.');
/**
 * Parameters shared by all types. `_profile` is missing because the index holds the profiles that the R4 resource
 * declares, while the Argonaut profiles depend on the converted resource.
 */
export const commonParametersFor = (home: ServedType['compartment']): readonly SearchParameter[] =>
  home === 'record' ? [TAG, SECURITY] : [TAG];

const ADDRESS_PARTS = ['city', 'country', 'postalcode', 'state'];
/** Address parameters of persons, organizations, and locations. */
export const addressParameters: readonly SearchParameter[] = [
  stringParameter('address', ['address'], 'A part of the address, or how one begins.'),
  ...ADDRESS_PARTS.map((part) =>
    stringParameter(`address-${part}`, [`address-${part}`], `The ${part} of the address, or how it begins.`),
  ),
  untranslatedTokenParameter('address-use', 'home, work, temp or old.'),
];
export const nameParameters = (owner: string): readonly SearchParameter[] => [
  stringParameter('name', ['name'], `The name of ${owner}, or how a part of it begins.`),
  stringParameter('phonetic', ['phonetic'], `As name: how ${owner} is called, by letters and not by sound.`),
];
export const contactParameter = (kind: string): SearchParameter =>
  untranslatedTokenParameter(kind, `The ${kind} under which somebody is reached.`);
