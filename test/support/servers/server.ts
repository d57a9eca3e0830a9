import type { FastifyInstance } from 'fastify';
import { inject } from 'vitest';
import { createApp } from '../../../src/app.ts';
import { type Config, readConfig } from '../../../src/config/index.ts';
import { type Database, openDatabase } from '../../../src/database/index.ts';
import type { Enrollments } from '../../../src/enrollment/index.ts';
import { type Clock, later } from '../../../src/kernel/index.ts';
import { ensureDemoApp, ensureExplorerClient, ensureStaffApp } from '../../../src/sandbox/index.ts';
import { dropDatabase, newDatabase } from '../database/databases.ts';
import { ensureFilled } from '../database/filled-template.ts';
import { testDatabase } from '../database/test-database.ts';
import { passwordCost } from '../people/password-cost.ts';
import { NO_APP_LIMIT } from './no-app-limit.ts';

/** A clock that follows the real time until a test advances it. */
export interface TestClock extends Clock {
  advance(milliseconds: number): void;
}

export interface TestServer {
  readonly app: FastifyInstance;
  readonly db: Database;
  readonly clock: TestClock;
  readonly enrollments: Enrollments;
  readonly config: Config;
  /** All lines that the server has logged. */
  readonly log: string[];
  /** URL of the server's database, for other programs. */
  readonly databaseUrl: string;
  purgeExpired(): Promise<void>;
  deliverMail(): Promise<void>;
  runMaintenance(): Promise<void>;
  runExports(): Promise<void>;
  keepAuditLog(): Promise<void>;
  /** Announces that the server will stop, as a signal does. */
  beginDrain(): void;
  /** Stops accepting connections, and ends each open one after its next response. */
  endConnections(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Milliseconds that a read from a standby may take, because a busy machine must not change what a test reads, and between
 * its checks, for which tests wait.
 */
const REPLICA_TIMES = { timeLimit: 30_000, checkEvery: 200 };

/**
 * Starts the whole server, composed as in production, on a separate database with the sandbox.
 * @param given settings, or a function that makes them for the URL of the new database
 */
export async function startServer(
  given: Record<string, string> | ((databaseUrl: string) => Promise<Record<string, string>>) = {},
): Promise<TestServer> {
  const admin = testDatabase();
  const templates = inject('templates');
  await ensureFilled(admin, templates);
  const databaseUrl = await newDatabase(admin, templates.filled);
  const settings = typeof given === 'function' ? await given(databaseUrl) : given;
  const server = await openServer(databaseUrl, settings);
  return {
    ...server,
    async close() {
      await server.close();
      await dropDatabase(admin, databaseUrl);
    },
  };
}

/** Starts the whole server on a database that is a copy of the template with the sandbox. It stays after the server. */
export async function openServer(
  databaseUrl: string,
  settings: Record<string, string>,
  clock = testClock(),
): Promise<TestServer> {
  const config = {
    ...readConfig({ SANDBOX: 'on', ...NO_APP_LIMIT, ...settings }),
    ...(settings['PASSWORD_COST'] === undefined ? { passwordCost } : {}),
  };
  const db = openDatabase({ connectionString: databaseUrl }, 6);
  await ensureDemoApp(db, config.publicUrl);
  await ensureStaffApp(db, config.publicUrl);
  await ensureExplorerClient(db, config);
  const log: string[] = [];
  const composed = await createApp(config, db, {
    clock,
    logTo: { write: (line) => void log.push(line) },
    replicaTimes: REPLICA_TIMES,
  });
  const { app, enrollments, purgeExpired, deliverMail, runMaintenance, runExports, keepAuditLog } = composed;
  const { beginDrain, endConnections } = composed;
  return {
    app,
    db,
    clock,
    enrollments,
    config,
    log,
    databaseUrl,
    purgeExpired,
    deliverMail,
    runMaintenance,
    runExports,
    keepAuditLog,
    beginDrain,
    endConnections,
    async close() {
      await app.close();
      await db.close();
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
