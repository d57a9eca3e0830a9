import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { startEmbedded } from '../../../src/database/embedded/index.ts';
import { databaseParent, FOLDER_PREFIX, removeAbandoned } from './database-folder.ts';
import { dropTemplate, type Templates } from './databases.ts';

/** A PostgreSQL server where tests may create databases. */
export interface TestDatabase {
  readonly name: string;
  readonly url: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    /** `inject('databases')` returns the embedded server, and those of TEST_DATABASE_URL and TEST_CITUS_URL if set. */
    databases: readonly TestDatabase[];
    /** Template databases to copy. They are created when they are first needed, and removed after the run. */
    templates: Templates;
    /** A folder that is removed after the run. Other users may access it, because the database may run as one. */
    runFolder: string;
  }
}

/** Settings that give up durability. The database ends with the run, so its data needn't survive a crash. */
const FAST_SETTINGS = [
  'alter system set fsync = off',
  'alter system set full_page_writes = off',
  'select pg_reload_conf()',
];

/** Starts one embedded database for the whole run. */
export default async function postgres({ provide }: TestProject): Promise<() => Promise<void>> {
  const parent = databaseParent();
  removeAbandoned(parent);
  const dataDir = await mkdtemp(path.join(parent, FOLDER_PREFIX));
  // If the run is root's, the database runs as another user, who needs access to the parent folder.
  await chmod(dataDir, 0o711);
  const embedded = await startEmbedded({ dataDir, serving: true });
  const { host, port, user, password, database } = embedded.connection;
  const url = `postgres://${user}:${password}@${encodeURIComponent(host)}:${port}/${database}`;
  await query(url, FAST_SETTINGS);
  const others = ['TEST_DATABASE_URL', 'TEST_CITUS_URL'].flatMap((name) => {
    const other = process.env[name];
    return other ? [{ name, url: other }] : [];
  });
  provide('databases', [{ name: 'embedded', url }, ...others]);
  const mark = randomBytes(6).toString('hex');
  const templates = { empty: `empty_${mark}`, filled: `filled_${mark}` };
  provide('templates', templates);
  provide('runFolder', dataDir);
  const filling = startFilling(url, templates);
  return async () => {
    await filling.stop();
    for (const other of others) for (const name of Object.values(templates)) await dropTemplate(other.url, name);
    await embedded.stop();
    await rm(dataDir, { recursive: true, force: true });
  };
}

/**
 * Fills the template in a separate process, while the workers import the code under test. The first server waits for
 * it.
 */
function startFilling(url: string, templates: Templates): { stop(): Promise<void> } {
  const program = path.join(import.meta.dirname, 'template-program.ts');
  const child = spawn(process.execPath, [program, url, JSON.stringify(templates)], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = once(child, 'exit');
  return {
    async stop() {
      child.kill();
      await ended;
    },
  };
}

async function query(url: string, statements: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  for (const statement of statements) await client.query(statement);
  await client.end();
}
