import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { seconds } from '../../../src/kernel/index.ts';
import type { AppLogItem, AppLogResponse } from '../../../src/portal-api/contract/activity.ts';
import { addApp, CALLBACK, setAppState, type TestApp } from '../../support/apps/apps.ts';
import { apiCaller, type Developer, signInDeveloper, signInReviewer } from '../../support/people/developer-portal.ts';
import { addLivePatient, findRecordId, type LivePerson } from '../../support/people/live-patient.ts';
import {
  authorizationCode,
  CHALLENGE,
  connectApp,
  DSTU2,
  encodeForm,
  FORM,
  getFhir,
  OAUTH,
  PatientBrowser,
  R4,
  requestToken,
  VERIFIER,
} from '../../support/people/patient.ts';
import { signInStaff } from '../../support/people/practice-portal.ts';
import { startServer, type TestServer } from '../../support/servers/server.ts';

let server: TestServer;
let dev: Developer;
let live: LivePerson;
let app: TestApp & { readonly client_secret: string };
beforeAll(async () => {
  server = await startServer();
  dev = await signInDeveloper(server, { role: 'reader' });
  live = await addLivePatient(server);
});
afterAll(() => server.close());
beforeEach(async () => {
  app = await addApp(server, { organisationId: dev.organisationId });
});

const authorizationQuery = (changes: Record<string, string> = {}) => ({
  response_type: 'code',
  client_id: app.client_id,
  redirect_uri: CALLBACK,
  state: 's',
  scope: 'openid patient/*.rs',
  aud: `${server.config.publicUrl}${R4}`,
  ...changes,
});

async function log(query = '', of: TestApp = app): Promise<AppLogResponse> {
  await server.purgeExpired();
  const { status, body } = await dev.call<AppLogResponse>('GET', `/developer/apps/${of.client_id}/log${query}`);
  expect(status).toBe(200);
  return body;
}
/** All log entries except those about issued tokens. */
const others = (items: readonly AppLogItem[]) => items.filter(({ granted }) => granted === null);
const causes = (items: readonly AppLogItem[]) =>
  others(items).map(({ endpoint, error, cause }) => `${endpoint} ${error} ${cause}`);

