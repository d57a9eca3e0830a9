import { randomBytes } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import pg from 'pg';
import { inject } from 'vitest';
import { compose } from '../../src/compose.ts';
import { type Config, readConfig } from '../../src/config/index.ts';
import { type Database, migrate, openDatabase } from '../../src/database/index.ts';
import type { Enrollments } from '../../src/enrollment/index.ts';
import { type Clock, later } from '../../src/kernel/index.ts';
import { ensurePractices } from '../../src/practices/index.ts';
import { ensureDemoApp, ensureExplorer, fillSandbox } from '../../src/sandbox/index.ts';
import { testDatabase } from './test-database.ts';

/** A clock that stands on today until a test moves it. */
export interface TestClock extends Clock {
  advance(milliseconds: number): void;
}

export interface TestServer {
  readonly app: FastifyInstance;
  readonly db: Database;
  readonly clock: TestClock;
  readonly enrollments: Enrollments;
  readonly config: Config;
  /** Every line the server logged. */
  readonly log: string[];
  /** URL of its database, for programs of their own. */
  readonly databaseUrl: string;
  sweep(): Promise<void>;
  deliver(): Promise<void>;
  tend(): Promise<void>;
  exportOn(): Promise<void>;
  close(): Promise<void>;
}

/** Any number: whoever holds this lock may make the template. */
const TEMPLATE_LOCK = 727_275;

/** The whole server, composed as in production, over a database of its own that holds the sandbox. */
export async function startServer(settings: Record<string, string> = {}): Promise<TestServer> {
  const admin = testDatabase();
  const config = readConfig(settings);
  const databaseUrl = await copyTemplate(admin);
  const db = openDatabase({ connectionString: databaseUrl }, 6);
  await ensureDemoApp(db, config.publicUrl);
  await ensureExplorer(db, config);
  const clock = testClock();
  const log: string[] = [];
  const composed = await compose(config, db, { clock, logTo: { write: (line) => void log.push(line) } });
  const { app, enrollments, sweep, deliver, tend, exportOn } = composed;
  return {
    app,
    db,
    clock,
    enrollments,
    config,
    log,
    databaseUrl,
    sweep,
    deliver,
    tend,
    exportOn,
    async close() {
      await app.close();
      await db.close();
      await onServer(admin, (client) => client.query(`drop database "${new URL(databaseUrl).pathname.slice(1)}"`));
    },
  };
}

export function testClock(): TestClock {
  let shift = 0;
  return {
    now: () => later(new Date(), shift),
    advance: (milliseconds) => {
      shift += milliseconds;
    },
  };
}

/** The sandbox is generated and loaded once for a run; each server gets a copy, which takes a fraction of a second. */
async function copyTemplate(admin: string): Promise<string> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  await onServer(admin, async (client) => {
    await client.query('select pg_advisory_lock($1)', [TEMPLATE_LOCK]);
    const { rowCount } = await client.query('select from pg_database where datname = $1', [inject('template')]);
    if (rowCount === 0) await makeTemplate(admin, client);
    await client.query(`create database "${name}" template ${inject('template')}`);
  });
  return withDatabase(admin, name);
}

async function makeTemplate(admin: string, client: pg.Client): Promise<void> {
  const draft = `${inject('template')}_draft`;
  await client.query(`drop database if exists ${draft}`);
  await client.query(`create database ${draft}`);
  const connectionString = withDatabase(admin, draft);
  await migrate({ connectionString });
  const db = openDatabase({ connectionString }, 4);
  await ensurePractices(db, { liveName: 'Live practice', sandbox: true });
  await fillSandbox(db, () => {});
  await db.close();
  await client.query(`alter database ${draft} rename to ${inject('template')}`);
}

async function onServer(admin: string, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: admin });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

function withDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.href;
}
