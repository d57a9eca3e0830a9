import type { LightMyRequestResponse } from 'fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { addApp, type TestApp } from '../../support/apps/apps.ts';
import { type ApiCaller, signInReviewer } from '../../support/people/developer-portal.ts';
import { connectApp, DSTU2, getFhir, R4, SANDBOX_PATIENT } from '../../support/people/patient.ts';
import { startServer, type TestServer } from '../../support/servers/server.ts';
import { ASYNC, addBackendApp, callApi } from '../export/export-client.ts';

const METRICS_TOKEN = 'a-token-for-metrics';
/** Another person, with a record of their own. */
const OTHER_PATIENT = { ...SANDBOX_PATIENT, username: 'patient02' };

let server: TestServer;
let admin: ApiCaller;
beforeAll(async () => {
  server = await startServer({ FHIR_REQUESTS_PER_MINUTE: '600', METRICS_TOKEN });
});
// Changes of a limit need a recent authentication, and tests advance the clock.
beforeEach(async () => {
  admin = await signInReviewer(server);
});
afterAll(() => server.close());

interface ConnectedApp extends TestApp {
  readonly token: string;
}

/** Adds an app that a patient has connected. @param perMinute its limit; null for the default */
async function connected(perMinute: number | null): Promise<ConnectedApp> {
  const app = await addApp(server);
  if (perMinute !== null) await setLimit(app, perMinute);
  return { ...app, token: (await connectApp(server.app, app)).access_token };
}

async function setLimit({ client_id }: TestApp, perMinute: number | null): Promise<void> {
  const { status, body } = await admin.call('POST', `/review/apps/${client_id}/request-limit`, { perMinute });
  expect({ status, body }).toEqual({ status: 200, body: { perMinute, default: 600 } });
  // Grants are cached for up to a second.
  server.clock.advance(1000);
}

const read = ({ token }: Pick<ConnectedApp, 'token'>, base = R4) => getFhir(server.app, `${base}/Patient`, token);

/** Reads a number of times and returns the statuses. */
async function statusesOf(app: Pick<ConnectedApp, 'token'>, count: number): Promise<readonly number[]> {
  const statuses: number[] = [];
  for (let turn = 0; turn < count; turn += 1) statuses.push((await read(app)).statusCode);
  return statuses;
}

const limitHeaders = ({ headers }: LightMyRequestResponse) => ({
  policy: headers['ratelimit-policy'],
  state: headers['ratelimit'],
  retryAfter: headers['retry-after'],
});

const eventsOf = async ({ client_id }: Pick<TestApp, 'client_id'>) =>
  (await admin.call('GET', `/review/audit?app=${client_id}&outcome=failure`)).body.entries;

describe('a FHIR response', () => {
  it('says how many requests the app may send, and how many of them are left', async () => {
    const app = await connected(null);
    expect(limitHeaders(await read(app))).toEqual({
      policy: '"app";q=600;w=60',
      state: '"app";r=599;t=1',
      retryAfter: undefined,
    });
    const missing = await getFhir(server.app, `${R4}/Patient/00000000-0000-4000-8000-000000000000`, app.token);
    expect({ status: missing.statusCode, policy: limitHeaders(missing).policy }).toEqual({
      status: 404,
      policy: '"app";q=600;w=60',
    });
  });

  it('lets browser apps of other origins read these headers', async () => {
    const exposed = String((await read(await connected(null))).headers['access-control-expose-headers']).split(', ');
    expect(exposed).toEqual(expect.arrayContaining(['ratelimit', 'ratelimit-policy', 'retry-after']));
  });

  it('says nothing about limits without an app: in the CapabilityStatement and without a token', async () => {
    for (const path of ['/metadata', '/Patient']) {
      const response = await server.app.inject(`${R4}${path}`);
      expect(limitHeaders(response).policy, path).toBeUndefined();
    }
  });
});

