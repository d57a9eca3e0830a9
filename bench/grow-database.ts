import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';

/** Number of patients or resources in one COPY. */
const CHUNK = 5000;
/** First record id of the added patients. It is below all randomly assigned ids. */
const FIRST_RECORD_ID = 1000;

/** Copies of generated sandbox rows with new keys, written to a file by COPY and read by COPY. */
interface CopyPlan {
  /** SQL query on `resource` that selects the rows to copy. */
  readonly source: string;
  /** SQL expression for the record id of the `n`-th copy. */
  readonly record: string;
  readonly from: number;
  readonly to: number;
}

/** Uses a connection of its own, because the work exceeds the server's statement timeout. */
export async function withGrowConnection<Result>(
  url: string,
  work: (db: pg.Client) => Promise<Result>,
): Promise<Result> {
  const db = new pg.Client({ connectionString: url });
  await db.connect();
  try {
    await db.query("set maintenance_work_mem = '256MB'");
    return await work(db);
  } finally {
    await db.end();
  }
}

/** Adds patients with 20 resources each to the sandbox practice. */
export async function growPractice(db: pg.Client, from: number, to: number): Promise<void> {
  await db.query(
    `insert into record (record_id, practice_id, patient_id)
     select $1::bigint + n, (select min(practice_id) from record), gen_random_uuid() from generate_series($2::int, $3::int) n`,
    [FIRST_RECORD_ID, from, to],
  );
  const of = `select * from resource where record_id = (select max(record_id) from record) order by id limit 20`;
  await copyResources(db, { source: of, record: `${FIRST_RECORD_ID} + n`, from, to });
}

export async function growRecord(db: pg.Client, recordId: number, from: number, to: number): Promise<void> {
  const of = `select * from resource where record_id = ${recordId} and type = 'Observation' order by id limit 1`;
  await copyResources(db, { source: of, record: String(recordId), from, to });
}

async function copyResources(db: pg.Client, copies: CopyPlan): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'patient-access-copy-'));
  chmodSync(folder, 0o777);
  const indexes = await db.query<{ name: string; text: string }>(
    `select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as text from pg_index i
     where i.indrelid = 'resource'::regclass and not i.indisprimary`,
  );
  try {
    // Creates the indexes after the rows, which takes a fraction of the time.
    for (const { name } of indexes.rows) await db.query(`drop index ${name}`);
    const file = path.join(folder, 'rows');
    for (let start = copies.from; start <= copies.to; start += CHUNK) {
      const to = Math.min(copies.to, start + CHUNK - 1);
      await db.query(`copy (${await rowsText(db, { ...copies, from: start, to })}) to '${file}'`);
      await db.query(`copy resource from '${file}'`);
      rmSync(file, { force: true });
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  for (const { text } of indexes.rows) await db.query(text);
  await db.query('vacuum analyze resource');
  await db.query('analyze record');
}

/** Selects the columns in the order of the table. */
async function rowsText(db: pg.Client, { source, record, from, to }: CopyPlan): Promise<string> {
  const { rows: columns } = await db.query<{ name: string }>(
    `select attname as name from pg_attribute
     where attrelid = 'resource'::regclass and attnum > 0 and not attisdropped order by attnum`,
  );
  const id = `md5(n || ' ' || s.id)::uuid`;
  const changed: Readonly<Record<string, string>> = {
    record_id: record,
    id,
    sort_at: "s.sort_at - n * interval '1 minute'",
    content: `replace(s.content, s.id::text, (${id})::text)`,
  };
  const values = columns.map(({ name }) => changed[name] ?? `s.${name}`);
  return `select ${values.join(', ')} from generate_series(${from}, ${to}) n cross join (${source}) s`;
}
