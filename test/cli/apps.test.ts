import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createDeveloperActivityLog, findApp, findVersions, listAppEvents } from '../../src/apps/index.ts';
import { type ClientId, systemClock as clock, systemRandom as random } from '../../src/kernel/index.ts';
import { cliDatabase } from '../support/servers/cli-database.ts';

const { db, print } = cliDatabase();
const folder = mkdtempSync(path.join(tmpdir(), 'patient-access-cli-'));
afterAll(() => rmSync(folder, { recursive: true }));

const plainly = (args: readonly string[], settings: Record<string, string> = {}) =>
  print(args, { SANDBOX: 'on', INIT_CWD: folder, ...settings });

async function run(args: readonly string[], settings: Record<string, string> = {}) {
  const { code, out, err } = await plainly([...args, '--json'], settings);
  return { code, err, value: out === '' ? undefined : JSON.parse(out) };
}

const found = async (clientId: string) => {
  const app = await findApp(db(), clock, clientId);
  if (app === undefined) throw new Error(`${clientId} is not there`);
  return app;
};

async function added(...args: string[]) {
  const { code, err, value } = await run(['apps', 'add', '--name', 'An app', '--api', 'r4', ...args]);
  if (code !== 0) throw new Error(err);
  return { ...value, app: await found(value.client_id) };
}

const CALLBACK = ['--redirect-uri', 'https://app.example/cb'];

function keyFile(): string {
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' });
  writeFileSync(
    path.join(folder, 'keys.json'),
    JSON.stringify({ keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'k' }] }),
  );
  return 'keys.json';
}

