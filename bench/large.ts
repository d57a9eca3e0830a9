import type { BenchEnvironment } from './environment.ts';
import { type BenchReader, createReader, R4 } from './fhir.ts';
import { growPractice, growRecord, withGrowConnection } from './grow-database.ts';
import { inTurns, SECONDS } from './in-turns.ts';
import { reads } from './load.ts';
import { fetchResponse, plainReferenceUrl, storePlainReference } from './reference-responses.ts';
import type { Measurement } from './table.ts';

const SMALL = 1000;
const LARGE = 50_000;
const PAGES = [
  ['page', '/Observation?_count=50&_total=none'],
  ['laboratory page', '/Observation?category=laboratory&_count=50&_total=none'],
] as const;

/**
 * Measures the same pages of the same patient while first the practice and then the record grows. Each page is compared
 * with its own bytes served plainly, which don't change, so the ratios are comparable.
 */
export async function measureLarge(world: BenchEnvironment): Promise<readonly Measurement[]> {
  const reader = await createReader(world);
  await withGrowConnection(world.databaseUrl, (db) => growPractice(db, 1, SMALL));
  const all = [...(await measurePages(world, reader, `${SMALL} patients`))];
  await withGrowConnection(world.databaseUrl, (db) => growPractice(db, SMALL + 1, LARGE));
  all.push(...(await measurePages(world, reader, `${LARGE} patients`)));
  const count = await countResources(world, reader);
  await withGrowConnection(world.databaseUrl, (db) => growRecord(db, reader.recordId, count + 1, SMALL));
  all.push(...(await measurePages(world, reader, `${SMALL} in the record`)));
  await withGrowConnection(world.databaseUrl, (db) => growRecord(db, reader.recordId, SMALL + 1, LARGE));
  all.push(...(await measurePages(world, reader, `${LARGE} in the record`)));
  return all;
}

async function countResources({ db }: BenchEnvironment, { recordId }: BenchReader): Promise<number> {
  const [row] = await db.queryText<{ own: number }>('select count(*) as own from resource where record_id = $1', [
    recordId,
  ]);
  return row?.own ?? 0;
}

async function measurePages(
  { meter }: BenchEnvironment,
  { headers }: BenchReader,
  size: string,
): Promise<readonly Measurement[]> {
  const all: Measurement[] = [];
  for (const [what, path] of PAGES) {
    const name = `${what}, ${size}`;
    const url = `${R4}${path}`;
    const response = await fetchResponse(url, headers);
    await storePlainReference(name, response);
    const pairs = await inTurns(
      () => reads({ url, meter }, headers, SECONDS),
      () => reads({ url: plainReferenceUrl(name), meter }, {}, SECONDS),
    );
    all.push({ name, bytes: Buffer.byteLength(response.text), reference: 'bare bytes', pairs });
  }
  return all;
}
