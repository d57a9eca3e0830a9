import { R4, type Reader, readerOf } from './fhir.ts';
import { growing, growPractice, growRecord } from './grow.ts';
import { answerOf, bareOf, keepBare } from './kept.ts';
import { reads } from './load.ts';
import type { Measured } from './table.ts';
import { inTurns, SECONDS } from './turns.ts';
import type { World } from './world.ts';

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
export async function measureLarge(world: World): Promise<readonly Measured[]> {
  const reader = await readerOf(world);
  await growing(world.databaseUrl, (db) => growPractice(db, 1, SMALL));
  const all = [...(await pages(world, reader, `${SMALL} patients`))];
  await growing(world.databaseUrl, (db) => growPractice(db, SMALL + 1, LARGE));
  all.push(...(await pages(world, reader, `${LARGE} patients`)));
  const count = await countOf(world, reader);
  await growing(world.databaseUrl, (db) => growRecord(db, reader.recordId, count + 1, SMALL));
  all.push(...(await pages(world, reader, `${SMALL} in the record`)));
  await growing(world.databaseUrl, (db) => growRecord(db, reader.recordId, SMALL + 1, LARGE));
  all.push(...(await pages(world, reader, `${LARGE} in the record`)));
  return all;
}

async function countOf({ db }: World, { recordId }: Reader): Promise<number> {
  const [row] = await db.queryText<{ own: number }>('select count(*) as own from resource where record_id = $1', [
    recordId,
  ]);
  return row?.own ?? 0;
}

async function pages({ meter }: World, { headers }: Reader, size: string): Promise<readonly Measured[]> {
  const all: Measured[] = [];
  for (const [what, path] of PAGES) {
    const name = `${what}, ${size}`;
    const url = `${R4}${path}`;
    const response = await answerOf(url, headers);
    await keepBare(name, response);
    const pairs = await inTurns(
      () => reads({ url, meter }, headers, SECONDS),
      () => reads({ url: bareOf(name), meter }, {}, SECONDS),
    );
    all.push({ name, bytes: Buffer.byteLength(response.text), reference: 'bare bytes', pairs });
  }
  return all;
}
