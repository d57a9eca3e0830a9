import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  approveVersion,
  decideByOperator,
  findApp,
  findPendingVersions,
  findVersions,
  listAppEvents,
  listAppLog,
  updateApp,
} from '../../../src/apps/index.ts';
import { systemRandom as random } from '../../../src/kernel/index.ts';
import {
  addRegisteredApp,
  CALLBACK,
  manageRegistration,
  REGISTER,
  sendRegistration,
} from '../../support/apps/registration.ts';
import { connectApp, FORM, getFhir, R4, requestToken } from '../../support/people/patient.ts';
import { startServer, type TestServer } from '../../support/servers/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ DYNAMIC_REGISTRATION: 'sandbox', TRUST_PROXY: 'loopback' });
});
afterAll(() => server.close());

describe('RFC 7592 §2: requires the registration access token', () => {
  it('other callers learn nothing, not even whether the app exists', async () => {
    const [mine, other] = [await addRegisteredApp(server), await addRegisteredApp(server)];
    const attempts = [
      { ...mine, registration_access_token: other.registration_access_token },
      { ...mine, client_id: '00000000-0000-4000-8000-000000000000' },
      { ...mine, client_id: 'patient-access-demo' },
      { ...mine, registration_access_token: mine.client_secret ?? '' },
      { ...mine, registration_access_token: '' },
    ];
    for (const method of ['GET', 'PUT', 'DELETE'] as const) {
      const answers = await Promise.all(
        attempts.map((app) => manageRegistration(server, method, app, method === 'PUT' ? mine : undefined)),
      );
      for (const { status, headers, body } of answers) {
        expect({ status, error: body.error }).toEqual({ status: 401, error: 'invalid_token' });
        expect(headers['www-authenticate']).toContain('Bearer');
        expect(body.error_description).toBe(answers[0]?.body.error_description);
      }
    }
    const without = await sendRegistration(server, { method: 'GET', url: `${REGISTER}/${mine.client_id}` });
    expect(without.status).toBe(401);
  });
  it('§2.1: it reads the registration, without the secret, which is stored only as a hash', async () => {
    const mine = await addRegisteredApp(server, { client_name: 'My Health', contacts: ['dev@app.example'] });
    const { status, headers, body } = await manageRegistration(server, 'GET', mine);
    const { client_secret, client_secret_expires_at, ...rest } = mine;
    expect({ status, cacheControl: headers['cache-control'], body }).toEqual({
      status: 200,
      cacheControl: 'no-store',
      body: rest,
    });
  });
});