describe('apps add', { timeout: 60_000 }, () => {
  it('registers a patient app with a secret by default', async () => {
    const { app, client_secret } = await added(...CALLBACK);
    expect(client_secret).toMatch(/^[\w-]{43}$/);
    expect(app).toMatchObject({
      kind: 'patient',
      auth: 'secret',
      state: 'provisional',
      scope: 'openid profile fhirUser launch/patient offline_access online_access patient/*.rs',
      requireAud: false,
      secretInQuery: true,
      idTokenAlg: 'RS256',
      dpopBound: false,
      mayIntrospect: false,
    });
  });
  it('registers a public app, or one with every option', async () => {
    const open = await added(...CALLBACK, '--public');
    expect({ auth: open.app.auth, client_secret: open.client_secret }).toEqual({
      auth: 'none',
      client_secret: undefined,
    });
    const switches = ['--require-aud', '--may-introspect', '--id-token-alg', 'ES256', '--dpop-bound', '--active'];
    expect((await added(...CALLBACK, ...switches)).app).toMatchObject({
      requireAud: true,
      mayIntrospect: true,
      idTokenAlg: 'ES256',
      dpopBound: true,
      state: 'active',
    });
  });
  it('registers a staff app, launched from the practice portal', async () => {
    const { app } = await added(...CALLBACK, '--kind', 'staff', '--launch-uri', 'https://app.example/launch');
    expect(app).toMatchObject({
      kind: 'staff',
      launchUri: 'https://app.example/launch',
      scope: 'openid profile fhirUser launch launch/patient offline_access online_access patient/*.rs user/*.rs',
    });
  });
  it('registers a backend app: with keys of a file in the caller’s folder, at the sandbox or the named practices', async () => {
    const keys = keyFile();
    const sandbox = await added('--kind', 'backend', '--jwks', keys);
    expect(sandbox.app).toMatchObject({
      kind: 'backend',
      auth: 'private_key_jwt',
      scope: 'system/*.rs',
      practiceIds: [1],
      jwks: { keys: [{ kid: 'k', crv: 'P-384' }] },
      redirectUris: [],
    });
    expect(sandbox.client_secret).toBeUndefined();
    const both = ['--practice', 'Live practice', '--practice', 'Sandbox Family Practice'];
    const named = await added('--kind', 'backend', '--jwks-uri', 'https://app.example/jwks', ...both);
    expect(named.app).toMatchObject({ practiceIds: [2, 1], jwksUri: 'https://app.example/jwks', jwks: undefined });
  });
  it('says which practices a backend app reads, which --active does not extend', async () => {
    const backend = ['--kind', 'backend', '--jwks', keyFile(), '--active'];
    const sandbox = await added(...backend);
    expect(sandbox).toMatchObject({ practices: ['Sandbox Family Practice'], app: { practiceIds: [1] } });
    expect((await added(...backend, '--practice', 'Live practice')).practices).toEqual(['Live practice']);
    expect(await added(...CALLBACK)).not.toHaveProperty('practices');
    const args = ['apps', 'add', '--name', 'An app', '--api', 'r4', '--kind', 'backend'];
    const keys = ['--jwks', path.join(folder, keyFile()), '--active'];
    const plain = await plainly([...args, ...keys]);
    expect(plain.out).toContain('practices: Sandbox Family Practice\nThe app reads only the sandbox practices.');
    expect(plain.out).toContain('--practice NAME');
    const named = await plainly([...args, ...keys, '--practice', 'Live practice']);
    expect(named.out).toContain('practices: Live practice\nThe app is active.');
  });
  it('warns that the launcher cannot open a staff app without a launch URI', async () => {
    const { warnings } = await added(...CALLBACK, '--kind', 'staff');
    expect(warnings).toEqual([expect.stringContaining("can't open the app from a chart")]);
    expect(
      await added(...CALLBACK, '--kind', 'staff', '--launch-uri', 'https://app.example/launch'),
    ).not.toHaveProperty('warnings');
    const args = ['apps', 'add', '--name', 'An app', '--api', 'r4', '--kind', 'staff', ...CALLBACK];
    expect((await plainly(args)).out).toContain("can't open the app from a chart");
  });
  it('warns of a name that resembles the server’s or a practice’s, unless its developer was verified', async () => {
    const args = ['apps', 'add', '--api', 'r4', ...CALLBACK, '--name', 'Live Practice Portal'];
    expect((await run(args)).value.warnings).toEqual([expect.stringContaining('looks like “Live practice”')]);
    expect((await run([...args, '--developer', 'Acme', '--verified'])).value).not.toHaveProperty('warnings');
  });
  it('SMART App Launch 2.2 §3.0.2: rejects scopes that can never be granted, and stores nothing', async () => {
    const many = async () => (await db().queryText<{ n: number }>('select count(*)::int as n from app', []))[0]?.n;
    const before = await many();
    const scope = 'openid patient/Foo.rs patient/Patient.rs patient/Observation.rs?colour=red';
    const { code, err } = await run(['apps', 'add', '--name', 'An app', '--api', 'r4', ...CALLBACK, '--scope', scope]);
    expect(code).toBe(1);
    expect(err).toContain("patient/Foo.rs (the type Foo isn't supported)");
    expect(err).toContain("patient/Observation.rs?colour=red (the search after the ? isn't supported)");
    expect(err).not.toContain('patient/Patient.rs');
    expect(await many()).toBe(before);
  });
  it('accepts scopes that can be granted in part, and prints that part', async () => {
    const { app, warnings } = await added(...CALLBACK, '--scope', 'patient/Patient.cruds patient/MedicationOrder.read');
    expect(app.scope).toBe('patient/Patient.cruds patient/MedicationOrder.read');
    expect(warnings).toEqual(['This server grants only patient/Patient.rs of patient/Patient.cruds.']);
    const staff = 'launch launch/encounter patient/*.rs user/*.rs';
    const launched = [...CALLBACK, '--kind', 'staff', '--launch-uri', 'https://app.example/launch'];
    expect(await added(...launched, '--scope', staff)).not.toHaveProperty('warnings');
  });
  it('reports all errors, with their fixes', async () => {
    const rejectionOf = async (args: string[], settings = {}) => {
      const { code, err } = await run(['apps', 'add', '--name', 'An app', '--api', 'r4', ...args], settings);
      expect(code).toBe(1);
      return err;
    };
    const many = await rejectionOf([
      '--kind',
      'backend',
      '--scope',
      'patient/*.rs',
      '--redirect-uri',
      'https://a.example/',
    ]);
    for (const args of ['Add its public keys', 'only system/ scopes', 'Remove its redirect URI'])
      expect(many).toContain(args);
    expect(await rejectionOf([...CALLBACK, '--kind', 'robot'])).toContain('patient, staff, backend');
    expect(await rejectionOf([...CALLBACK, '--jwks', 'nowhere.json'])).toContain('ENOENT');
    writeFileSync(path.join(folder, 'broken.json'), '{');
    expect(await rejectionOf([...CALLBACK, '--jwks', 'broken.json'])).toContain('it isn’t valid JSON');
    expect(await rejectionOf([...CALLBACK, '--jwks', 'broken.json', '--public'])).toContain('Use either --public');
    const nowhere = ['--kind', 'backend', '--jwks', keyFile(), '--practice', 'Nowhere'];
    expect(await rejectionOf(nowhere)).toContain(
      'There is no practice "Nowhere". Use one of: "Sandbox Family Practice"',
    );
    const http = [...CALLBACK, '--jwks-uri', 'http://keys.example/'];
    expect(await rejectionOf(http)).toContain('TRUSTED_JWKS_HOSTS');
    expect(
      (await run(['apps', 'add', '--name', 'x', '--api', 'r4', ...http], { TRUSTED_JWKS_HOSTS: 'keys.example' })).code,
    ).toBe(0);
  });
});

