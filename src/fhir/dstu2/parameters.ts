import type { SearchParameter } from '../core/search-parameter.ts';
import type { ServedType } from '../core/version.ts';
import { codesOf, concepts, type ToStored } from './stored-tokens.ts';

/** Builds the parameter that selects the patient. This file has one builder for each kind of DSTU2 search parameter. */
export const patient = (name = 'patient'): SearchParameter => ({
  kind: 'patient',
  name,
  documentation:
    'A patient: id, Patient/id or the address. Where the access token is for one patient, another one is refused.',
});

/**
 * @param index name of the R4 index to search
 * @param toStored translates a searched DSTU2 token into the stored R4 tokens that it matches
 */
export const token = (
  name: string,
  index: string,
  toStored: ToStored,
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

export const plainToken = (name: string, documentation: string, example?: string): SearchParameter => ({
  kind: 'token',
  name,
  index: name,
  documentation,
  example,
});

export const date = (
  name: string,
  index: string,
  documentation: string,
  example = 'ge2000-01-01',
): SearchParameter => ({ ...rareDate(name, index, documentation), example });

/**
 * A date parameter that few records have, so it has no example: an example in the documentation should find something
 * in the sandbox.
 */
export const rareDate = (name: string, index: string, documentation: string): SearchParameter => ({
  kind: 'date',
  name,
  index,
  documentation,
});

/** @param indexes names of R4 indexes; a match in any of them counts */
export const string = (
  name: string,
  [index = name, ...also]: readonly string[],
  documentation: string,
): SearchParameter => ({ kind: 'string', name, index, ...(also.length === 0 ? {} : { also }), documentation });

/**
 * @param targets stored types that it may refer to
 * @param at path of the element in DSTU2, if it differs from R4
 */
export const reference = (
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
  ...(at === undefined ? {} : { at }),
});

export const concept = (name: string, index: string, documentation: string, example?: string): SearchParameter =>
  token(name, index, concepts, documentation, example);

/**
 * A parameter on an element of type `code`.
 * @param systems code system of the element, as DSTU2 names it and as the index stores it
 */
export const code = (
  name: string,
  index: string,
  systems: Parameters<typeof codesOf>[0],
  table: Parameters<typeof codesOf>[1],
  documentation: string,
): SearchParameter => token(name, index, codesOf(systems, table), documentation);

/** A patient-compartment type that has the same name in R4 and DSTU2. */
export const recordType = (name: string, parameters: readonly SearchParameter[]): ServedType => ({
  name,
  stored: name,
  home: 'record',
  parameters,
});

export const about: readonly SearchParameter[] = [patient(), patient('subject')];
export const identifier = plainToken('identifier', 'An identifier that it has elsewhere.');
export const encounter = reference('encounter', 'encounter', ['Encounter'], 'The encounter that it is from.');
export const PEOPLE: readonly string[] = ['Patient', 'Practitioner', 'RelatedPerson'];

const TAG = concept('_tag', '_tag', 'A tag of the resource.');
const SECURITY = concept('_security', '_security', 'A security label of the resource.');
/**
 * Parameters shared by all types. `_profile` is missing because the index holds the profiles that the R4 resource
 * declares, while the Argonaut profiles depend on the converted resource.
 */
export const sharedOf = (home: ServedType['home']): readonly SearchParameter[] =>
  home === 'record' ? [TAG, SECURITY] : [TAG];

const ADDRESS_PARTS = ['city', 'country', 'postalcode', 'state'];
/** Address parameters of persons, organizations, and locations. */
export const addresses: readonly SearchParameter[] = [
  string('address', ['address'], 'A part of the address, or how one begins.'),
  ...ADDRESS_PARTS.map((part) =>
    string(`address-${part}`, [`address-${part}`], `The ${part} of the address, or how it begins.`),
  ),
  plainToken('address-use', 'home, work, temp or old.'),
];
export const names = (owner: string): readonly SearchParameter[] => [
  string('name', ['name'], `The name of ${owner}, or how a part of it begins.`),
  string('phonetic', ['phonetic'], `As name: how ${owner} is called, by letters and not by sound.`),
];
export const contact = (kind: string): SearchParameter =>
  plainToken(kind, `The ${kind} under which somebody is reached.`);
