import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { EVENT_LINE_SQL } from '../audit/index.ts';
import type { Database, Executor } from '../database/index.ts';
import { FILE_MODE, fillNewFolder, OperatorError, type PracticeId, sha256 } from '../kernel/index.ts';
import { createFileSet, type FileSet } from './file-set.ts';
import {
  contentRowsFile,
  contentsFile,
  DIGESTS,
  digestLine,
  EVENTS_FILE,
  FORMAT,
  FORMAT_VERSION,
  HAS_CONTENT,
  MANIFEST,
  type Manifest,
  rowsFile,
  SEGMENTS_FILE,
  withMember,
} from './manifest.ts';
import { copiedColumns, forPractice, listColumns, readRows, selectLines } from './read-rows.ts';
import { CONTENT_TABLES, COPIED_TABLES, type ContentTable, EVENTS, LEFT_OUT, SHARED_ROWS } from './tables.ts';

/** Rows without contents, and audit events, that are read at once. */
const ROWS_AT_ONCE = 500;

export interface PracticeExportOptions {
  /** Called after each batch of rows. @param part table, or `audit` */
  onProgress?(part: string, rows: number): void;
  /** Ends the export if it is aborted; then no file is left. */
  readonly signal?: AbortSignal | undefined;
}

export interface PracticeExport {
  readonly manifest: Manifest;
  /** SHA-256 of `manifest.json` in hex. It stands for all files. */
  readonly digest: string;
}

/**
 * Writes everything of a practice into a new folder: one state of the database, while servers go on. The folder gets its
 * name when it is complete and on the disk. Memory doesn't depend on the size of the practice.
 * @throws OperatorError if the folder exists, or its parent doesn't
 */
export async function exportPractice(
  db: Database,
  practiceId: PracticeId,
  folder: string,
  options: PracticeExportOptions,
): Promise<PracticeExport> {
  return fillNewFolder(folder, async (temporary) => {
    const files = createFileSet(temporary);
    try {
      const content = await db.transaction((tx) => writeSnapshot(tx, practiceId, files, options));
      const manifest: Manifest = { ...content, files: await files.finish() };
      const text = `${JSON.stringify(manifest, undefined, 2)}\n`;
      const digest = sha256(text).toString('hex');
      const sums = [...manifest.files, { path: MANIFEST, sha256: digest }].map(digestLine).join('');
      await writeFile(path.join(temporary, MANIFEST), text, { mode: FILE_MODE, flush: true });
      await writeFile(path.join(temporary, DIGESTS), sums, { mode: FILE_MODE, flush: true });
      return { manifest, digest };
    } catch (error) {
      await files.abandon();
      throw error;
    }
  });
}

const FACTS = `select p.practice_id as id, p.name, p.kind, p.generated is not null as generated,
  to_char(now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at,
  (select max(name) from schema_migration) as schema
  from practice p where p.practice_id = $1`;

interface Facts {
  readonly id: number;
  readonly name: string;
  readonly kind: string;
  readonly generated: boolean;
  readonly at: string;
  readonly schema: string;
}

/** Reads everything in one state of the database, and writes it to the files. */
async function writeSnapshot(
  tx: Executor,
  practiceId: PracticeId,
  files: FileSet,
  options: PracticeExportOptions,
): Promise<Omit<Manifest, 'files'>> {
  await tx.queryText('set transaction isolation level repeatable read, read only', []);
  // A search for the practice's events can read the whole audit log.
  await tx.queryText('set local statement_timeout = 0', []);
  const [facts] = await tx.queryText<Facts>(FACTS, [practiceId]);
  if (facts === undefined) throw new OperatorError('The practice no longer exists.');
  if (facts.generated)
    throw new OperatorError(`The server generates the patients of "${facts.name}". Each installation has its own.`);
  const rows: Record<string, number> = {};
  const columns: Record<string, readonly string[]> = {};
  const count = (part: string): void => {
    options.signal?.throwIfAborted();
    rows[part] = (rows[part] ?? 0) + 1;
    if (rows[part] % ROWS_AT_ONCE === 0) options.onProgress?.(part, rows[part]);
  };
  for (const table of COPIED_TABLES) {
    const copied = copiedColumns(await listColumns(tx, table.name), table);
    columns[table.name] = copied;
    rows[table.name] = 0;
    const sql = forPractice(selectLines(table, copied), practiceId);
    for await (const { line } of readRows<{ line: string }>(tx, sql, ROWS_AT_ONCE)) {
      await files.addLine(rowsFile(table.name), line);
      count(table.name);
    }
    options.onProgress?.(table.name, rows[table.name] ?? 0);
  }
  for (const table of CONTENT_TABLES) {
    const copied = copiedColumns(await listColumns(tx, table.name), table);
    columns[table.name] = copied;
    rows[table.name] = 0;
    await writeContents(tx, practiceId, files, { table, copied, count: () => count(table.name) });
    options.onProgress?.(table.name, rows[table.name] ?? 0);
  }
  const audit = await writeEvents(tx, practiceId, files, () => count('audit'));
  options.onProgress?.('audit', audit.events);
  const { id, name, kind, at, schema } = facts;
  return {
    ...{ format: FORMAT, version: FORMAT_VERSION, schema, practice: { id, name, kind }, at },
    ...{ rows, columns, audit, shared: SHARED_ROWS, leftOut: LEFT_OUT },
  };
}