describe('apps set', { timeout: 60_000 }, () => {
  it('changes only the named fields', async () => {
    const { client_id } = await added(...CALLBACK);
    const args = ['--require-aud', 'on', '--query-secret', 'off', '--may-introspect', 'on', '--id-token-alg', 'ES256'];
    const { value } = await run(['apps', 'set', client_id, ...args]);
    expect(value).toMatchObject({
      require_aud: true,
      query_secret: false,
      may_introspect: true,
      id_token_alg: 'ES256',
    });
    expect(await found(client_id)).toMatchObject({
      requireAud: true,
      secretInQuery: false,
      mayIntrospect: true,
      idTokenAlg: 'ES256',
      redirectUris: ['https://app.example/cb'],
    });
    const uris = 'https://a.example/,com.example.app:/cb';
    await run([
      'apps',
      'set',
      client_id,
      '--scope',
      'patient/Patient.rs',
      '--redirect-uri',
      uris,
      '--require-aud',
      'off',
    ]);
    expect(await found(client_id)).toMatchObject({
      requireAud: false,
      secretInQuery: false,
      scope: 'patient/Patient.rs',
      redirectUris: ['https://a.example/', 'com.example.app:/cb'],
    });
    const rows = await db().queryText<{ detail: object }>(
      `select detail from audit_event where client_id = $1 and detail->>'action' = 'set' order by at`,
      [client_id],
    );
    expect(rows[1]?.detail).toEqual({
      action: 'set',
      changed: ['redirect-uri', 'scope', 'require-aud'],
      by: 'command line',
    });
  });
  it('rejects scopes that can never be granted, and changes nothing', async () => {
    const { client_id, app } = await added(...CALLBACK);
    const rejected = await run(['apps', 'set', client_id, '--scope', 'patient/Foo.rs']);
    expect({ code: rejected.code, err: rejected.err }).toEqual({
      code: 1,
      err: expect.stringContaining("patient/Foo.rs (the type Foo isn't supported)"),
    });
    expect((await found(client_id)).scope).toBe(app.scope);
    const { value } = await run(['apps', 'set', client_id, '--scope', 'patient/Patient.cruds']);
    expect(value.warnings).toEqual([expect.stringContaining('grants only patient/Patient.rs of')]);
  });
  it('rejects what cannot be registered', async () => {
    const { client_id } = await added(...CALLBACK, '--public');
    for (const [args, message] of [
      [['--scope', 'system/*.rs'], 'backend apps'],
      [['--redirect-uri', 'http://a.example/'], 'must use https'],
      [['--may-introspect', 'on'], 'public'],
      [['--require-aud', 'maybe'], 'one of: on, off'],
    ] as const) {
      const { code, err } = await run(['apps', 'set', client_id, ...args]);
      expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining(message) });
    }
    expect((await run(['apps', 'set', 'nobody', '--require-aud', 'on'])).err).toContain(
      'no app with the client_id nobody',
    );
  });
});

