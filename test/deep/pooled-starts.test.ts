import { randomBytes } from 'node:crypto';
import { expect, it, onTestFinished } from 'vitest';
import { openDatabase } from '../../src/database/index.ts';
import { findPgbouncer, startPgbouncer } from '../support/database/pgbouncer.ts';
import { testDatabase } from '../support/database/test-database.ts';
import { cliProcess, freePort, startServerProcess } from '../support/servers/processes.ts';

const program = findPgbouncer();
const POOL = 6;
const ROUNDS = 10;

// PgBouncer in transaction mode keeps a session's locks on a connection that it gives to the next client.
it.skipIf(program === undefined)(
  'fifty starts and commands through PgBouncer, under load, leave no lock and never wait for one',
  { timeout: 600_000 },
  async () => {
    const name = `pooled_${randomBytes(6).toString('hex')}`;
    const admin = openDatabase({ connectionString: testDatabase() }, 1);
    await admin.queryText(`create database ${name}`, []);
    const url = Object.assign(new URL(testDatabase()), { pathname: `/${name}` }).href;
    const direct = openDatabase({ connectionString: url }, 1);
    const pooler = await startPgbouncer(program ?? '', url, POOL);
    const busy = openDatabase({ connectionString: pooler.url }, 2 * POOL);
    onTestFinished(async () => {
      await Promise.all([busy.close(), direct.close()]);
      await pooler.close();
      await admin.queryText(`drop database ${name} with (force)`, []);
      await admin.close();
    });
    let working = true;
    let startCount = 0;
    const load = Array.from({ length: 2 * POOL }, async () => {
      for (; working; startCount += 1) await busy.queryText('select pg_sleep(0.005)', []);
    });

    const env = { DATABASE_URL: pooler.url, SANDBOX: 'off', LOG_LEVEL: 'silent' };
    const command = async (...args: readonly string[]) => (await cliProcess(args, env)).code;
    const start = async () => (await startServerProcess({ ...env, PORT: String(await freePort()) })).stop();
    const codes: (number | null)[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      // The first round creates the schema.
      const done = [command('migrate'), command('apps', 'list'), command('practices', 'list'), command('migrate')];
      codes.push(...(await Promise.all([...done, start().then(({ code }) => code)])));
    }
    working = false;
    await Promise.all(load);

    expect(codes).toEqual(Array(5 * ROUNDS).fill(0));
    expect(startCount).toBeGreaterThan(1000);
    const left = `select locktype, mode from pg_locks where locktype = 'advisory'
      and database = (select oid from pg_database where datname = current_database())`;
    expect(await direct.queryText(left, [])).toEqual([]);
  },
);
