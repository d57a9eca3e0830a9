import type { Executor } from '../../../database/index.ts';
import type { FindStatement } from '../../../domain/index.ts';
import type { PracticeId } from '../../../kernel/index.ts';
import type { EnforcedQuery } from '../../authorization/enforce.ts';
import { type ReadDatabase, readDocumentBytes, restoreConverted } from './contents/read-contents.ts';
import { rowVersionSql } from './contents/row-version.ts';
import { limitToDocument, limitToRecords, mayMatch } from './limit-to-records.ts';
import { fillConstantColumns, type RawRow, type ResourceRow } from './result-rows.ts';
import { runPrepared, runQuery } from './run-query.ts';
import { resultColumnsSql } from './sql/page-sql.ts';
import { getStatementName } from './sql/query-shapes.ts';
import { buildQuerySql, type QuerySql } from './sql/query-sql.ts';

export interface ReadResourceRow extends ResourceRow {
  readonly version: number;
  readonly last_updated: Date;
  /**
   * True if the converted text was made from this resource alone, so that changes of other resources don't affect it.
   * Undefined for stored R4 text, which depends on no other resource.
   */
  readonly alone?: boolean;
  /** Version of the converter that wrote the text. Undefined for stored R4 text. */
  readonly maker?: number;
}

/** Runs the statement that finds the rows of a response, and records their disclosure. */
export type RunAndRecord<Row> = (statement: FindStatement) => Promise<Row[]>;

/**
 * Reads the resource with the id that the query contains. Returns undefined if the query finds none.
 * @param record runs the statement; default: it runs on the database, and nothing is recorded. The statements of a grant
 * with granular scopes have no name, so they are never recorded
 */
export async function readResource(
  db: Executor,
  query: EnforcedQuery,
  record?: RunAndRecord<RawRow<ReadResourceRow>>,
): Promise<ReadResourceRow | undefined> {
  const limited = record === undefined ? await limitToRecords(db, query) : query;
  const source = buildQuerySql(limited);
  const made = source.made === undefined ? '' : `, ${source.made.alone} as alone, ${source.made.maker} as maker`;
  const text = `select ${resultColumnsSql(query, source)}, r.version, r.last_updated${made} from ${source.from}
    where ${source.where}${preferContextPracticeSql(query, source)}`;
  const { parameters } = source;
  const name = record === undefined || isGranular(query) ? undefined : getStatementName(text);
  const found =
    record === undefined || name === undefined
      ? await runByKey<RawRow<ReadResourceRow>>(db, query, source, text)
      : await record({ name, text, parameters, disclosed: ONE_RESOURCE, isShort: true });
  return restoreConverted(query, fillConstantColumns(query, found))[0];
}

const ONE_RESOURCE = "select 1 as resources, '{}'::jsonb as detail where exists (select 1 from found)";

/**
 * SQL that chooses one resource if several practices have one with the same id. The client probably means the practice
 * of the record in context. If that practice has none, the lowest practice id is chosen, so that the result is always
 * the same.
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
  /** R4 type of the resource that refers to the document. */
  readonly type: string;
  /** Patient record of the document (record_id). */
  readonly home: number;
}

/**
 * Reads a document, if one of the queries finds a resource that refers to it.
 * @param queries one query for each resource type that can have documents
 */
export async function readDocument(
  db: ReadDatabase,
  queries: readonly EnforcedQuery[],
  id: string,
): Promise<DocumentRow | undefined> {
  for (const query of await limitToDocument(db, queries, id)) {
    if (!mayMatch(query)) continue;
    const found = await readDocumentOf(db, query, id);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A document as the primary returns it. `bytes` is null if they are large enough to be read from the standby. */
type FoundDocument = Omit<DocumentRow, 'bytes'> & { readonly bytes: Buffer | null; readonly version: string };

/** Smallest size in bytes of a document for which the standby is worth a statement of its own. */
const MIN_DOCUMENT_BYTES = 32_768;

async function readDocumentOf(db: ReadDatabase, query: EnforcedQuery, id: string): Promise<DocumentRow | undefined> {
  const usesReplica = db.replica?.isUsed() === true;
  const source = buildQuerySql(query);
  const columns = usesReplica
    ? `case when octet_length(d.bytes) < ${MIN_DOCUMENT_BYTES} then d.bytes end as bytes, ${rowVersionSql('d.xmin')} as version`
    : 'd.bytes';
  const text = `select d.content_type, ${columns}, d.resource_id, r.type, d.record_id as home from ${source.from}
    join document d on d.record_id = r.record_id and d.resource_id = r.id
    where ${source.where} and d.id = ${source.bind(id)} and strpos(r.content, d.id::text) > 0${preferContextPracticeSql(query, source)}`;
  const [row] = await runByKey<FoundDocument>(db, query, source, text);
  if (row === undefined) return undefined;
  const bytes = row.bytes ?? (await readDocumentBytes(db, { id, home: row.home, version: row.version }));
  // A document that has changed since it was found is looked for again.
  return bytes === undefined
    ? readDocumentOf({ query: db.query, queryText: db.queryText }, query, id)
    : { ...row, bytes };
}

/**
 * Runs a lookup by id, as a prepared statement unless the grant has granular scopes. Granular scopes lead to any number
 * of different SQL texts, which would fill the cache of prepared statements.
 */
const runByKey = <Row>(db: Executor, query: EnforcedQuery, source: QuerySql, text: string): Promise<Row[]> =>
  isGranular(query) ? runQuery<Row>(db, source, text) : runPrepared<Row>(db, source, text);

const isGranular = ({ filters }: EnforcedQuery): boolean =>
  filters.some(
    ({ granted, targets }) => granted !== undefined || (targets !== undefined && targets.partialTypes.length > 0),
  );