describe('a developer sees why a request was rejected', () => {
  it('redirect_uri, PKCE, a used code, a wrong secret: each is explained', async () => {
    const browser = new PatientBrowser(server.app);
    await browser.authorize(authorizationQuery({ redirect_uri: `${CALLBACK}s` }));
    const pkce = { code_challenge: CHALLENGE, code_challenge_method: 'S256' };
    const codeFor = async () =>
      authorizationCode(await browser.submitConsent(await browser.authorize(authorizationQuery(pkce))));
    const exchange = (code: string, code_verifier = VERIFIER) =>
      requestToken(server.app, { grant_type: 'authorization_code', code, code_verifier, ...app });
    await exchange(await codeFor(), 'x'.repeat(43));
    const code = await codeFor();
    await exchange(code);
    await exchange(code);
    await requestToken(server.app, { grant_type: 'refresh_token', refresh_token: 'x', ...app, client_secret: 'wrong' });
    const { items } = await log();
    expect(causes(items)).toEqual([
      'token invalid_client The client_secret is wrong or has expired.',
      expect.stringMatching(/^token invalid_grant This code was already used \d+ s ago/),
      expect.stringMatching(/^token invalid_grant code_verifier doesn’t match the code_challenge/),
      'authorize redirect-mismatch redirect_uri matches no registered redirect URI. First difference: character 29',
    ]);
    expect(others(items).map(({ status }) => status)).toEqual([401, 400, 400, 400]);
  });

  it('for a scope that does not cover the type, an invalid parameter, an API that was not added', async () => {
    const token = await connectApp(server.app, app, { scope: 'openid patient/Condition.rs' });
    await getFhir(server.app, `${R4}/Observation?code=8867-4`, token.access_token);
    await getFhir(server.app, `${R4}/Condition?onset-date=yesterday`, token.access_token);
    await getFhir(server.app, `${R4}/Condition?colour=blue`, token.access_token, { prefer: 'handling=strict' });
    await getFhir(server.app, `${R4}/Condition?patient=another`, token.access_token);
    await getFhir(server.app, `${R4}/Condition/nothing-here`, token.access_token);
    await getFhir(server.app, `${R4}/Spaceship`, token.access_token);
    await server.db.queryText("update app set apis = '{r4}' where client_id = $1", [app.client_id]);
    server.clock.advance(1001);
    await getFhir(server.app, `${DSTU2}/Condition`, token.access_token);
    const { items } = await log();
    expect(causes(items)).toEqual([
      expect.stringContaining('fhir-dstu2 api-not-added This app has not added the nge.prod.fhir-api API.'),
      'fhir-r4 scope-denied The scopes of this token do not include the resource type, which this FHIR version does not support.',
      'fhir-r4 not-found The data of this access token has no Condition with this id.',
      expect.stringContaining('fhir-r4 patient-mismatch The search names a different patient'),
      'fhir-r4 parameter-unknown With "Prefer: handling=strict", parameters that Condition does not support are rejected.',
      'fhir-r4 search-invalid The parameter onset-date has a value or modifier that this server does not support.',
      'fhir-r4 scope-denied The scopes of this token do not allow searching Observation.',
    ]);
    const authorizationQuery = others(items);
    expect(authorizationQuery.map(({ parameters }) => parameters.join())).toEqual([
      '',
      '',
      '',
      'patient',
      '',
      'onset-date',
      'code',
    ]);
    expect(authorizationQuery.map((item) => item.others)).toEqual([0, 0, 0, 0, 1, 0, 0]);
  });

  it('for an expired or revoked token, and an unknown token is logged for no app', async () => {
    const token = await connectApp(server.app, app);
    await getFhir(server.app, `${R4}/Condition`, `${token.access_token.slice(0, -1)}!`);
    await getFhir(server.app, `${R4}/Condition`, 'nothing');
    await server.app.inject({
      method: 'POST',
      url: `${OAUTH}/token/revoke`,
      headers: FORM,
      payload: encodeForm({ token: token.access_token, ...app }),
    });
    await getFhir(server.app, `${R4}/Condition`, token.access_token);
    expect(causes((await log()).items)).toEqual(['fhir-r4 invalid_token The app revoked this access token.']);
  });

  it('with the FHIR response: type, parameter names, status, duration, and the request id', async () => {
    const token = await connectApp(server.app, app);
    const { headers } = await getFhir(server.app, `${R4}/observation?category=laboratory&_count=2`, token.access_token);
    const [item] = (await log()).items;
    expect(item).toMatchObject({
      endpoint: 'fhir-r4',
      interaction: 'search',
      type: 'Observation',
      parameters: ['category', '_count'],
      status: 200,
      resources: 2,
      patients: 1,
      error: null,
      requestId: headers['x-request-id'],
    });
    expect(item?.milliseconds).toBeGreaterThanOrEqual(0);
    expect(item?.patient).toEqual({ live: false, id: token.patient, pseudonym: expect.any(String) });
  });
});

describe('a developer sees the tokens that the app received', () => {
  it('RFC 6749 §4.1.3, §6: with the grant type, the authentication method and the scope, without any token or secret', async () => {
    const token = await connectApp(server.app, app);
    const refresh = {
      grant_type: 'refresh_token',
      refresh_token: token.refresh_token ?? '',
      scope: 'patient/Patient.rs',
    };
    server.clock.advance(seconds(1));
    const { scope } = await requestToken(server.app, { ...refresh, ...app });
    server.clock.advance(seconds(1));
    await requestToken(server.app, { ...refresh, ...app, refresh_token: 'x' });
    const { items } = await log();
    expect(items.map(({ interaction, error, granted, status }) => [interaction, error, granted, status])).toEqual([
      [null, 'invalid_grant', null, 400],
      ['refresh_token', null, { auth: 'secret', scope }, 200],
      ['authorization_code', null, { auth: 'secret', scope: token.scope }, 200],
    ]);
    const [, refreshed] = items;
    expect(refreshed).toMatchObject({ endpoint: 'token', type: null, cause: null, parameters: [], proved: true });
    expect((await log('?endpoint=token&outcome=answered')).items).toHaveLength(2);
    const rows = await server.db.queryText<{ text: string }>(
      "select row_to_json(t)::text as text from app_request t where endpoint = 'token'",
      [],
    );
    const text = rows.map((row) => row.text).join();
    for (const secret of [token.access_token, token.refresh_token ?? '', app.client_secret]) {
      expect(text).not.toContain(secret.split('.').at(-1));
    }
  });

  it('RFC 6749 §2.1: for a public app too, which has only the code', async () => {
    const open = await addApp(server, { organisationId: dev.organisationId, auth: 'none' });
    const { client_id, redirect_uri } = open;
    const pkce = { code_challenge: CHALLENGE, code_challenge_method: 'S256' };
    await connectApp(server.app, { client_id, redirect_uri }, pkce);
    const { items } = await log('', open);
    expect(items).toMatchObject([{ endpoint: 'token', granted: { auth: 'none' }, proved: true }]);
  });
});

