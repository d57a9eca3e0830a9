import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { startEmbedded } from '../../src/database/embedded/index.ts';

/** A PostgreSQL that tests may make databases in. */
export interface TestDatabase {
  readonly name: string;
  readonly url: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    /** `inject('databases')`: the embedded one, and that of TEST_DATABASE_URL where it is set. */
    databases: readonly TestDatabase[];
    /** Name of the filled database that test servers get copies of; removed after the run. */
    template: string;
  }
}

/** One embedded database for the whole run. */
export default async function postgres({ provide }: TestProject): Promise<() => Promise<void>> {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'patient-access-test-'));
  // as root the database runs as another user, who has to pass through
  await chmod(dataDir, 0o711);
  const embedded = await startEmbedded({ dataDir, serving: true });
  const { host, port, user, password, database } = embedded.connection;
  const url = `postgres://${user}:${password}@${host}:${port}/${database}`;
  const other = process.env['TEST_DATABASE_URL'];
  provide('databases', [{ name: 'embedded', url }, ...(other ? [{ name: 'TEST_DATABASE_URL', url: other }] : [])]);
  const template = `template_${randomBytes(6).toString('hex')}`;
  provide('template', template);
  return async () => {
    if (other) await drop(other, template);
    await embedded.stop();
    await rm(dataDir, { recursive: true, force: true });
  };
}

async function drop(url: string, database: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`drop database if exists ${database}`);
  await client.end();
}
