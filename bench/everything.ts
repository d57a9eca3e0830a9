import { R4, readerOf } from './fhir.ts';
import { growing, growRecord } from './grow.ts';
import { answerOf, keepRecord, passedOf } from './kept.ts';
import { readsOf } from './load.ts';
import type { Measured } from './table.ts';
import { inTurns } from './turns.ts';
import type { World } from './world.ts';

const RESOURCES = 2000;
/** Of which the memory should not be more. */
const MORE = 8000;
/** Twice for each connection. */
const AMOUNT = 128;
const NAME = '$everything of 2,000';

/** A record of 2,000 resources as one streamed Bundle, and what memory the server had before and after many at once. */
export async function measureEverything(world: World): Promise<readonly Measured[]> {
  const { meter, memory } = world;
  const { headers, recordId } = await readerOf(world);
  await growTo(world, recordId, RESOURCES);
  const url = `${R4}/Patient/$everything`;
  const answer = await answerOf(url, headers);
  await keepRecord(NAME, answer, recordId);
  const before = memory();
  const pairs = await inTurns(
    () => readsOf({ url, meter }, headers, AMOUNT),
    () => readsOf({ url: passedOf(NAME), meter }, headers, AMOUNT),
  );
  process.stdout.write(`${NAME}: the server has ${before ?? '?'} MB before and ${memory() ?? '?'} MB after it.\n`);
  await growTo(world, recordId, MORE);
  await readsOf({ url, meter }, headers, AMOUNT / 2);
  process.stdout.write(`After one of ${MORE} for each connection it has ${memory() ?? '?'} MB.\n`);
  return [{ name: NAME, bytes: Buffer.byteLength(answer.text), reference: 'passed through', goal: 0.7, pairs }];
}

const growTo = (world: World, recordId: number, resources: number): Promise<void> =>
  growing(world.databaseUrl, async (db) => {
    const { rows } = await db.query('select count(*)::int as own from resource where record_id = $1', [recordId]);
    await growRecord(db, recordId, Number(rows[0].own) + 1, resources);
  });
