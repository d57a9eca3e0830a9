import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../../src/app.ts';
import type { AppRegistration } from '../../../src/apps/index.ts';
import type { PracticeId } from '../../../src/kernel/index.ts';
import { addApp, setAppState } from '../../support/apps/apps.ts';
import { addLivePatient, type LivePerson } from '../../support/people/live-patient.ts';
import { encodeForm, type Fields, FORM, getFhir, OAUTH, R4 } from '../../support/people/patient.ts';
import { startServer, type TestServer } from '../../support/servers/server.ts';

let server: TestServer;
let live: LivePerson;
beforeAll(async () => {
  server = await startServer();
  live = await addLivePatient(server);
});
afterAll(() => server.close());

const SANDBOX = 1 as PracticeId;
const LIVE = 2 as PracticeId;
const TOKEN = `http://localhost:8080${OAUTH}/token`;
const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

async function backendApp(
  alg: 'RS384' | 'ES384' = 'ES384',
  practiceIds: readonly PracticeId[] = [SANDBOX],
  scope = 'system/*.rs',
  more: Partial<AppRegistration> = {},
) {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'one', alg, use: 'sig' }] };
  const app = await addApp(server, { kind: 'backend', auth: 'private_key_jwt', jwks, practiceIds, scope, ...more });
  const assert = () =>
    new SignJWT({ iss: app.client_id, sub: app.client_id, aud: TOKEN, jti: crypto.randomUUID() })
      .setProtectedHeader({ alg, kid: 'one', typ: 'JWT' })
      .setExpirationTime(Math.floor(server.clock.now().getTime() / 1000) + 240)
      .sign(privateKey);
  const token = async (fields: Fields = {}) => {
    const response = await server.app.inject({
      method: 'POST',
      url: `${OAUTH}/token`,
      headers: FORM,
      payload: encodeForm({
        grant_type: 'client_credentials',
        scope: 'system/*.rs',
        client_assertion_type: ASSERTION_TYPE,
        client_assertion: await assert(),
        ...fields,
      }),
    });
    return { status: response.statusCode, ...response.json() };
  };
  return { ...app, assert, token };
}

const idsOf = (bundle: { entry?: { resource: { id: string } }[] }) =>
  (bundle.entry ?? []).map(({ resource }) => resource.id);

