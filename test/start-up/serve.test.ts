import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { postmasterOf, temporaryFolder } from '../support/folders.ts';
import { connectOver, refreshOver } from '../support/over-http.ts';
import { cli, freePort, npmRun, serve, serveRefused, startServing } from '../support/processes.ts';
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

describe('the server as a process', () => {
  it('says what to open, serves the sandbox, takes commands beside it, keeps everything over a restart, and stops clean', async () => {
    const env = await newEnvironment();
    const first = await serve(env);
    expect(first.printed()).toContain('patientapitest / Password1!');
    expect(first.printed()).toContain(`${first.origin}/demo`);

    const app = await addApp(env);
    const tokens = await connectOver(first.origin, app);
    expect(await patientStatus(first.origin, tokens.access_token)).toBe(200);

    expect((await first.stop()).code).toBe(0);
    expect(postmasterOf(env.DATA_DIR)).toBeUndefined();

    const second = await serve(env);
    expect(second.printed()).not.toContain('Filling the sandbox');
    expect(await patientStatus(second.origin, tokens.access_token)).toBe(200);
    expect((await second.stop('SIGINT')).code).toBe(0);
    expect(postmasterOf(env.DATA_DIR)).toBeUndefined();
  });

  it('listens before the largest record of the sandbox is loaded, which comes while it serves', async () => {
    const env = await newEnvironment();
    const { stop } = await serve(env);
    const usernames = async () => (await cli(['accounts', 'list', '--json'], env)).out;
    expect(await usernames()).toContain('patient23');
    for (let times = 0; times < 60 && !(await usernames()).includes('patient02'); times += 1);
    expect(await usernames()).toContain('patient02');
    expect((await stop()).code).toBe(0);
    expect(postmasterOf(env.DATA_DIR)).toBeUndefined();
  });

  it('refuses a taken port in clear words, and leaves nothing behind', async () => {
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

  it('refuses a data folder that another server uses, and does not disturb that one', async () => {
    const env = await newEnvironment();
    const first = await serve(env);
    const { code, err } = await serveRefused({ ...env, PORT: String(await freePort()) });
    expect(code).toBe(1);
    expect(err).toContain('already uses');
    expect((await fetch(`${first.origin}/`)).status).toBe(200);
    await first.stop();
  });

  it('reports every faulty setting at once', async () => {
    const { code, err } = await serveRefused({ PORT: 'x', SANDBOX: 'perhaps' });
    expect(code).toBe(1);
    expect(err).toContain('PORT');
    expect(err).toContain('SANDBOX');
  });

  it.each([
    ['nobody listens there', 'postgres://user:secret@127.0.0.1:1/records'],
    ['there is no such host', 'postgres://user:secret@nowhere.invalid/records'],
  ])('says that DATABASE_URL can’t be used when %s, without its password', async (_, DATABASE_URL) => {
    const { code, err } = await serveRefused({ DATABASE_URL, PORT: String(await freePort()) });
    expect(code).toBe(1);
    expect(err).toContain("The database of DATABASE_URL can't be used");
    expect(err).not.toContain('secret');
    expect(err).not.toContain('    at ');
  });

  it('stopped before it listens ends quietly and clean', async () => {
    const env = await newEnvironment();
    const starting = startServing(env);
    await until(() => postmasterOf(env.DATA_DIR) !== undefined);
    starting.child.kill('SIGINT');
    const { code, err } = await starting.ended;
    expect([code, err.includes('    at ')]).toEqual([0, false]);
    await until(() => postmasterOf(env.DATA_DIR) === undefined);
  });

  it('after kill -9 under writes: adopts the database, and no acknowledged refresh is lost', async () => {
    const env = await newEnvironment();
    const first = await serve(env);
    const app = await addApp(env);
    const chains = await Promise.all(Array.from({ length: 6 }, () => connectOver(first.origin, app)));
    const latest = chains.map((chain) => chain.refresh_token);
    const url = `${first.origin}/nge/prod/patient-oauth/token`;
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
    await first.stop('SIGKILL');
    await Promise.all(running);

    const second = await serve(env);
    for (const refresh_token of latest) {
      const next = await refreshOver(url, app, refresh_token);
      expect(await patientStatus(second.origin, next.access_token)).toBe(200);
    }
    await second.stop();
  });
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
    const env = await newEnvironment();
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

  it('prints JSON alone through npm too', async () => {
    const { out } = await npmRun(['cli', '--', 'apps', 'list', '--json'], await newEnvironment());
    expect(JSON.parse(out)).toEqual([]);
  });

  it('says more of one command', async () => {
    const { code, out } = await cli(['apps', 'add', '--help'], await newEnvironment());
    expect([code, out.includes('--redirect-uri')]).toEqual([0, true]);
  });

  it.each<[string, string[], number, string]>([
    ['nothing', [], 0, 'Usage'],
    ['an unknown command', ['apps', 'frobnicate'], 2, 'There is no command "apps frobnicate"'],
    ['an unknown option', ['apps', 'add', '--nonsense'], 2, '--nonsense'],
  ])('says how it is used when given %s', async (_, words, code, text) => {
    const ran = await cli(words, await newEnvironment());
    expect(ran.code).toBe(code);
    expect(ran.out).toBe('');
    expect(ran.err).toContain(text);
  });

  it('says what is wrong and how to mend it', async () => {
    const env = await newEnvironment();
    const tries: [string[], string][] = [
      [['load', '/nowhere/file.json'], '/nowhere/file.json'],
      [['load', 'x.json', '--practice', 'Nowhere'], 'There is no practice "Nowhere"'],
      [['patients', 'add', 'nobody'], 'No patient with the id nobody'],
      [['apps', 'add', '--name', '', '--redirect-uri', 'http://evil.example/', '--api', 'r4'], 'must use https'],
      [['apps', 'add', '--name', 'x', '--redirect-uri', CALLBACK, '--api', 'r5'], '"r5" is no API'],
      [['apps', 'set-state', 'nobody', 'active'], 'no app'],
    ];
    for (const [words, text] of tries) {
      const ran = await cli(words, env);
      expect([ran.code, ran.err.includes(text), ran.err.includes('    at ')]).toEqual([1, true, false]);
    }
  });
});
