import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../src/app.ts';
import { type Config, readConfig } from '../../src/config/index.ts';
import type { Database, Executor } from '../../src/database/index.ts';
import { addApp, type TestApp } from '../support/apps/apps.ts';
import { connectApp, DSTU2, encodeForm, FORM, getFhir, OAUTH, PatientBrowser, R4 } from '../support/people/patient.ts';
import { startServer, type TestServer } from '../support/servers/server.ts';

let server: TestServer;
let app: TestApp & { client_secret: string };
let config: Config;
beforeAll(async () => {
  server = await startServer();
  app = await addApp(server);
  config = readConfig({ DYNAMIC_REGISTRATION: 'sandbox', LOG_LEVEL: 'silent' });
});
afterAll(() => server.close());

/** SQLSTATE codes from Appendix A of the PostgreSQL manual, and a code of Node. */
const STATES = [
  ['disk_full', '53100'],
  ['out_of_memory', '53200'],
  ['too_many_connections', '53300'],
  ['configuration_limit_exceeded', '53400'],
  ['system_error', '58000'],
  ['io_error', '58030'],
  ['read_only_sql_transaction', '25006'],
  ['lock_not_available', '55P03'],
  ['cannot_connect_now', '57P03'],
  ['no route to host', 'EHOSTUNREACH'],
] as const;

/** Makes each statement fail with a SQLSTATE while one is set. */
function failing(db: Database, code: () => string | undefined): Database {
  const check = () => {
    const state = code();
    if (state !== undefined) throw Object.assign(new Error('failing'), { code: state });
  };
  const guarded = (executor: Executor): Executor => ({
    async query(statement, values) {
      check();
      return executor.query(statement, values);
    },
    async queryText(text, values, name) {
      check();
      return executor.queryText(text, values, name);
    },
  });
  return {
    ...guarded(db),
    transaction: (work) => db.transaction((tx) => work(guarded(tx))),
    dedicatedConnection: () => guarded(db.dedicatedConnection()),
    withLimits: (bounds) => guarded(db.withLimits(bounds)),
    close: async () => {},
  };
}

interface TestRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: string;
  readonly headers?: Record<string, string>;
  readonly payload?: string;
}
const form = (url: string, fields: Record<string, string>, headers = {}): TestRequest => ({
  method: 'POST',
  url,
  headers: { ...FORM, ...headers },
  payload: encodeForm(fields),
});
const json = (url: string, body: object): TestRequest => ({
  method: 'POST',
  url,
  headers: { 'content-type': 'application/json' },
  payload: JSON.stringify(body),
});

describe('an unusable database is 503 with Retry-After, in the error format of each surface', () => {
  let token: string;
  let refresh_token: string;
  let session: string;
  beforeAll(async () => {
    const answer = await connectApp(server.app, app);
    token = answer.access_token;
    refresh_token = answer.refresh_token ?? '';
    const browser = new PatientBrowser(server.app);
    await browser.signIn('/sign-in?return_to=/account');
    session = browser.cookie('session') ?? '';
  });

  const oauth = (): readonly TestRequest[] => {
    const client = { client_id: app.client_id, client_secret: app.client_secret };
    const bearer = { authorization: `Bearer ${token}` };
    return [
      form(`${OAUTH}/token`, { grant_type: 'refresh_token', refresh_token, ...client }),
      form(`${OAUTH}/token`, { grant_type: 'authorization_code', code: token, ...app }),
      form(`${OAUTH}/token`, { grant_type: 'password', client_id: app.client_id }),
      form(`${OAUTH}/token/revoke`, { token: refresh_token, ...client }),
      form(`${OAUTH}/introspect`, { token, ...client }),
      form(`${OAUTH}/par`, { response_type: 'code', redirect_uri: app.redirect_uri, ...client }),
      json(`${OAUTH}/register`, { redirect_uris: ['https://app.example/cb'], client_name: 'An app' }),
      { method: 'GET', url: `${OAUTH}/userinfo`, headers: bearer },
    ];
  };
  const fhirRequests = (): readonly TestRequest[] => {
    const headers = { authorization: `Bearer ${token}` };
    return [
      { method: 'GET', url: `${R4}/Patient`, headers },
      { method: 'GET', url: `${R4}/Observation?category=laboratory`, headers },
      { method: 'GET', url: `${R4}/Patient/00000000-0000-4000-8000-000000000000`, headers },
      { method: 'GET', url: `${DSTU2}/Condition`, headers },
    ];
  };
  const api = (): readonly TestRequest[] => {
    const headers = { cookie: `session=${session}` };
    return [
      { method: 'GET', url: '/api/developer/apps', headers },
      { method: 'GET', url: '/api/review/audit', headers },
    ];
  };
  const pages = (): readonly TestRequest[] => {
    const headers = { cookie: `session=${session}` };
    const query = encodeForm({ response_type: 'code', client_id: app.client_id, redirect_uri: app.redirect_uri });
    return [
      { method: 'GET', url: `${OAUTH}/authorize?${query}` },
      { method: 'GET', url: '/account', headers },
      { method: 'GET', url: '/practice', headers },
      { method: 'GET', url: `/enroll/${'a'.repeat(43)}` },
    ];
  };

  it.each(STATES)('%s (%s)', async (_, state) => {
    let code: string | undefined;
    const options = { clock: server.clock, logTo: { write() {} } };
    const { app: failed } = await createApp(
      config,
      failing(server.db, () => code),
      options,
    );
    code = state;
    const ask = async (request: TestRequest) => {
      const response = await failed.inject(request);
      const about = `${request.method} ${request.url}`;
      expect(response.statusCode, about).toBe(503);
      expect(Number(response.headers['retry-after'])).toBeGreaterThan(0);
      return response;
    };
    for (const request of oauth()) expect((await ask(request)).json().error).toBe('temporarily_unavailable');
    for (const request of fhirRequests()) expect((await ask(request)).json().issue[0].code).toBe('transient');
    for (const request of api())
      expect((await ask(request)).json()).toMatchObject({ status: 503, code: 'unavailable' });
    for (const request of pages()) expect((await ask(request)).body).toContain('<!doctype html>');
    code = undefined;
    await failed.close();
  });
});

it('a read-only PostgreSQL is 503 until it is writable again', async () => {
  const { access_token, refresh_token = '' } = await connectApp(server.app, app);
  const admin = new pg.Client({ connectionString: server.databaseUrl });
  await admin.connect();
  const name = new URL(server.databaseUrl).pathname.slice(1);
  const readOnly = async (on: boolean) => {
    await admin.query(`alter database "${name}" set default_transaction_read_only = ${on}`);
    await admin.query(
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and pid <> pg_backend_pid()',
      [name],
    );
  };
  const fields = { grant_type: 'refresh_token', refresh_token, ...app };
  const refresh = () =>
    server.app.inject({ method: 'POST', url: `${OAUTH}/token`, headers: FORM, payload: encodeForm(fields) });
  await readOnly(true);
  const [read, refreshed] = [await getFhir(server.app, `${R4}/Patient`, access_token), await refresh()];
  expect({ status: read.statusCode, code: read.json().issue[0].code }).toEqual({ status: 503, code: 'transient' });
  expect({ status: refreshed.statusCode, error: refreshed.json().error }).toEqual({
    status: 503,
    error: 'temporarily_unavailable',
  });
  await admin.query('set default_transaction_read_only = off');
  await readOnly(false);
  await admin.end();
  expect((await refresh()).statusCode).toBe(200);
  expect((await getFhir(server.app, `${R4}/Patient`, access_token)).statusCode).toBe(200);
});