describe('SMART App Launch 2.2, Backend Services: client_credentials by private_key_jwt', () => {
  it.each(['RS384', 'ES384'] as const)(
    '%s: the token lasts 300 seconds and comes without a refresh token or patient',
    async (alg) => {
      const app = await backendApp(alg);
      const token = await app.token();
      expect(token).toEqual({
        status: 200,
        access_token: expect.any(String),
        token_type: 'Bearer',
        expires_in: 300,
        scope: 'system/*.rs',
      });
      expect((await getFhir(server.app, `${R4}/Patient`, token.access_token)).statusCode).toBe(200);
      server.clock.advance(300_000);
      expect((await getFhir(server.app, `${R4}/Patient`, token.access_token)).statusCode).toBe(401);
    },
  );

  it('grants the requested scopes that are registered; a scope must be requested', async () => {
    const app = await backendApp('ES384', [SANDBOX], 'system/Patient.rs system/Observation.rs');
    expect((await app.token({ scope: 'system/*.read patient/*.read launch openid' })).scope).toBe(
      'system/Patient.read system/Observation.read',
    );
    expect((await app.token({ scope: 'system/Condition.rs' })).error).toBe('invalid_scope');
    expect((await app.token({ scope: '' })).error).toBe('invalid_request');
  });

  it('RFC 7523 §3: an assertion gives one token, to one of ten requests at once, also for the first token of an app', async () => {
    const { token, assert } = await backendApp();
    for (const client_assertion of [await assert(), await assert()]) {
      const answers = await Promise.all(Array.from({ length: 10 }, () => token({ client_assertion })));
      const errors = answers.filter(({ status }) => status !== 200);
      expect(errors).toHaveLength(9);
      expect(errors[0]).toMatchObject({
        error: 'invalid_client',
        error_description: expect.stringContaining('already used'),
      });
    }
  });

  it('tokens that are requested together belong to their own apps, and one that is rejected affects no other', async () => {
    const [one, other, first] = [await backendApp(), await backendApp(), await backendApp()];
    const used = await one.assert();
    await one.token({ client_assertion: used });
    await other.token();
    const answers = await Promise.all([
      ...Array.from({ length: 6 }, () => one.token()),
      one.token({ client_assertion: used }),
      ...Array.from({ length: 6 }, () => other.token()),
      first.token(),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([...Array(6).fill(200), 401, ...Array(7).fill(200)]);
    expect(new Set(answers.map(({ access_token }) => access_token)).size).toBe(14);
    const counts = await server.db.queryText(
      `select g.client_id, count(*)::int as tokens, count(distinct e.request_id)::int as events
       from token t join token_family f using (family_id) join consent_grant g using (grant_id)
       join audit_event e on e.grant_id = g.grant_id and e.kind = 'token' and e.outcome = 'success'
       where g.client_id = any($1) group by g.client_id, g.grant_id order by tokens`,
      [[one.client_id, other.client_id, first.client_id]],
    );
    // The join makes a row of each pair of a token and an event.
    expect(counts).toMatchObject([1, 7, 7].map((events) => ({ tokens: events ** 2, events })));
  });

  it('a rejected request uses up its assertion too', async () => {
    const { token, assert } = await backendApp();
    const client_assertion = await assert();
    expect(await token({ client_assertion, scope: 'patient/*.rs' })).toMatchObject({ error: 'invalid_scope' });
    expect(await token({ client_assertion })).toMatchObject({ error: 'invalid_client' });
  });

  it('reads all patients of its assigned practices, and no others', async () => {
    const [sandbox, both] = [await backendApp(), await backendApp('ES384', [SANDBOX, LIVE])];
    const patients = async (app: typeof sandbox) => {
      const { access_token } = await app.token();
      return idsOf((await getFhir(server.app, `${R4}/Patient?_count=1000`, access_token)).json());
    };
    const [seen, seenByBoth] = [await patients(sandbox), await patients(both)];
    expect(seen.length).toBeGreaterThan(10);
    expect(seen).not.toContain(live.patientId);
    expect(new Set(seenByBoth)).toEqual(new Set([...seen, live.patientId]));
    const { access_token } = await sandbox.token();
    expect((await getFhir(server.app, `${R4}/Patient/${live.patientId}`, access_token)).statusCode).toBe(404);
    const searched = await getFhir(server.app, `${R4}/Observation?patient=${live.patientId}`, access_token);
    expect(searched.json().total).toBe(0);
  });

  it('records which patients’ data was read in the audit log', async () => {
    const app = await backendApp();
    const { access_token } = await app.token();
    const response = await getFhir(server.app, `${R4}/Patient?_count=1000`, access_token);
    const rows = await server.db.queryText<{ patient_id: string; account_id: string | null }>(
      `select r.patient_id, e.account_id from audit_event e
       cross join lateral jsonb_object_keys(e.detail -> 'disclosed') d (id) join record r on r.record_id = d.id::int8
       where e.request_id = $1 and e.outcome = 'success'`,
      [response.headers['x-request-id']],
    );
    expect(new Set(rows.map((row) => row.patient_id))).toEqual(new Set(idsOf(response.json())));
    expect(rows.every((row) => row.account_id === null)).toBe(true);
  });

  it('a provisional app can access only sandbox practices, and its token ends with the app', async () => {
    const app = await backendApp('ES384', [SANDBOX, LIVE]);
    await server.db.queryText("update app set state = 'provisional' where client_id = $1", [app.client_id]);
    const { access_token } = await app.token();
    expect(idsOf((await getFhir(server.app, `${R4}/Patient?_count=1000`, access_token)).json())).not.toContain(
      live.patientId,
    );
    await setAppState(server, app, 'rejected');
    server.clock.advance(1000);
    expect((await getFhir(server.app, `${R4}/Patient`, access_token)).statusCode).toBe(401);
    expect((await app.token()).error).toBe('unauthorized_client');
  });

  it('the grant type is only for backend apps, which can use no other', async () => {
    const patientApp = await addApp(server);
    const preflight = await server.app.inject({
      method: 'POST',
      url: `${OAUTH}/token`,
      headers: FORM,
      payload: encodeForm({ grant_type: 'client_credentials', scope: 'patient/*.rs', ...patientApp }),
    });
    expect({ status: preflight.statusCode, error: preflight.json().error }).toEqual({
      status: 400,
      error: 'unauthorized_client',
    });
    const app = await backendApp();
    const page = await server.app.inject(
      `${OAUTH}/authorize?${encodeForm({ response_type: 'code', client_id: app.client_id, redirect_uri: 'https://app.example/callback' })}`,
    );
    expect({ status: page.statusCode, location: page.headers.location }).toEqual({ status: 400, location: undefined });
    expect(page.body).toContain('It is a backend app');
  });

  it('SMART App Launch 2.2, Token Introspection: its token can introspect the tokens that it is entitled to', async () => {
    const own = await backendApp();
    const resourceServer = await backendApp('ES384', [SANDBOX], 'system/*.rs', { mayIntrospect: true });
    const { access_token } = await own.token();
    const ask = async (asking: typeof own, token: string) => {
      const headers = { ...FORM, authorization: `Bearer ${(await asking.token()).access_token}` };
      const payload = encodeForm({ token });
      return (await server.app.inject({ method: 'POST', url: `${OAUTH}/introspect`, headers, payload })).json();
    };
    const introspected = { active: true, client_id: own.client_id, sub: own.client_id, scope: 'system/*.rs' };
    expect(await ask(own, access_token)).toMatchObject(introspected);
    expect(await ask(resourceServer, access_token)).toMatchObject(introspected);
    expect(await ask(await backendApp(), access_token)).toEqual({ active: false });
  });

  it('a token is valid in every process', async () => {
    const app = await backendApp();
    const { access_token } = await app.token();
    const { app: other } = await createApp(server.config, server.db, { clock: server.clock, logTo: { write() {} } });
    expect((await getFhir(other, `${R4}/Patient`, access_token)).statusCode).toBe(200);
    await other.close();
  });
});
