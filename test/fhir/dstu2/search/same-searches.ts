import { readFileSync } from 'node:fs';
import path from 'node:path';
import { dstu2, r4 } from '../../../../src/fhir/index.ts';
import type { Resource, ServedType } from '../../../../src/fhir/model/fhir-version.ts';
import { SHARED_DATA } from '../../../support/fhir/shared-data.ts';
import { asList, findNodes } from '../../search/oracle/nodes.ts';
import { referenceText } from '../../search/oracle/reference-rule.ts';
import { type Coded, codedValues } from '../../search/oracle/token-rule.ts';
import type { Node } from '../fixtures/convert.ts';

type Parameter = ServedType['parameters'][number];
type Indexed = Exclude<Parameter, { readonly kind: 'patient' | 'composite' }>;

/** One search, written for both versions of FHIR. */
export interface Question {
  /** Query of the DSTU2 type. */
  readonly dstu2: string;
  /** Queries of the stored R4 type. Together they should find the same resources as the DSTU2 query. */
  readonly r4: readonly string[];
}

/** The resources of one stored type in a record, as R4 and as one DSTU2 type return them. */
export interface RecordInBothVersions {
  readonly stored: readonly Resource[];
  /** DSTU2 resources by the id of the stored resource that each is made from. */
  readonly displayed: ReadonlyMap<string, Node>;
}

/** Pairs of R4 search parameters whose elements are one element in DSTU2. */
const TOGETHER: Readonly<Record<string, readonly string[]>> = {
  'clinical-and-verification': ['clinical-status', 'verification-status'],
  'intent-and-status': ['intent', 'status'],
  'lifecycle-and-achievement': ['lifecycle-status', 'achievement-status'],
};

/** R4 search parameters that correspond to a DSTU2 parameter. Empty if R4 has no such search. */
export function counterparts(form: ServedType, parameter: Indexed): readonly string[] {
  const names = TOGETHER[parameter.index] ?? [parameter.index, ...(parameter.otherIndexes ?? [])];
  const known = r4.types.find(({ name }) => name === form.stored)?.parameters.map(({ name }) => name) ?? [];
  return names.every((name) => known.includes(name)) ? names : [];
}

export const isIndexed = (parameter: Parameter): parameter is Indexed =>
  parameter.kind !== 'patient' && parameter.kind !== 'composite';

const PREFIXES = ['', 'eq', 'ne', 'gt', 'lt', 'ge', 'le', 'sa', 'eb'];
const LENGTHS = [4, 7, 10];
const DATE = /"(\d{4}-\d\d-\d\d(?:T[^"]{8,30})?)"/g;

/**
 * Makes all searches by a DSTU2 parameter for values that occur in the record.
 * @param name the DSTU2 type
 */
export function makeSearches(
  name: string,
  form: ServedType,
  parameter: Indexed,
  all: RecordInBothVersions,
): readonly Question[] {
  const names = counterparts(form, parameter);
  if (names.length === 0) return [];
  if (parameter.kind === 'date') return datesOf(parameter, names, all);
  if (parameter.kind === 'string') return wordsOf(parameter, names, all);
  if (parameter.kind === 'reference') return referencesOf(parameter, names, all);
  if (parameter.kind === 'quantity') return amountsOf(parameter, names, all);
  if (parameter.kind === 'uri') return addressesOf(parameter, names, all);
  if (parameter.kind !== 'token') throw new Error(`no questions by ${parameter.kind}`);
  return parameter.toStored === undefined ? sameTokensOf(parameter, names, all) : tokensOf(name, parameter, names, all);
}

const distinct = <T>(values: readonly T[]): readonly T[] => [...new Set(values)];
const escaped = (value: string): string => encodeURIComponent(value.replace(/[\\,$|]/g, String.raw`\$&`));
const sameIn = (parameter: Indexed, names: readonly string[], value: string): Question => ({
  dstu2: `${parameter.name}=${value}`,
  r4: names.map((name) => `${name}=${value}`),
});

