import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { minutes } from '../../../src/kernel/index.ts';
import { appDraft, pngImage, type RegisteredApp, registerDraft } from '../../support/apps/app-drafts.ts';
import { type ApiCaller, apiCaller, type Developer, signInDeveloper } from '../../support/people/developer-portal.ts';
import { PatientBrowser } from '../../support/people/patient.ts';
import { signInStaff } from '../../support/people/practice-portal.ts';
import { startServer, type TestServer } from '../../support/servers/server.ts';

interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
  readonly type?: string;
  /** True if a reader of the organization may call the route. */
  readonly reader?: 'may';
  /** True if the route requires recent reauthentication. */
  readonly proof?: true;
  /** True if the route isn't about one organization. */
  readonly withoutOrganization?: true;
}

let server: TestServer;
let dev: Developer;
let app: RegisteredApp;
let secretId: string;
beforeAll(async () => {
  server = await startServer();
  dev = await signInDeveloper(server);
  app = await registerDraft(dev);
  secretId = app.app.secrets[0]?.secretId ?? '';
  await dev.call('PUT', `/developer/apps/${app.clientId}/logo`, pngImage(), { 'content-type': 'image/png' });
});
afterAll(() => server.close());

/** All bodies are valid, so a rejection can only be about the caller. */
function routes(): readonly Route[] {
  const at = `/developer/apps/${app.clientId}`;
  const { organisationId } = dev;
  return [
    { method: 'GET', path: '/developer/catalogue', withoutOrganization: true, reader: 'may' },
    { method: 'POST', path: '/developer/checks/draft', body: appDraft(), withoutOrganization: true, reader: 'may' },
    {
      method: 'POST',
      path: '/developer/checks/address',
      body: { kind: 'policy', uri: 'https://127.0.0.1/' },
      withoutOrganization: true,
      reader: 'may',
    },
    {
      method: 'POST',
      path: '/developer/preview',
      body: { draft: appDraft(), language: 'en', organisationId },
      reader: 'may',
    },
    {
      method: 'POST',
      path: '/developer/preview',
      body: { draft: appDraft(), language: 'en', clientId: app.clientId },
      reader: 'may',
    },
    { method: 'GET', path: `/developer/apps?organisation=${organisationId}`, reader: 'may' },
    { method: 'POST', path: '/developer/apps', body: { organisationId, draft: appDraft() }, proof: true },
    { method: 'GET', path: at, reader: 'may' },
    { method: 'GET', path: `${at}/history`, reader: 'may' },
    { method: 'GET', path: `${at}/environment`, reader: 'may' },
    { method: 'GET', path: `${at}/versions/1/logo`, reader: 'may' },
    { method: 'POST', path: `${at}/versions`, body: { draft: appDraft({ name: 'Stolen' }) } },
    { method: 'PATCH', path: `${at}/auth`, body: { auth: 'none' }, proof: true },
    { method: 'POST', path: `${at}/withdraw` },
    { method: 'POST', path: `${at}/answer`, body: { text: 'yes' } },
    { method: 'POST', path: `${at}/retire`, proof: true },
    { method: 'POST', path: `${at}/secrets`, body: {}, proof: true },
    { method: 'DELETE', path: `${at}/secrets/${secretId}`, proof: true },
    { method: 'PUT', path: `${at}/logo`, body: pngImage(), type: 'image/png' },
    { method: 'DELETE', path: `${at}/logo` },
  ];
}

const ask = (caller: ApiCaller, { method, path, body, type }: Route, headers = {}) =>
  caller.call(method, path, body, { ...(type === undefined ? {} : { 'content-type': type }), ...headers });

async function answers(caller: ApiCaller, of: (route: Route) => boolean = () => true) {
  const found: [string, number, string][] = [];
  for (const route of routes().filter(of)) {
    const { status, body } = await ask(caller, route);
    found.push([`${route.method} ${route.path}`, status, body?.code ?? '']);
  }
  return found;
}

const stateNow = () =>
  server.db.queryText(
    `select a.name, a.state, a.auth, a.logo_version, (select count(*)::int from app_secret s where s.client_id = a.client_id) as secrets,
       (select count(*)::int from app_version v where v.client_id = a.client_id) as versions
     from app a where a.organisation_id = $1`,
    [dev.organisationId],
  );

describe('apps of an organization are not accessible', () => {
  it('without a session', async () => {
    for (const [name, status, code] of await answers(apiCaller(server, undefined)))
      expect({ status, code }, name).toEqual({ status: 401, code: 'not-signed-in' });
  });

  it('to patients and to staff of a practice', async () => {
    const patient = new PatientBrowser(server.app);
    await patient.signIn('/sign-in?return_to=/');
    const staff = await signInStaff(server, ['administrator']);
    for (const browser of [patient, staff.browser]) {
      for (const [name, status, code] of await answers(apiCaller(server, browser.cookie('session'))))
        expect({ status, code }, name).toEqual({ status: 403, code: 'wrong-account' });
    }
  });

  it('to developers of another organization, who get the same response as for an unknown app', async () => {
    const other = await signInDeveloper(server);
    for (const [name, status, code] of await answers(other, ({ withoutOrganization }) => withoutOrganization !== true))
      expect({ status, code }, name).toEqual({ status: 404, code: 'not-found' });
  });

  it('to readers for changes, and to developers for retiring an app', async () => {
    const before = await stateNow();
    const reader = await signInDeveloper(server, { organisationId: dev.organisationId, role: 'reader' });
    for (const [name, status, code] of await answers(reader, ({ reader: may }) => may === undefined))
      expect({ status, code }, name).toEqual({ status: 403, code: 'role-missing' });
    for (const [name, status] of await answers(reader, ({ reader: may }) => may !== undefined))
      expect(status, name).toBe(200);
    const colleague = await signInDeveloper(server, { organisationId: dev.organisationId, role: 'developer' });
    const { status, body } = await colleague.call('POST', `/developer/apps/${app.clientId}/retire`);
    expect({ status, code: body.code }).toEqual({ status: 403, code: 'role-missing' });
    expect(await stateNow()).toEqual(before);
  });

  it('without the CSRF token of the pages', async () => {
    const before = await stateNow();
    for (const { method, path, body, type } of routes().filter((route) => route.method !== 'GET')) {
      const headers = { cookie: `session=${dev.session}`, ...(type === undefined ? {} : { 'content-type': type }) };
      const payload = (body ?? {}) as object;
      const answer = await server.app.inject({ method, url: `/api${path}`, headers, payload });
      expect({ status: answer.statusCode, code: answer.json().code }, path).toEqual({
        status: 403,
        code: 'form-expired',
      });
    }
    expect(await stateNow()).toEqual(before);
  });

  it('for changes of credentials without recent reauthentication', async () => {
    const before = await stateNow();
    const { session: cookie } = dev;
    server.clock.advance(minutes(6));
    const stale = apiCaller(server, cookie);
    for (const [name, status, code] of await answers(stale, ({ proof }) => proof === true))
      expect({ status, code }, name).toEqual({ status: 403, code: 'proof-needed' });
    const keys = { draft: { ...app.app.terms, auth: 'none' } };
    const { status, body } = await stale.call('POST', `/developer/apps/${app.clientId}/versions`, keys);
    expect({ status, code: body.code }).toEqual({ status: 403, code: 'proof-needed' });
    expect(await stateNow()).toEqual(before);
  });
});
