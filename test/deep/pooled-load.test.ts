import { expect, it, onTestFinished } from 'vitest';
import { openDatabase } from '../../src/database/index.ts';
import { projections } from '../../src/fhir/index.ts';
import { importFiles, textInput } from '../../src/intake/index.ts';
import { systemClock as clock, systemRandom as random } from '../../src/kernel/index.ts';
import { findPracticeByName } from '../../src/practices/index.ts';
import { generatePopulation } from '../../src/sandbox/index.ts';
import { findPgbouncer, startPgbouncer } from '../support/database/pgbouncer.ts';
import { startServer } from '../support/servers/server.ts';

const program = findPgbouncer();

/** Opens the database of a server through PgBouncer. */
async function openPooled() {
  const server = await startServer();
  const pooler = await startPgbouncer(program ?? '', server.databaseUrl);
  const db = openDatabase({ connectionString: pooler.url });
  onTestFinished(async () => {
    await db.close();
    await pooler.close();
    await server.close();
  });
  return db;
}

// The load pipelines statements, including new named ones, without waiting for earlier results.
it.skipIf(program === undefined)(
  'a load works through PgBouncer in transaction mode',
  { timeout: 120_000 },
  async () => {
    const db = await openPooled();
    const { practiceId } = await findPracticeByName(db, undefined);
    const options = { practiceId, source: 'pooled', projections, clock, random };
    const lines = [...generatePopulation('pooled', 1)].map((one) => JSON.stringify(one));
    const load = () => importFiles(db, options, [textInput('people.ndjson', lines.join('\n'))]);

    const first = await load();
    expect(first.refused).toEqual([]);
    expect(first.created).toBeGreaterThan(100);
    expect(await load()).toMatchObject({ created: 0, updated: 0, refused: [] });
  },
);

it.skipIf(program === undefined)(
  'statements of one connection that are sent together get their own results',
  async () => {
    const db = await openPooled();
    const apart = db.dedicatedConnection();
    const numbers = Array.from({ length: 50 }, (_, i) => i);
    for (let round = 0; round < 3; round += 1) {
      const rows = await Promise.all(numbers.map((i) => apart.queryText('select $1::int as own', [i], `own-${i % 3}`)));
      expect(rows).toEqual(numbers.map((own) => [{ own }]));
    }
  },
);