function datesOf(parameter: Indexed, names: readonly string[], { stored }: RecordInBothVersions): readonly Question[] {
  const dates = stored.flatMap((one) => [...JSON.stringify(one).matchAll(DATE)].map(([, date = '']) => date));
  const cut = dates.flatMap((date) => [date, ...LENGTHS.map((length) => date.slice(0, length))]);
  return distinct(cut).flatMap((date) =>
    PREFIXES.map((prefix) => sameIn(parameter, names, `${prefix}${encodeURIComponent(date)}`)),
  );
}

const leavesOf = (node: unknown): readonly string[] => {
  if (typeof node === 'string') return [node];
  return typeof node === 'object' && node !== null ? Object.values(node).flatMap(leavesOf) : [];
};

function wordsOf(parameter: Indexed, names: readonly string[], { stored }: RecordInBothVersions): readonly Question[] {
  const words = stored.flatMap((one) => names.flatMap((name) => leavesOf(findNodes(one, name))));
  const begun = words.flatMap((word) => [word, word.slice(0, 3), word.slice(0, 1).toLowerCase()]);
  return distinct(begun.filter((word) => word.trim() !== '')).map((word) => sameIn(parameter, names, escaped(word)));
}

function amountsOf(
  parameter: Indexed,
  names: readonly string[],
  { stored }: RecordInBothVersions,
): readonly Question[] {
  const amounts = stored
    .flatMap((one) => names.flatMap((name) => findNodes(one, name)))
    .map((node) => node as { readonly value?: number; readonly code?: string });
  const written = amounts.flatMap(({ value, code = '' }) =>
    value === undefined ? [] : [`${value}`, `gt${value}`, `le${value}||${escaped(code)}`],
  );
  return distinct(written).map((value) => sameIn(parameter, names, encodeURI(value)));
}

function addressesOf(
  parameter: Indexed,
  names: readonly string[],
  { stored }: RecordInBothVersions,
): readonly Question[] {
  const addresses = stored.flatMap((one) => names.flatMap((name) => leavesOf(findNodes(one, name))));
  return distinct(addresses).map((one) => sameIn(parameter, names, escaped(one)));
}

const firstNames = new Map(dstu2.types.toReversed().map(({ stored, name }) => [stored, name]));

function referencesOf(
  parameter: Indexed,
  names: readonly string[],
  { stored }: RecordInBothVersions,
): readonly Question[] {
  const found = stored.flatMap((one) =>
    names.flatMap((name) => findNodes(one, name).flatMap((node) => referenceText(node) ?? [])),
  );
  return distinct(found).flatMap((reference) => {
    const [type = '', id = ''] = reference.split('/');
    const name = firstNames.get(type);
    if (name === undefined || id === '') return [];
    return [
      {
        dstu2: `${parameter.name}=${name}/${id}`,
        r4: names.map((one) => `${one}=${type}/${id}`),
      },
    ];
  });
}

const written = ({ system, code }: Coded): string =>
  system === undefined ? escaped(code ?? '') : `${escaped(system)}%7C${escaped(code ?? '')}`;

function sameTokensOf(
  parameter: Indexed,
  names: readonly string[],
  { stored }: RecordInBothVersions,
): readonly Question[] {
  const codes = stored.flatMap((one) => names.flatMap((name) => findNodes(one, name).flatMap(codedValues)));
  const searchValues = codes.flatMap((one) => [written(one), written({ system: undefined, code: one.code })]);
  return distinct(searchValues).map((value) => sameIn(parameter, names, value));
}

/**
 * Paths of search parameters in DSTU2's own definitions. A parameter without a path covers the element of the same
 * name. DSTU2 doesn't define what the second name for `code` of FamilyMemberHistory covers.
 */
