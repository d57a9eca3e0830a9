import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { days } from '../../../src/kernel/index.ts';
import { completePracticeDetails } from '../../../src/practices/index.ts';
import { submitApp } from '../../support/apps/review.ts';
import {
  type ApiCaller,
  apiCaller,
  type Developer,
  signInDeveloper,
  signInReviewer,
} from '../../support/people/developer-portal.ts';
import { DSTU2, OAUTH, PatientBrowser, R4 } from '../../support/people/patient.ts';
import { LIVE_PRACTICE, signInStaff } from '../../support/people/practice-portal.ts';
import {
  type ListedApp,
  listVisitorApps,
  SANDBOX_ADMINISTRATOR,
  signInVisitor,
} from '../../support/people/sandbox-administrator.ts';
import { SANDBOX_DEVELOPER, signInSandboxDeveloper } from '../../support/people/sandbox-developer.ts';
import { SANDBOX_DESK } from '../../support/people/staff.ts';
import { type ApiRoute, listApiRoutes } from '../../support/portal-api/routes.ts';
import { runCli } from '../../support/servers/command-line.ts';
import { startServer, type TestServer } from '../../support/servers/server.ts';

let server: TestServer;
let dev: Developer;
let reviewer: Awaited<ReturnType<typeof signInReviewer>>;
let visitor: ApiCaller;
let madeUp: readonly ListedApp[];
let liveMarks: readonly string[];
let madeUpMarks: readonly string[];
let sandboxDeveloper: ApiCaller;
let developed: OwnIds;
let liveApp: { readonly clientId: string };
let madeUpPractices: readonly { readonly practiceId: number; readonly name: string; readonly npi: string }[];
const LIVE_NPI = '1234567893';
beforeAll(async () => {
  server = await startServer();
  reviewer = await signInReviewer(server, 'Ada Livingstone');
  dev = await signInDeveloper(server, { name: 'Devon Livingstone' });
  liveApp = await submitApp(server, dev, { name: 'Livewire', listed: true, secret: { expiresAt: soon() } });
  await reviewer.call('POST', `/review/apps/${liveApp.clientId}/approve`, { version: 1 });
  await submitApp(server, dev, { name: 'Live and waiting' });
  await reviewer.call('POST', `/review/apps/${liveApp.clientId}/notes`, { content: 'A live note.' });
  const live = { address: '1 Livewell Street\nSpringfield, IL 62701', npi: LIVE_NPI };
  await completePracticeDetails(server.db, LIVE_PRACTICE, live);
  await server.runMaintenance();
  visitor = await signInVisitor(server);
  madeUp = await listVisitorApps(visitor);
  ({ practices: madeUpPractices } = (await visitor.call('GET', '/review/brands')).body);
  const organizations = madeUp.flatMap(({ organisation }) => (organisation === null ? [] : [organisation]));
  const practices = await server.db.queryText<{ name: string }>("select name from practice where kind = 'live'", []);
  liveMarks = [
    ...['Livewire', 'Live and waiting', 'A live note.', 'Livingstone', dev.email, dev.organisationId, liveApp.clientId],
    ...practices.map(({ name }) => name),
    ...[LIVE_NPI, 'Livewell', `${server.config.publicUrl}/brands/`],
  ];
  sandboxDeveloper = await signInSandboxDeveloper(server);
  developed = await findOwnIds(sandboxDeveloper);
  madeUpMarks = [
    ...Object.values(developed),
    ...['Larkspur Health', 'Larkspur Records', 'larkspur.example', 'Glucose Graph', 'Dose Diary', 'Lena Ortiz'],
    ...madeUp.flatMap(({ clientId, name }) => [clientId, name === 'Rhythm' ? 'rhythm.heartline' : name]),
    ...organizations.flatMap(({ organisationId, name }) => [organisationId, name]),
    ...['Maya Torres', 'Owen Blake', 'Priya Nair', 'Jordan Reyes', 'Riverbend', 'records.example'],
    ...madeUpPractices.flatMap(({ practiceId, name, npi }) => [String(practiceId), name, ...(npi === '' ? [] : [npi])]),
  ];
});
afterAll(() => server.close());

const soon = () => new Date(server.clock.now().getTime() + days(3));
const found = (text: string, marks: readonly string[]): string[] => marks.filter((mark) => text.includes(mark));
const send = (caller: ApiCaller, { method, path, body }: ApiRoute) =>
  caller.call(method, path, method === 'GET' || method === 'DELETE' ? undefined : (body ?? {}));