describe('RFC 7592 §2.2: replacing', () => {
  it('parameters that are not sent are removed', async () => {
    const mine = await addRegisteredApp(server, {
      client_name: 'Old',
      contacts: ['a@app.example'],
      scope: 'openid patient/*.rs',
    });
    const redirect_uris = ['https://app.example/new'];
    const { status, body } = await manageRegistration(server, 'PUT', mine, {
      client_id: mine.client_id,
      redirect_uris,
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      client_name: 'Unnamed app',
      redirect_uris,
      scope: expect.stringContaining('patient/*.rs'),
    });
    expect(body['contacts']).toBeUndefined();
    expect(body).toEqual((await manageRegistration(server, 'GET', mine)).body);
    expect(body.registration_access_token).toBe(mine.registration_access_token);
  });
  it('decisions of the operator are retained', async () => {
    const mine = await addRegisteredApp(server);
    const decided = { apis: ['r4'], dpopBound: true, requireAud: true, secretInQuery: false } as const;
    await server.db.transaction((tx) => updateApp(tx, { clock: server.clock, random }, mine.client_id, decided));
    const empty = { client_id: mine.client_id, redirect_uris: [CALLBACK] };
    const { status, body } = await manageRegistration(server, 'PUT', mine, { ...empty, client_name: 'Renamed' });
    expect({
      status,
      clientName: body['client_name'],
      dpopBoundAccessTokens: body['dpop_bound_access_tokens'],
    }).toEqual({ status: 200, clientName: 'Renamed', dpopBoundAccessTokens: true });
    expect(await findApp(server.db, server.clock, mine.client_id)).toMatchObject(decided);
  });
  it('RFC 9449 §5.2: an app may start to bind its tokens, and cannot stop', async () => {
    const mine = await addRegisteredApp(server);
    const bound = async (dpop_bound_access_tokens: boolean) => {
      const { body } = await manageRegistration(server, 'PUT', mine, { ...mine, dpop_bound_access_tokens });
      return body['dpop_bound_access_tokens'];
    };
    expect({ before: await bound(false), during: await bound(true), after: await bound(false) }).toEqual({
      before: false,
      during: true,
      after: true,
    });
  });
  it('accepts everything that a response contained', async () => {
    const mine = await addRegisteredApp(server, { client_name: 'My Health' });
    const { status, body } = await manageRegistration(server, 'PUT', mine, { ...mine, client_name: 'Renamed' });
    expect({ status, clientName: body['client_name'] }).toEqual({ status: 200, clientName: 'Renamed' });
    const { client_id, client_secret = '' } = mine;
    const token = await connectApp(server.app, { client_id, client_secret, redirect_uri: CALLBACK });
    expect(token.status).toBe(200);
  });
  it('an app that starts to use a secret gets one, and an app that stops loses it', async () => {
    const { client_secret, ...mine } = await addRegisteredApp(server);
    const base = { client_id: mine.client_id, redirect_uris: [CALLBACK] };
    const open = await manageRegistration(server, 'PUT', mine, { ...base, token_endpoint_auth_method: 'none' });
    expect({ status: open.status, client_secret: open.body.client_secret }).toEqual({
      status: 200,
      client_secret: undefined,
    });
    const again = await manageRegistration(server, 'PUT', mine, base);
    expect(again.body.client_secret).toMatch(/^[\w-]{43}$/);
    expect(again.body.client_secret).not.toBe(client_secret);
    const refresh = { grant_type: 'refresh_token', refresh_token: 'x', client_id: mine.client_id };
    const old = await requestToken(server.app, { ...refresh, client_secret: client_secret ?? '' });
    expect({ status: old.status, error: old.error }).toEqual({ status: 401, error: 'invalid_client' });
    const now = await requestToken(server.app, { ...refresh, client_secret: again.body.client_secret ?? '' });
    expect({ status: now.status, error: now.error }).toEqual({ status: 400, error: 'invalid_grant' });
  });
  it('rejects another client_id, another secret, and invalid metadata, and the developer can see why', async () => {
    const mine = await addRegisteredApp(server);
    const wrong: [object, string][] = [
      [{ ...mine, client_id: 'another' }, 'invalid_client_metadata'],
      [{ ...mine, client_id: undefined }, 'invalid_client_metadata'],
      [{ ...mine, client_secret: 'chosen-by-me' }, 'invalid_client_metadata'],
      [{ ...mine, client_secret: 7 }, 'invalid_client_metadata'],
      [{ ...mine, client_secret: { toString: 'x' } }, 'invalid_client_metadata'],
      [{ ...mine, redirect_uris: ['http://app.example'] }, 'invalid_redirect_uri'],
    ];
    for (const [metadata, error] of wrong) {
      const { status, body } = await manageRegistration(server, 'PUT', mine, metadata);
      expect({ status, error: body.error }).toEqual({ status: 400, error });
    }
    const form = await sendRegistration(server, {
      method: 'PUT',
      url: `${REGISTER}/${mine.client_id}`,
      payload: 'x=y',
      headers: { ...FORM, authorization: `Bearer ${mine.registration_access_token}` },
    });
    expect({ status: form.status, error: form.body.error }).toEqual({ status: 400, error: 'invalid_client_metadata' });
    expect((await manageRegistration(server, 'GET', mine)).body['redirect_uris']).toEqual([CALLBACK]);
    await expect.poll(() => listAppLog(server.db, mine.client_id, { limit: 10 })).toHaveLength(wrong.length);
    const [last] = await listAppLog(server.db, mine.client_id, { limit: 1 });
    expect(last).toMatchObject({ endpoint: 'register', error: 'invalid_redirect_uri' });
    expect(JSON.stringify(await listAppLog(server.db, mine.client_id, { limit: 10 }))).not.toContain('chosen-by-me');
  });
  it('for an approved app, additions wait for approval; the response has the active and the pending terms', async () => {
    const mine = await addRegisteredApp(server, { scope: 'launch/patient patient/*.rs' });
    await approve(mine.client_id);
    expect((await manageRegistration(server, 'GET', mine)).body['review']).toEqual({ state: 'active' });
    const evil = { ...mine, redirect_uris: [CALLBACK, 'https://evil.example/'], client_name: 'Bank of Health' };
    const { status, body } = await manageRegistration(server, 'PUT', mine, { ...evil, software_version: '2' });
    expect({ status, redirectUris: body['redirect_uris'], clientName: body['client_name'] }).toEqual({
      status: 200,
      redirectUris: [CALLBACK],
      clientName: 'Unnamed app',
    });
    expect({ softwareVersion: body['software_version'], review: body['review'] }).toEqual({
      softwareVersion: '2',
      review: {
        state: 'active',
        waiting: { version: 2, since: expect.any(String), fields: ['client_name', 'redirect_uris'] },
      },
    });
    await approve(mine.client_id);
    const after = (await manageRegistration(server, 'GET', mine)).body;
    expect({ clientName: after['client_name'], redirectUris: after['redirect_uris'] }).toEqual({
      clientName: evil.client_name,
      redirectUris: evil.redirect_uris,
    });
  });
  it('a restriction takes effect immediately and cancels the pending version', async () => {
    const mine = await addRegisteredApp(server, { scope: 'openid launch/patient patient/*.rs' });
    await approve(mine.client_id);
    await manageRegistration(server, 'PUT', mine, { ...mine, redirect_uris: [CALLBACK, 'https://app.example/two'] });
    const { body } = await manageRegistration(server, 'PUT', mine, {
      ...mine,
      scope: 'launch/patient patient/Patient.rs',
    });
    expect({ scope: body['scope'], review: body['review'] }).toEqual({
      scope: 'launch/patient patient/Patient.rs',
      review: { state: 'active' },
    });
  });
  it('a rejected app can submit another version, and reads why the first was rejected', async () => {
    const mine = await addRegisteredApp(server);
    await decide(mine.client_id, 'rejected', 'Nobody knows you.');
    expect((await manageRegistration(server, 'GET', mine)).body['review']).toEqual({
      state: 'rejected',
      refused: 'Nobody knows you.',
    });
    const { status, body } = await manageRegistration(server, 'PUT', mine, { ...mine, client_name: 'Corrected' });
    expect({ status, review: body['review'] }).toMatchObject({
      status: 200,
      review: { state: 'provisional', waiting: { version: 2 } },
    });
  });
  it('a suspended app can be corrected, and stays suspended', async () => {
    const mine = await addRegisteredApp(server);
    await approve(mine.client_id);
    await decide(mine.client_id, 'suspended', 'A key leaked.');
    const { status, body } = await manageRegistration(server, 'PUT', mine, {
      ...mine,
      token_endpoint_auth_method: 'none',
    });
    expect({ status, review: body['review'] }).toEqual({ status: 200, review: { state: 'suspended' } });
  });
  it('creates at most ten versions a day, because each is stored', async () => {
    const mine = await addRegisteredApp(server);
    const rename = (name: string) => manageRegistration(server, 'PUT', mine, { ...mine, client_name: name });
    for (let i = 2; i <= 10; i += 1) expect((await rename(`Name ${'x'.repeat(i)}`)).status).toBe(200);
    expect((await rename('One more')).status).toBe(429);
    expect((await manageRegistration(server, 'GET', mine)).body['review']).toMatchObject({ waiting: { version: 10 } });
  });
});

