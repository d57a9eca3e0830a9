import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Resource, r4 } from '../../../../src/fhir/index.ts';
import { listSortKeys } from '../../../../src/fhir/search/common-parameters.ts';
import { BASE } from '../../../support/fhir/fhir-server.ts';
import { seededRandom } from '../../../support/fuzzing/seeded-random.ts';
import { DEEP, slice } from '../../../support/runs/slice.ts';
import { compositeNodes, isComposite } from './composite-rule.ts';
import { formatCriterion, isMatch } from './criterion.ts';
import { dateRanges } from './date-rule.ts';
import { expressionOf, findNodes } from './nodes.ts';
import { idsOf, type OracleServer, startOracleServer } from './oracle-server.ts';
import { PARAMETER_LINES, type ParameterLine, TYPES } from './parameter-tables.ts';
import { QUESTIONS } from './questions.ts';
import { referenceText } from './reference-rule.ts';
import { ALL_MODIFIERS, modifiersOf, RULES } from './rules.ts';
import { coverageKey, makeSearches, type Row, type Search } from './searches.ts';

let world: OracleServer;
beforeAll(async () => {
  world = await startOracleServer();
});
afterAll(() => world.server.close());

/** Number of searches by each parameter with each modifier, and the number of expected matches. */
const searched = new Map<string, { times: number; hits: number }>();
/** Keys of the parameters and modifiers for which the test data has values. */
const answerable = new Set<string>();

const rowNodes = ({ kind, name }: ParameterLine, resource: Row['resource']): readonly unknown[] => {
  if (kind === 'composite') return compositeNodes(resource, name);
  const nodes = findNodes(resource, name);
  if (kind !== 'patient') return nodes;
  // Provenance about resources of a record matches the record's patient, whether it names the patient or not.
  const owner = world.owners.get(`${resource.resourceType}/${resource.id}`);
  const named = nodes.filter((node) => referenceText(node) === owner);
  return named.length > 0 || owner === undefined ? named : [{ reference: owner }];
};

/** A search by one parameter, and the values that the parameter covers in each resource of the type. */
interface Part {
  readonly line: ParameterLine;
  readonly search: Search;
  readonly rows: readonly Row[];
}

/**
 * Sends a search by all parts together.
 * @returns one match that the server misses, and one that it shouldn't find
 */
async function differences(type: string, parts: readonly Part[], byPost: boolean): Promise<readonly string[]> {
  const holds = (at: number) =>
    parts.every(({ search, rows }) => search.every((one) => isMatch(rows[at]?.nodes ?? [], one)));
  const rows = parts[0]?.rows ?? [];
  const wanted = new Set(rows.filter((_, at) => holds(at)));
  for (const { line, search } of parts) for (const { modifier } of search) count(line, modifier, wanted.size);
  const query = parts.flatMap(({ search }) => search.map(formatCriterion)).join('&');
  const found = await idsOf(world, type, query, byPost).catch(String);
  if (typeof found === 'string') return [found];
  const isFound = ({ resource: { id = '' } }: Row) => found.has(id);
  const missed = rows.find((row) => wanted.has(row) && !isFound(row));
  const extra = rows.find((row) => !wanted.has(row) && isFound(row));
  return [
    ...(missed === undefined ? [] : [`${type}?${query} misses ${JSON.stringify(missed.nodes)}`]),
    ...(extra === undefined ? [] : [`${type}?${query} finds ${JSON.stringify(extra.nodes)}`]),
  ];
}

/** Expects that the parameters were searched with each modifier, and had matches if the data has values. */
function expectCovered(parameters: readonly ParameterLine[]): void {
  const lines = parameters.flatMap((line) =>
    [undefined, ...modifiersOf(line)].map((modifier) => coverageKey(line, modifier)),
  );
  expect(lines.filter((key) => (searched.get(key)?.times ?? 0) === 0)).toEqual([]);
  expect(lines.filter((key) => answerable.has(key) && searched.get(key)?.hits === 0)).toEqual([]);
  // The generated resources have values for all sampled parameters.
  const plain = parameters.map((line) => coverageKey(line, undefined));
  expect(plain.filter((key) => !answerable.has(key))).toEqual([]);
}

function count(line: ParameterLine, modifier: string | undefined, found: number): void {
  const { times, hits } = searched.get(coverageKey(line, modifier)) ?? { times: 0, hits: 0 };
  searched.set(coverageKey(line, modifier), { times: times + 1, hits: hits + found });
}

/** Makes searches by one parameter each, and a few by two parameters together. */
function partsOf(type: string): readonly (readonly Part[])[] {
  const about = { base: BASE, now: world.server.clock.now(), answerable };
  const resources = world.stored.get(type) ?? [];
  const single = known
    .filter((one) => one.type === type)
    .flatMap((line, index) => {
      if (!tried.includes(line)) return [];
      const rows = resources.map((resource) => ({ resource, nodes: rowNodes(line, resource) }));
      return makeSearches(line, rows, { ...about, random: seededRandom(index + 1) }).map((search) => ({
        line,
        search,
        rows,
      }));
    });
  const random = seededRandom(single.length);
  const double = Array.from({ length: DEEP ? 12 : 2 }, () => [random.pick(single), random.pick(single)]);
  return [...single.map((part) => [part]), ...double];
}

