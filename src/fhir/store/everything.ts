import type { Executor } from '../../database/index.ts';
import type { EnforcedQuery } from '../core/enforce.ts';
import type { FoundRow } from './found.ts';
import { knownSinceSql } from './known-since.ts';
import { run, runKept } from './run.ts';
import { type Source, sourceOf } from './where.ts';

/** What of one type, in one record, there was at one moment. */
export interface Shelf {
  /** That finds the contents, too. */
  readonly query: EnforcedQuery;
  /** The record. */
  readonly home: number;
  /** Whose record it is, where there may be several. */
  readonly practice?: number | undefined;
  /** In their order. */
  readonly ids: Ids;
}

/** A list of ids, or what is asked as one. */
interface Ids {
  readonly length: number;
  slice(from: number, to: number): readonly string[];
}

/** As the one text that they came in: as so many strings they would take twice the memory, as long as a client reads. */
const idsIn = (text: string): Ids => ({
  length: (text.length + 1) / (UUID + 1),
  slice: (from, to) => (to <= from ? [] : text.slice(from * (UUID + 1), to * (UUID + 1) - 1).split(',')),
});

/** Letters. */
const UUID = 36;

export interface Gathered {
  /** In the order of the queries. */
  readonly shelves: readonly Shelf[];
  /** The latest change among them, as PostgreSQL prints it; undefined: it was not asked for. */
  readonly asOf: string | undefined;
}

interface GatheredRow {
  /** Which of the queries that ask alike found it. */
  readonly part: number;
  readonly type: string;
  readonly home: number;
  readonly practice: number | null;
  readonly ids: string;
  readonly latest: string | null;
}

/**
 * What there is, by its ids, in one statement: it sees one moment, and what is counted by it is what is sent. Ids come as
 * one text a type, which costs less than a row for each.
 * @param queries each of another type, or of another projection of it
 * @param dated whether it is asked when they last changed: that is not in the index which has the rest
 */
export async function gather(db: Executor, queries: readonly EnforcedQuery[], dated: boolean): Promise<Gathered> {
  if (queries.length === 0) return { shelves: [], asOf: undefined };
  const parameters: unknown[] = [];
  const latest = dated ? 'max(r.last_updated)' : 'null';
  const groups = alikeOf(queries);
  const parts = groups.map((alike, part) => {
    const types = alike.map(({ type }) => type);
    const { from, where, home, practice = NO_PRACTICE } = sourceOf(alike[0], { counting: true, parameters, types });
    return `select ${part} as part, r.type, ${home} as home, max(${practice}) as practice,
        string_agg(r.id::text, ',' order by r.id) as ids, ${latest}::timestamptz as at
      from ${from} where ${where} group by r.type, ${home}`;
  });
  const text = `select part, type, home, practice, ids, max(at) over ()::text as latest from (${parts.join(' union all ')}) as found`;
  const rows = await (queries.every(isPlain) ? runKept : run)<GatheredRow>(db, { parameters }, text);
  const shelves = queries.flatMap((query) =>
    rows
      .filter(({ part, type }) => type === query.type && groups[part]?.includes(query))
      .sort((a, b) => (a.practice ?? 0) - (b.practice ?? 0))
      .map(({ home, practice, ids }) => ({ query, home, practice: practice ?? undefined, ids: idsIn(ids) })),
  );
  return { shelves, asOf: rows[0]?.latest ?? undefined };
}

/** Of one record it is not asked whose it is. */
const NO_PRACTICE = 'null::int4';

type Alike = readonly [EnforcedQuery, ...EnforcedQuery[]];

/** Queries that ask the same of another type each are one: most tokens may see whole types. */
function alikeOf(queries: readonly EnforcedQuery[]): readonly Alike[] {
  const groups = new Map<string, [EnforcedQuery, ...EnforcedQuery[]]>();
  for (const query of queries) {
    const key = likeness(query);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [query]);
    else group.push(query);
  }
  return [...groups.values()];
}

/** All that a query asks: without its type, where nothing of that has part in what the index keeps by the type. */
function likeness({ type, ...rest }: EnforcedQuery): string {
  const { parts, conditions } = rest;
  const ofAnyType =
    parts.every(({ granted, about }) => granted === undefined && about === undefined) &&
    conditions.every(({ kind }) => kind === 'updated' || kind === 'records');
  return ofAnyType ? JSON.stringify(rest) : shelfName({ type, projection: rest.projection });
}

/** By which a cursor knows the query. */
export const shelfName = ({ type, projection }: Pick<EnforcedQuery, 'type' | 'projection'>): string =>
  projection === undefined ? type : `${projection} ${type}`;

/** Where a page ended. */
export interface Place {
  /** Name of the shelf. */
  readonly shelf: string;
  readonly id: string;
  /** Whose record it was in, where there may be several: a practice has one of a patient. */
  readonly practice: number | undefined;
}

interface After {
  /** undefined: from the start. */
  readonly place: Place;
  /** What was made since then stays out, so that the pages add up to the total of the first. */
  readonly asOf: string;
  readonly limit: number;
}