describe('the log never stores', () => {
  it('a value, an id of a live patient, a token, a secret, a code or a URL, in any row of its tables', async () => {
    const token = await connectApp(server.app, app, {}, {}, live);
    const values = ['8867-4', 'Zzyzxname', '1974-02-30', 'blue-value', 'name-that-is-a-value', '98765.4321'];
    const queries = [
      '?code=http%3A%2F%2Floinc.org%7C8867-4&nonsense=blue-value',
      '?date=1974-02-30',
      '?patient=98765.4321',
      '?code:Zzyzxname=1',
      '?name-that-is-a-value',
      `?_id=${live.patientId}`,
      `?${token.access_token}=1`,
    ];
    for (const query of queries) {
      await getFhir(server.app, `${R4}/Observation${query}`, token.access_token);
      await getFhir(server.app, `${R4}/Observation${query}`, token.access_token, { prefer: 'handling=strict' });
      await getFhir(server.app, `${DSTU2}/Observation${query}`, token.access_token);
    }
    await getFhir(server.app, `${R4}/Patient/${live.patientId}`, token.access_token);
    await getFhir(server.app, `${R4}/Zzyzxname/98765.4321`, token.access_token);
    await getFhir(server.app, `${R4}/Patient/Zzyzxname`, token.access_token);
    const { items } = await log('?limit=200');
    expect(others(items)).toHaveLength(3 * queries.length + 3);
    expect(others(items).every(({ patient }) => patient?.live === true && patient.id === null)).toBe(true);
    const recordId = await findRecordId(server, live);
    const secrets = [
      token.access_token,
      token.access_token.split('.')[0] ?? '',
      token.refresh_token ?? '',
      app.client_secret,
    ];
    for (const table of ['app_request', 'app_usage', 'app_usage_patient']) {
      const rows = await server.db.queryText<{ text: string }>(
        `select row_to_json(t)::text as text from ${table} t`,
        [],
      );
      const text = rows.map((row) => row.text).join('\n');
      for (const never of [...values, ...secrets, live.patientId, live.accountId, `${recordId}`, R4, CALLBACK]) {
        expect(text.toLowerCase().includes(never.toLowerCase()), `${table} ${never}`).toBe(false);
      }
    }
  });

  it('long input: ten thousand names, control characters or an endless type make one small row each', async () => {
    const token = await connectApp(server.app, app);
    const many = Array.from({ length: 1500 }, (_, i) => `p${i}=1`).join('&');
    const ask = async (path: string) => (await getFhir(server.app, `${R4}/${path}`, token.access_token)).statusCode;
    expect(await ask(`Observation?${many}`)).toBe(400);
    expect(await ask(`Observation?a%00b%1b%5B2J=1&%E2%80%AE=1`)).toBe(200);
    expect(await ask(`${'A'.repeat(90)}?x=1`)).toBe(404);
    const { items } = await log();
    expect(others(items).map((item) => [item.type, item.parameters, item.others])).toEqual([
      [null, [], 1],
      ['Observation', [], 2],
      ['Observation', [], 1500],
    ]);
    const [size] = await server.db.queryText<{ most: number }>(
      'select max(pg_column_size(r.*)) as most from app_request r',
      [],
    );
    expect(size?.most).toBeLessThan(1500);
  });
});