const known = PARAMETER_LINES.filter(({ kind }) => kind in RULES && kind in QUESTIONS);
/** A sample with parameters of each type and kind, and with each modifier of a kind. */
const tried = slice(known, {
  share: 0.15,
  kinds: (line) => [line.type, line.kind, ...modifiersOf(line).map((modifier) => `${line.kind}:${modifier}`)],
});

describe('each search parameter in the tables finds what R4 specifies (FHIR R4 search §3.1.1.4)', () => {
  it('every parameter has a rule, questions and an expression', () => {
    const kinds = new Set(PARAMETER_LINES.map(({ kind }) => kind));
    expect([...kinds].filter((kind) => RULES[kind] === undefined || QUESTIONS[kind] === undefined)).toEqual([]);
    expect(
      PARAMETER_LINES.filter(({ type, name }) => !isComposite(type, name) && expressionOf(type, name) === undefined),
    ).toEqual([]);
  });

  it.each(TYPES)(
    '%s: each sampled parameter with each modifier, with matches if the data has values',
    async (type) => {
      const wrong: string[] = [];
      // Every fourth search is sent by POST and must have the same result.
      for (const [place, parts] of partsOf(type).entries())
        wrong.push(...(await differences(type, parts, place % 4 === 3)));
      expect(wrong).toEqual([]);
      expectCovered(tried.filter((line) => line.type === type));
    },
    240_000,
  );

  it('every other modifier is rejected', async () => {
    const answered: string[] = [];
    for (const kind of Object.keys(RULES)) {
      const line = known.find((one) => one.kind === kind);
      for (const modifier of ALL_MODIFIERS.filter((one) => line !== undefined && !modifiersOf(line).includes(one))) {
        const path = `/${line?.type}?${line?.name}:${modifier}=1`;
        const answer = await world.server.get(world.token, path, { prefer: 'handling=strict' });
        if (answer.statusCode !== 400) answered.push(`${path} ${answer.statusCode}`);
      }
    }
    expect(answered).toEqual([]);
  });
});

/**
 * Sort key for the main date of a type. Not every type has a parameter of this name. paging-properties.test.ts tests
 * this key.
 */
const MAIN = 'date';
const keysOf = (served: (typeof r4.types)[number]): readonly string[] =>
  listSortKeys(served).filter((key) => key !== MAIN && key !== `-${MAIN}`);

/**
 * Sort key of a resource: the start of its first date. A resource without a date, or with an unknown start, comes
 * before all others.
 */
function placeOf(resource: Resource, key: string): number | string {
  if (key === '_id') return resource.id ?? '';
  const begun = findNodes(resource, key)
    .flatMap(dateRanges)
    .map(({ low }) => low);
  return begun.length === 0 ? Number.NEGATIVE_INFINITY : Math.min(...begun);
}

interface Page {
  readonly resources: readonly Resource[];
  readonly total: number;
  readonly next: string | undefined;
}
async function pageOf(path: string): Promise<Page> {
  const answer = await world.server.get(world.token, path, { prefer: 'handling=strict' });
  expect(answer.statusCode, answer.body).toBe(200);
  const { entry = [], total, link } = answer.json();
  return {
    resources: entry.map(({ resource }: { resource: Resource }) => resource),
    total,
    next: link.find(({ relation }: { relation: string }) => relation === 'next')?.url,
  };
}
async function allPages(path: string): Promise<readonly Page[]> {
  const pages = [await pageOf(path)];
  for (let next = pages[0]?.next; next !== undefined; next = pages.at(-1)?.next) pages.push(await pageOf(next));
  return pages;
}

describe('each sort key of a type (FHIR R4 search §3.1.1.5.1)', () => {
  it.each(r4.types.map((served) => [served.name, served] as const))(
    '%s',
    async (type, served) => {
      const random = seededRandom(served.parameters.length);
      const sorts = slice(keysOf(served), { kinds: (key) => [key.startsWith('-') ? 'descending' : 'ascending'] });
      for (const sort of sorts) {
        const { length = 0 } = world.stored.get(type) ?? [];
        const count = 5 + random.below(length);
        const pages = await allPages(`/${type}?_sort=${sort}&_count=${count}&_total=accurate`);
        const found = pages.flatMap(({ resources }) => resources);
        const places = found.map((one) => placeOf(one, sort.replace(/^-/, '')));
        const inOrder = [...places].sort((a, b) => (a === b ? 0 : a < b ? -1 : 1));
        expect(places, sort).toEqual(sort.startsWith('-') ? inOrder.reverse() : inOrder);
        // The pages together have each resource exactly once.
        expect({ sort, distinct: new Set(found.map(({ id }) => id)).size, found: found.length }).toEqual({
          sort,
          distinct: length,
          found: length,
        });
        expect(new Set(pages.map(({ total }) => total))).toEqual(new Set([length]));
      }
    },
    240_000,
  );
});
