import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createDeveloperActivityLog, listAppLog, purgeActivity } from '../../../src/apps/index.ts';
import { type ClientId, systemRandom as random } from '../../../src/kernel/index.ts';
import type { AppLogItem, AppLogResponse, UsageResponse } from '../../../src/portal-api/contract/activity.ts';
import { registerDraft } from '../../support/apps/app-drafts.ts';
import { type Developer, signInDeveloper } from '../../support/people/developer-portal.ts';
import {
  authorizationCode,
  CHALLENGE,
  connectApp,
  encodeForm,
  type Fields,
  FORM,
  OAUTH,
  PatientBrowser,
  requestToken,
  VERIFIER,
} from '../../support/people/patient.ts';
import { until } from '../../support/runs/until.ts';
import { startServer, type TestServer } from '../../support/servers/server.ts';

let server: TestServer;
let dev: Developer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());
beforeEach(async () => {
  // The server counts rejections by minute, so each test starts in a new one.
  server.clock.advance(60_000);
  dev = await signInDeveloper(server);
});

const CLAIMED = { endpoint: 'token', cause: 'why', requestId: 'r', status: 400, proved: false } as const;

type App = Awaited<ReturnType<typeof registerDraft>>;

/** Waits until this many rejections are counted. The log is written after the response is sent. */
async function logOf({ clientId }: App, rejections: number): Promise<readonly AppLogItem[]> {
  await until(async () => (await usageOf({ clientId } as App)).totals.errors >= rejections);
  return (await dev.call<AppLogResponse>('GET', `/developer/apps/${clientId}/log?limit=200&outcome=refused`)).body
    .items;
}
const usageOf = async ({ clientId }: App): Promise<UsageResponse> =>
  (await dev.call<UsageResponse>('GET', `/developer/apps/${clientId}/usage?days=1`)).body;

/** Sends a request as someone who knows only the client_id. */
const guess = ({ client_id, redirect_uri }: App, fields: Fields = {}) =>
  requestToken(server.app, { client_id, redirect_uri, grant_type: 'authorization_code', code: 'guess', ...fields });
const times = async (count: number, work: () => Promise<unknown>) => {
  for (let at = 0; at < count; at += 1) await work();
};

