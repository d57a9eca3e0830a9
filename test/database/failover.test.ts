import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Database, migrate, openDatabase } from '../../src/database/index.ts';
import { createDatabase, dropDatabase, urlOf } from '../support/database/databases.ts';
import { type Host, startHost } from '../support/database/host.ts';
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

beforeAll(async () => {
  root = openDatabase({ connectionString: admin }, 1);
  for (const name of [a, b]) await createDatabase(admin, name);
  // The names have the same length, so the message stays valid.
  for (const name of [a, b]) hosts.push(await startHost(admin, (startup) => startup.replace(a, name)));
});
afterAll(async () => {
  for (const host of hosts) await host.stop();
  await root.close();
  for (const name of [a, b]) await dropDatabase(admin, urlOf(admin, name));
});

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

it('counts a host that accepts connections and never answers as unreachable, if there is no other', async () => {
  const silent = createServer(() => {}).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const db = openDatabase({ connectionString: urlAt([(silent.address() as AddressInfo).port], 'primary') }, 1);
  const own = db.dedicatedConnection();
  expect(await Promise.allSettled([databaseOf(db), own.queryText('select 1', [])])).toMatchObject([
    { reason: { code: '08006' } },
    { reason: { code: '08006' } },
  ]);
  await db.close();
  silent.close();
});

it('survives a host that ends the connection in the same moment in which it is open', async () => {
  // An error of PgBouncer, which has the code of a protocol violation.
  const host = createServer((socket) => {
    socket.once('data', () => socket.end(Buffer.concat([AUTHENTICATED, READY, FATAL])));
    socket.on('error', () => {});
  }).listen(0, '127.0.0.1');
  await once(host, 'listening');
  const { port } = host.address() as AddressInfo;
  for (const target of ['any', 'primary']) {
    const db = openDatabase({ connectionString: urlAt([port, port], target) }, 1);
    const own = db.dedicatedConnection();
    expect(await Promise.allSettled([databaseOf(db), own.queryText('select 1', [])])).toMatchObject([
      { reason: { code: '08006' } },
      { reason: { code: '08006' } },
    ]);
    await db.close();
  }
  host.close();
});

/** A message of a PostgreSQL server: a letter, the length and the content. */
function message(letter: string, content: string): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(content.length + 4);
  return Buffer.concat([Buffer.from(letter), length, Buffer.from(content, 'latin1')]);
}
const AUTHENTICATED = message('R', '\0\0\0\0');
const READY = message('Z', 'I');
const FATAL = message('E', 'SFATAL\0VFATAL\0C08P01\0Mserver login has been failing\0\0');

it('has the time zone of the server also if the URL has options', async () => {
  await setReadOnly(b, false);
  const options = encodeURIComponent('-c timezone=Asia/Tokyo -c work_mem=5MB');
  for (const url of [urlAt([second().port]), urlAt([second().port, second().port])]) {
    const db = openDatabase({ connectionString: `${url}?options=${options}` }, 1);
    const names = ['timezone', 'work_mem', 'statement_timeout'].map((name) => `current_setting('${name}') as ${name}`);
    expect(await db.queryText(`select ${names.join(', ')}`, [])).toEqual([
      { timezone: 'UTC', work_mem: '5MB', statement_timeout: '30s' },
    ]);
    await db.close();
  }
});
