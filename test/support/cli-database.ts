import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, inject } from 'vitest';
import { type Database, openDatabase } from '../../src/database/index.ts';
import { cli } from './command-line.ts';
import { createDatabase, dropDatabase, ensureEmpty, urlOf } from './databases.ts';
import type { Ran } from './processes.ts';
import { testDatabase } from './test-database.ts';

export interface CliDatabase {
  /** What is in it; open while the tests of the file run. */
  readonly db: () => Database;
  readonly url: string;
  /** Runs a command on it with `--json`. Without a fault, `answer` is what it printed. */
  run(...words: readonly string[]): Promise<Ran & { readonly answer: CliAnswer }>;
  /** The same as text for people, with more settings where given. */
  print(words: readonly string[], settings?: Readonly<Record<string, string>>): Promise<Ran>;
}

// biome-ignore lint/suspicious/noExplicitAny: a test reads JSON at will
export type CliAnswer = any;

/** A database of this file's own that commands work on, without a sandbox. */
export function cliDatabase(): CliDatabase {
  const admin = testDatabase();
  const name = `cli_${randomBytes(6).toString('hex')}`;
  const url = urlOf(admin, name);
  let db: Database;
  beforeAll(async () => {
    const templates = inject('templates');
    await ensureEmpty(admin, templates);
    await createDatabase(admin, name, templates.empty);
    db = openDatabase({ connectionString: url }, 2);
  });
  afterAll(async () => {
    await db.close();
    await dropDatabase(admin, url);
  });
  const print: CliDatabase['print'] = (words, settings) =>
    cli(words, { DATABASE_URL: url, SANDBOX: 'off', ...settings });
  return {
    db: () => db,
    url,
    async run(...words) {
      const ran = await print([...words, '--json']);
      return { ...ran, answer: ran.out === '' ? undefined : JSON.parse(ran.out) };
    },
    print,
  };
}
