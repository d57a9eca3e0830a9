import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { cliDatabase } from '../support/cli-database.ts';
import { cli } from '../support/command-line.ts';
import { makeFolder, postmasterOf, temporaryFolder } from '../support/folders.ts';
import { connectOver, refreshOver } from '../support/over-http.ts';
import { freePort, npmRun, type RunningServer, serve, serveRefused, startServing } from '../support/processes.ts';
import { until } from '../support/until.ts';

const CALLBACK = 'https://app.example/callback';

async function newEnvironment(): Promise<{ DATA_DIR: string; PORT: string }> {
  return { DATA_DIR: temporaryFolder(), PORT: String(await freePort()) };
}

async function addApp(env: Record<string, string>) {
  const { out } = await cli(
    ['apps', 'add', '--name', 'CLI app', '--redirect-uri', CALLBACK, '--api', 'r4,dstu2', '--json'],
    env,
  );
  return { ...JSON.parse(out), redirect_uri: CALLBACK };
}

const patientStatus = async (origin: string, token: string) =>
  (await fetch(`${origin}/nge/prod/fhir-api-r4/fhir/r4/Patient`, { headers: { authorization: `Bearer ${token}` } }))
    .status;

/** Processes start and fill a database: as long as that takes beside other tests. */
vi.setConfig({ testTimeout: 150_000 });

describe('the server on an empty folder', () => {
  let env: { DATA_DIR: string; PORT: string };
  let server: RunningServer;
  let app: Awaited<ReturnType<typeof addApp>>;
  let token: string;
  const kills: (() => void)[] = [];
  const start = () => serve(env, (kill) => kills.push(kill));
  beforeAll(async () => {
    const { folder, remove } = makeFolder();
    env = { DATA_DIR: folder, PORT: String(await freePort()) };
    return () => {
      for (const kill of kills) kill();
      return remove();
    };
  });

  it('says what to open once it listens, which is before the largest record of the sandbox is loaded', async () => {
    server = await start();
    expect(server.printed()).toContain('patientapitest / Password1!');
    expect(server.printed()).toContain(`${server.origin}/demo`);
    const usernames = async () => (await cli(['accounts', 'list', '--json'], env)).out;
    expect(await usernames()).toContain('patient23');
    await until(async () => (await usernames()).includes('patient02'));
  });

  it('serves the sandbox, and takes commands beside it', async () => {
    app = await addApp(env);
    token = (await connectOver(server.origin, app)).access_token;
    expect(await patientStatus(server.origin, token)).toBe(200);
  });

  it('keeps everything over a restart', async () => {
    expect((await server.stop()).code).toBe(0);
    expect(postmasterOf(env.DATA_DIR)).toBeUndefined();
    server = await start();
    expect(server.printed()).not.toContain('Filling the sandbox');
    expect(await patientStatus(server.origin, token)).toBe(200);
  });

  it('is not disturbed by a second server on its data folder, which is refused', async () => {
    const { code, err } = await serveRefused({ ...env, PORT: String(await freePort()) });
    expect(code).toBe(1);
    expect(err).toContain('already uses');
    expect((await fetch(`${server.origin}/`)).status).toBe(200);
  });

  it('after kill -9 under writes adopts its database, and no acknowledged refresh is lost', async () => {
    const chains = await Promise.all(Array.from({ length: 6 }, () => connectOver(server.origin, app)));
    const latest = chains.map((chain) => chain.refresh_token);
    const url = `${server.origin}/nge/prod/patient-oauth/token`;
    let acknowledged = 0;
    const running = latest.map(async (_, i) => {
      for (;;) {
        const next = await refreshOver(url, app, latest[i] ?? '').catch(() => undefined);
        if (next === undefined) return;
        latest[i] = next.refresh_token;
        acknowledged += 1;
      }
    });
    await until(() => acknowledged > 100);
    await server.stop('SIGKILL');
    await Promise.all(running);

    server = await start();
    for (const refresh_token of latest) {
      const next = await refreshOver(url, app, refresh_token);
      expect(await patientStatus(server.origin, next.access_token)).toBe(200);
    }
  });

  it('stops clean on Ctrl-C', async () => {
    expect((await server.stop('SIGINT')).code).toBe(0);
    expect(postmasterOf(env.DATA_DIR)).toBeUndefined();
  });
});