const XPATHS: ReadonlyMap<string, string> = new Map([
  ...(SHARED_DATA === undefined ? [] : searchParameters(SHARED_DATA)).flatMap(({ base, code, xpath }) =>
    xpath === undefined ? [] : [[`${base}.${code}`, xpath] as const],
  ),
  ['FamilyMemberHistory.condition', 'f:FamilyMemberHistory/f:condition/f:code'],
]);
function searchParameters(folder: string): readonly { base: string; code: string; xpath?: string }[] {
  const file = path.join(folder, 'dstu2-definitions/structures/search-parameters.json');
  const { entry } = JSON.parse(readFileSync(file, 'utf8')) as { entry: { resource: Node }[] };
  return entry.map(({ resource }) => resource as never);
}

/** Returns the values of a DSTU2 resource that a search parameter covers. */
function nodesShown(resource: Node, name: string): readonly unknown[] {
  const { resourceType: type } = resource;
  const xpath = XPATHS.get(`${type}.${name}`) ?? `f:${type}/f:${name}`;
  return xpath.split('|').flatMap((one) =>
    one
      .trim()
      .split('/')
      .slice(1)
      .reduce<readonly unknown[]>(
        (nodes, step) => nodes.flatMap((node) => asList((node as Node)[step.replace('f:', '')])),
        [resource],
      ),
  );
}

/** Codes that a search for another code finds too: a confirmed allergy is an active one. */
const WIDER: Readonly<Record<string, readonly string[]>> = {
  'AllergyIntolerance.status.active': ['active', 'unconfirmed', 'confirmed'],
};

/**
 * A boolean value is a code in DSTU2, because that has no valueBoolean. R4's index doesn't have this code, so
 * value-concept doesn't find it (docs/guide/data.md).
 */
const NOT_FOUND: Readonly<Record<string, RegExp>> = {
  'Observation.value-concept': /^(?:http%3A%2F%2Fhl7\.org%2Ffhir%2Fv2%2F0136%7C)?[YN]$/,
};

/**
 * Searches for the tokens in DSTU2 resources, each with the tokens of the same resource in R4. The converter's mapping
 * tables aren't used, because they are under test.
 */
function tokensOf(
  type: string,
  parameter: Indexed,
  names: readonly string[],
  { stored, displayed }: RecordInBothVersions,
): readonly Question[] {
  const codes = new Map(
    [...displayed].map(([id, resource]) => [id, nodesShown(resource, parameter.name).flatMap(codedValues)] as const),
  );
  const inR4 = new Map(stored.map((one) => [one.id ?? '', togetherOf(one, names)]));
  const searchValues = distinct(
    [...codes.values()].flat().flatMap((one) => [written(one), written({ ...one, system: undefined })]),
  );
  const found = searchValues.filter((value) => NOT_FOUND[`${type}.${parameter.name}`]?.test(value) !== true);
  return found.map((value) => {
    const also = WIDER[`${type}.${parameter.name}.${value}`] ?? [value];
    const has = (id: string) =>
      (codes.get(id) ?? []).some(
        (one) => also.includes(written(one)) || also.includes(written({ ...one, system: undefined })),
      );
    const ids = [...codes.keys()];
    const meant = new Set(ids.filter(has).flatMap((id) => inR4.get(id) ?? []));
    for (const id of ids.filter((one) => !has(one))) for (const one of inR4.get(id) ?? []) meant.delete(one);
    const unmatched = ids.filter((id) => has(id) && !inR4.get(id)?.some((one) => meant.has(one)));
    if (unmatched.length > 0) throw new Error(`${type}?${parameter.name}=${value} means nothing in R4 of ${unmatched}`);
    return { dstu2: `${parameter.name}=${value}`, r4: [...meant] };
  });
}

/** Combines searches for the values that one resource has for different parameters. */
const togetherOf = (resource: Resource, names: readonly string[]): readonly string[] =>
  names.reduce<readonly string[]>(
    (queries, name) => {
      const own = distinct(findNodes(resource, name).flatMap(codedValues).map(written));
      const each = own.length === 0 ? [`${name}:missing=true`] : own.map((value) => `${name}=${value}`);
      return queries.flatMap((query) => each.map((one) => (query === '' ? one : `${query}&${one}`)));
    },
    [''],
  );