/** The next of what `gather` would find, without looking at the rest. */
export async function gatherAfter(
  db: Executor,
  queries: readonly EnforcedQuery[],
  { place, asOf, limit }: After,
): Promise<readonly Shelf[]> {
  const begun = queries.findIndex((query) => shelfName(query) === place.shelf);
  if (begun === -1) return [];
  const left = queries.slice(begun);
  const parameters: unknown[] = [];
  const partOf = (query: EnforcedQuery, at: number, restOf: (source: Source) => string): string => {
    const source = sourceOf(query, { counting: true, parameters });
    const { bind, home, practice = NO_PRACTICE } = source;
    const known = knownSinceSql(query, home, asOf, bind);
    return `(select ${at} as shelf, r.id, ${home} as home, ${practice} as practice from ${source.from}
      where ${source.where} and ${known}${restOf(source)} order by practice, r.id limit ${bind(limit)})`;
  };
  // Each of the two is a stretch of the key. As one comparison of rows it would be read from the start of the record.
  const sameHome = ({ bind, practice }: Source) =>
    `${practice === undefined ? '' : ` and ${practice} = ${bind(place.practice ?? 0)}::int`} and r.id > ${bind(place.id)}::uuid`;
  const laterHomes = ({ bind, practice }: Source) =>
    practice === undefined ? ' and false' : ` and ${practice} > ${bind(place.practice ?? 0)}::int`;
  const parts = left.flatMap((query, at) =>
    (at === 0 ? [sameHome, laterHomes] : [() => '']).map((restOf) => partOf(query, at, restOf)),
  );
  const text = `select * from (${parts.join(' union all ')}) as found order by shelf, practice, id limit ${limit}`;
  const rows = await run<FoundId>(db, { parameters }, text);
  return left.flatMap((query, at) =>
    shelvesOf(
      query,
      rows.filter(({ shelf }) => shelf === at),
    ),
  );
}

interface FoundId {
  readonly shelf: number;
  readonly id: string;
  readonly home: number;
  readonly practice: number | null;
}

const shelvesOf = (query: EnforcedQuery, rows: readonly FoundId[]): readonly Shelf[] =>
  [...Map.groupBy(rows, ({ home }) => home)].map(([home, own]) => ({
    query,
    home,
    practice: own[0]?.practice ?? undefined,
    ids: own.map(({ id }) => id),
  }));

/** Some of a shelf. */
export interface Picked {
  readonly type: string;
  readonly ids: readonly string[];
}

/** In the record of its lot. */
export type FetchedRow = Omit<FoundRow, 'home'>;

/** What is fetched together: of one record, by one query. */
export interface Lot {
  readonly query: EnforcedQuery;
  readonly home: number;
  readonly picks: readonly Picked[];
}

/**
 * Walks along shelves, and takes as many as are asked for each time, of several shelves where these are alike.
 * @returns gives the next lot, of so many rows at the most; undefined: there is nothing left
 */
export function walkAlong(shelves: readonly Shelf[]): (most: number) => Lot | undefined {
  const likenesses = shelves.map(({ query, home }) => `${home} ${likeness(query)}`);
  let [at, from] = [0, 0];
  return (most) => {
    const first = shelves[at];
    if (first === undefined) return undefined;
    const [{ query, home }, alike] = [first, likenesses[at]];
    const picks: Picked[] = [];
    for (let left = most; left > 0 && likenesses[at] === alike; ) {
      const { query: { type } = query, ids = [] } = shelves[at] ?? {};
      const taken = ids.slice(from, from + left);
      picks.push({ type, ids: taken });
      left -= taken.length;
      from += taken.length;
      if (from >= ids.length) [at, from] = [at + 1, 0];
    }
    return { query, home, picks };
  };
}

/**
 * The contents of a lot, in its order. It is asked anew whether they may be seen: what is gone meanwhile, or may not be
 * seen any more, is not there. A shelf is in the order of its key, so each pick is one stretch of the key, which costs less
 * than to look for each id; what is new in it is not of the lot.
 */
export async function fetchLot(db: Executor, { query, home, picks }: Lot): Promise<readonly FetchedRow[]> {
  const parameters: unknown[] = [];
  const stretches = picks.map(({ type, ids }) => {
    const { bind, unseen, ...source } = sourceOf(query, { parameters, types: [type] });
    return `(select r.type, r.id, ${source.content} as content${unseen === undefined ? '' : `, ${unseen} as unseen`}
      from ${source.from} where ${source.where} and ${source.home} = ${bind(home)}::bigint
        and r.id between ${bind(ids[0])}::uuid and ${bind(ids.at(-1))}::uuid order by r.id)`;
  });
  const text = stretches.join(' union all ');
  const rows = await (isPlain(query) ? runKept : run)<FetchedRow>(db, { parameters }, text);
  return picks.flatMap(({ type, ids }) => {
    const own = rows.filter((row) => row.type === type);
    // A plan may give rows as it finds them, and plans change; an answer should not.
    return listed(own.sort(byId), ids);
  });
}

const byId = (a: FetchedRow, b: FetchedRow): number => (a.id < b.id ? -1 : 1);

/** Both are in the order of ids. */
function listed(rows: readonly FetchedRow[], ids: readonly string[]): readonly FetchedRow[] {
  let at = 0;
  return rows.filter(({ id }) => {
    while ((ids[at] ?? id) < id) at += 1;
    return ids[at] === id;
  });
}

/** Granular scopes, and what a client asks for, have as many shapes as it thinks of. */
const isPlain = ({ parts, conditions }: EnforcedQuery): boolean =>
  conditions.length === 0 && parts.every(({ granted, about }) => granted === undefined && about === undefined);
