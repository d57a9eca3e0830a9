import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inject } from 'vitest';
import { createDatabase, dropDatabase, endCitusConnections, newDatabase, urlOf } from '../database/databases.ts';
import { ensureFilled } from '../database/filled-template.ts';
import { testDatabase } from '../database/test-database.ts';
import { runCli } from './command-line.ts';
import { openServer, type TestServer, testClock } from './server.ts';

/** A server whose database is lost, and then restored to an earlier time. */
export interface RestoredServer {
  /** The server on the database that will be lost, and later on the restored one. */
  readonly now: TestServer;
  readonly urls: { readonly lost: string; readonly restored: string };
  /** Folder of the archive of the audit log, which no restore touches. */
  readonly archive: string;
  /** Runs a command on the server's database. Throws if it fails, except for `doctor`. */
  run(words: readonly string[], env?: Readonly<Record<string, string>>): Promise<CommandAnswer>;
  /** Copies the database, makes changes that the copy doesn't have, and starts the server on the copy. */
  loseAfter(changes: () => Promise<unknown>): Promise<void>;
  /** Returns the findings of `doctor` about the restore. */
  findings(): Promise<readonly { readonly state: string; readonly says: string }[]>;
  close(): Promise<void>;
}

interface CommandAnswer {
  readonly code: number | null;
  readonly err: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test says what it expects by what it compares
  readonly answer: any;
}

/** Starts a server with the sandbox, an archive of the audit log, and emails that wait: no one listens at the address of the mail server. */
export async function startRestoredServer(settings: Readonly<Record<string, string>> = {}): Promise<RestoredServer> {
  const admin = testDatabase();
  const templates = inject('templates');
  await ensureFilled(admin, templates);
  const archive = mkdtempSync(path.join(tmpdir(), 'after-restore-'));
  const environment = {
    AUDIT_ARCHIVE_DIR: archive,
    SMTP_URL: 'smtp://127.0.0.1:9',
    MAIL_FROM: 'no-reply@example.com',
    ...settings,
  };
  const clock = testClock();
  const lost = await newDatabase(admin, templates.filled);
  const name = new URL(lost).pathname.slice(1);
  const restored = urlOf(admin, `${name}_backup`);
  let server = await openServer(lost, environment, clock);
  const run: RestoredServer['run'] = async (words, env = environment) => {
    const { code, out, err } = await runCli([...words, '--json'], { DATABASE_URL: server.databaseUrl, ...env });
    if (code !== 0 && words[0] !== 'doctor') throw new Error(`${words.join(' ')}: ${err}`);
    return { code, err, answer: out === '' ? undefined : JSON.parse(out) };
  };
  return {
    get now() {
      return server;
    },
    urls: { lost, restored },
    archive,
    run,
    async loseAfter(changes) {
      await server.purgeExpired();
      await server.close();
      await endCitusConnections(admin, name);
      await createDatabase(admin, `${name}_backup`, name);
      server = await openServer(lost, environment, clock);
      await changes();
      // The scheduled tasks copy the changes to the archive.
      await server.purgeExpired();
      await server.close();
      server = await openServer(restored, environment, clock);
    },
    async findings() {
      const { answer } = await run(['doctor']);
      return answer.filter(({ about }: { about: string }) => about === 'restore');
    },
    async close() {
      await server.close();
      await dropDatabase(admin, lost);
      if (server.databaseUrl === restored) await dropDatabase(admin, restored);
      rmSync(archive, { recursive: true, force: true });
    },
  };
}
