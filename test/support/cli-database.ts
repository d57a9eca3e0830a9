import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll } from 'vitest';
import { type Database, migrate, openDatabase } from '../../src/database/index.ts';
import { cli } from './processes.ts';
import { testDatabase } from './test-database.ts';

export interface CliDatabase {
  /** What is in it; open while the tests of the file run. */
  readonly db: () => Database;
  readonly url: string;
  /** Runs a command on it. Without a fault, `answer` is what it printed. */
  run(...words: readonly string[]): Promise<{ code: number | null; out: string; err: string; answer: CliAnswer }>;
}

// biome-ignore lint/suspicious/noExplicitAny: a test reads JSON at will
export type CliAnswer = any;

/** A database of this file's own that commands work on, without a sandbox. */
export function cliDatabase(): CliDatabase {
  const name = `cli_${randomBytes(6).toString('hex')}`;
  const url = Object.assign(new URL(testDatabase()), { pathname: `/${name}` }).href;
  let db: Database;
  const admin = async (sql: string) => {
    const root = openDatabase({ connectionString: testDatabase() }, 1);
    await root.queryText(sql, []).finally(() => root.close());
  };
  beforeAll(async () => {
    await admin(`create database ${name}`);
    await migrate({ connectionString: url });
    db = openDatabase({ connectionString: url }, 2);
  });
  afterAll(async () => {
    await db.close();
    await admin(`drop database ${name}`);
  });
  return {
    db: () => db,
    url,
    async run(...words) {
      const ran = await cli([...words, '--json'], { DATABASE_URL: url, SANDBOX: 'off' });
      return { ...ran, answer: ran.out === '' ? undefined : JSON.parse(ran.out) };
    },
  };
}
