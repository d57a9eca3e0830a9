import type { Executor } from '../../src/database/index.ts';
import { CONTENT_TABLES, COPIED_TABLES } from '../../src/practice-transfer/index.ts';
import { forPractice } from '../../src/practice-transfer/read-rows.ts';

/** Columns that differ in the other installation on purpose. */
const DIFFERENT: Readonly<Record<string, readonly string[]>> = {
  invitation: ['hash', 'cancelled_at', 'code_hash', 'wrong_hash', 'step_hash', 'step_expires_at', 'step_answers'],
  account: ['password_hash', 'username', 'email', 'closed_at', 'unconfirmed_email', 'unconfirmed_since'],
  practice: [
    'records_indexed_by',
    'records_converted_by',
    'indexed_by',
    'converted_by',
    'records_conversion_version',
    'id_registry',
    'conversion_version',
  ],
  // The index and the conversion are made after the import, which raises the version of the record.
  record: ['version', 'indexed_by', 'converted_by', 'conversion_version'],
  // The index of a practice's changes is filled when a record is written or indexed.
  resource: ['practice_id'],
};

/** Returns the number of rows and a digest of all their columns, by table. Apps differ, so they aren't compared. */
export async function digestPractice(
  db: Executor,
  practiceId: number,
): Promise<Readonly<Record<string, readonly [rows: number, digest: string | null]>>> {
  const digests: Record<string, readonly [number, string | null]> = {};
  for (const { name, where } of [...COPIED_TABLES, ...CONTENT_TABLES]) {
    if (name === 'stored_app') continue;
    const without = (DIFFERENT[name] ?? []).map((column) => ` - '${column}'`).join('');
    const sql = `select count(*)::int4 as rows, md5(string_agg(line, ',' order by line)) as digest
      from (select (to_jsonb(t)${without})::text as line from ${name} t where ${where}) lines`;
    const [row] = await db.queryText<{ rows: number; digest: string | null }>(forPractice(sql, practiceId), []);
    digests[name] = [row?.rows ?? 0, row?.digest ?? null];
  }
  return digests;
}

/** Returns the tables in which one of the texts occurs, in any column. */
export async function findTablesWith(db: Executor, texts: readonly string[]): Promise<readonly string[]> {
  const tables = await db.queryText<{ name: string }>(
    `select c.oid::regclass::text as name from pg_class c
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition order by 1`,
    [],
  );
  const found: string[] = [];
  for (const { name } of tables) {
    const rows = await db.queryText(`select from ${name} t where t::text like any($1) limit 1`, [
      texts.map((text) => `%${text}%`),
    ]);
    if (rows.length > 0) found.push(name);
  }
  return found;
}
