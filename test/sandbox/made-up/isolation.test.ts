import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { days } from '../../../src/kernel/index.ts';
import { submitApp } from '../../support/apps/review.ts';
import {
  type ApiCaller,
  apiCaller,
  type Developer,
  signInDeveloper,
  signInReviewer,
} from '../../support/people/developer-portal.ts';
import { DSTU2, OAUTH, PatientBrowser, R4 } from '../../support/people/patient.ts';
import { signInStaff } from '../../support/people/practice-portal.ts';
import {
  type ListedApp,
  listVisitorApps,
  SANDBOX_ADMINISTRATOR,
  signInVisitor,
} from '../../support/people/sandbox-administrator.ts';
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
let liveApp: { readonly clientId: string };
beforeAll(async () => {
  server = await startServer();
  reviewer = await signInReviewer(server, 'Ada Livingstone');
  dev = await signInDeveloper(server, { name: 'Devon Livingstone' });
  liveApp = await submitApp(server, dev, { name: 'Livewire', listed: true, secret: { expiresAt: soon() } });
  await reviewer.call('POST', `/review/apps/${liveApp.clientId}/approve`, { version: 1 });
  await submitApp(server, dev, { name: 'Live and waiting' });
  await reviewer.call('POST', `/review/apps/${liveApp.clientId}/notes`, { content: 'A live note.' });
  visitor = await signInVisitor(server);
  madeUp = await listVisitorApps(visitor);
  const organizations = madeUp.flatMap(({ organisation }) => (organisation === null ? [] : [organisation]));
  const practices = await server.db.queryText<{ name: string }>("select name from practice where kind = 'live'", []);
  liveMarks = [
    ...['Livewire', 'Live and waiting', 'A live note.', 'Livingstone', dev.email, dev.organisationId, liveApp.clientId],
    ...practices.map(({ name }) => name),
  ];
  madeUpMarks = [
    ...madeUp.flatMap(({ clientId, name }) => [clientId, name === 'Rhythm' ? 'rhythm.heartline' : name]),
    ...organizations.flatMap(({ organisationId, name }) => [organisationId, name]),
    ...['Maya Torres', 'Owen Blake', 'Priya Nair', 'Jordan Reyes'],
  ];
});
afterAll(() => server.close());

const soon = () => new Date(server.clock.now().getTime() + days(3));
const found = (text: string, marks: readonly string[]): string[] => marks.filter((mark) => text.includes(mark));
const send = (caller: ApiCaller, { method, path, body }: ApiRoute) =>
  caller.call(method, path, method === 'GET' || method === 'DELETE' ? undefined : (body ?? {}));

/** Everything in the tables of apps and organizations, as one text for each table, real or made up. */
async function stored(isMadeUp: boolean, at = server): Promise<readonly string[]> {
  const ofSpace = isMadeUp ? "space <> ''" : "space = ''";
  const ofApps = `client_id in (select client_id from stored_app where ${ofSpace})`;
  const texts: string[] = [];
  for (const [table, condition] of [
    ['stored_app', ofSpace],
    ['stored_organisation', ofSpace],
    ['app_version', ofApps],
    ['app_event', ofApps],
    ['app_secret', ofApps],
    ['review_note', ofApps],
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
      practiceId: 1,
      version: 1,
      content: 'A note of a visitor.',
      ground: 'security-risk',
    });
  const ALLOWED = /\/api\/review\/(queue|apps|organisations|made-up)(\/|$)/;

  it('reads and changes nothing real on any route of the API that isn’t public', async () => {
    const before = await stored(false);
    // Public routes, such as the gallery, are the same for everyone. Starting over would change what later tests read.
    const routes = (await routesOfLive()).filter(({ path }) => !/^\/(public|review\/made-up)\//.test(path));
    expect(routes.length).toBeGreaterThan(60);
    for (const route of routes) {
      const { status, body } = await send(visitor, route);
      expect([route.name, found(JSON.stringify(body ?? ''), liveMarks)]).toEqual([
        route.name,
        // An error may repeat the id that the request had.
        status === 404 ? found(JSON.stringify(body), [liveApp.clientId]) : [],
      ]);
      expect([route.name, status < 500]).toEqual([route.name, true]);
    }
    expect(await stored(false)).toEqual(before);
  });

  it('is rejected on every route for administrators except those of the review', async () => {
    const routes = (await routesOfLive()).filter(({ name }) => name.includes('/api/review/') && !ALLOWED.test(name));
    expect(routes.length).toBeGreaterThan(15);
    for (const route of routes) {
      const { status, body } = await send(visitor, route);
      expect([route.name, status, body.code]).toEqual([route.name, 403, 'wrong-account']);
      expect(body.detail).toContain('made-up apps');
    }
  });

  it('gets the same answer for a real app as for one that doesn’t exist', async () => {
    for (const route of (await routesOfLive()).filter(({ path }) =>
      path.startsWith(`/review/apps/${liveApp.clientId}`),
    )) {
      const real = await send(visitor, route);
      const none = await send(visitor, { ...route, path: route.path.replace(liveApp.clientId, 'no-such-app') });
      expect([route.name, real.status, real.body.code]).toEqual([route.name, none.status, none.body.code]);
      expect([route.name, real.status]).toEqual([route.name, 404]);
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
      expect([path, status >= 400]).toEqual([path, true]);
      expect([path, found(body, liveMarks)]).toEqual([path, []]);
    }
  });
});

