import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, inject } from 'vitest';
import { type Database, openDatabase } from '../../../src/database/index.ts';
import { createDatabase, dropDatabase, ensureEmpty, urlOf } from '../database/databases.ts';
import { testDatabase } from '../database/test-database.ts';
import { runCli } from './command-line.ts';
import type { CommandResult } from './processes.ts';

export interface CliDatabase {
  /** The database. It is open while the tests of the file run. */
  readonly db: () => Database;
  readonly url: string;
  /** Runs a command with `--json`. If it succeeds, `answer` is its parsed output. */
  run(...words: readonly string[]): Promise<CommandResult & { readonly answer: CliAnswer }>;
  /**
   * Runs a command with output as text.
   * @param settings additional settings
   */
  print(words: readonly string[], settings?: Readonly<Record<string, string>>): Promise<CommandResult>;
}

// biome-ignore lint/suspicious/noExplicitAny: a test reads JSON at will
export type CliAnswer = any;

/** Creates a separate database without a sandbox, for the commands that a test file runs. */
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
    runCli(words, { DATABASE_URL: url, SANDBOX: 'off', ...settings });
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
