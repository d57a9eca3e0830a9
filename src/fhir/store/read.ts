import type { Executor } from '../../database/index.ts';
import type { PracticeId } from '../../kernel/index.ts';
import type { EnforcedQuery } from '../core/enforce.ts';
import { type Bare, completed, type FoundRow } from './found.ts';
import { columnsSql } from './page.ts';
import { run, runKept } from './run.ts';
import { type Source, sourceOf } from './where.ts';

export interface ReadRow extends FoundRow {
  readonly version: number;
  readonly last_updated: Date;
  /** Whether a version is always the same text; absent: it is. */
  readonly alone?: boolean;
  /** By which version of the conversion its text was made; absent: it is as it was stored. */
  readonly maker?: number;
}

export async function readOne(db: Executor, query: EnforcedQuery): Promise<ReadRow | undefined> {
  const source = sourceOf(query);
  const made = source.made === undefined ? '' : `, ${source.made.alone} as alone, ${source.made.maker} as maker`;
  const text = `select ${columnsSql(query, source)}, r.version, r.last_updated${made} from ${source.from}
    where ${source.where}${preferSql(query, source)}`;
  const [row] = completed(query, await runByKey<Bare<ReadRow>>(db, query, source, text));
  return row;
}

/** Of several practices' that of the record in context, which the client means; otherwise always the same one. */
const preferSql = ({ practice = 0 as PracticeId }: EnforcedQuery, source: Source): string =>
  source.practice === undefined
    ? ''
    : ` order by ${source.practice} = ${source.bind(practice)} desc, ${source.practice} limit 1`;

export interface DocumentRow {
  readonly content_type: string;
  readonly bytes: Buffer;
  readonly resource_id: string;
  /** Of the resource, as stored. */
  readonly type: string;
  /** Its record. */
  readonly home: number;
}

/** @param queries of resources that have documents: only a document that one of these names is found */
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
  const source = sourceOf(query);
  const text = `select d.content_type, d.bytes, d.resource_id, r.type, d.record_id as home from ${source.from}
    join document d on d.record_id = r.record_id and d.resource_id = r.id
    where ${source.where} and d.id = ${source.bind(id)} and strpos(r.content, d.id::text) > 0${preferSql(query, source)}`;
  const [row] = await runByKey<DocumentRow>(db, query, source, text);
  return row;
}

/** What is found by its key is planned once, but for granular scopes, whose shapes are as many as clients think of. */
const runByKey = <Row>(db: Executor, query: EnforcedQuery, source: Source, text: string): Promise<Row[]> =>
  isGranular(query) ? run<Row>(db, source, text) : runKept<Row>(db, source, text);

const isGranular = ({ parts }: EnforcedQuery): boolean =>
  parts.some(({ granted, about }) => granted !== undefined || (about !== undefined && about.some.length > 0));