const decide = (clientId: string, to: string, text?: string) =>
  server.db.transaction((tx) =>
    decideByOperator(tx, { clock: server.clock, random }, clientId, {
      to,
      reason: { ground: text === undefined ? undefined : 'security-risk', text },
    }),
  );
/** Approves the app's pending version. */
async function approve(clientId: string): Promise<void> {
  const [open] = await findPendingVersions(server.db, [clientId]);
  if (open === undefined) throw new Error('something waits');
  await server.db.transaction((tx) =>
    approveVersion(
      tx,
      { clock: server.clock, random },
      { clientId, by: undefined, version: open.version, logoVersion: undefined, mayDecide: async () => true },
    ),
  );
}

describe('RFC 7592 §2.3: deleting', () => {
  it('deletes the app, its tokens and its registration', async () => {
    const { client_secret = '', ...mine } = await addRegisteredApp(server);
    const token = await connectApp(server.app, { client_id: mine.client_id, client_secret, redirect_uri: CALLBACK });
    const { status, body } = await manageRegistration(server, 'DELETE', mine);
    expect({ status, body }).toEqual({ status: 204, body: {} });
    server.clock.advance(1001);
    expect((await getFhir(server.app, `${R4}/Patient/${token.patient}`, token.access_token)).statusCode).toBe(401);
    const refreshed = await requestToken(server.app, {
      grant_type: 'refresh_token',
      refresh_token: token.refresh_token ?? '',
      client_id: mine.client_id,
      client_secret,
    });
    expect(refreshed.error).toBe('unauthorized_client');
    for (const method of ['GET', 'DELETE'] as const)
      expect((await manageRegistration(server, method, mine)).status).toBe(401);
    expect((await findApp(server.db, server.clock, mine.client_id))?.state).toBe('retired');
    expect(await findVersions(server.db, mine.client_id)).toMatchObject([{ state: 'withdrawn' }]);
    const logged = (await listAppEvents(server.db, mine.client_id)).map(({ kind }) => kind).sort();
    expect(logged).toEqual(['registered', 'retired', 'submitted', 'withdrawn']);
  });
  it('happens once, even if requested concurrently', async () => {
    const mine = await addRegisteredApp(server);
    const answers = await Promise.all(Array.from({ length: 5 }, () => manageRegistration(server, 'DELETE', mine)));
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 401, 401, 401, 401]);
  });
});
