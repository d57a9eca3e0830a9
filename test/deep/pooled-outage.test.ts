import { expect, it, onTestFinished } from 'vitest';
import { openDatabase } from '../../src/database/index.ts';
import { toProblem } from '../../src/kernel/index.ts';
import { startHost } from '../support/database/host.ts';
import { findPgbouncer, startPgbouncer } from '../support/database/pgbouncer.ts';
import { testDatabase } from '../support/database/test-database.ts';
import { until } from '../support/runs/until.ts';

const program = findPgbouncer();
const skipped = program === undefined ? ' (skipped: PgBouncer isn’t installed)' : '';

it.skipIf(program === undefined)(
  `a PostgreSQL that PgBouncer can’t reach is unavailable, until it is back${skipped}`,
  { timeout: 120_000 },
  async () => {
    const host = await startHost(testDatabase());
    const url = Object.assign(new URL(testDatabase()), { port: String(host.port) });
    const pooler = await startPgbouncer(program ?? '', url.href, 2);
    const db = openDatabase({ connectionString: pooler.url }, 2);
    const apart = db.dedicatedConnection();
    onTestFinished(async () => {
      await db.close();
      await pooler.close();
      await host.stop();
    });
    const problemOf = (query: Promise<unknown>): Promise<string | undefined> =>
      query.then(
        () => undefined,
        (error) => toProblem(error).code,
      );
    const problems = () =>
      Promise.all([
        problemOf(db.queryText('select 1', [])),
        problemOf(apart.queryText('select 1', [])),
        problemOf(db.transaction((tx) => tx.queryText('select 1', []))),
      ]);
    expect(await problems()).toEqual([undefined, undefined, undefined]);
    await host.stop();
    // The first statements lose their connections, and the next ones wait for PgBouncer, which has none.
    for (let i = 0; i < 2; i += 1) expect(await problems()).toEqual(['unavailable', 'unavailable', 'unavailable']);
    await host.start();
    await until(async () => (await problems()).every((problem) => problem === undefined));
  },
);