describe('reading the log', () => {
  it('works page by page, by outcome and by endpoint', async () => {
    const token = await connectApp(server.app, app);
    for (let i = 0; i < 5; i++) await getFhir(server.app, `${R4}/Condition`, token.access_token);
    await getFhir(server.app, `${DSTU2}/Condition?onset=never`, token.access_token);
    await requestToken(server.app, { grant_type: 'password', ...app });
    const all = await log();
    const pages = [];
    for (let next: string | null | undefined = ''; next !== null; ) {
      const page: AppLogResponse = await log(`?limit=3${next === '' ? '' : `&before=${next}`}`);
      pages.push(...page.items);
      next = page.next;
    }
    expect(pages).toEqual(all.items);
    expect(pages).toHaveLength(8);
    expect((await log('?outcome=answered')).items).toHaveLength(6);
    expect((await log('?endpoint=fhir-dstu2')).items).toHaveLength(1);
    expect(causes((await log('?outcome=refused&endpoint=token')).items)).toEqual([
      expect.stringContaining('token unsupported_grant_type'),
    ]);
  });

  it('works as CSV, whose cells are never formulas', async () => {
    const token = await connectApp(server.app, app);
    await getFhir(server.app, `${R4}/Condition`, token.access_token);
    await requestToken(server.app, { grant_type: 'authorization_code', code: 'x', ...app });
    await server.purgeExpired();
    await server.db.queryText("update app_request set cause = '=1+1' where client_id = $1 and error is not null", [
      app.client_id,
    ]);
    const { headers, body } = await dev.call<string>('GET', `/developer/apps/${app.client_id}/log.csv`);
    expect(headers['content-type']).toBe('text/csv; charset=utf-8');
    const lines = body.split('\r\n');
    expect(lines).toHaveLength(5);
    expect(lines[1]).toContain("'=1+1");
    expect(lines[2]).toContain(`,fhir-r4,search,Condition,`);
    expect(lines[3]).toMatch(/,token,authorization_code,.*,true,secret,.*patient\/\*\.rs/);
    expect(
      (await dev.call<string>('GET', `/developer/apps/${app.client_id}/log.csv?outcome=refused`)).body,
    ).not.toContain('Condition');
  });

  it.each(['?limit=0', '?limit=201', '?outcome=all', '?endpoint=x', '?before=x', '?before=1_2', '?other=1'])(
    'rejects %s field by field',
    async (query) => {
      const { status, body } = await dev.call('GET', `/developer/apps/${app.client_id}/log${query}`);
      expect({ status, code: body.code, hasErrors: body.errors.length > 0 }).toEqual({
        status: 400,
        code: 'fields-invalid',
        hasErrors: true,
      });
    },
  );

  it('shows why a suspended app does not work', async () => {
    const token = await connectApp(server.app, app);
    await setAppState(server, app, 'suspended');
    server.clock.advance(1001);
    await getFhir(server.app, `${R4}/Condition`, token.access_token);
    expect(causes((await log()).items)).toEqual([
      'fhir-r4 invalid_token This app is suspended. Ask the operator of this server.',
    ]);
  });
});

describe('access to the log', () => {
  const paths = () => ['log', 'log.csv', 'usage'].map((what) => `/developer/apps/${app.client_id}/${what}`);
  const rejections = async (caller: { call: Developer['call'] }) =>
    Promise.all(
      paths().map(async (path) => {
        const { status, body } = await caller.call('GET', path);
        return `${status} ${body.code}`;
      }),
    );
  it('requires sign-in', async () => {
    expect(new Set(await rejections(apiCaller(server, undefined)))).toEqual(new Set(['401 not-signed-in']));
  });
  it('is denied to other organizations, whatever the role: 404, as for an unknown app', async () => {
    expect(new Set(await rejections(await signInDeveloper(server)))).toEqual(new Set(['404 not-found']));
    const { status } = await dev.call('GET', '/developer/apps/nobody/log');
    expect(status).toBe(404);
  });
  it('is denied to patients, staff and administrators of the installation', async () => {
    const patient = new PatientBrowser(server.app);
    await patient.signIn('/sign-in?return_to=/');
    const staff = await signInStaff(server, ['administrator']);
    const callers = [
      apiCaller(server, patient.cookie('session')),
      apiCaller(server, staff.browser.cookie('session')),
      await signInReviewer(server),
    ];
    for (const caller of callers) {
      expect(new Set(await rejections(caller))).toEqual(new Set(['403 wrong-account']));
    }
  });
  it('is granted to a reader of the organization', async () => {
    for (const path of paths()) expect((await dev.call('GET', path)).status).toBe(200);
  });
});

it('an attacker who guesses a client_id fills only its share, and never displaces entries of the app itself', async () => {
  const token = await connectApp(server.app, app);
  for (let i = 0; i < 90; i++) await requestToken(server.app, { ...app, grant_type: 'x', client_secret: `guess-${i}` });
  for (let i = 0; i < 70; i++) {
    const fields = {
      ...app,
      grant_type: 'authorization_code',
      code: 'a',
      redirect_uri: CALLBACK,
      client_secret: 'guess',
    };
    await requestToken(server.app, fields);
  }
  await getFhir(server.app, `${R4}/Condition`, token.access_token);
  const { items, lostToday } = await log('?limit=200');
  expect(items.filter(({ error }) => error === 'invalid_client').length).toBeLessThanOrEqual(60);
  // Several log entries may have the same millisecond.
  expect(items).toContainEqual(expect.objectContaining({ endpoint: 'fhir-r4', type: 'Condition' }));
  expect(lostToday).toBeGreaterThan(0);
});
