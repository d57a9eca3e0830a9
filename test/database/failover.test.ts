import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Database, migrate, openDatabase } from '../../src/database/index.ts';
import { createDatabase, dropDatabase, urlOf } from '../support/database/databases.ts';
import { testDatabase } from '../support/database/test-database.ts';
import { until } from '../support/runs/until.ts';

/**
 * Two hosts that each have the database `a`. They are proxies of one PostgreSQL: the second one asks for `b` instead, by
 * the startup message. A database with `default_transaction_read_only` is what a read-only host is.
 */
const [a, b] = ['a', 'b'].map((letter) => `failover_${letter}_${randomBytes(6).toString('hex')}`) as [string, string];
const admin = testDatabase();
let root: Database;
const hosts: Host[] = [];
const [first, second] = [() => hosts[0] as Host, () => hosts[1] as Host];

interface Host {
  readonly port: number;
  /** Ends all connections, and accepts no new ones until `start`. */
  stop(): Promise<void>;
  /** Leaves all connections open, and forwards nothing more, like a machine without power. Accepts no new ones. */
  freeze(): void;
  start(): Promise<void>;
}

beforeAll(async () => {
  root = openDatabase({ connectionString: admin }, 1);
  for (const name of [a, b]) await createDatabase(admin, name);
  hosts.push(await startHost(a), await startHost(b));
});
afterAll(async () => {
  for (const host of hosts) await host.stop();
  await root.close();
  for (const name of [a, b]) await dropDatabase(admin, urlOf(admin, name));
});

/** Forwards connections to the test's PostgreSQL. Replaces the name of the database, which has the same length. */
async function startHost(database: string): Promise<Host> {
  const sockets = new Set<Socket>();
  const { hostname, port: target } = new URL(admin);
  const accept = (socket: Socket) => {
    const upstream = connect(Number(target), hostname);
    for (const one of [socket, upstream]) {
      sockets.add(one);
      one.on('error', () => {});
      one.on('close', () => {
        socket.destroy();
        upstream.destroy();
        sockets.delete(one);
      });
    }
    socket.once('data', (startup) => {
      upstream.write(Buffer.from(startup.toString('latin1').replace(a, database), 'latin1'));
      socket.pipe(upstream);
    });
    upstream.pipe(socket);
  };
  const listen = async (port: number): Promise<Server> => {
    const listening = createServer(accept).listen(port, '127.0.0.1');
    await once(listening, 'listening');
    return listening;
  };
  let server = await listen(0);
  const { port } = server.address() as AddressInfo;
  return {
    port,
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
    freeze() {
      for (const socket of sockets) socket.pause().unpipe();
      server.close();
    },
    async start() {
      server = await listen(port);
    },
  };
}

const setReadOnly = (database: string, on: boolean): Promise<unknown> =>
  root.queryText(`alter database ${database} set default_transaction_read_only = ${on ? 'on' : 'off'}`, []);

/** URL of the database `a` at several hosts. */
function urlAt(ports: readonly number[], target?: string): string {
  const url = new URL(urlOf(admin, a));
  if (target !== undefined) url.searchParams.set('target_session_attrs', target);
  return url.href.replace(url.host, ports.map((port) => `127.0.0.1:${port}`).join(','));
}

const databaseOf = async (db: Database): Promise<string> =>
  (await db.queryText<{ name: string }>('select current_database() as name', []))[0]?.name ?? '';

it('connects to the host that accepts writes, and to the other one after a failover', async () => {
  await setReadOnly(a, true);
  const db = openDatabase({ connectionString: urlAt([first().port, second().port], 'read-write') }, 2);
  expect(await databaseOf(db)).toBe(b);
  // Several connections at the same time, and the one of the audit log, find the same host.
  const own = db.dedicatedConnection();
  expect(await Promise.all([databaseOf(db), databaseOf(db), own.queryText('select 1 as one', [])])).toEqual([
    b,
    b,
    [{ one: 1 }],
  ]);

  await setReadOnly(a, false);
  await setReadOnly(b, true);
  await second().stop();
  await until(async () => (await databaseOf(db).catch(() => '')) === a);
  // The old primary comes back as a standby.
  await second().start();
  await first().stop();
  await expect(db.transaction((tx) => tx.queryText('create table t ()', []))).rejects.toMatchObject({
    code: expect.any(String),
  });
  await first().start();
  await until(async () => (await databaseOf(db).catch(() => '')) === a);
  await db.close();
});

it('leaves a host that no longer accepts writes, when the statements on it have ended', async () => {
  await setReadOnly(a, false);
  await setReadOnly(b, true);
  const db = openDatabase({ connectionString: urlAt([first().port, second().port]) }, 1);
  const own = db.dedicatedConnection();
  const ownDatabase = async () =>
    (await own.queryText<{ name: string }>('select current_database() as name', []))[0]?.name;
  expect(await ownDatabase()).toBe(a);
  await setReadOnly(a, true);
  await setReadOnly(b, false);
  // The parameter of an open session doesn't change with that of its database.
  const becomesReadOnly = own.queryText('set default_transaction_read_only = on', []);
  const [write, read] = await Promise.allSettled([own.queryText('create table t ()', []), ownDatabase()]);
  await becomesReadOnly;
  expect(write).toMatchObject({ status: 'rejected', reason: { code: '25006' } });
  expect(read).toEqual({ status: 'fulfilled', value: a });
  await until(async () => (await ownDatabase().catch(() => '')) === b);
  await db.close();
});

it('reports why no host can be used', async () => {
  await setReadOnly(a, true);
  await setReadOnly(b, true);
  const connectionString = urlAt([first().port, second().port]);
  await expect(migrate({ connectionString })).rejects.toThrow(/no host accepts writes: 127\.0\.0\.1:\d+ is read-only/);
  const db = openDatabase({ connectionString }, 1);
  await expect(databaseOf(db)).rejects.toMatchObject({ code: '25006' });
  await db.close();
  const any = openDatabase({ connectionString: urlAt([first().port], 'any') }, 1);
  expect(await databaseOf(any)).toBe(a);
  await any.close();
  await setReadOnly(b, false);
});

it('gives up a host that no longer responds, and uses the other one', async () => {
  await setReadOnly(a, false);
  await setReadOnly(b, true);
  const db = openDatabase({ connectionString: urlAt([first().port, second().port]) }, 1, 10);
  const own = db.dedicatedConnection();
  const both = () => Promise.allSettled([databaseOf(db), own.queryText('select current_database() as name', [])]);
  expect(await both()).toMatchObject([{ value: a }, { value: [{ name: a }] }]);
  await setReadOnly(a, true);
  await setReadOnly(b, false);
  first().freeze();
  expect(await both()).toMatchObject([{ reason: { code: '08006' } }, { reason: { code: '08006' } }]);
  await until(async () => (await databaseOf(db).catch(() => '')) === b);
  expect(await own.queryText('select current_database() as name', [])).toEqual([{ name: b }]);
  await db.close();
  await first().stop();
  await first().start();
});

it('doesn’t wait for a host that accepts connections and never answers', async () => {
  const silent = createServer(() => {}).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const { port } = silent.address() as AddressInfo;
  const db = openDatabase({ connectionString: urlAt([port, second().port], 'primary') }, 1);
  const began = performance.now();
  expect(await databaseOf(db)).toBe(b);
  expect(performance.now() - began).toBeLessThan(2500);
  await db.close();
  silent.close();
});
