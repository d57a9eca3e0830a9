import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import path from 'node:path';
import pg from 'pg';
import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { readConfig } from '../../src/config/index.ts';
import { serveUntilStopped } from '../../src/serve.ts';
import { postmasterOf, temporaryFolder } from '../support/database/folders.ts';
import { WAITING_FOR_LOCK } from '../support/database/waiting-for-lock.ts';
import { until } from '../support/runs/until.ts';
import { cliDatabase } from '../support/servers/cli-database.ts';
import { runCli } from '../support/servers/command-line.ts';
import {
  addCliApp,
  CALLBACK,
  type Installation,
  makeInstallation,
  patientStatus,
} from '../support/servers/installation.ts';
import { connectOverHttp, refreshOverHttp } from '../support/servers/over-http.ts';
import {
  freePort,
  npmRun,
  type RunningServer,
  runFailingServer,
  spawnServer,
  startServerProcess,
} from '../support/servers/processes.ts';

/** Processes take long to start beside other tests. */
vi.setConfig({ testTimeout: 150_000 });
/**
 * Milliseconds in which a stopping server ends, on a busy machine too. By itself, the server would end an idle connection
 * later.
 */
const SHORTER_THAN_KEEP_ALIVE = 60_000;

// These tests keep their order. They follow one installation from its first command to its last stop, because each start
// takes seconds.
describe('an installation that commands created', { shuffle: false }, () => {
  let installation: Installation;
  let env: Installation['env'];
  let server: RunningServer;
  let app: Awaited<ReturnType<typeof addCliApp>>;
  let account: { username: string; password: string; patient: string };
  let token: string;
  beforeAll(async () => {
    const ports = { METRICS_PORT: String(await freePort()) };
    installation = await makeInstallation({ SANDBOX: 'off', LOG_FORMAT: 'json', DRAIN_SECONDS: '2', ...ports });
    env = installation.env;
    return installation.remove;
  });

  const bundle = (family: string) => ({
    resourceType: 'Bundle',
    type: 'transaction',
    entry: [
      {
        fullUrl: 'urn:uuid:7d4c2a1e-0000-4000-8000-000000000001',
        resource: {
          resourceType: 'Patient',
          id: '7d4c2a1e-0000-4000-8000-000000000001',
          name: [{ family, given: ['Lia'] }],
          gender: 'female',
        },
      },
      {
        fullUrl: 'urn:uuid:7d4c2a1e-0000-4000-8000-000000000002',
        resource: {
          resourceType: 'Condition',
          subject: { reference: 'urn:uuid:7d4c2a1e-0000-4000-8000-000000000001' },
          code: { text: 'Asthma' },
        },
      },
    ],
  });

  it('needs no running server for load, list and accounts, which print only JSON to standard output', async () => {
    const file = path.join(temporaryFolder(), 'bundle.json');
    writeFileSync(file, JSON.stringify(bundle('Loaded')));

    const loaded = await runCli(['load', file, '--json'], env);
    expect(loaded.code).toBe(0);
    expect(JSON.parse(loaded.out)).toMatchObject({ records: 1, created: 2, updated: 0, refused: [] });

    const [patient] = JSON.parse((await runCli(['patients', 'list', '--json'], env)).out);
    expect(patient).toEqual({
      id: '7d4c2a1e-0000-4000-8000-000000000001',
      name: 'Lia Loaded',
      practice: 'Live practice',
    });

    account = JSON.parse((await runCli(['patients', 'add', patient.id, '--username', 'lia', '--json'], env)).out);
    expect(account).toMatchObject({ username: 'lia', patient: patient.id });

    app = await addCliApp(env);
    expect((await runCli(['apps', 'set-state', app.client_id, 'active'], env)).code).toBe(0);
    expect(postmasterOf(env.DATA_DIR)).toBeUndefined();
  });

  it('is served as the commands left it', async () => {
    server = await installation.startServer();
    // Standard output has JSON lines only, and no link that opens the server.
    const lines = server.printed().trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { level: 40, msg: expect.stringContaining('administrators invite --name NAME') },
      { level: 30, msg: `Patient Access is listening on 127.0.0.1:${env.PORT}` },
    ]);
    expect(server.printed()).not.toContain('http');
    const tokens = await connectOverHttp(server.origin, app, account);
    token = tokens.access_token;
    expect(tokens.patient).toBe(account.patient);
    expect(await patientStatus(server.origin, token)).toBe(200);
  });

  it('is not disturbed by a second server on its data folder, which is rejected', async () => {
    const { code, out } = await runFailingServer({ ...env, PORT: String(await freePort()) });
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ level: 60, msg: expect.stringContaining('already uses') });
    expect((await fetch(`${server.origin}/`)).status).toBe(200);
  });

  it('adopts its database after kill -9 under writes, and no acknowledged refresh is lost', async () => {
    const latest: string[] = [];
    while (latest.length < 6) latest.push((await connectOverHttp(server.origin, app, account)).refresh_token);
    const url = `${server.origin}/nge/prod/patient-oauth/token`;
    let acknowledged = 0;
    const running = latest.map(async (_, i) => {
      for (;;) {
        const next = await refreshOverHttp(url, app, latest[i] ?? '').catch(() => undefined);
        if (next === undefined) return;
        latest[i] = next.refresh_token;
        acknowledged += 1;
      }
    });
    await until(() => acknowledged > 100);
    await server.stop('SIGKILL');
    await Promise.all(running);

    server = await installation.startServer();
    for (const refresh_token of latest) {
      const next = await refreshOverHttp(url, app, refresh_token);
      expect(await patientStatus(server.origin, next.access_token)).toBe(200);
    }
  });

  it('answers health checks, and has metrics on their own port only', async () => {
    const status = async (url: string) => (await fetch(url)).status;
    const metrics = `http://127.0.0.1:${env['METRICS_PORT']}`;
    for (const path of ['/livez', '/readyz']) expect(await status(`${server.origin}${path}`), path).toBe(200);
    for (const url of [`${server.origin}/metrics`, `${metrics}/other`]) expect(await status(url), url).toBe(404);
    const response = await fetch(`${metrics}/metrics`);
    expect(response.headers.get('content-type')).toContain('text/plain; version=0.0.4');
    expect(await response.text()).toMatch(/^patient_access_database_up 1$/m);
  });

  it('isn’t ready from the stop signal on, answers for DRAIN_SECONDS more, and then ends open connections and itself', {
    timeout: SHORTER_THAN_KEEP_ALIVE,
  }, async () => {
    const idle = connect(Number(env['PORT']), '127.0.0.1');
    idle.write('GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n');
    const [answer] = await once(idle, 'data');
    const [, keepAlive] = /^keep-alive: timeout=(\d+)/im.exec(String(answer)) ?? [];
    expect(Number(keepAlive) * 1000).toBeGreaterThan(SHORTER_THAN_KEEP_ALIVE);
    const disconnected = once(idle, 'close');

    const began = performance.now();
    const stopped = server.stop();
    await until(async () => (await fetch(`${server.origin}/readyz`)).status === 503);
    expect((await fetch(`${server.origin}/`)).status).toBe(200);
    expect(idle.closed).toBe(false);
    expect((await stopped).code).toBe(0);
    expect((performance.now() - began) / 1000).toBeGreaterThanOrEqual(2);
    await disconnected;
    expect(postmasterOf(env.DATA_DIR)).toBeUndefined();
  });
});

