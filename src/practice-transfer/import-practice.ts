import { type AuditLog, addImportedEvents, recordPracticeImport } from '../audit/index.ts';
import type { Database, Executor } from '../database/index.ts';
import { type Clock, OperatorError, type PracticeId, type Random } from '../kernel/index.ts';
import { isPracticeNameTaken, takePracticeId } from '../practices/index.ts';
import {
  contentRowsFile,
  contentsFile,
  EVENTS_FILE,
  HAS_CONTENT,
  type Manifest,
  rowsFile,
  withMember,
} from './manifest.ts';
import { openPracticeFiles, type PracticeFiles } from './read-export.ts';
import { copiedColumns, forPractice, listColumns } from './read-rows.ts';
import { CONTENT_TABLES, COPIED_TABLES, type ContentTable, type CopiedTable, RECORDS } from './tables.ts';

/** Rows and characters that one statement inserts. */
const MAX_ROWS = 500;
const MAX_CHARACTERS = 4 * 1024 * 1024;

export interface PracticeImportOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly audit: Pick<AuditLog, 'appendInTransaction'>;
  /** Name of the practice here; undefined for the name in the export. */
  readonly name?: string | undefined;
  onProgress?(part: string, rows: number): void;
  /** Ends the import if it is aborted; then nothing is imported. */
  readonly signal?: AbortSignal | undefined;
}

/** The rows and events that an import stored. */
export interface ImportedPractice {
  readonly practiceId: PracticeId;
  readonly name: string;
  /** Number of rows by table. */
  readonly rows: Readonly<Record<string, number>>;
  /** Number of accounts and apps that this installation had before. They stay as they are. */
  readonly kept: { readonly accounts: number; readonly apps: number };
  /** Names of apps that were added, suspended. */
  readonly suspendedApps: readonly string[];
  /** Usernames of accounts that were taken here, with their new ones. */
  readonly renamed: Readonly<Record<string, string>>;
  readonly events: number;
}

/**
 * Imports a practice from an export, in one transaction: all of it, or nothing. Ids stay the same, except the id of the
 * practice if another practice has it.
 * @throws OperatorError if the export was changed or a record of it exists
 */
export async function importPractice(
  db: Database,
  folder: string,
  options: PracticeImportOptions,
): Promise<ImportedPractice> {
  const files = await openPracticeFiles(folder, options.signal);
  return db.transaction((tx) => importFiles(tx, files, options)).catch(explainConflict);
}

/** SQLSTATE unique_violation. */
const UNIQUE_VIOLATION = '23505';

function explainConflict(error: unknown): never {
  const { code, table } = (error ?? {}) as { code?: unknown; table?: unknown };
  if (code === UNIQUE_VIOLATION)
    throw new OperatorError(
      `A row of the export exists here already (table ${String(table)}), so nothing was imported. If this is an earlier copy of the practice, remove it first.`,
    );
  throw error;
}

async function importFiles(
  tx: Executor,
  files: PracticeFiles,
  options: PracticeImportOptions,
): Promise<ImportedPractice> {
  const { clock, random, audit } = options;
  const { manifest } = files;
  await requireSchema(tx, manifest);
  const practiceId = await takePracticeId(tx, manifest.practice.id as PracticeId);
  const name = options.name ?? manifest.practice.name;
  if (await isPracticeNameTaken(tx, name))
    throw new OperatorError(`There already is a practice "${name}". Choose another name with --name.`);
  const target: Target = { tx, practiceId, name, manifest, options };
  const rows: Record<string, number> = {};
  const added = new Map<string, readonly Added[]>();
  for (const table of COPIED_TABLES) {
    const stored = await importTable(target, table, files.lines(rowsFile(table.name)));
    rows[table.name] = stored.count;
    added.set(table.name, stored.added);
    options.onProgress?.(table.name, stored.count);
  }
  for (const table of CONTENT_TABLES) {
    rows[table.name] = await importContents(target, table, files);
    options.onProgress?.(table.name, rows[table.name] ?? 0);
  }
  await requireOwnMerges(tx, practiceId);
  const importId = random.uuid();
  const now = clock.now();
  for await (const lines of batches(files.lines(EVENTS_FILE), options.signal))
    requireOwnEvents(await addImportedEvents(tx, { importId, practiceId }, lines));
  const recorded = await recordPracticeImport(tx, { importId, practiceId, at: now, manifestDigest: files.digest });
  await audit.appendInTransaction(tx, {
    kind: 'practice',
    outcome: 'success',
    detail: {
      ...{ action: 'import', practice: practiceId, from: manifest.practice.id, by: 'command line', import: importId },
      ...{ manifest: files.digest.toString('hex'), events: recorded.events, eventsDigest: recorded.digest },
    },
  });
  return { ...summarize(manifest, added), practiceId, name, rows, events: recorded.events };
}

