import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { findInstalled } from '../servers/installed-program.ts';
import { tcpAddress } from './host.ts';

/** A PgBouncer in front of a database. */
export interface Pooler {
  /** URL of the database through PgBouncer. */
  readonly url: string;
  /** The same for another role, with its password. */
  urlAs(username: string, password: string): string;
  close(): Promise<void>;
}

/**
 * Path of the program: from PGBOUNCER, or an installed one. Undefined if none supports named statements (version 1.21
 * and later).
 */
export function findPgbouncer(): string | undefined {
  const program = process.env['PGBOUNCER'] ?? findInstalled('pgbouncer');
  if (program === undefined) return undefined;
  const [, major = '0', minor = '0'] = /(\d+)\.(\d+)/.exec(String(spawnSync(program, ['--version']).stdout)) ?? [];
  return Number(major) * 1000 + Number(minor) >= 1021 ? program : undefined;
}

/**
 * Starts PgBouncer in transaction mode.
 * @param size number of connections to the database. With one connection, the statements of all clients share their
 * plans
 * @param roles passwords of further roles that may connect
 */
export async function startPgbouncer(
  program: string,
  databaseUrl: string,
  size = 1,
  roles: Readonly<Record<string, string>> = {},
): Promise<Pooler> {
  const { hostname, port: databasePort } = tcpAddress(databaseUrl);
  const { username, password } = new URL(databaseUrl);
  const folder = mkdtempSync(path.join(tmpdir(), 'patient-access-pooler-'));
  chmodSync(folder, 0o755);
  const port = await freePort();
  const users = path.join(folder, 'users.txt');
  const passwords = Object.entries({ [username]: decodeURIComponent(password), ...roles });
  writeFileSync(users, passwords.map((words) => `${words.map((word) => `"${word}"`).join(' ')}\n`).join(''));
  const settings = path.join(folder, 'pgbouncer.ini');
  writeFileSync(
    settings,
    `[databases]
* = host=${hostname} port=${databasePort || 5432}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = trust
auth_file = ${users}
pool_mode = transaction
default_pool_size = ${size}
max_prepared_statements = 200
query_wait_timeout = 10
ignore_startup_parameters = statement_timeout
`,
  );
  // PgBouncer doesn't run as root.
  const child = spawn(program, [settings], {
    stdio: 'ignore',
    ...(process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {}),
  });
  const url = new URL(databaseUrl);
  url.port = String(port);
  url.hostname = '127.0.0.1';
  await reached(url.href, child);
  return {
    url: url.href,
    urlAs: (username, password) => Object.assign(new URL(url), { username, password }).href,
    async close() {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function reached(connectionString: string, child: ChildProcess): Promise<void> {
  for (let turn = 0; turn < 200 && child.exitCode === null; turn += 1) {
    const client = new pg.Client({ connectionString });
    try {
      await client.connect();
      return;
    } catch {
      await pause(50);
    } finally {
      await client.end().catch(() => {});
    }
  }
  throw new Error(`PgBouncer can't be reached; it ended with ${child.exitCode}`);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
