import type { BenchEnvironment } from './environment.ts';
import { createReader, R4 } from './fhir.ts';
import { growRecord, withGrowConnection } from './grow-database.ts';
import { inTurns } from './in-turns.ts';
import { readAmount } from './load.ts';
import { fetchResponse, passThroughUrl, storeRecordPassThrough } from './reference-responses.ts';
import type { Measurement } from './table.ts';

const RESOURCES = 2000;
/** Number of resources of a larger record. Reading it should not need more memory. */
const LARGER_RECORD = 8000;
/** Number of measured requests: two for each connection. */
const AMOUNT = 128;
const NAME = '$everything of 2,000';

/**
 * Measures a record of 2,000 resources as one streamed Bundle, and the server's memory after many concurrent requests
 * for records of different sizes.
 */
export async function measureEverything(world: BenchEnvironment): Promise<readonly Measurement[]> {
  const { meter, memory } = world;
  const { headers, recordId } = await createReader(world);
  const url = `${R4}/Patient/$everything`;
  process.stdout.write(`The server has ${memory() ?? '?'} MB, `);
  // Memory is measured before the reference is set up, which uses memory of the same process.
  for (const resources of [RESOURCES, LARGER_RECORD]) {
    await resizeRecord(world, recordId, resources);
    await readAmount({ url, meter }, headers, AMOUNT);
    process.stdout.write(
      `${memory() ?? '?'} MB after ${AMOUNT} records of ${resources}${resources === LARGER_RECORD ? '.\n' : ', '}`,
    );
  }
  await resizeRecord(world, recordId, RESOURCES);
  const response = await fetchResponse(url, headers);
  await storeRecordPassThrough(NAME, response, recordId);
  const pairs = await inTurns(
    () => readAmount({ url, meter }, headers, AMOUNT),
    () => readAmount({ url: passThroughUrl(NAME), meter }, headers, AMOUNT),
  );
  return [{ name: NAME, bytes: Buffer.byteLength(response.text), reference: 'passed through', goal: 0.7, pairs }];
}

/** Adds or deletes Observations until the record has that size. */
const resizeRecord = (world: BenchEnvironment, recordId: number, resources: number): Promise<void> =>
  withGrowConnection(world.databaseUrl, async (db) => {
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
