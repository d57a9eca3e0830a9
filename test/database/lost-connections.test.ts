import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addApp, type TestApp } from '../support/apps/apps.ts';
import { WAITING_FOR_LOCK } from '../support/database/waiting-for-lock.ts';
import { connectApp, encodeForm, FORM, getFhir, OAUTH, PatientBrowser, R4 } from '../support/people/patient.ts';
import { until } from '../support/runs/until.ts';
import { startServer, type TestServer } from '../support/servers/server.ts';

let server: TestServer;
let other: pg.Client;
/**
 * Within a transaction, pg_stat_activity doesn't change after it is first read. So one client holds the lock, and
 * another one watches.
 */
let watcher: pg.Client;
let app: TestApp & { client_secret: string };
beforeAll(async () => {
  server = await startServer();
  app = await addApp(server);
  other = new pg.Client({ connectionString: server.databaseUrl });
  watcher = new pg.Client({ connectionString: server.databaseUrl });
  await Promise.all([other.connect(), watcher.connect()]);
});
afterAll(async () => {
  await Promise.all([other.end(), watcher.end()]);
  await server.close();
});

/**
 * Locks a table so that the work under test waits in the database, and cuts the connections that wait until the work
 * ends. Some of them may belong to the server's background work, such as writing activity.
 */
async function cutWhileWaitingFor<Result>(table: string, work: () => Promise<Result>): Promise<Result> {
  await other.query(`begin; lock table ${table}`);
  // The server caches clients for a second, and wouldn't read them from the table.
  server.clock.advance(2000);
  let isDone = false;
  const result = work().finally(() => {
    isDone = true;
  });
  const waiting = async () => (await watcher.query(WAITING_FOR_LOCK)).rows;
  await until(async () => {
    for (const { pid } of await waiting()) await watcher.query('select pg_terminate_backend($1::int)', [pid]);
    return isDone;
  });
  const done = await result;
  await other.query('rollback');
  // The server may still have connections that were cut. Each of them fails once.
  await Promise.allSettled(Array.from({ length: 6 }, () => server.db.queryText('select 1', [])));
  return done;
}

describe('a database connection that is cut', () => {
  it('during a consent is 503 as a page, and the server continues', async () => {
    const browser = new PatientBrowser(server.app);
    const query = { response_type: 'code', client_id: app.client_id, redirect_uri: app.redirect_uri };
    const page = await browser.authorize(query);
    const response = await cutWhileWaitingFor('consent_grant', () => browser.submitConsent(page));
    expect(response.status).toBe(503);
    expect(response.body).toContain('<!doctype html>');
    expect((await browser.submitConsent(page)).status).toBe(303);
  });

  it('at the token endpoint is 503 as RFC 6749 JSON', async () => {
    const payload = encodeForm({ grant_type: 'refresh_token', refresh_token: 'x', ...app });
    const response = await cutWhileWaitingFor('app', () =>
      server.app.inject({ method: 'POST', url: `${OAUTH}/token`, headers: FORM, payload }),
    );
    expect({ status: response.statusCode, error: response.json().error }).toEqual({
      status: 503,
      error: 'temporarily_unavailable',
    });
    expect(response.headers['retry-after']).toBeDefined();
  });

  it('at a FHIR search is 503 as an OperationOutcome', async () => {
    const { access_token } = await connectApp(server.app, app);
    const response = await cutWhileWaitingFor('resource', () => getFhir(server.app, `${R4}/Condition`, access_token));
    expect({ status: response.statusCode, code: response.json().issue[0].code }).toEqual({
      status: 503,
      code: 'transient',
    });
  });
});