/** Rejects records that say that they became a part of a record of another practice. */
async function requireOwnMerges(tx: Executor, practiceId: PracticeId): Promise<void> {
  const sql = `select from record where practice_id = $1 and merged_into is not null
    and merged_into not in ${forPractice(RECORDS, practiceId)} limit 1`;
  if ((await tx.queryText(sql, [practiceId])).length > 0)
    throw new OperatorError('The export has records that were merged into those of another practice.');
}

function requireOwnEvents({ foreign }: { readonly foreign: number }): void {
  if (foreign > 0)
    throw new OperatorError('The export has audit events about records of another practice. Nothing was imported.');
}

/** Rejects an export of a newer release, whose tables may have columns that this one doesn't know. */
async function requireSchema(tx: Executor, manifest: Manifest): Promise<void> {
  const sql = 'select max(name) as schema from schema_migration';
  const [row] = await tx.queryText<{ schema: string }>(sql, []);
  if (row === undefined || manifest.schema > row.schema)
    throw new OperatorError('The export comes from a newer release. Upgrade this installation first.');
}

interface Target {
  readonly tx: Executor;
  readonly practiceId: PracticeId;
  readonly name: string;
  readonly manifest: Manifest;
  readonly options: PracticeImportOptions;
}

/** A row of a shared table that was added. */
interface Added {
  readonly key: string;
  readonly name: string;
}

/** Groups lines so that one statement can insert them. */
async function* batches(
  lines: AsyncIterable<string>,
  signal: AbortSignal | undefined,
): AsyncGenerator<readonly string[], void, undefined> {
  let [batch, characters]: [string[], number] = [[], 0];
  for await (const line of lines) {
    signal?.throwIfAborted();
    batch.push(line);
    characters += line.length;
    if (batch.length < MAX_ROWS && characters < MAX_CHARACTERS) continue;
    yield batch;
    [batch, characters] = [[], 0];
  }
  if (batch.length > 0) yield batch;
}

/** The column that names a row of a shared table. */
const NAME_COLUMN: Readonly<Record<string, string>> = { account: 'username', stored_app: 'name' };

async function importTable(
  { tx, practiceId, name, manifest, options }: Target,
  table: CopiedTable,
  lines: AsyncIterable<string>,
): Promise<{ readonly count: number; readonly added: readonly Added[] }> {
  const columns = await importedColumns(tx, manifest, table);
  const isPractice = table.name === 'practice';
  const values: Readonly<Record<string, string>> = {
    ...(columns.includes('practice_id') ? { practice_id: String(practiceId) } : {}),
    ...(isPractice ? { name: '$2::text' } : {}),
    ...table.imported,
  };
  const nameColumn = NAME_COLUMN[table.name];
  const sql = `insert into ${table.name} (${columns.join(', ')})
    select ${columns.map((column) => values[column] ?? `x.${column}`).join(', ')}
    from json_populate_recordset(null::public.${table.name}, $1::json) x
    where ${acceptedRows(table, columns, practiceId)} ${table.isShared ? 'on conflict do nothing' : ''}
    returning ${nameColumn === undefined ? '1' : `${table.key}::text as key, ${nameColumn} as name`}`;
  const added: Added[] = [];
  let count = 0;
  for await (const batch of batches(lines, options.signal)) {
    const rows = await tx.queryText<Added>(sql, [`[${batch.join(',')}]`, ...(isPractice ? [name] : [])]);
    if (table.isShared === true) added.push(...rows);
    else requireAll(table, rows, batch);
    count += batch.length;
  }
  return { count, added };
}

/**
 * SQL condition of the rows that are imported. An export that someone made up must not give access to the records of other
 * practices, so each row has to belong to a record of this one.
 */
