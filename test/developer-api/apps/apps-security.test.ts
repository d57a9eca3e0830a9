import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { registerApp } from '../../../src/apps/index.ts';
import { days, systemRandom as random, sha256 } from '../../../src/kernel/index.ts';
import { appDraft, getDeveloperApp, registerDraft, submitVersion } from '../../support/apps/app-drafts.ts';
import { CALLBACK } from '../../support/apps/apps.ts';
import { type Developer, signInDeveloper } from '../../support/people/developer-portal.ts';
import { connectApp, PatientBrowser } from '../../support/people/patient.ts';
import { startServer, type TestServer } from '../../support/servers/server.ts';

let server: TestServer;
let dev: Developer;
beforeAll(async () => {
  server = await startServer();
  dev = await signInDeveloper(server);
});
afterAll(() => server.close());

describe('hostile input of a developer is rejected by field, and never breaks the server', () => {
  it.each<[string, object]>([
    ['keys with NUL', { auth: 'private_key_jwt', jwks: { keys: [{ kid: 'a\u0000' }] } }],
    ['an unpaired surrogate', { auth: 'private_key_jwt', jwks: { keys: [{ kid: '\ud800' }] } }],
    ['a name with NUL', { name: 'a\u0000b' }],
    ['a description with NUL', { description: 'a\u0000b' }],
    ['an unpaired surrogate in a description', { description: '\ud83d' }],
    ['a property of every object', { dataUse: { constructor: 'no', toString: 'no' } }],
    ['an unknown kind', { kind: 'admin' }],
    ['an unknown property', { mayIntrospect: true }],
    ['a state', { state: 'active' }],
    ['too many URLs', { redirectUris: Array.from({ length: 51 }, (_one, at) => `https://a.example/${at}`) }],
    [
      'too many URLs in one entry',
      { redirectUris: [Array.from({ length: 60 }, (_one, at) => `https://a.example/${at}`).join(',')] },
    ],
    [
      'too many granular scopes',
      { scope: Array.from({ length: 41 }, (_one, at) => `patient/Observation.rs?code=${at}`).join(' ') },
    ],
    ['system scopes', { scope: 'system/*.rs' }],
    ['user scopes', { scope: 'patient/*.rs user/*.rs' }],
    ['disguised scopes', { scope: 'patient/*.rs\u00a0system/*.rs' }],
    ['scopes after line breaks', { scope: 'patient/*.rs\nsystem/*.rs' }],
    ['keys and a secret', { auth: 'secret', jwks: { keys: [] } }],
    ['a URL with a user name', { redirectUris: ['https://app.example@evil.example/cb'] }],
    ['a wildcard', { redirectUris: ['https://*.example/cb'] }],
    ['a fragment', { redirectUris: ['https://a.example/cb#x'] }],
    ['a backslash', { redirectUris: ['https://a.example\\@evil.example/cb'] }],
    ['a script URL', { redirectUris: ['javascript:alert(1)'] }],
    ['data', { redirectUris: ['data:text/html,x'] }],
    ['a lookalike host', { redirectUris: ['https://аpp.example/cb'] }],
    ['http on another host', { redirectUris: ['http://localhost.evil.example/cb'] }],
    ['a script as launch URI', { kind: 'staff', scope: 'launch user/*.rs', launchUri: 'com.example:/x' }],
    ['a policy URL with a password', { policyUri: 'https://a:b@c.example/' }],
  ])('%s', async (_what, changes) => {
    const body = { organisationId: dev.organisationId, draft: { ...appDraft(), ...changes } };
    const { status, body: answer } = await dev.call('POST', '/developer/apps', body);
    expect({ status, code: answer.code }).toEqual({ status: 400, code: 'fields-invalid' });
    const check = await dev.call('POST', '/developer/checks/draft', body.draft);
    expect([200, 400]).toContain(check.status);
    if (check.status === 200) expect(check.body.faults.length).toBeGreaterThan(0);
    const preview = await dev.call('POST', '/developer/preview', { draft: body.draft, language: 'en' });
    expect([200, 400]).toContain(preview.status);
  });

  it.each([
    ['deeply nested keys', '"jwks":@'],
    ['keys inside keys', '"jwks":{"keys":[{"x":@}]}'],
    ['a prototype', '"dataUse":{"__proto__":{"sold":"no"}}'],
    ['a deeply nested answer', '"dataUse":{"sold":@}'],
    ['a deeply nested scope', '"scope":@'],
  ])('%s', async (_what, member) => {
    const nested = `${'['.repeat(60_000)}${']'.repeat(60_000)}`;
    const { jwks: _jwks, ...rest } = appDraft({ auth: 'private_key_jwt' });
    const text = JSON.stringify(rest)
      .replace(/^\{/, `{${member.replace('@', nested)},`)
      .replace(/,"(dataUse|scope)":("[^"]*"|\{[^}]*\})(?=[,}])/g, (all, name) =>
        member.startsWith(`"${name}"`) ? '' : all,
      );
    const headers = { 'content-type': 'application/json' };
    for (const [path, body] of [
      ['/developer/checks/draft', text],
      ['/developer/apps', `{"organisationId":"${dev.organisationId}","draft":${text}}`],
      ['/developer/preview', `{"language":"en","draft":${text}}`],
    ] as const) {
      const answer = await dev.call('POST', path, body, headers);
      expect(answer.status < 500, path).toBe(true);
      if (answer.status === 200 && path.includes('checks')) expect(answer.body.faults.length).toBeGreaterThan(0);
    }
    const { clientId } = await registerDraft(dev);
    const auth = await dev.call(
      'PATCH',
      `/developer/apps/${clientId}/auth`,
      `{"auth":"private_key_jwt",${member.replace('@', nested)}}`,
      headers,
    );
    expect(auth.status).toBe(400);
  });

  it('a body that is too large gets 413', async () => {
    const huge = { organisationId: dev.organisationId, draft: appDraft({ description: 'x'.repeat(300_000) }) };
    expect((await dev.call('POST', '/developer/apps', huge)).status).toBe(413);
  });

  it('a named organization must be the caller’s own', async () => {
    const other = await signInDeveloper(server);
    for (const organisationId of [other.organisationId, '00000000-0000-4000-8000-000000000000', "' or true --", ''])
      expect([400, 404]).toContain(
        (await dev.call('POST', '/developer/apps', { organisationId, draft: appDraft() })).status,
      );
    expect((await dev.call('GET', `/developer/apps?organisation=${other.organisationId}`)).status).toBe(404);
  });

  it('an unknown client_id and another organization’s client_id get the same response', async () => {
    const theirs = (await registerDraft(await signInDeveloper(server))).clientId;
    const ids = [theirs, 'none', '%00', '..%2f..', 'a%20b', '%F0%9F%92%A9', 'x'.repeat(190), 'pa-demo'];
    const answers = await Promise.all(ids.map((id) => dev.call('GET', `/developer/apps/${id}`)));
    const results = answers.map(({ status, body }) => [status, body.code, body.detail]);
    expect(results).toEqual(results.map(() => [404, 'not-found', results[0]?.[2]]));
  });

  it('a former member can no longer do anything', async () => {
    const colleague = await signInDeveloper(server, { organisationId: dev.organisationId, role: 'developer' });
    const { clientId } = await registerDraft(colleague);
    await server.db.queryText('delete from membership where account_id = $1', [colleague.accountId]);
    const version = { draft: appDraft({ name: 'Mine' }) };
    expect((await colleague.call('POST', `/developer/apps/${clientId}/versions`, version)).status).toBe(404);
    expect((await colleague.call('GET', `/developer/apps/${clientId}`)).status).toBe(404);
  });
});

describe('a change cannot widen what was allowed', () => {
  it('scopes of another kind of app cannot be submitted as a version', async () => {
    const { clientId } = await registerDraft(dev);
    for (const scope of ['system/*.rs', 'user/*.rs patient/*.rs']) {
      const { status, body } = await submitVersion(dev, clientId, { scope });
      expect({ status, field: body.errors[0].field }).toEqual({ status: 400, field: 'scope' });
    }
    const { status, body } = await submitVersion(dev, clientId, { kind: 'staff', scope: 'user/*.rs' });
    expect({ status, field: body.errors[0].field }).toEqual({ status: 400, field: 'kind' });
    expect((await getDeveloperApp(dev, clientId)).terms.kind).toBe('patient');
  });

  it('an app with introspection loses it when it stops authenticating', async () => {
    const { clientId } = await registerDraft(dev);
    await server.db.queryText('update app set may_introspect = true where client_id = $1', [clientId]);
    expect((await submitVersion(dev, clientId, { description: 'Other.' })).status).toBe(200);
    const query = 'select may_introspect from app where client_id = $1';
    expect(await server.db.queryText(query, [clientId])).toEqual([{ may_introspect: true }]);
    await submitVersion(dev, clientId, { auth: 'none' });
    expect(await server.db.queryText(query, [clientId])).toEqual([{ may_introspect: false }]);
  });

  it('scopes that an app no longer registers are not granted again', async () => {
    const app = await registerDraft(dev, { scope: 'patient/Patient.rs patient/Observation.rs' });
    await submitVersion(dev, app.clientId, { scope: 'patient/Patient.rs' });
    const { scope } = await connectApp(server.app, app);
    expect(scope).toBe('patient/Patient.rs');
  });
});

describe('URLs that the server fetches', () => {
  const check = (uri: string, kind = 'policy', caller = dev) =>
    caller.call('POST', '/developer/checks/address', { kind, uri });

  it.each([
    'https://127.0.0.1/',
    'https://[::1]/',
    'https://169.254.169.254/latest/meta-data',
    'https://10.0.0.1/',
    'https://localhost/',
    'http://example.com/',
    'file:///etc/passwd',
    'https://user:pass@example.com/',
    'nonsense',
    '',
  ])('%s is not contacted', async (uri) => {
    for (const kind of ['policy', 'terms', 'website', 'jwks']) {
      const { status, body } = await check(uri, kind);
      expect({ status, ok: body.ok }).toEqual({ status: 200, ok: false });
      expect(body.message).toMatch(/^(We couldn’t read this URL\. |Enter a full URL)/);
    }
  });

  it('are limited for each developer to what is needed in ten minutes', async () => {
    const busyDeveloper = await signInDeveloper(server);
    const statuses: number[] = [];
    for (let at = 0; at < 42; at += 1)
      statuses.push((await check('https://127.0.0.1/', 'policy', busyDeveloper)).status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(40);
    const { status, body, headers } = await check('https://127.0.0.1/', 'policy', busyDeveloper);
    expect({ status, code: body.code, hasRetryAfter: Number(headers['retry-after']) > 0 }).toEqual({
      status: 429,
      code: 'too-many-attempts',
      hasRetryAfter: true,
    });
    expect((await check('https://127.0.0.1/', 'policy', await signInDeveloper(server))).status).toBe(200);
  });
});

describe('self-registered apps', () => {
  // Its clock advances by months, which ends the sessions of all developers.
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server.close());

  const add = (name: string) =>
    server.db.transaction((tx) =>
      registerApp(
        tx,
        { clock: server.clock, random },
        {
          name,
          apis: ['r4'],
          scope: 'patient/*.rs',
          redirectUris: [CALLBACK],
          state: 'provisional',
          registrationHash: sha256(name),
        },
      ),
    );
  const left = async (ids: readonly string[]) =>
    (
      await server.db.queryText<{ client_id: string }>('select client_id from app where client_id = any($1)', [ids])
    ).map(({ client_id }) => client_id);

  it('are deleted with their secrets after 90 days without any grant, and no other apps are', async () => {
    const [idle, used, checked] = [await add('Idle'), await add('Used'), await add('Checked')];
    const own = await registerDraft(await signInDeveloper(server));
    const client = { client_id: used.clientId, client_secret: used.clientSecret ?? '', redirect_uri: CALLBACK };
    expect((await connectApp(server.app, client, {}, {}, undefined, new PatientBrowser(server.app))).status).toBe(200);
    await server.db.queryText('update app set developer = $2, verified_at = now() where client_id = $1', [
      checked.clientId,
      'Acme',
    ]);
    const ids = [idle, used, checked, own].map(({ clientId }) => clientId);
    server.clock.advance(days(89));
    await server.purgeExpired();
    expect(await left(ids)).toHaveLength(4);
    server.clock.advance(days(2));
    await server.purgeExpired();
    expect((await left(ids)).sort()).toEqual([used.clientId, checked.clientId, own.clientId].sort());
    expect(await server.db.queryText('select 1 from app_secret where client_id = $1', [idle.clientId])).toEqual([]);
  });
});
