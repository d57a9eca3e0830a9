import { R4, readerOf } from './fhir.ts';
import { growing, growRecord } from './grow.ts';
import { answerOf, keepRecord, passedOf } from './kept.ts';
import { readsOf } from './load.ts';
import type { Measured } from './table.ts';
import { inTurns } from './turns.ts';
import type { World } from './world.ts';

const RESOURCES = 2000;
/** A larger record, which should not need more memory. */
const MORE = 8000;
/** Two requests per connection. */
const AMOUNT = 128;
const NAME = '$everything of 2,000';

/**
 * Measures a record of 2,000 resources as one streamed Bundle, and the server's memory after many concurrent requests
 * for records of different sizes.
 */
export async function measureEverything(world: World): Promise<readonly Measured[]> {
  const { meter, memory } = world;
  const { headers, recordId } = await readerOf(world);
  const url = `${R4}/Patient/$everything`;
  process.stdout.write(`The server has ${memory() ?? '?'} MB, `);
  // Memory is measured before the reference is set up, which uses memory of the same process.
  for (const resources of [RESOURCES, MORE]) {
    await sizeTo(world, recordId, resources);
    await readsOf({ url, meter }, headers, AMOUNT);
    process.stdout.write(
      `${memory() ?? '?'} MB after ${AMOUNT} records of ${resources}${resources === MORE ? '.\n' : ', '}`,
    );
  }
  await sizeTo(world, recordId, RESOURCES);
  const response = await answerOf(url, headers);
  await keepRecord(NAME, response, recordId);
  const pairs = await inTurns(
    () => readsOf({ url, meter }, headers, AMOUNT),
    () => readsOf({ url: passedOf(NAME), meter }, headers, AMOUNT),
  );
  return [{ name: NAME, bytes: Buffer.byteLength(response.text), reference: 'passed through', goal: 0.7, pairs }];
}

/** Adds or deletes Observations until the record has that size. */
const sizeTo = (world: World, recordId: number, resources: number): Promise<void> =>
  growing(world.databaseUrl, async (db) => {
    const { rows } = await db.query('select count(*)::int as own from resource where record_id = $1', [recordId]);
    const count = Number(rows[0].own);
    if (count <= resources) return growRecord(db, recordId, count + 1, resources);
    await db.query(
      `delete from resource where record_id = $1 and type = 'Observation' and id in (
         select id from resource where record_id = $1 and type = 'Observation' order by id desc limit $2)`,
      [recordId, count - resources],
    );
    await db.query('vacuum analyze resource');
  });