type OwnIds = Readonly<Record<'clientId' | 'organisationId', string>>;

/** Returns the ids of an app of the sandbox's developer and of its organization. The first call makes the copy. */
async function findOwnIds(caller: ApiCaller): Promise<OwnIds> {
  const [app] = (await caller.call('GET', '/developer/apps')).body;
  return { clientId: app.clientId, organisationId: app.organisationId };
}

/** Everything in the tables of apps, organizations and brands, as one text for each table, real or made up. */
async function stored(isMadeUp: boolean, at = server): Promise<readonly string[]> {
  const ofSpace = isMadeUp ? "space <> ''" : "space = ''";
  const ofVisitor = `visitor_id is ${isMadeUp ? 'not null' : 'null'}`;
  const ofApps = `client_id in (select client_id from stored_app where ${ofSpace})`;
  const texts: string[] = [];
  for (const [table, condition] of [
    ['stored_app', ofSpace],
    ['stored_organisation', ofSpace],
    ['app_version', ofApps],
    ['app_event', ofApps],
    ['app_secret', ofApps],
    ['review_note', ofApps],
    ['made_up_request', ofApps],
    ['made_up_usage', ofApps],
    ['app_request', ofApps],
    ['app_usage', ofApps],
    ['practice', isMadeUp ? 'false' : 'true'],
    ['made_up_practice', isMadeUp ? 'true' : 'false'],
    ['stored_practice_brand', ofVisitor],
    ['stored_brands_version', ofVisitor],
  ] as const) {
    const rows = await at.db.queryText<{ text: string }>(
      `select coalesce(string_agg(t::text, ';' order by t::text), '') as text from ${table} t where ${condition}`,
      [],
    );
    texts.push(rows[0]?.text ?? '');
  }
  return texts;
}