describe('made-up apps and organizations', () => {
  it('appear on no route of the API for anyone else', async () => {
    const values = { clientId: madeUp[0]?.clientId, organisationId: madeUp[0]?.organisation?.organisationId };
    for (const caller of [reviewer, dev, apiCaller(server, undefined)]) {
      for (const route of (await listApiRoutes(caller, values)).filter(({ method }) => method === 'GET')) {
        const { status, body } = await send(caller, route);
        const marks = found(JSON.stringify(body ?? ''), madeUpMarks);
        const given: readonly unknown[] = Object.values(values);
        expect([route.name, marks.filter((mark) => !(status >= 400 && given.includes(mark)))]).toEqual([
          route.name,
          [],
        ]);
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
    for (const route of routes) expect([route.name, (await send(reviewer, route)).status]).toEqual([route.name, 404]);
    expect(await stored(true)).toEqual(before);
  });

  it('appear on no public page and in no metadata', async () => {
    for (const path of [
      ...['/', '/apps', '/apps?text=heartline', '/service-base-urls', '/status', '/developer', '/docs'],
      ...[`${R4}/metadata`, `${DSTU2}/metadata`, `${R4}/.well-known/smart-configuration`],
    ]) {
      const { body } = await server.app.inject({ method: 'GET', url: path, headers: { accept: '*/*' } });
      expect([path, found(body, madeUpMarks)]).toEqual([path, []]);
    }
    const logo = await server.app.inject({ method: 'GET', url: `/app-logos/${madeUp[0]?.clientId}` });
    expect(logo.statusCode).toBe(404);
  });

  it('appear on no page of practice staff', async () => {
    const admin = await signInStaff(server, ['administrator', 'privacy-officer']);
    const desk = new PatientBrowser(server.app);
    await desk.signIn('/sign-in?return_to=/practice', SANDBOX_DESK);
    for (const browser of [admin.browser, desk]) {
      for (const page of ['patients', 'apps', 'disclosures', 'staff', 'settings']) {
        for (const practice of [1, 2]) {
          const { body } = await browser.get(`/practice/${practice}/${page}`);
          expect([page, found(body, madeUpMarks)]).toEqual([page, []]);
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
    expect([authorization.statusCode, authorization.headers.location]).toEqual([
      (await server.app.inject({ method: 'GET', url: `${OAUTH}/authorize?client_id=no-such-app` })).statusCode,
      undefined,
    ]);
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
      expect([words, found(`${out}${err}`, madeUpMarks)]).toEqual([words, []]);
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
      const names = (await listVisitorApps(await signInVisitor(later))).map(({ name }) => name);
      expect(names.length).toBeGreaterThan(5);
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