describe('the public details of an app', { timeout: 60_000 }, () => {
  it('are registered with it: developer, verification, privacy policy, answers', async () => {
    const about = ['--developer', 'Acme Health', '--verified', '--policy-uri', 'https://acme.example/privacy'];
    const { app, client_id } = await added(...CALLBACK, ...about, '--answer', 'sold=no', '--answer', 'place=device');
    expect(app).toMatchObject({
      developer: 'Acme Health',
      verifiedAt: expect.any(Date),
      metadata: { policy_uri: 'https://acme.example/privacy' },
      dataUse: { sold: 'no', place: 'device' },
    });
    const { value } = await run(['apps', 'show', client_id]);
    expect(value).toMatchObject({ client_id, developer: 'Acme Health', data_use: { sold: 'no', place: 'device' } });
    expect(value.verified_at).toBe(app.verifiedAt?.toISOString());
  });
  it('are changed one by one, and an empty answer removes one', async () => {
    const { client_id } = await added(...CALLBACK, '--answer', 'sold=no', '--answer', 'shared=yes');
    await run([
      'apps',
      'set',
      client_id,
      '--answer',
      'sold=',
      '--answer',
      'kept=no',
      '--policy-uri',
      'https://a.example/p',
    ]);
    expect(await found(client_id)).toMatchObject({ dataUse: { shared: 'yes', kept: 'no' } });
    expect((await found(client_id)).dataUse).not.toHaveProperty('sold');
    await run(['apps', 'set', client_id, '--policy-uri', '']);
    expect((await found(client_id)).metadata).toEqual({});
  });
  it('lose their verification with another developer, unless it is given', async () => {
    const { client_id } = await added(...CALLBACK, '--developer', 'Acme', '--verified');
    await run(['apps', 'set', client_id, '--developer', 'Acme', '--require-aud', 'on']);
    expect((await found(client_id)).verifiedAt).not.toBeNull();
    await run(['apps', 'set', client_id, '--developer', 'Other']);
    expect(await found(client_id)).toMatchObject({ developer: 'Other', verifiedAt: null });
    await run(['apps', 'set', client_id, '--developer', 'Third', '--verified', 'on']);
    expect((await found(client_id)).verifiedAt).not.toBeNull();
    await run(['apps', 'set', client_id, '--verified', 'off']);
    expect((await found(client_id)).verifiedAt).toBeNull();
  });
  it('are rejected if pages cannot display them, or for an invalid answer', async () => {
    const { client_id } = await added(...CALLBACK);
    for (const [args, message] of [
      [['--answer', 'sold=perhaps'], 'one of: no, with-consent, yes'],
      [['--answer', 'constructor=no'], 'unknown question'],
      [['--policy-uri', 'javascript:alert(1)'], 'must be an https:// URL'],
      [['--policy-uri', 'http://a.example/'], 'must be an https:// URL'],
      [['--policy-uri', 'https://me@a.example/'], 'must be an https:// URL'],
      [['--verified', 'on'], 'the developer can’t be verified'],
      [['--developer', 'A\u202ecme'], 'only visible characters'],
    ] as const) {
      const { code, err } = await run(['apps', 'set', client_id, ...args]);
      expect({ code, err }, args.join(' ')).toEqual({ code: 1, err: expect.stringContaining(message) });
    }
  });
  it('apps set accepts what apps add accepts: APIs, launch URI, practices, DPoP', async () => {
    const staff = await added(...CALLBACK, '--kind', 'staff');
    await run([
      'apps',
      'set',
      staff.client_id,
      '--launch-uri',
      'https://app.example/launch',
      '--api',
      'dstu2',
      '--dpop-bound',
      'on',
    ]);
    expect(await found(staff.client_id)).toMatchObject({
      launchUri: 'https://app.example/launch',
      apis: ['dstu2'],
      dpopBound: true,
    });
    const backend = await added('--kind', 'backend', '--jwks', keyFile());
    await run(['apps', 'set', backend.client_id, '--practice', 'Live practice']);
    expect((await found(backend.client_id)).practiceIds).toEqual([2]);
    expect((await run(['apps', 'set', backend.client_id, '--practice', 'Nowhere'])).err).toContain(
      'no practice "Nowhere"',
    );
  });
  it('sets the requests that the app may send per minute, or leaves them to the default', async () => {
    const { client_id } = await added(...CALLBACK);
    expect((await run(['apps', 'show', client_id])).value.requests_per_minute).toBeNull();
    const limit = async (value: string) => run(['apps', 'set', client_id, '--requests-per-minute', value]);
    expect((await limit('60000')).value.requests_per_minute).toBe(60_000);
    expect(await limit('many')).toMatchObject({ code: 2, err: expect.stringContaining('must be a number') });
    expect(await limit('0')).toMatchObject({ code: 1, err: expect.stringContaining('from 1 to 1000000') });
    expect((await found(client_id)).requestsPerMinute).toBe(60_000);
    expect((await limit('default')).value.requests_per_minute).toBeNull();
  });
  it('apps show says that the details are missing', async () => {
    expect((await run(['apps', 'show', 'nobody'])).err).toContain('no app with the client_id nobody');
    expect(await run(['apps', 'show'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('CLIENT_ID is missing.'),
    });
  });
});

describe('apps secret', { timeout: 60_000 }, () => {
  it('adds a second secret, rejects a third, and ends one', async () => {
    const { client_id, app } = await added(...CALLBACK);
    const second = await run(['apps', 'secret', client_id, '--expires-in', '30']);
    expect(second.value.client_secret).toMatch(/^[\w-]{43}$/);
    expect(new Date(second.value.expires_at).getTime() - Date.now()).toBeGreaterThan(29 * 86_400_000);
    expect((await found(client_id)).secretHashes).toHaveLength(2);
    const third = await run(['apps', 'secret', client_id]);
    expect(third.code).toBe(1);
    const createdAt = /created at (\S+) and/.exec(third.err)?.[1] ?? '';
    expect((await run(['apps', 'secret', client_id, '--end', createdAt])).value).toEqual({
      client_id,
      ended: createdAt,
    });
    const [left] = (await found(client_id)).secretHashes;
    expect(left).not.toEqual(app.secretHashes[0]);
    expect((await run(['apps', 'secret', client_id, '--end', createdAt])).err).toContain(
      'no secret that was created at that time',
    );
    expect((await run(['apps', 'secret', client_id, '--end', 'then'])).err).toContain('must be a time');
    expect((await run(['apps', 'secret', client_id, '--expires-in', '0'])).err).toContain('whole number');
  });
  it('gives a secret a name, which apps show prints with creation and expiry', async () => {
    const { client_id } = await added(...CALLBACK);
    const { value } = await run(['apps', 'secret', client_id, '--name', 'Production', '--expires-in', '30']);
    const shown = await run(['apps', 'show', client_id]);
    expect(shown.value.secrets).toEqual([
      { name: 'Secret', made_at: expect.any(String), expires_at: null },
      { name: 'Production', made_at: expect.any(String), expires_at: value.expires_at },
    ]);
    const plain = await plainly(['apps', 'show', client_id]);
    expect(plain.out).toMatch(/^secrets: "Secret" created \S+ "Production" created \S+, expires \S+$/m);
    expect(plain.out).not.toContain(value.client_secret);
  });
});

describe('apps add and apps set-state: the review of any other app', () => {
  const detailsOf = async (clientId: string) =>
    (await listAppEvents(db(), clientId)).map(({ kind, bySide }) => `${kind} by ${bySide}`).reverse();

  it('a new app waits for an administrator, and the command line can decide like one', async () => {
    const { client_id } = await added(...CALLBACK);
    expect(await findVersions(db(), client_id)).toMatchObject([{ version: 1, state: 'waiting' }]);
    expect((await run(['apps', 'set-state', client_id, 'active'])).code).toBe(0);
    expect(await findVersions(db(), client_id)).toMatchObject([{ version: 1, state: 'approved' }]);
    expect((await detailsOf(client_id)).sort()).toEqual(
      ['registered by operator', 'submitted by operator', 'verified by operator', 'approved by operator'].sort(),
    );
  });

  it('--active: is approved by the same command', async () => {
    const { client_id } = await added(...CALLBACK, '--active');
    expect((await found(client_id)).state).toBe('active');
    expect(await findVersions(db(), client_id)).toMatchObject([{ state: 'approved' }]);
    expect(await detailsOf(client_id)).toContain('approved by operator');
  });

  it('45 CFR 171.203: a rejection or suspension needs a valid ground and an explanation, which the developers can read', async () => {
    const { client_id } = await added(...CALLBACK, '--active');
    const silent = await run(['apps', 'set-state', client_id, 'suspended']);
    expect({ code: silent.code, err: silent.err }).toEqual({
      code: 1,
      err: expect.stringContaining('--ground (for this app: authenticity'),
    });
    const wrong = await run(['apps', 'set-state', client_id, 'suspended', '--ground', 'other', '--reason', 'Ugly']);
    expect({ code: wrong.code, state: (await found(client_id)).state }).toEqual({ code: 1, state: 'active' });
    const why = ['--ground', 'security-risk', '--reason', 'A key leaked'];
    expect((await run(['apps', 'set-state', client_id, 'suspended', ...why])).code).toBe(0);
    const event = (await listAppEvents(db(), client_id)).find(({ kind }) => kind === 'suspended');
    expect(event?.detail).toEqual({ ground: 'security-risk', reason: 'A key leaked' });
    expect((await run(['apps', 'set-state', client_id, 'active'])).code).toBe(0);
    expect((await run(['apps', 'set-state', client_id, 'rejected', ...why])).err).toContain("can't become rejected");
  });
});

describe('apps list and apps log', { timeout: 60_000 }, () => {
  it('list shows the audience and the authentication method of an app', async () => {
    const { client_id } = await added('--kind', 'backend', '--jwks', keyFile());
    const { value } = await run(['apps', 'list']);
    expect(value.find((app: { client_id: string }) => app.client_id === client_id)).toMatchObject({
      kind: 'backend',
      auth: 'private_key_jwt',
      practices: ['Sandbox Family Practice'],
      registered_by: 'operator',
    });
    const plain = await plainly(['apps', 'list']);
    expect(plain.out).toMatch(new RegExp(`${client_id} +provisional +backend +private_key_jwt +r4 +An app`));
  });
  it('log shows why the server rejected it, the newest first', async () => {
    const { client_id } = await added(...CALLBACK);
    let at = new Date('2026-04-01T12:00:00Z');
    const log = createDeveloperActivityLog({ db: db(), clock: { now: () => at }, random });
    const rejection = {
      clientId: client_id as ClientId,
      endpoint: 'token',
      error: 'invalid_grant',
      requestId: 'r',
      proved: true,
    } as const;
    log.logError({ ...rejection, cause: 'PKCE verifier does not match' });
    at = new Date('2026-04-01T12:00:04Z');
    log.logError({ ...rejection, cause: 'code used 4 s ago' });
    await log.close();
    const { value } = await run(['apps', 'log', client_id]);
    const [last, first] = ['2026-04-01T12:00:04.000Z', '2026-04-01T12:00:00.000Z'];
    expect(value).toEqual([
      { at: last, endpoint: 'token', error: 'invalid_grant', cause: 'code used 4 s ago', request_id: 'r' },
      { at: first, endpoint: 'token', error: 'invalid_grant', cause: 'PKCE verifier does not match', request_id: 'r' },
    ]);
    expect((await run(['apps', 'log', client_id, '--limit', '1'])).value).toHaveLength(1);
    expect((await run(['apps', 'log', client_id, '--limit', 'x'])).err).toContain('whole number');
    expect((await run(['apps', 'log', 'nobody'])).err).toContain('no app');
    const plain = await plainly(['apps', 'log', client_id]);
    expect(plain.out).toMatch(/when +endpoint +error +cause\n.*\n.* token +invalid_grant +/);
  });
  it('nothing that an app sent moves the cursor, or hides or forges a row', async () => {
    const { client_id } = await added(...CALLBACK);
    // An older version stored the cause as plain text.
    const cause = 'a\u001b[2J\n2026-01-01T00:00:00.000Z  token  forged\u009b1A\u202e سلامت\u200cیار';
    await db().queryText(
      `insert into app_request (client_id, at, id, endpoint, error, cause, request_id)
       values ($1, now(), gen_random_uuid(), 'token', 'invalid_request', $2, 'r')`,
      [client_id, cause],
    );
    const shown = 'a\ufffd[2J\ufffd2026-01-01T00:00:00.000Z  token  forged\ufffd1A\ufffd سلامت\u200cیار';
    const plain = await plainly(['apps', 'log', client_id]);
    expect(plain.out.trimEnd().split('\n')).toEqual([expect.any(String), expect.any(String), expect.any(String)]);
    expect(plain.out.trimEnd().endsWith(`  token     invalid_request  ${shown}`)).toBe(true);
    const json = await plainly(['apps', 'log', client_id, '--json']);
    expect(JSON.parse(json.out)[0].cause).toBe(cause);
    expect(json.out.replaceAll('\n', '')).not.toMatch(/(?!\u200c)\p{C}/u);
  });
  it('the details of an error cannot either', async () => {
    const { err } = await plainly(['apps', 'log', 'no\u001b[2Jbody']);
    expect(err).toContain('There is no app with the client_id no\ufffd[2Jbody.');
  });
});