describe('a server that can not start', () => {
  it('says that its port is taken, in clear words, and leaves nothing behind', async () => {
    const env = await newEnvironment();
    const holder = createServer().listen(Number(env.PORT), '127.0.0.1');
    await until(() => holder.listening);
    const { code, err } = await serveRefused(env);
    holder.close();
    expect(code).toBe(1);
    expect(err).toContain(`127.0.0.1:${env.PORT} is taken`);
    expect(err).not.toContain('    at ');
    expect(postmasterOf(env.DATA_DIR)).toBeUndefined();
  });

  it('reports every faulty setting at once', async () => {
    const { code, err } = await cli(['serve'], { PORT: 'x', SANDBOX: 'perhaps' });
    expect(code).toBe(1);
    expect(err).toContain('PORT');
    expect(err).toContain('SANDBOX');
  });

  it.each([
    ['nobody listens there', 'postgres://user:secret@127.0.0.1:1/records'],
    ['there is no such host', 'postgres://user:secret@nowhere.invalid/records'],
  ])('says that DATABASE_URL can’t be used when %s, without its password', async (_, DATABASE_URL) => {
    const { code, err } = await cli(['serve'], { DATABASE_URL, PORT: String(await freePort()) });
    expect(code).toBe(1);
    expect(err).toContain("The database of DATABASE_URL can't be used");
    expect(err).not.toContain('secret');
    expect(err).not.toContain('    at ');
  });
});

it('a server that is stopped before it listens ends quietly and clean', async () => {
  const env = await newEnvironment();
  const starting = startServing(env);
  await until(() => postmasterOf(env.DATA_DIR) !== undefined);
  starting.child.kill('SIGINT');
  const { code, err } = await starting.ended;
  expect([code, err.includes('    at ')]).toEqual([0, false]);
  await until(() => postmasterOf(env.DATA_DIR) === undefined);
});

describe('the command line', () => {
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

  it('works without a running server: load, list, add an account; JSON alone on standard output', async () => {
    const env = { ...(await newEnvironment()), SANDBOX: 'off' };
    const file = path.join(temporaryFolder(), 'bundle.json');
    writeFileSync(file, JSON.stringify(bundle('Loaded')));

    const loaded = await cli(['load', file, '--json'], env);
    expect(loaded.code).toBe(0);
    expect(JSON.parse(loaded.out)).toMatchObject({ records: 1, created: 2, updated: 0, refused: [] });
    expect(JSON.parse((await cli(['load', file, '--json'], env)).out)).toMatchObject({
      created: 0,
      updated: 0,
      unchanged: 2,
    });

    const [patient] = JSON.parse((await cli(['patients', 'list', '--json'], env)).out);
    expect(patient).toEqual({
      id: '7d4c2a1e-0000-4000-8000-000000000001',
      name: 'Lia Loaded',
      practice: 'Live practice',
    });

    const account = JSON.parse((await cli(['patients', 'add', patient.id, '--username', 'lia', '--json'], env)).out);
    expect(account).toMatchObject({ username: 'lia', patient: patient.id });

    const app = await addApp(env);
    expect((await cli(['apps', 'set-state', app.client_id, 'active'], env)).code).toBe(0);
    expect(JSON.parse((await cli(['apps', 'list', '--json'], env)).out)).toMatchObject([
      { client_id: app.client_id, state: 'active' },
    ]);
    expect(postmasterOf(env.DATA_DIR)).toBeUndefined();

    const server = await serve(env);
    const tokens = await connectOver(server.origin, app, account);
    expect(tokens.patient).toBe(patient.id);
    expect(await patientStatus(server.origin, tokens.access_token)).toBe(200);
    await server.stop();
  });
});

describe('the command line on a database', () => {
  const { url, print } = cliDatabase();

  it('prints JSON alone through npm too', async () => {
    const { out } = await npmRun(['cli', '--', 'apps', 'list', '--json'], { DATABASE_URL: url, SANDBOX: 'off' });
    expect(JSON.parse(out)).toEqual([]);
  });

  it('says what is wrong and how to mend it', async () => {
    const tries: [string[], string][] = [
      [['load', '/nowhere/file.json'], '/nowhere/file.json'],
      [['load', 'x.json', '--practice', 'Nowhere'], 'There is no practice "Nowhere"'],
      [['patients', 'add', 'nobody'], 'No patient with the id nobody'],
      [['apps', 'add', '--name', '', '--redirect-uri', 'http://evil.example/', '--api', 'r4'], 'must use https'],
      [['apps', 'add', '--name', 'x', '--redirect-uri', CALLBACK, '--api', 'r5'], '"r5" is no API'],
      [['apps', 'set-state', 'nobody', 'active'], 'no app'],
    ];
    for (const [words, text] of tries) {
      const ran = await print(words);
      expect([ran.code, ran.err.includes(text), ran.err.includes('    at ')]).toEqual([1, true, false]);
    }
  });
});
