import type { SearchParameter } from '../core/search-parameter.ts';
import type { ServedType } from '../core/version.ts';
import { codesOf, concepts, type ToStored } from './stored-tokens.ts';

/** Search parameters of DSTU2, in a line each. */
export const patient = (name = 'patient'): SearchParameter => ({
  kind: 'patient',
  name,
  documentation:
    'A patient: id, Patient/id or the address. Where the access token is for one patient, another one is refused.',
});

/** @param index as R4 calls it; @param toStored the stored values that one asked for stands for */
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

/** Of what few records have: no example would find anything in the sandbox. */
export const rareDate = (name: string, index: string, documentation: string): SearchParameter => ({
  kind: 'date',
  name,
  index,
  documentation,
});

/** @param indexes any of them may match */
export const string = (
  name: string,
  [index = name, ...also]: readonly string[],
  documentation: string,
): SearchParameter => ({ kind: 'string', name, index, ...(also.length === 0 ? {} : { also }), documentation });

/**
 * @param targets stored types it leads to
 * @param at where DSTU2 has it, if that is elsewhere than in R4
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

/** An element that is a code. @param systems of the codes, as DSTU2 calls them and as the index does */
export const code = (
  name: string,
  index: string,
  systems: Parameters<typeof codesOf>[0],
  table: Parameters<typeof codesOf>[1],
  documentation: string,
): SearchParameter => token(name, index, codesOf(systems, table), documentation);

/** A type that both versions have under one name. */
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
/** No `_profile`: the index has what a resource claims in R4, and whether it claims Argonaut's is seen in what it became. */
export const sharedOf = (home: ServedType['home']): readonly SearchParameter[] =>
  home === 'record' ? [TAG, SECURITY] : [TAG];

const PARTS = ['city', 'country', 'postalcode', 'state'];
/** Of people, organizations and places. */
export const addresses: readonly SearchParameter[] = [
  string('address', ['address'], 'A part of the address, or how one begins.'),
  ...PARTS.map((part) =>
    string(`address-${part}`, [`address-${part}`], `The ${part} of the address, or how it begins.`),
  ),
  plainToken('address-use', 'home, work, temp or old.'),
];
export const names = (of: string): readonly SearchParameter[] => [
  string('name', ['name'], `The name of ${of}, or how a part of it begins.`),
  string('phonetic', ['phonetic'], `As name: how ${of} is called, by letters and not by sound.`),
];
export const contact = (kind: string): SearchParameter =>
  plainToken(kind, `The ${kind} under which somebody is reached.`);
