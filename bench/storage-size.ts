import { chmodSync, createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Database, type Executor, migrate, openDatabase, startEmbedded } from '../src/database/index.ts';
import { projections } from '../src/fhir/index.ts';
import { fileInput, importFiles } from '../src/intake/index.ts';
import { systemClock as clock, systemRandom as random } from '../src/kernel/index.ts';
import { ensurePractices, findPracticeByName } from '../src/practices/index.ts';
import { generatePopulation } from '../src/sandbox/index.ts';
import { printColumns } from './table.ts';

/** Number of patients, who have about 650 resources each. */
const PATIENTS = Number(process.env['BENCH_PATIENTS'] ?? 100);

/** Tables that grow with the resources of patient records. */
const TABLES = ['resource', 'resource_key', 'conversion', 'projection', 'resource_history', 'document'] as const;

/**
 * Loads generated patients into a database of its own, and prints how many bytes each part of the tables takes per
 * resource. With DATABASE_URL, it measures that database as it is. Directories are left out, because their size
 * doesn't depend on the number of patients.
 */
export async function runStorageSize(): Promise<void> {
  const url = process.env['DATABASE_URL'];
  if (url !== undefined) {
    const db = openDatabase({ connectionString: url }, 2, 0);
    try {
      await printStorageSize(db);
    } finally {
      await db.close();
    }
    return;
  }
  const dataDir = mkdtempSync(path.join(tmpdir(), 'patient-access-size-'));
  chmodSync(dataDir, 0o711);
  const embedded = await startEmbedded({ dataDir, serving: true });
  const { host, port, user, password, database } = embedded.connection;
  const connection = {
    connectionString: `postgres://${user}:${password}@${encodeURIComponent(host)}:${port}/${database}`,
  };
  try {
    await migrate(connection);
    const db = openDatabase(connection, 4);
    try {
      await loadPatients(db, path.join(dataDir, 'patients.ndjson'));
      await db.queryText('vacuum analyze', []);
      await printStorageSize(db);
    } finally {
      await db.close();
    }
  } finally {
    await embedded.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function loadPatients(db: Database, file: string): Promise<void> {
  const lines = function* () {
    for (const resource of generatePopulation('storage', PATIENTS)) yield `${JSON.stringify(resource)}\n`;
  };
  await pipeline(Readable.from(lines()), createWriteStream(file));
  await ensurePractices(db, { liveName: 'Bench', sandbox: false });
  const { practiceId } = await findPracticeByName(db, undefined);
  const options = { practiceId, source: 'bench', projections, clock, random };
  const { refused } = await importFiles(db, options, [fileInput(file)]);
  if (refused.length > 0) throw new Error(`refused: ${refused[0]?.reason}`);
}

async function printStorageSize(db: Executor): Promise<void> {
  const [counted] = await db.queryText<{ resources: number; patients: number }>(
    'select count(*)::int4 as resources, count(distinct record_id)::int4 as patients from resource',
    [],
  );
  const { resources = 0, patients = 0 } = counted ?? {};
  if (resources === 0) throw new Error('the database has no resources of patients');
  process.stdout.write(`${count(resources)} resources of ${count(patients)} patients. Bytes per resource:\n\n`);
  await printParts(db, resources);
  for (const table of TABLES) await printColumnSizes(db, table, resources);
}

interface PartRow {
  readonly name: string;
  readonly part: string;
  readonly bytes: number;
}

/** Prints the size of each table's rows, its texts outside of rows (TOAST), and each of its indexes. */
async function printParts(db: Executor, resources: number): Promise<void> {
  const parts = await db.queryText<PartRow>(
    `select c.relname as name, part.name as part, part.bytes::int8 as bytes from pg_class c
     cross join lateral (
       select 1 as place, 'rows' as name,
         pg_relation_size(c.oid) + pg_relation_size(c.oid, 'fsm') + pg_relation_size(c.oid, 'vm') as bytes
       union all select 2, 'TOAST', pg_total_relation_size(c.reltoastrelid) where c.reltoastrelid <> 0
       union all select 3, i.indexrelid::regclass::text, pg_total_relation_size(i.indexrelid)
       from pg_index i where i.indrelid = c.oid) as part
     where c.oid = any($1::regclass[]) order by array_position($1::text[], c.relname::text), part.place, part.name`,
    [TABLES],
  );
  const sum = (of: readonly PartRow[]) => of.reduce((total, { bytes }) => total + bytes, 0);
  printColumns(
    ['table', 'part', 'bytes', 'per resource'],
    [
      ...TABLES.flatMap((table) => {
        const own = parts.filter(({ name }) => name === table);
        return [
          ...own.map(({ part, bytes }) => [table, part, count(bytes), count(bytes / resources)]),
          [table, 'all', count(sum(own)), count(sum(own) / resources)],
        ];
      }),
      ['all', '', count(sum(parts)), count(sum(parts) / resources)],
    ],
  );
}

/** Prints the size of each column of a table as it is stored: per row, and spread over all resources. */
async function printColumnSizes(db: Executor, table: string, resources: number): Promise<void> {
  const columns = await db.queryText<{ name: string }>(
    `select attname::text as name from pg_attribute
     where attrelid = $1::regclass and attnum > 0 and not attisdropped order by attnum`,
    [table],
  );
  const sizes = columns.map(({ name }) => `coalesce(sum(pg_column_size(${name})), 0)::int8 as ${name}`);
  const [stored] = await db.queryText<Record<string, number>>(
    `select count(*)::int8 as "rows", ${sizes.join(', ')} from ${table}`,
    [],
  );
  const rows = stored?.['rows'] ?? 0;
  if (rows === 0) return;
  process.stdout.write(`\n${table}: ${count(rows)} rows\n`);
  printColumns(
    ['column', 'per row', 'per resource'],
    columns.map(({ name }) => {
      const bytes = stored?.[name] ?? 0;
      return [name, (bytes / rows).toFixed(1), (bytes / resources).toFixed(1)];
    }),
  );
}

const count = (value: number): string => Math.round(value).toLocaleString('en');
