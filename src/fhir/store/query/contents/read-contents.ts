import type { Executor, ReadReplica, ReplicaReader, ReplicaResult } from '../../../../database/index.ts';
import type { EnforcedQuery } from '../../../authorization/enforce.ts';
import { restoreText } from '../../text-difference.ts';
import type { SharedConnection } from '../shared-connection.ts';
import { type ContentKey, contentParameters, contentStatements, selectDocument } from './content-statements.ts';
import { parseRowVersion } from './row-version.ts';

/** The primary, and what may serve a part of the reads. */
export interface ReadDatabase extends Executor {
  /** Standby for the contents of what the primary finds. */
  readonly replica?: ReplicaReader;
  /** Connection to the primary for short pages. Without it, they are read as other pages are. */
  readonly shortPages?: SharedConnection | undefined;
}

/**
 * Returns the database with its standby, if there is one.
 * @param signal aborts when the caller no longer waits for results
 */
export function withReplica(
  db: Executor,
  replica: ReadReplica | undefined,
  signal: AbortSignal = new AbortController().signal,
): ReadDatabase {
  if (replica === undefined) return db;
  const { query, queryText } = db;
  return { query, queryText, replica: replica.withSignal(signal) };
}

/**
 * A statement selects the content of a resource as its text, or as the version of its row, by which the text is read from
 * the standby.
 */
export type ContentForm = 'text' | 'version';

/** Rows of one query, whose `content` has the version. */
export interface RowsToFill {
  readonly query: Pick<EnforcedQuery, 'compartment' | 'projection'>;
  /** Compartment of all rows. Without it, each row has its own. */
  readonly home?: number;
  readonly rows: readonly RowToFill[];
}
export interface RowToFill {
  readonly type: string;
  readonly id: string;
  readonly home?: number;
  content: string;
}

/**
 * Smallest number of rows for which the standby is worth a statement of its own. With 50, the primary needs as much CPU
 * time as without a standby.
 */
const MIN_ROWS = 100;

interface ContentRead<Found> {
  /** Most rows that may be found. */
  readonly most: number;
  /** Finds the rows on the primary. The statement decides what the client may see. */
  read(form: ContentForm): Promise<Found>;
  /** Returns the rows that were found, to replace their versions by texts. */
  rowsOf(found: Found): readonly RowsToFill[];
}

/**
 * Reads resources from the primary, or their keys from the primary and their contents from the standby. The standby
 * returns exactly the versions that the primary found, or nothing. What it lacks is read from the primary by the same
 * keys. If it has changed there meanwhile, or if the standby fails, the primary reads everything.
 */
export async function readContents<Found>(db: ReadDatabase, options: ContentRead<Found>): Promise<Found> {
  const found = await readStoredContents(db, options);
  for (const { query, rows } of options.rowsOf(found)) restoreConverted(query, rows);
  return found;
}

/** Restores the converted texts of rows that a query has read. */
export function restoreConverted<Row extends { content: string }>(
  { projection }: Pick<EnforcedQuery, 'projection'>,
  rows: readonly Row[],
): readonly Row[] {
  if (projection !== undefined) for (const row of rows) row.content = restoreText(row.content);
  return rows;
}

async function readStoredContents<Found>(db: ReadDatabase, { most, read, rowsOf }: ContentRead<Found>): Promise<Found> {
  const { replica } = db;
  if (replica === undefined || most < MIN_ROWS) return read('text');
  if (!replica.isUsed()) {
    replica.count('skipped');
    return read('text');
  }
  const found = await read('version');
  const rows = rowsOf(found).filter((one) => one.rows.length > 0);
  if (rows.length === 0) return found;
  const groups = [...Map.groupBy(rows, ({ query }) => contentStatements(query)).values()];
  const results = await Promise.all(groups.map((group) => fillRows(db, replica, group)));
  const worst = RESULTS.find((result) => results.includes(result)) ?? 'complete';
  replica.count(worst);
  return worst === 'failed' ? read('text') : found;
}

const RESULTS: readonly ReplicaResult[] = ['failed', 'partial', 'complete'];

/** Most rows that one statement reads. A longer one might exceed the time limit of the standby. */
const MAX_ROWS = 1000;

interface WantedRow {
  readonly row: RowToFill;
  readonly key: ContentKey;
  readonly timeline: number;
}

/** Replaces the versions of rows by their texts. The rows are in the same table. */
async function fillRows(db: Executor, replica: ReplicaReader, group: readonly RowsToFill[]): Promise<ReplicaResult> {
  const wanted = group.flatMap(({ query, home: ofAll, rows }) =>
    rows.map((row): WantedRow => {
      const { type, id, home = ofAll ?? 0, content } = row;
      const { transaction, timeline } = parseRowVersion(content);
      return { row, timeline, key: { home, type, id, transaction, name: query.projection } };
    }),
  );
  const [source] = group;
  const [first] = wanted;
  if (source === undefined || first === undefined) return 'complete';
  // All rows were found by one statement, and so on one timeline.
  const { timeline } = first;
  const { one, several } = contentStatements(source.query);
  const statement = wanted.every(({ key: { home } }) => home === first.key.home) ? one : several;
  const results: ReplicaResult[] = [];
  for (let from = 0; from < wanted.length; from += MAX_ROWS) {
    const part = wanted.slice(from, from + MAX_ROWS);
    const texts = await replica.query(statement, contentParameters(keysOf(part), true), timeline);
    if (texts === undefined) return 'failed';
    const missing = fillTexts(part, texts);
    if (missing.length === 0) continue;
    const changed = fillTexts(missing, await db.query(statement, contentParameters(keysOf(missing), false)));
    if (changed.length > 0) return 'failed';
    results.push('partial');
  }
  return results[0] ?? 'complete';
}

const keysOf = (wanted: readonly WantedRow[]): readonly ContentKey[] => wanted.map(({ key }) => key);

/** Sets the texts of rows. @returns the rows that have none */
function fillTexts(
  wanted: readonly WantedRow[],
  texts: readonly { readonly at: number; readonly content: string }[],
): readonly WantedRow[] {
  const filled = new Set<WantedRow>();
  for (const { at, content } of texts) {
    const one = wanted[at - 1];
    if (one === undefined) continue;
    one.row.content = content;
    filled.add(one);
  }
  return wanted.filter((one) => !filled.has(one));
}

/** Key of a document, with the version that the primary found. */
export interface DocumentKey {
  readonly home: number;
  readonly id: string;
  readonly version: string;
}

/** Reads the bytes of a document that the primary has found. @returns undefined if it has changed meanwhile */
export async function readDocumentBytes(db: ReadDatabase, key: DocumentKey): Promise<Buffer | undefined> {
  const { transaction, timeline } = parseRowVersion(key.version);
  const values = [key.home, key.id, transaction];
  const found = await db.replica?.query(selectDocument, [true, ...values], timeline);
  db.replica?.count(found === undefined ? 'failed' : found.length === 0 ? 'partial' : 'complete');
  const [row] = found === undefined || found.length === 0 ? await db.query(selectDocument, [false, ...values]) : found;
  return row?.bytes;
}