describe('an app above its limit', () => {
  it('gets 429 with the seconds to wait, and an OperationOutcome that says what to do', async () => {
    const app = await connected(3);
    expect(await statusesOf(app, 3)).toEqual([200, 200, 200]);
    const response = await read(app);
    const retryAfter = response.headers['retry-after'];
    expect(Number(retryAfter)).toBeGreaterThan(15);
    expect(Number(retryAfter)).toBeLessThanOrEqual(20);
    expect({ status: response.statusCode, ...limitHeaders(response) }).toEqual({
      status: 429,
      policy: '"app";q=3;w=60',
      state: `"app";r=0;t=${retryAfter}`,
      retryAfter,
    });
    const [issue] = response.json().issue;
    expect({ code: issue.code, detail: issue.details.coding[0].code, text: issue.details.text }).toEqual({
      code: 'throttled',
      detail: 'throttled',
      text: `This app may send 3 requests per minute, for all of its users together. Wait ${retryAfter} seconds, then send fewer requests at a time.`,
    });
  });

  it('may send one more request when it has waited, and a minute’s worth after a minute', async () => {
    const app = await connected(3);
    await statusesOf(app, 3);
    server.clock.advance(20_000);
    expect(await statusesOf(app, 2)).toEqual([200, 429]);
    server.clock.advance(120_000);
    expect(await statusesOf(app, 4)).toEqual([200, 200, 200, 429]);
  });

  it('shares its limit among its people, both FHIR versions and the entries of batches', async () => {
    const app = await connected(5);
    const other = { token: (await connectApp(server.app, app, {}, {}, OTHER_PATIENT)).access_token };
    expect((await read(app)).statusCode).toBe(200);
    expect((await read(other)).statusCode).toBe(200);
    expect((await read(other, DSTU2)).statusCode).toBe(200);
    const get = (url: string) => ({ request: { method: 'GET', url } });
    const batch = await callApi(server, app.token, '', {
      method: 'POST',
      headers: { 'content-type': 'application/fhir+json' },
      payload: JSON.stringify({
        resourceType: 'Bundle',
        type: 'batch',
        entry: [get('Patient'), get('Condition'), get('Observation')],
      }),
    });
    expect(batch.json().entry.map(({ response }: { response: { status: string } }) => response.status)).toEqual([
      '200 OK',
      '200 OK',
      '429 Too Many Requests',
    ]);
    expect((await read(other)).statusCode).toBe(429);
  });

  it('gets its rejections one after the other, so that a client that ignores Retry-After can’t send thousands', async () => {
    const app = await connected(1);
    await statusesOf(app, 2);
    const begun = performance.now();
    const responses = await Promise.all(Array.from({ length: 20 }, () => read(app)));
    expect(new Set(responses.map(({ statusCode }) => statusCode))).toEqual(new Set([429]));
    // The server's clock counts whole milliseconds, and a timer may be a millisecond early.
    expect(performance.now() - begun).toBeGreaterThan(19 * 15 - 2);
  });

  it('leaves other apps alone', async () => {
    const [busy, quiet] = [await connected(2), await connected(2)];
    expect(await statusesOf(busy, 4)).toEqual([200, 200, 429, 429]);
    expect(await statusesOf(quiet, 2)).toEqual([200, 200]);
  });

  it('is limited as a backend app too, in reads and exports', async () => {
    const backend = await addBackendApp(server);
    await setLimit({ client_id: backend.client_id as never, redirect_uri: '' }, 2);
    const token = await backend.token();
    expect((await callApi(server, token, '/Patient')).statusCode).toBe(200);
    expect((await callApi(server, token, '/Patient/$export', { headers: ASYNC })).statusCode).toBe(202);
    const export2 = await callApi(server, token, '/Patient/$export', { headers: ASYNC });
    expect({ status: export2.statusCode, policy: limitHeaders(export2).policy }).toEqual({
      status: 429,
      policy: '"app";q=2;w=60',
    });
    expect((await callApi(server, token, '/Patient')).statusCode).toBe(429);
  });

  it('has its first rejection of a minute in the audit log, with the request id, and all of them in the metrics', async () => {
    const throttled = async () => {
      const { body } = await server.app.inject({
        url: '/metrics',
        headers: { authorization: `Bearer ${METRICS_TOKEN}` },
      });
      const [, count = '0'] =
        /^patient_access_problems_total\{surface="fhir-r4",code="throttled"\} (\d+)$/m.exec(body) ?? [];
      return Number(count);
    };
    const before = await throttled();
    const app = await connected(1);
    await read(app);
    const first = await read(app);
    expect(await statusesOf(app, 3)).toEqual([429, 429, 429]);
    expect(await eventsOf(app)).toMatchObject([
      { kind: 'search', requestId: first.headers['x-request-id'], detail: { problem: 'throttled' } },
    ]);
    expect((await throttled()) - before).toBe(4);
    server.clock.advance(60_000);
    expect(await statusesOf(app, 3)).toEqual([200, 429, 429]);
    expect(await eventsOf(app)).toHaveLength(2);
  });
});

describe('the limit of an app', () => {
  it('is changed by an administrator, takes effect within a second, and is in the audit log', async () => {
    const app = await connected(1);
    expect(await statusesOf(app, 2)).toEqual([200, 429]);
    await setLimit(app, 120);
    server.clock.advance(1000);
    expect(limitHeaders(await read(app))).toMatchObject({ policy: '"app";q=120;w=60' });
    await setLimit(app, null);
    expect(limitHeaders(await read(app))).toMatchObject({ policy: '"app";q=600;w=60' });
    const { body } = await admin.call('GET', `/review/audit?app=${app.client_id}&kind=review`);
    expect(body.entries.map(({ detail }: { detail: object }) => detail)).toEqual([
      { action: 'limited', from: 120, to: null },
      { action: 'limited', from: 1, to: 120 },
      { action: 'limited', from: null, to: 1 },
    ]);
    expect((await admin.call('GET', `/review/apps/${app.client_id}`)).body.requestLimit).toEqual({
      perMinute: null,
      default: 600,
    });
  });

  it.each([0, -1, 1.5, 1_000_001, '10'])('can’t be %j', async (perMinute) => {
    const { client_id } = await addApp(server);
    const { status, body } = await admin.call('POST', `/review/apps/${client_id}/request-limit`, { perMinute });
    expect({ status, code: body.code }).toEqual({ status: 400, code: 'fields-invalid' });
  });

  it('needs an app that exists, and an administrator who authenticated recently', async () => {
    const call = (caller: ApiCaller, clientId: string) =>
      caller.call('POST', `/review/apps/${clientId}/request-limit`, { perMinute: 5 });
    expect((await call(admin, 'nobody')).status).toBe(404);
    const { client_id } = await addApp(server);
    server.clock.advance(6 * 60_000);
    const denial = await call(admin, client_id);
    expect({ status: denial.status, code: denial.body.code }).toEqual({ status: 403, code: 'proof-needed' });
  });
});
