import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { type Database, openDatabase, startEmbedded } from '../../src/database/index.ts';
import { addApp, type TestApp } from '../support/apps/apps.ts';
import { unrecordedTokens } from '../support/apps/token-audit.ts';
import { postmasterOf, temporaryFolder } from '../support/database/folders.ts';
import { runCli } from '../support/servers/command-line.ts';
import { freePort, type RunningServer, startServerProcess } from '../support/servers/processes.ts';
import { type RefreshChains, startRefreshChains } from '../support/servers/refresh-chains.ts';
import { startServer, type TestServer } from '../support/servers/server.ts';

vi.setConfig({ testTimeout: 600_000 });

const SECOND = 1000;

/** Expects that every chain is alive, that no request was lost, and that each token has an audit row. */
async function expectWhole(chains: RefreshChains, db: Pick<Database, 'queryText'>): Promise<void> {
  await chains.stop();
  expect(chains.lost).toEqual([]);
  expect(await unrecordedTokens(db)).toBe(0);
}

async function expectProgress(chains: RefreshChains): Promise<void> {
  const before = chains.refreshCount();
  const startedAt = Date.now();
  while (chains.refreshCount() <= before) {
    expect(Date.now() - startedAt, 'no chain gets on').toBeLessThan(120 * SECOND);
    await pause(20);
  }
}

describe('chains of refreshes, on the PostgreSQL of the tests', () => {
  let server: TestServer;
  let client: TestApp & { client_secret: string };
  let admin: pg.Client;
  beforeAll(async () => {
    server = await startServer();
    client = await addApp(server);
    admin = new pg.Client({ connectionString: server.databaseUrl });
    await admin.connect();
  });
  afterAll(async () => {
    await admin.end();
    await server.close();
  });
  const start = async (port: number): Promise<RunningServer> =>
    startServerProcess({ DATABASE_URL: server.databaseUrl, PORT: String(port), SANDBOX: 'on' });
  const chainsOn = (origin: string, patience: number) =>
    startRefreshChains({ origin, client: { ...client }, count: 8, patience });

  test.each([3, 60])('survive an audit table that is locked for 30 seconds; clients wait %i seconds', async (wait) => {
    const running = await start(await freePort());
    const chains = await chainsOn(running.origin, wait * SECOND);
    await expectProgress(chains);
    await admin.query('begin; lock table audit_event in access exclusive mode');
    await pause(30 * SECOND);
    await admin.query('commit');
    await expectProgress(chains);
    await expectWhole(chains, server.db);
    await running.stop();
  });

  test('survive kill -9 of the server at twenty moments', async () => {
    const port = await freePort();
    let running = await start(port);
    const chains = await chainsOn(running.origin, 10 * SECOND);
    for (let round = 0; round < 20; round += 1) {
      await expectProgress(chains);
      await pause((round * 37) % 230);
      await running.stop('SIGKILL');
      running = await start(port);
    }
    await expectWhole(chains, server.db);
    await running.stop();
  });

  test.each(STEPS())('survive kill -9 while $step', async ({ table }) => {
    const port = await freePort();
    const running = await start(port);
    const chains = await chainsOn(running.origin, 10 * SECOND);
    await expectProgress(chains);
    await admin.query(`begin; lock table ${table} in access exclusive mode`);
    await pause(2 * SECOND);
    await running.stop('SIGKILL');
    await admin.query('commit');
    const next = await start(port);
    await expectProgress(chains);
    await expectWhole(chains, server.db);
    await next.stop();
  });
});

/** Rows or tables that an exchange of a refresh token locks one after the other: the app, the token, the audit row. */
function STEPS() {
  return [
    { step: 'an exchange waits to read its app', table: 'app' },
    { step: 'an exchange waits for its token', table: 'token' },
    { step: 'an exchange waits for its audit row', table: 'audit_event' },
  ] as const;
}

describe.skipIf(!mayMount())('chains of refreshes, on a disk of their own (needs root and permission to mount)', () => {
  const MEGABYTE = 1024 * 1024;
  async function smallDisk(): Promise<string> {
    const folder = temporaryFolder();
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1500m,mode=711', 'tmpfs', folder]);
    expect(mounted.status).toBe(0);
    chmodSync(folder, 0o711);
    onTestFinished(async () => {
      const pid = postmasterOf(path.join(folder, 'data'));
      if (pid !== undefined) process.kill(pid, 'SIGQUIT');
      await pause(SECOND);
      spawnSync('umount', ['-l', folder]);
    });
    return folder;
  }
  /**
   * Fills the disk with one file.
   * @returns whether the disk is full
   */
  function fill(folder: string): boolean {
    const { bavail, bsize } = statfsSync(folder);
    try {
      writeFileSync(path.join(folder, 'filler'), Buffer.alloc(Math.min(bavail * bsize, 1500 * MEGABYTE)));
    } catch {
      // The disk has become full, which is intended.
    }
    return statfsSync(folder).bavail === 0;
  }

  test('survive a disk that is full for 20 seconds, write-ahead log included', async () => {
    const folder = await smallDisk();
    const env = { DATA_DIR: path.join(folder, 'data'), PORT: String(await freePort()) };
    const running = await startServerProcess(env);
    const steps = [
      'apps',
      'add',
      '--name',
      'Chains',
      '--redirect-uri',
      'https://app.example/cb',
      '--api',
      'r4',
      '--json',
    ];
    const client = { ...JSON.parse((await runCli(steps, env)).out), redirect_uri: 'https://app.example/cb' };
    const chains = await startRefreshChains({ origin: running.origin, client, count: 8, patience: 10 * SECOND });
    await expectProgress(chains);
    expect(fill(folder)).toBe(true);
    const before = chains.refreshCount();
    for (const end = Date.now() + 20 * SECOND; Date.now() < end; await pause(SECOND)) fill(folder);
    console.log(`${chains.refreshCount() - before} exchanges on a full disk`);
    rmSync(path.join(folder, 'filler'));
    await expectProgress(chains);
    const beside = await startEmbedded({ dataDir: env.DATA_DIR, serving: false });
    const db = openDatabase(beside.connection, 1);
    await expectWhole(chains, db);
    await db.close();
    await beside.stop();
    expect((await running.stop()).code).toBe(0);
  });
});

function mayMount(): boolean {
  if (process.getuid?.() !== 0) return false;
  const folder = mkdtempSync(path.join(tmpdir(), 'patient-access-mount-'));
  const { status } = spawnSync('mount', ['-t', 'tmpfs', 'tmpfs', folder]);
  if (status === 0) spawnSync('umount', [folder]);
  else console.log('This machine can’t mount a file system: the test with a full disk is skipped.');
  rmSync(folder, { recursive: true });
  return status === 0;
}