describe('the sandbox’s administrator', () => {
  /** Requests with the ids of real apps, organizations and practices. */
  const routesOfLive = () =>
    listApiRoutes(visitor, {
      clientId: liveApp.clientId,
      organisationId: dev.organisationId,
      practiceId: LIVE_PRACTICE,
      version: 1,
      content: 'A note of a visitor.',
      ground: 'security-risk',
    });
  const ALLOWED = /\/api\/review\/(queue|apps|organisations|brands|made-up)(\/|$)/;

  it('reads and changes nothing real on any route of the API that isn’t public', async () => {
    const before = await stored(false);
    // Public routes, such as the gallery, are the same for everyone. Starting over would change what later tests read.
    const routes = (await routesOfLive()).filter(({ path }) => !/^\/(public|review\/made-up)\//.test(path));
    expect(routes.length).toBeGreaterThan(60);
    for (const route of routes) {
      const { status, body } = await send(visitor, route);
      expect({ name: route.name, found: found(JSON.stringify(body ?? ''), liveMarks) }).toEqual({
        name: route.name,
        found: status === 404 ? found(JSON.stringify(body), [liveApp.clientId]) : [],
      });
      expect({ name: route.name, isAnswered: status < 500 }).toEqual({ name: route.name, isAnswered: true });
    }
    expect(await stored(false)).toEqual(before);
  });

  it('is rejected on every route for administrators except those of the review', async () => {
    const routes = (await routesOfLive()).filter(({ name }) => name.includes('/api/review/') && !ALLOWED.test(name));
    expect(routes.length).toBeGreaterThan(10);
    for (const route of routes) {
      const { status, body } = await send(visitor, route);
      expect({ name: route.name, status, code: body.code }).toEqual({
        name: route.name,
        status: 403,
        code: 'wrong-account',
      });
      expect(body.detail).toContain('made-up apps');
    }
  });

  it('gets the same answer for a real app as for one that doesn’t exist', async () => {
    for (const route of (await routesOfLive()).filter(({ path }) =>
      path.startsWith(`/review/apps/${liveApp.clientId}`),
    )) {
      const real = await send(visitor, route);
      const none = await send(visitor, { ...route, path: route.path.replace(liveApp.clientId, 'no-such-app') });
      expect({ name: route.name, status: real.status, code: real.body.code }).toEqual({
        name: route.name,
        status: none.status,
        code: none.body.code,
      });
      expect({ name: route.name, status: real.status }).toEqual({ name: route.name, status: 404 });
    }
  });

  it('explains on pages of the administration what the account is for, in the reader’s language', async () => {
    const browser = new PatientBrowser(server.app);
    await browser.signIn('/sign-in?return_to=/practice', SANDBOX_ADMINISTRATOR);
    const english = await browser.get('/practice/administration');
    expect(english.status).toBe(403);
    expect(english.body).toContain('The sandbox administrator can only review made-up apps.');
    expect(english.body).toContain('<a href="/review">Go to the review queue</a>');
    await browser.get('/language?to=es&return_to=/');
    const spanish = await browser.get('/practice/administration');
    expect(spanish.body).toContain('solo puede revisar aplicaciones ficticias');
  });

  it('opens no page of the administration, of a practice or of a developer', async () => {
    const browser = new PatientBrowser(server.app);
    const { location } = await browser.signIn('/sign-in?return_to=/practice', SANDBOX_ADMINISTRATOR);
    expect((await browser.get(location ?? '')).location).toBe('/review');
    for (const path of [
      ...[
        '/practice/administration',
        '/practice/administration/administrators',
        '/practice/1/patients',
        '/practice/1/staff',
      ],
      ...['/practice/1/settings', '/practice/1/apps', '/practice/1/disclosures', '/account'],
    ]) {
      const { status, body } = await browser.get(path);
      expect({ path, isRejected: status >= 400 }).toEqual({ path, isRejected: true });
      expect({ path, found: found(body, liveMarks) }).toEqual({ path, found: [] });
    }
  });
});

describe('the sandbox’s developer', () => {
  const PUBLIC = /\/api\/developer\/(explorer|test-patients)(\/|$)/;
  /** Changes that would reach real people, the account that all visitors share, or much of the database. */
  const REJECTED = [
    'DELETE /api/developer/apps/{clientId}/logo',
    'DELETE /api/developer/organisations/{organisationId}/invitations/{invitationId}',
    'POST /api/developer/organisations',
    'POST /api/developer/organisations/join-requests',
    'POST /api/developer/organisations/{organisationId}/invitations',
    'POST /api/developer/organisations/{organisationId}/leave',
    'PUT /api/developer/apps/{clientId}/logo',
    'PUT /api/developer/notifications/emails',
  ];
  const NOT_OWN = 'Not found, or you don’t have access to it.';

  it('works in the visitor’s space on every route for developers that doesn’t say why it is rejected', async () => {
    const before = await stored(false);
    const caller = await signInSandboxDeveloper(server);
    const own = await findOwnIds(caller);
    const live = { clientId: liveApp.clientId, organisationId: dev.organisationId };
    const rejected: string[] = [];
    const forDevelopers = (
      await listApiRoutes(caller, { ...own, accountId: randomUUID(), invitationId: randomUUID(), version: 1 })
    ).filter(({ name }) => name.includes('/api/developer/') && !PUBLIC.test(name) && !name.includes('/made-up/'));
    expect(forDevelopers.length).toBeGreaterThan(35);
    for (const route of forDevelopers) {
      const { status, body } = await send(caller, route);
      const text = JSON.stringify(body ?? '');
      expect({ name: route.name, isAnswered: status < 500, found: found(text, liveMarks) }).toEqual({
        name: route.name,
        isAnswered: true,
        found: [],
      });
      if (status === 403) {
        expect({ name: route.name, code: body.code, detail: body.detail }).toEqual({
          name: route.name,
          code: 'not-in-sandbox',
          detail: expect.stringContaining('sign up for a developer account'),
        });
        rejected.push(route.name);
      }
      expect([route.name, body?.detail]).not.toEqual([route.name, NOT_OWN]);
      const other = JSON.stringify(route)
        .replaceAll(own.clientId, live.clientId)
        .replaceAll(own.organisationId, live.organisationId);
      if (status === 403 || other === JSON.stringify(route)) continue;
      const answer = await send(caller, JSON.parse(other) as ApiRoute);
      expect({ name: route.name, status: answer.status, detail: answer.body.detail }).toEqual({
        name: route.name,
        status: 404,
        detail: NOT_OWN,
      });
    }
    expect(rejected.sort()).toEqual(REJECTED);
    expect(await stored(false)).toEqual(before);
  });

  it('reads and changes nothing real on all other routes that aren’t public', async () => {
    const before = await stored(false);
    const ids = { clientId: liveApp.clientId, organisationId: dev.organisationId, practiceId: 1, version: 1 };
    const routes = (await listApiRoutes(sandboxDeveloper, ids)).filter(
      ({ name }) => !name.includes('/api/public/') && (!name.includes('/api/developer/') || PUBLIC.test(name)),
    );
    for (const route of routes) {
      const { status, body } = await send(sandboxDeveloper, route);
      const marks = found(JSON.stringify(body ?? ''), liveMarks);
      expect({ name: route.name, isAnswered: status < 500, marks }).toEqual({
        name: route.name,
        isAnswered: true,
        marks: [],
      });
      if (route.name.includes('/api/review/'))
        expect({ name: route.name, status }).toEqual({ name: route.name, status: 403 });
    }
    expect(await stored(false)).toEqual(before);
  });

  it('opens no page of a practice or a patient', async () => {
    const browser = new PatientBrowser(server.app);
    await browser.signIn('/sign-in?return_to=/developer', SANDBOX_DEVELOPER);
    for (const path of ['/practice', '/practice/1/patients', '/practice/administration', '/account']) {
      const { status, body } = await browser.get(path);
      expect({ path, isClosed: status >= 300, found: found(body, liveMarks) }).toEqual({
        path,
        isClosed: true,
        found: [],
      });
    }
  });

  it('shares no app with the sandbox’s administrator', async () => {
    expect(madeUp.filter(({ name }) => name === 'Glucose Graph')).toEqual([]);
    expect((await visitor.call('GET', `/review/apps/${developed.clientId}`)).status).toBe(404);
    expect((await sandboxDeveloper.call('GET', `/developer/apps/${madeUp[0]?.clientId}`)).status).toBe(404);
  });
});

describe('made-up apps and organizations', () => {
  it('appear on no route of the API for anyone else', async () => {
    const reviewed = { clientId: madeUp[0]?.clientId, organisationId: madeUp[0]?.organisation?.organisationId };
    for (const [caller, values] of [
      [reviewer, reviewed],
      [dev, developed],
      [apiCaller(server, undefined), reviewed],
    ] as const) {
      for (const route of (await listApiRoutes(caller, values)).filter(({ method }) => method === 'GET')) {
        const { status, body } = await send(caller, route);
        const marks = found(JSON.stringify(body ?? ''), madeUpMarks);
        const given: readonly unknown[] = Object.values(values);
        expect({ name: route.name, marks: marks.filter((mark) => !(status >= 400 && given.includes(mark))) }).toEqual({
          name: route.name,
          marks: [],
        });
      }
    }
  });

  it('can’t be decided about by a real administrator', async () => {
    const before = await stored(true);
    const values = { clientId: madeUp[0]?.clientId, version: 1, content: 'A note.', ground: 'security-risk' };
    const routes = (await listApiRoutes(reviewer, values)).filter(({ name }) =>
      name.includes('/review/apps/{clientId}'),
    );
    expect(routes.length).toBeGreaterThan(8);
    for (const route of routes)
      expect({ name: route.name, status: (await send(reviewer, route)).status }).toEqual({
        name: route.name,
        status: 404,
      });
    expect(await stored(true)).toEqual(before);
  });

  it('appear on no public page and in no metadata', async () => {
    for (const path of [
      ...['/', '/apps', '/apps?text=heartline', '/service-base-urls', '/status', '/developer', '/docs'],
      ...['/brands.json', '/service-base-urls.json', '/service-base-urls-r4.json'],
      ...[`${R4}/metadata`, `${DSTU2}/metadata`, `${R4}/.well-known/smart-configuration`],
    ]) {
      const { body } = await server.app.inject({ method: 'GET', url: path, headers: { accept: '*/*' } });
      expect({ path, found: found(body, madeUpMarks) }).toEqual({ path, found: [] });
    }
    const logo = await server.app.inject({ method: 'GET', url: `/app-logos/${madeUp[0]?.clientId}` });
    expect(logo.statusCode).toBe(404);
  });

  it('are published to no app, even after a visitor and the server publish', async () => {
    const { body } = await visitor.call('GET', '/review/brands/draft');
    const ids = body.bundle.entry.map(({ resource }: { resource: { resourceType: string; id: string } }) => resource);
    const before = (await server.app.inject({ method: 'GET', url: '/brands.json' })).body;
    expect(found(before, ['Livewell', LIVE_NPI])).toEqual(['Livewell', LIVE_NPI]);
    await visitor.call('POST', '/review/brands/publish', {});
    server.clock.advance(2000);
    await server.runMaintenance();
    expect((await server.app.inject({ method: 'GET', url: '/brands.json' })).body).toBe(before);
    expect(ids.length).toBeGreaterThan(4);
    for (const { resourceType, id } of ids) {
      const { statusCode } = await server.app.inject({ method: 'GET', url: `/brands/${resourceType}/${id}` });
      expect({ resourceType, id, statusCode }).toEqual({ resourceType, id, statusCode: 404 });
    }
  });

  it('can’t be changed or published by a real administrator', async () => {
    const before = await stored(true);
    const fields = { npi: '', category: 'prov', aliases: [], locations: [], partOf: null };
    for (const { practiceId } of madeUpPractices) {
      const path = `/review/brands/practices/${practiceId}`;
      expect((await reviewer.call('PUT', path, fields)).status).toBe(404);
      const shared = await reviewer.call('PUT', `/review/brands/practices/${LIVE_PRACTICE}`, {
        ...{ ...fields, npi: LIVE_NPI },
        partOf: practiceId,
      });
      expect(shared.body).toMatchObject({ status: 400, errors: [{ field: 'partOf' }] });
    }
    await reviewer.call('POST', '/review/brands/publish', {});
    expect(await stored(true)).toEqual(before);
  });

  it('appear on no page of practice staff', async () => {
    const admin = await signInStaff(server, ['administrator', 'privacy-officer']);
    const desk = new PatientBrowser(server.app);
    await desk.signIn('/sign-in?return_to=/practice', SANDBOX_DESK);
    for (const browser of [admin.browser, desk]) {
      for (const page of ['patients', 'apps', 'disclosures', 'staff', 'settings']) {
        for (const practice of [1, 2]) {
          const { body } = await browser.get(`/practice/${practice}/${page}`);
          expect({ page, found: found(body, madeUpMarks) }).toEqual({ page, found: [] });
        }
      }
    }
  });

  it('can’t be authorized, get a token or register', async () => {
    const active = madeUp.find(({ name }) => name === 'Heartline Companion');
    if (active === undefined) throw new Error('the sandbox has an approved app');
    const query = new URLSearchParams({
      response_type: 'code',
      client_id: active.clientId,
      redirect_uri: 'https://companion.heartline.example/callback',
      scope: 'launch/patient patient/*.rs',
      state: 'x'.repeat(32),
      aud: `${server.config.publicUrl}${R4}`,
      code_challenge: 'x'.repeat(43),
      code_challenge_method: 'S256',
    });
    const authorization = await server.app.inject({ method: 'GET', url: `${OAUTH}/authorize?${query}` });
    expect({ statusCode: authorization.statusCode, location: authorization.headers.location }).toEqual({
      statusCode: (await server.app.inject({ method: 'GET', url: `${OAUTH}/authorize?client_id=no-such-app` }))
        .statusCode,
      location: undefined,
    });
    const token = await server.app.inject({
      method: 'POST',
      url: `${OAUTH}/token`,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      payload: `grant_type=client_credentials&client_id=${active.clientId}&client_secret=x`,
    });
    expect(token.json().error).toBe('invalid_client');
  });

  it('appear in no list of the command line', async () => {
    const settings = { DATABASE_URL: server.databaseUrl };
    for (const words of [
      ['apps', 'list', '--json'],
      ['accounts', 'list', '--json'],
      ['practices', 'list', '--json'],
      ['grants', 'list', '--json'],
    ]) {
      const { out, err } = await runCli(words, settings);
      expect({ words, found: found(`${out}${err}`, madeUpMarks) }).toEqual({ words, found: [] });
    }
    for (const command of ['show', 'log']) {
      const { code } = await runCli(['apps', command, madeUp[0]?.clientId ?? ''], settings);
      expect([command, code]).not.toEqual([command, 0]);
    }
  });

  it('are left alone by scheduled work, which emails no one about them', async () => {
    // Its clock moves past the end of sessions, so it is a server of its own.
    const later = await startServer();
    try {
      const reviewed = await listVisitorApps(await signInVisitor(later));
      const developing = await signInSandboxDeveloper(later);
      const own: readonly ListedApp[] = (await developing.call('GET', '/developer/apps')).body;
      const names = [...reviewed, ...own].map(({ name }) => name);
      expect(names.length).toBeGreaterThan(8);
      const before = await stored(true, later);
      later.clock.advance(60_000 * 60);
      await later.purgeExpired();
      expect(await stored(true, later)).toEqual(before);
      const emails = await later.db.queryText<{ text: string }>('select subject || content as text from mail', []);
      expect(found(emails.map(({ text }) => text).join('\n'), names)).toEqual([]);
    } finally {
      await later.close();
    }
  });
});
