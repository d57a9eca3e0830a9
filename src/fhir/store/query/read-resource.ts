import type { Executor } from '../../../database/index.ts';
import type { PracticeId } from '../../../kernel/index.ts';
import type { EnforcedQuery } from '../../authorization/enforce.ts';
import { fillConstantColumns, type RawRow, type ResourceRow } from './result-rows.ts';
import { runPrepared, runQuery } from './run-query.ts';
import { resultColumnsSql } from './sql/page-sql.ts';
import { buildQuerySql, type QuerySql } from './sql/query-sql.ts';

export interface ReadResourceRow extends ResourceRow {
  readonly version: number;
  readonly last_updated: Date;
  /** Whether the text of a version never changes. Absent for stored R4 text, which never does. */
  readonly alone?: boolean;
  /** The converter version that produced the text; absent for stored R4 text. */
  readonly maker?: number;
}

/** Reads one resource that the query selects by its key; undefined if there is none. */
export async function readResource(db: Executor, query: EnforcedQuery): Promise<ReadResourceRow | undefined> {
  const source = buildQuerySql(query);
  const made = source.made === undefined ? '' : `, ${source.made.alone} as alone, ${source.made.maker} as maker`;
  const text = `select ${resultColumnsSql(query, source)}, r.version, r.last_updated${made} from ${source.from}
    where ${source.where}${preferContextPracticeSql(query, source)}`;
  const [row] = fillConstantColumns(query, await runByKey<RawRow<ReadResourceRow>>(db, query, source, text));
  return row;
}

/**
 * If several practices match, the practice of the record in context wins, because the client means that one. Otherwise
 * the lowest practice id wins, so that the result is stable.
 */
const preferContextPracticeSql = (
  { preferredPracticeId = 0 as PracticeId }: EnforcedQuery,
  source: QuerySql,
): string =>
  source.practice === undefined
    ? ''
    : ` order by ${source.practice} = ${source.bind(preferredPracticeId)} desc, ${source.practice} limit 1`;

export interface DocumentRow {
  readonly content_type: string;
  readonly bytes: Buffer;
  readonly resource_id: string;
  /** The stored type of the resource. */
  readonly type: string;
  /** The record's id. */
  readonly home: number;
}

/**
 * Reads a document that a resource found by one of the queries refers to.
 * @param queries queries of resource types that have documents
 */
export async function readDocument(
  db: Executor,
  queries: readonly EnforcedQuery[],
  id: string,
): Promise<DocumentRow | undefined> {
  for (const query of queries) {
    const found = await readDocumentOf(db, query, id);
    if (found !== undefined) return found;
  }
  return undefined;
}

async function readDocumentOf(db: Executor, query: EnforcedQuery, id: string): Promise<DocumentRow | undefined> {
  const source = buildQuerySql(query);
  const text = `select d.content_type, d.bytes, d.resource_id, r.type, d.record_id as home from ${source.from}
    join document d on d.record_id = r.record_id and d.resource_id = r.id
    where ${source.where} and d.id = ${source.bind(id)} and strpos(r.content, d.id::text) > 0${preferContextPracticeSql(query, source)}`;
  const [row] = await runByKey<DocumentRow>(db, query, source, text);
  return row;
}

/**
 * Lookups by key use a prepared plan. Granular scopes are excluded, because clients can create any number of query
 * shapes with them.
 */
const runByKey = <Row>(db: Executor, query: EnforcedQuery, source: QuerySql, text: string): Promise<Row[]> =>
  isGranular(query) ? runQuery<Row>(db, source, text) : runPrepared<Row>(db, source, text);

const isGranular = ({ filters }: EnforcedQuery): boolean =>
  filters.some(
    ({ granted, targets }) => granted !== undefined || (targets !== undefined && targets.partialTypes.length > 0),
  );