interface ContentRow {
  readonly line: string;
  readonly type: string | null;
  /** JSON of the resource; null for a version without content. */
  readonly content: string | null;
}

/** SQL of type and content. A document is written as a FHIR Binary. */
const CONTENT_SQL = ', t.type, t.content';
const DOCUMENT_SQL = `, null as type, json_build_object('resourceType', 'Binary', 'id', t.id, 'contentType', t.content_type,
  'data', translate(encode(t.bytes, 'base64'), E'\\n', ''))::text as content`;

async function writeContents(
  tx: Executor,
  practiceId: PracticeId,
  files: FileSet,
  { table, copied, count }: { table: ContentTable; copied: readonly string[]; count(): void },
): Promise<void> {
  const more = table.name === 'document' ? DOCUMENT_SQL : CONTENT_SQL;
  const sql = forPractice(selectLines(table, copied, more), practiceId);
  for await (const { line, type, content } of readRows<ContentRow>(tx, sql, table.rowsAtOnce)) {
    // The row says whether the next line of the contents is its own.
    await files.addLine(
      contentRowsFile(table.name, type ?? undefined),
      withMember(line, HAS_CONTENT, content !== null),
    );
    if (content !== null) await files.addLine(contentsFile(table.contents, type ?? undefined), content);
    count();
  }
}

const SEGMENTS = `select segment, from_at, to_at, events, encode(content_digest, 'hex') as content_digest,
  encode(previous_digest, 'hex') as previous_digest, encode(digest, 'hex') as digest from audit_segment order by segment`;

interface Segment {
  readonly segment: number;
  readonly from_at: Date;
  readonly to_at: Date;
  readonly events: number;
  readonly content_digest: string;
  readonly previous_digest: string | null;
  readonly digest: string;
}

/** Writes the audit events of a practice, and the links of the segments that they are sealed in. */
async function writeEvents(
  tx: Executor,
  practiceId: PracticeId,
  files: FileSet,
  count: () => void,
): Promise<Manifest['audit']> {
  const segments = await tx.queryText<Segment>(SEGMENTS, []);
  const exported = new Map<number, number>();
  let [events, next]: [number, number] = [0, 0];
  let from: Date | undefined;
  const sql = `select ${EVENT_LINE_SQL} as line, e.at from recorded_event e where ${EVENTS} order by e.at, e.id`;
  for await (const { line, at } of readRows<{ line: string; at: Date }>(
    tx,
    forPractice(sql, practiceId),
    ROWS_AT_ONCE,
  )) {
    await files.addLine(EVENTS_FILE, line);
    events += 1;
    from ??= at;
    while ((segments[next]?.to_at.getTime() ?? Number.POSITIVE_INFINITY) <= at.getTime()) next += 1;
    const segment = segments[next]?.segment;
    if (segment !== undefined) exported.set(segment, (exported.get(segment) ?? 0) + 1);
    count();
  }
  for (const segment of segments)
    await files.addLine(SEGMENTS_FILE, JSON.stringify({ ...segment, exported: exported.get(segment.segment) ?? 0 }));
  return { events, from: from?.toISOString() ?? null, newestSegment: segments.at(-1)?.segment ?? null };
}