describe('an attacker who knows the client_id of an app', () => {
  it('displaces no rejection of the app itself from its log: RFC 6749 §4.1.2, a public app', async () => {
    const app = await registerDraft(dev, { auth: 'none' });
    const { client_id, redirect_uri } = app;
    const pkce = { code_challenge: CHALLENGE, code_challenge_method: 'S256' };
    const browser = new PatientBrowser(server.app);
    const request = { response_type: 'code', client_id, redirect_uri, ...pkce };
    const code = authorizationCode(await browser.submitConsent(await browser.authorize(request)));
    const byCode = { grant_type: 'authorization_code', client_id, redirect_uri, code, code_verifier: VERIFIER };
    expect((await requestToken(server.app, byCode)).status).toBe(200);
    await times(70, () => guess(app));
    expect((await requestToken(server.app, byCode)).error).toBe('invalid_grant');
    const [newest] = await logOf(app, 71);
    expect(newest).toMatchObject({ error: 'invalid_grant', proved: true, parameters: [] });
    expect(newest?.cause).toContain('This code was already used');
  });

  it('displaces nothing that the app authenticated with its secret', async () => {
    const app = await registerDraft(dev);
    const { client_id, client_secret } = app;
    await times(70, () => guess(app, { client_secret: 'guess' }));
    await times(70, () => guess(app, { grant_type: 'refresh' }));
    await requestToken(server.app, { client_id, client_secret, grant_type: 'refresh_token', refresh_token: 'x' });
    const [newest, ...others] = await logOf(app, 141);
    expect(newest).toMatchObject({ error: 'invalid_grant', proved: true });
    expect(new Set(others.map(({ proved }) => proved))).toEqual(new Set([false]));
  });

  it('is distinguished from the app, entry by entry and in the counts', async () => {
    const app = await registerDraft(dev);
    const { client_id, client_secret, redirect_uri } = app;
    const token = await connectApp(server.app, app);
    await server.app.inject({
      url: `/nge/prod/fhir-api-r4/fhir/r4/Nothing`,
      headers: { authorization: `Bearer ${token.access_token}` },
    });
    await guess(app);
    const authorize = encodeForm({ response_type: 'code', client_id, redirect_uri: `${redirect_uri}/other` });
    await server.app.inject({ url: `${OAUTH}/authorize?${authorize}` });
    const push = (fields: Fields) =>
      server.app.inject({ method: 'POST', url: `${OAUTH}/par`, headers: FORM, payload: encodeForm(fields) });
    await push({ client_id, client_secret, response_type: 'token', redirect_uri });
    await push({ client_id, response_type: 'code', redirect_uri });
    await requestToken(server.app, {
      client_id,
      client_secret,
      grant_type: 'authorization_code',
      code: 'x',
      redirect_uri,
    });
    const items = await logOf(app, 6);
    const logged = items.map(({ endpoint, error, proved }) => `${endpoint} ${error} ${proved}`);
    expect(logged.sort()).toEqual([
      'authorize redirect-mismatch false',
      'fhir-r4 scope-denied true',
      'par invalid_client false',
      'par unsupported_response_type true',
      'token invalid_client false',
      'token invalid_grant true',
    ]);
    const { totals, errors } = await usageOf(app);
    expect({ errors: totals.errors, unproved: totals.unproved }).toEqual({ errors: 6, unproved: 3 });
    expect(errors.find(({ code }) => code === 'invalid_client')).toEqual({
      code: 'invalid_client',
      count: 2,
      unproved: 2,
    });
    expect(errors.find(({ code }) => code === 'invalid_grant')?.unproved).toBe(0);
    const { body: csv } = await dev.call<string>('GET', `/developer/apps/${app.clientId}/log.csv`);
    expect(csv.split('\r\n')[0]?.split(',')).toContain('proved');
  });

  it('displaces nothing from the logs of other apps, for whatever reason they are rejected', async () => {
    const [app, other] = [await registerDraft(dev), await registerDraft(dev)];
    const log = createDeveloperActivityLog({ db: server.db, clock: server.clock, random });
    const reject = (clientId: string, error: string) =>
      log.logError({ ...CLAIMED, clientId: clientId as ClientId, error });
    for (let kind = 0; kind < 50; kind += 1) {
      for (let at = 0; at < 60; at += 1) reject(app.clientId, `kind-${kind}`);
      await log.flush();
    }
    reject(other.clientId, 'invalid_client');
    await log.close();
    expect(await listAppLog(server.db, app.clientId, { limit: 10_000 })).toHaveLength(300);
    expect(await listAppLog(server.db, other.clientId, { limit: 10 })).toHaveLength(1);
    expect((await usageOf(app)).totals).toMatchObject({ errors: 3000, unproved: 3000, lost: 2700 });
  });

  it('makes the server discard only the attacker’s own entries, for however long', async () => {
    const app = await registerDraft(dev);
    const log = createDeveloperActivityLog({ db: server.db, clock: server.clock, random });
    const clientId = app.clientId as ClientId;
    log.logError({ ...CLAIMED, clientId, error: 'invalid_grant', proved: true });
    await log.close();
    await server.db.queryText(
      `insert into app_request (client_id, at, id, endpoint, error, request_id)
       select $1, $2::timestamptz + n * interval '1 ms', gen_random_uuid(), 'token', 'invalid_client', 'r'
       from generate_series(1, 21000) n`,
      [app.clientId, server.clock.now()],
    );
    await purgeActivity(server.db, server.clock.now());
    const left = await listAppLog(server.db, app.clientId, { limit: 30_000 });
    expect({ left: left.length, proved: left.at(-1)?.proved }).toEqual({ left: 20_001, proved: true });
  });
});
