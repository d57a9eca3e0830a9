import type { Executor } from '../../../database/index.ts';
import type { EnforcedQuery } from '../../authorization/enforce.ts';
import { type ContentForm, type ReadDatabase, readContents } from './contents/read-contents.ts';
import { ID_LENGTH, type NumberedRow, numberedColumnsSql, unpackNumbered } from './packed-rows.ts';
import { hasFixedShape, queryShape } from './query-groups.ts';
import type { BatchRow } from './result-rows.ts';
import { runPrepared, runQuery } from './run-query.ts';
import { buildQuerySql } from './sql/query-sql.ts';

/** Ids of the resources of one type in one patient record or directory, as they were when the list was read. */
export interface IdList {
  /** The query that found the ids. It also fetches the contents of the resources. */
  readonly query: EnforcedQuery;
  /** Compartment of the resources: record_id or, for resources of a practice's directory, practice_id. */
  readonly home: number;
  /** Practice of the patient record. Set if the query covers several practices. */
  readonly practice?: number | undefined;
  /** Ids of the resources in ascending order. */
  readonly ids: IdSequence;
}

/** The array methods that an id list needs. `parseIdSequence` implements them without an array. */
export interface IdSequence {
  readonly length: number;
  slice(from: number, to: number): readonly string[];
}

/**
 * Stores ids as the single text that PostgreSQL returned. An array of texts would need twice the memory. The ids stay
 * in memory until the client has read the whole response.
 */
export const parseIdSequence = (text: string): IdSequence => ({
  length: text === '' ? 0 : (text.length + 1) / (ID_LENGTH + 1),
  slice: (from, to) =>
    to <= from || text === '' ? [] : text.slice(from * (ID_LENGTH + 1), to * (ID_LENGTH + 1) - 1).split(','),
});

/**
 * Stores ids that may be parts of longer texts. A part would keep the whole text in memory, so the ids are copied byte by
 * byte.
 */
export const copyIds = (ids: readonly string[]): IdSequence =>
  parseIdSequence(Buffer.from(ids.join(','), 'latin1').toString('latin1'));

/** Ids of one resource type in a batch, in ascending order. */
export interface BatchSlice {
  readonly type: string;
  readonly ids: readonly string[];
}

/** Resources that were fetched. `query` is the query that found them, or differs from it only in the type. */
export interface FetchedResources {
  readonly query: EnforcedQuery;
  /** Compartment of the resources. Undefined if the resources may be in several. */
  readonly home?: number;
  readonly rows: readonly BatchRow[];
}

/**
 * Resources that one statement fetches. They are in one patient record or directory, and their queries are equal except
 * for the type.
 */
export interface ResourceBatch {
  readonly query: EnforcedQuery;
  readonly compartmentId: number;
  readonly slices: readonly BatchSlice[];
}

/**
 * Divides id lists into batches, which are fetched by one statement each. Several lists share a batch if they belong to
 * the same compartment and their queries differ only in the type.
 * @param skip number of resources to leave out, because they have been fetched already
 * @returns a function that returns the next batch of at most `limit` resources, or undefined when there are none left
 */
export function batches(idLists: readonly IdList[], skip: number): (limit: number) => ResourceBatch | undefined {
  let [at, from] = [0, skip];
  for (let list = idLists[at]; list !== undefined && from >= list.ids.length; list = idLists[at])
    [at, from] = [at + 1, from - list.ids.length];
  if (at === idLists.length) return () => undefined;
  const shapes = idLists.map(({ query, home }) => `${home} ${queryShape(query)}`);
  return (limit) => {
    const first = idLists[at];
    if (first === undefined) return undefined;
    const [{ query, home: compartmentId }, shape] = [first, shapes[at]];
    const slices: BatchSlice[] = [];
    for (let left = limit; left > 0 && shapes[at] === shape; ) {
      const { query: { type } = query, ids = [] } = idLists[at] ?? {};
      const next = ids.slice(from, from + left);
      slices.push({ type, ids: next });
      left -= next.length;
      from += next.length;
      if (from >= ids.length) [at, from] = [at + 1, 0];
    }
    return { query, compartmentId, slices };
  };
}

/**
 * Fetches the resources of one batch, ordered by id. The query checks authorization again: resources that were deleted
 * or restricted since their ids were read are left out. For each type, PostgreSQL reads the range from the first to the
 * last id, because an index range scan is cheaper than a lookup of each id. Resources that were added to the range
 * since the ids were read are filtered out. The ranges are rows of a table, so that batches of any types have the same
 * SQL text and share one prepared statement. `any(array[…])` keeps PostgreSQL from a merge join on the type, which would
 * read the whole record for each batch.
 */
export const fetchBatch = (db: ReadDatabase, batch: ResourceBatch): Promise<readonly BatchRow[]> =>
  readContents(db, {
    most: batch.slices.reduce((sum, { ids }) => sum + ids.length, 0),
    read: (content) => selectBatch(db, batch, content),
    rowsOf: (rows) => [{ query: batch.query, home: batch.compartmentId, rows }],
  });

async function selectBatch(
  db: Executor,
  { query, compartmentId, slices }: ResourceBatch,
  content: ContentForm,
): Promise<readonly BatchRow[]> {
  const parameters: unknown[] = [];
  const typeSql = 'any(array[wanted.type])';
  const { bind, ...source } = buildQuerySql(query, { parameters, typeSql, content });
  const [numbers, types, first, last] = [
    bind(slices.map((_, number) => number)),
    bind(slices.map(({ type }) => type)),
    bind(slices.map(({ ids }) => ids[0])),
    bind(slices.map(({ ids }) => ids.at(-1))),
  ];
  const text = `select found.*
    from unnest(${numbers}::int[], ${types}::text[], ${first}::uuid[], ${last}::uuid[]) as wanted (number, type, first, last)
    cross join lateral (
      select ${numberedColumnsSql('wanted.number', source)}
      from ${source.from} where ${source.where} and ${source.home} = ${bind(compartmentId)}::bigint
        and r.id between wanted.first and wanted.last) as found`;
  const rows = await (hasFixedShape(query) ? runPrepared : runQuery)<NumberedRow>(db, { parameters }, text);
  const found: BatchRow[][] = slices.map(() => []);
  for (const one of rows) {
    const { number, row } = unpackNumbered(one, (slice) => slices[slice]?.type);
    found[number]?.push(row);
  }
  // PostgreSQL may return the rows in any order, depending on its plan. The order of the response must not change.
  return slices.flatMap(({ ids }, number) => selectListed((found[number] ?? []).sort(byId), ids));
}

export const byId = (a: BatchRow, b: BatchRow): number => (a.id < b.id ? -1 : 1);

/** Returns the rows whose ids are in the list. Both must be sorted by id. */
function selectListed(rows: readonly BatchRow[], ids: readonly string[]): readonly BatchRow[] {
  let at = 0;
  return rows.filter(({ id }) => {
    while ((ids[at] ?? id) < id) at += 1;
    return ids[at] === id;
  });
}