async function newEnvironment(): Promise<{ DATA_DIR: string; PORT: string }> {
  return { DATA_DIR: temporaryFolder(), PORT: String(await freePort()) };
}

describe('a server that cannot start', () => {
  it('explains that its port is taken, and leaves nothing behind', async () => {
    const env = await newEnvironment();
    const holder = createServer().listen(Number(env.PORT), '127.0.0.1');
    await until(() => holder.listening);
    const { code, err } = await runCli(['serve'], env);
    holder.close();
    expect(code).toBe(1);
    expect(err).toContain(`127.0.0.1:${env.PORT} is used`);
    expect(err).not.toContain('    at ');
    expect(postmasterOf(env.DATA_DIR)).toBeUndefined();
  });

  it('reports every invalid setting at once', async () => {
    const { code, err } = await runCli(['serve'], { PORT: 'x', SANDBOX: 'perhaps' });
    expect(code).toBe(1);
    expect(err).toContain('PORT');
    expect(err).toContain('SANDBOX');
  });

  it('doesn’t publish the sandbox by accident', async () => {
    const { code, err } = await runCli(['serve'], { PUBLIC_URL: 'https://api.example.org' });
    expect(code).toBe(1);
    expect(err).toContain("SANDBOX must be set, because https://api.example.org isn't on this machine.");
  });

  it.each([
    ['nothing listens there', 'postgres://user:secret@127.0.0.1:1/records'],
    ['the host does not exist', 'postgres://user:secret@nowhere.invalid/records'],
  ])('says that DATABASE_URL cannot be used when %s, without its password', async (_, DATABASE_URL) => {
    const { code, err } = await runCli(['serve'], { DATABASE_URL, PORT: String(await freePort()) });
    expect(code).toBe(1);
    expect(err).toContain("The database in DATABASE_URL can't be used");
    expect(err).not.toContain('secret');
    expect(err).not.toContain('    at ');
  });
});