function acceptedRows(
  { name, accepted = 'true' }: Pick<CopiedTable, 'name' | 'accepted'>,
  columns: readonly string[],
  practiceId: PracticeId,
): string {
  const records = ['record_id', 'into_record_id'].filter((column) => name !== 'record' && columns.includes(column));
  const ofPractice = records.map((column) => `(x.${column} is null or x.${column} in ${RECORDS})`);
  return forPractice([accepted, ...ofPractice].join(' and '), practiceId);
}

function requireAll({ name }: { readonly name: string }, rows: readonly unknown[], batch: readonly string[]): void {
  if (rows.length !== batch.length)
    throw new OperatorError(`The export has rows of ${name} that don't belong to the practice. Nothing was imported.`);
}

/** Columns that an export has and this release copies. Other columns get their defaults. */
async function importedColumns(
  tx: Executor,
  manifest: Manifest,
  table: CopiedTable | ContentTable,
): Promise<readonly string[]> {
  const exported = manifest.columns[table.name] ?? [];
  return copiedColumns(await listColumns(tx, table.name), table).filter((column) => exported.includes(column));
}

/** Member that a row gets with the line of its content. */
const CONTENT = 'content_text';

async function importContents(target: Target, table: ContentTable, files: PracticeFiles): Promise<number> {
  const { tx, practiceId, manifest, options } = target;
  const columns = await importedColumns(tx, manifest, table);
  const text = `e.line ->> '${CONTENT}'`;
  const [column, value] =
    table.name === 'document' ? ['bytes', `decode((${text})::json ->> 'data', 'base64')`] : ['content', text];
  const selected = columns.map((one) => (one === 'practice_id' ? String(practiceId) : `x.${one}`));
  const sql = `insert into ${table.name} (${[...columns, column].join(', ')})
    select ${[...selected, value].join(', ')}
    from json_array_elements($1::json) e (line) cross join lateral json_populate_record(null::public.${table.name}, e.line) x
    where ${acceptedRows(table, columns, practiceId)} returning 1`;
  let rows = 0;
  for (const type of typesOf(manifest, table)) {
    for await (const batch of batches(zipContents(files, table, type), options.signal)) {
      requireAll(table, await tx.queryText(sql, [`[${batch.join(',')}]`]), batch);
      rows += batch.length;
      options.onProgress?.(table.name, rows);
    }
  }
  return rows;
}

/** Types of a table's files, in the order of the manifest. A document has none. */
function typesOf(manifest: Manifest, { name }: ContentTable): readonly (string | undefined)[] {
  if (name === 'document') return [undefined];
  const prefix = `rows/${name}/`;
  const paths = manifest.files.map((file) => file.path).filter((file) => file.startsWith(prefix));
  return paths.map((file) => file.slice(prefix.length, -'.ndjson'.length));
}

/** Adds the content, which is the next line of the other file, to each row that has one. */
async function* zipContents(
  files: PracticeFiles,
  table: ContentTable,
  type: string | undefined,
): AsyncGenerator<string, void, undefined> {
  const contents = files.lines(contentsFile(table.contents, type));
  for await (const row of files.lines(contentRowsFile(table.name, type))) {
    if (!row.endsWith(`"${HAS_CONTENT}":true}`)) {
      yield row;
      continue;
    }
    const { value, done } = await contents.next();
    if (done === true) throw new OperatorError(`The contents of ${table.name} end too early.`);
    yield withMember(row, CONTENT, value);
  }
}

function summarize(
  manifest: Manifest,
  added: ReadonlyMap<string, readonly Added[]>,
): Pick<ImportedPractice, 'kept' | 'suspendedApps' | 'renamed'> {
  const accounts = added.get('account') ?? [];
  const apps = added.get('stored_app') ?? [];
  const renamed = accounts.flatMap(({ key, name }) =>
    name.endsWith(`-${key.slice(0, 8)}`) ? [[name.slice(0, -9), name] as const] : [],
  );
  return {
    kept: {
      accounts: (manifest.rows['account'] ?? 0) - accounts.length,
      apps: (manifest.rows['stored_app'] ?? 0) - apps.length,
    },
    suspendedApps: apps.map(({ name }) => name),
    renamed: Object.fromEntries(renamed),
  };
}