describe('with LOG_FORMAT=json, an error that ends the server', () => {
  const URL_WITH_SECRET = 'postgres://user:secret@127.0.0.1:1/records';

  it.each([
    [
      'invalid settings',
      { PORT: 'x', SANDBOX: 'perhaps' },
      /can't be used: PORT is "x" but .+ SANDBOX is "perhaps" but/,
    ],
    ['an unreachable database', { DATABASE_URL: URL_WITH_SECRET }, /DATABASE_URL can't be used: .*ECONNREFUSED/],
  ])('is one line of the log: %s', async (_, settings, text) => {
    const env = { LOG_FORMAT: 'json', PORT: String(await freePort()), ...settings };
    const { code, out, err } = await runFailingServer(env);
    expect({ code, err }).toEqual({ code: 1, err: '' });
    const line = { level: 60, time: expect.any(Number), msg: expect.stringMatching(text) };
    expect(JSON.parse(out)).toEqual(line);
    expect(out).not.toContain('secret');
    // The command "serve" prints what the server says at the start to standard error.
    const command = await runCli(['serve'], env);
    expect({ code: command.code, line: JSON.parse(command.err) }).toEqual({ code: 1, line });
  });
});

it('a server that is stopped before it listens ends quietly and cleanly', async () => {
  const env = await newEnvironment();
  const starting = spawnServer(env);
  await until(() => postmasterOf(env.DATA_DIR) !== undefined);
  starting.child.kill('SIGINT');
  const { code, err } = await starting.ended;
  expect({ code, hasStack: err.includes('    at ') }).toEqual({ code: 0, hasStack: false });
  await until(() => postmasterOf(env.DATA_DIR) === undefined);
});

describe('the command line on a database', () => {
  const { url, print, db } = cliDatabase();

  it('prints only JSON through npm too', async () => {
    const { out } = await npmRun(['cli', '--', 'apps', 'list', '--json'], { DATABASE_URL: url, SANDBOX: 'off' });
    expect(JSON.parse(out)).toEqual([]);
  });

  it('prints only JSON if the server can’t fill its sandbox and LOG_FORMAT is json', async () => {
    const settings = { DATABASE_URL: url, SANDBOX: 'on', LOG_FORMAT: 'json', PORT: String(await freePort()) };
    const printed: string[] = [];
    const serving = serveUntilStopped({
      config: readConfig(settings),
      // The process that fills the sandbox gets these settings, which are invalid.
      environment: { ...settings, PASSWORD_COST: 'x' },
      print: (text) => printed.push(text),
      stop: new AbortController().signal,
    });
    await expect(serving).rejects.toThrow('the reason is above');
    expect(printed.map((line) => JSON.parse(line))).toMatchObject([
      { level: 40, msg: "The settings can't be used:" },
      { level: 40, msg: expect.stringContaining('PASSWORD_COST') },
    ]);
  });

  /** Opens a connection that keeps a table locked until it ends. */
  async function lockTable(table: string): Promise<pg.Client> {
    const holder = new pg.Client(url);
    onTestFinished(() => holder.end());
    await holder.connect();
    await holder.query(`begin; lock table ${table} in access exclusive mode`);
    return holder;
  }
  /** Ends the connections that wait for a lock, as if the database went away, until a condition is met. */
  const endWaitingUntil = (isMet: () => boolean): Promise<void> =>
    until(async () => {
      await db().queryText(`select pg_terminate_backend(pid) from (${WAITING_FOR_LOCK}) waiting`, []);
      return isMet();
    });

  it('tells the operator that the database of a server went away before it listened', async () => {
    const holder = await lockTable('practice');
    const serving = runCli(['serve'], { DATABASE_URL: url, SANDBOX: 'off', PORT: String(await freePort()) });
    let hasEnded = false;
    void serving.then(() => {
      hasEnded = true;
    });
    await endWaitingUntil(() => hasEnded);
    await holder.end();
    const { code, err } = await serving;
    expect({ code, hasStack: err.includes('    at ') }).toEqual({ code: 1, hasStack: false });
    expect(err).toContain('its database became unavailable (57P01: terminating connection');
  });

  it('lets a server that listens run on while the database can’t start its jobs, and then starts them', async () => {
    const holder = await lockTable('pgboss.schedule');
    const PORT = String(await freePort());
    const server = await startServerProcess({ DATABASE_URL: url, SANDBOX: 'off', PORT, LOG_LEVEL: 'error' });
    const retries = () => [...server.printed().matchAll(/^\{.*"start":"jobs".*$/gm)].map(([line]) => JSON.parse(line));
    await endWaitingUntil(() => retries().length > 1);
    expect((await fetch(`${server.origin}/readyz`)).status).toBe(200);
    expect(retries().slice(0, 2)).toMatchObject([
      { level: 50, problem: '57P01', retrySeconds: 1 },
      { level: 50, problem: '57P01', retrySeconds: 2 },
    ]);
    const schedules = async () => (await db().queryText('select from pgboss.schedule', [])).length;
    await holder.end();
    await until(async () => (await schedules()) > 0);
    expect((await server.stop()).code).toBe(0);
  });

  it('explains errors and their fixes', async () => {
    const tries: [string[], string][] = [
      [['load', '/nowhere/file.json'], '/nowhere/file.json'],
      [['load', 'x.json', '--practice', 'Nowhere'], 'There is no practice "Nowhere"'],
      [['patients', 'add', 'nobody'], 'No patient with the id nobody'],
      [['apps', 'add', '--name', 'x', '--redirect-uri', 'http://evil.example/', '--api', 'r4'], 'must use https'],
      [['apps', 'add', '--name', 'x', '--redirect-uri', CALLBACK, '--api', 'r5'], 'Unknown API "r5"'],
      [['apps', 'set-state', 'nobody', 'active'], 'no app'],
    ];
    for (const [words, text] of tries) {
      const ran = await print(words);
      expect({ code: ran.code, saysWhy: ran.err.includes(text), hasStack: ran.err.includes('    at ') }).toEqual({
        code: 1,
        saysWhy: true,
        hasStack: false,
      });
    }
  });
});
