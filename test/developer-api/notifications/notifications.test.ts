import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { days, hours, later, minutes } from '../../../src/kernel/index.ts';
import type { NotificationsResponse } from '../../../src/portal-api/contract/notifications.ts';
import { registerDraft } from '../../support/apps/app-drafts.ts';
import { listEmails, type SubmittedApp, submitApp } from '../../support/apps/review.ts';
import {
  type ApiCaller,
  apiCaller,
  type Developer,
  makeOnlyAdministrator,
  signInDeveloper,
  signInReviewer,
} from '../../support/people/developer-portal.ts';
import { PatientBrowser } from '../../support/people/patient.ts';
import { signInAs } from '../../support/people/staff.ts';
import { startServer, type TestServer } from '../../support/servers/server.ts';

let server: TestServer;
let ada: Awaited<ReturnType<typeof signInReviewer>>;
let dev: Developer;
let app: SubmittedApp;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());
beforeEach(async () => {
  ada = await signInReviewer(server);
  await makeOnlyAdministrator(server, ada.accountId);
  dev = await signInDeveloper(server);
  app = await submitApp(server, dev);
});

/** Signs in again, because a session ends when the clock moves on. */
const again = async ({ accountId }: Pick<Developer, 'accountId'>): Promise<ApiCaller> =>
  apiCaller(server, (await signInAs(server, accountId)).cookie('session'));

const decide = async (what: string, body: object, { clientId } = app): Promise<void> =>
  expect((await ada.call('POST', `/review/apps/${clientId}/${what}`, body)).status).toBe(200);
const REASON = { ground: 'authenticity', text: 'Nobody answers at the address of the company.' };

async function inbox(of: ApiCaller = dev, query = ''): Promise<NotificationsResponse> {
  const { status, body } = await of.call<NotificationsResponse>('GET', `/developer/notifications${query}`);
  expect(status).toBe(200);
  return body;
}
const kindsOf = async (of: ApiCaller = dev): Promise<string[]> =>
  (await inbox(of)).notifications.map(({ kind }) => kind);
const unreadOf = async (of: ApiCaller = dev): Promise<number> =>
  (await of.call('GET', '/developer/notifications/unread')).body.unread;
const subjectsOf = async ({ email }: Developer = dev): Promise<string[]> =>
  (await listEmails(server, email)).map(({ subject }) => subject);

describe('a decision of the reviewers', () => {
  it('makes both an email and a notification', async () => {
    await decide('ask', { version: 1, question: 'Whose server is it?' });
    await decide('verify', { version: 1 });
    await decide('approve', { version: 1 });
    await decide('suspend', REASON);
    await decide('resume', {});
    await decide('retire', REASON);
    const { notifications, found, unread } = await inbox();
    expect(notifications.map(({ kind, version }) => [kind, version])).toEqual([
      ['retired', null],
      ['resumed', null],
      ['suspended', null],
      ['approved', 1],
      ['verified', 1],
      ['asked', 1],
    ]);
    expect({ found, unread, emails: (await subjectsOf()).length }).toEqual({ found: 6, unread: 6, emails: 6 });
    expect(notifications[0]).toMatchObject({ clientId: app.clientId, appName: 'Pillbox', read: false });
  });

  it('is a notification for an app that was rejected, too', async () => {
    await decide('reject', { version: 1, ...REASON });
    expect({ kinds: await kindsOf(), subjects: await subjectsOf() }).toEqual({
      kinds: ['rejected'],
      subjects: ['Pillbox is not approved'],
    });
  });

  it('of the developers themselves makes none', async () => {
    await dev.call('POST', `/developer/apps/${app.clientId}/withdraw`);
    expect(await kindsOf()).toEqual([]);
  });
});

describe('notifications', () => {
  it('belong to the members of the organization only, from the day on which they joined', async () => {
    await decide('verify', { version: 1 });
    const other = await signInDeveloper(server);
    server.clock.advance(minutes(4));
    const colleague = await signInDeveloper(server, { organisationId: dev.organisationId, role: 'reader' });
    await decide('approve', { version: 1 });
    expect(await kindsOf()).toEqual(['approved', 'verified']);
    expect(await kindsOf(colleague)).toEqual(['approved']);
    expect({ kinds: await kindsOf(other), unread: await unreadOf(other) }).toEqual({ kinds: [], unread: 0 });
    await server.db.queryText('delete from membership where account_id = $1', [colleague.accountId]);
    expect(await kindsOf(colleague)).toEqual([]);
  });

  it.each([
    ['GET', '/developer/notifications'],
    ['GET', '/developer/notifications/unread'],
    ['POST', '/developer/notifications/read'],
    ['GET', '/developer/notifications/emails'],
    ['PUT', '/developer/notifications/emails'],
  ] as const)('need a developer: %s %s', async (method, path) => {
    const body = { GET: undefined, POST: {}, PUT: { review: false, secrets: false, errors: false } }[method];
    expect((await apiCaller(server, undefined).call(method, path, body)).status).toBe(401);
    const patient = new PatientBrowser(server.app);
    await patient.signIn('/sign-in');
    expect((await apiCaller(server, patient.cookie('session')).call(method, path, body)).status).toBe(403);
  });

  it('are read by each member on their own, one by one or all together', async () => {
    const colleague = await signInDeveloper(server, { organisationId: dev.organisationId, role: 'developer' });
    await decide('verify', { version: 1 });
    await decide('approve', { version: 1 });
    const [approved] = (await inbox()).notifications;
    const read = (body: object) => dev.call('POST', '/developer/notifications/read', body);
    const ids = { notificationIds: [approved?.notificationId] };
    expect((await read(ids)).body).toEqual({ unread: 1 });
    expect((await read(ids)).body).toEqual({ unread: 1 });
    expect((await inbox()).notifications.map((one) => one.read)).toEqual([true, false]);
    expect((await read({})).body).toEqual({ unread: 0 });
    expect(await unreadOf(colleague)).toBe(2);
  });

  it('of others can’t be marked as read', async () => {
    await decide('verify', { version: 1 });
    const [theirs] = (await inbox()).notifications;
    const other = await signInDeveloper(server);
    const ids = { notificationIds: [theirs?.notificationId] };
    expect((await other.call('POST', '/developer/notifications/read', ids)).body).toEqual({ unread: 0 });
    const { rowCount } = await count(
      'select count(*)::int as count from notification_read where account_id = $1',
      other,
    );
    expect({ rowCount, unread: await unreadOf() }).toEqual({ rowCount: 0, unread: 1 });
  });

  it('have pages, and limits on what a request names', async () => {
    await decide('verify', { version: 1 });
    await decide('approve', { version: 1 });
    const pages = [await inbox(dev, '?limit=1'), await inbox(dev, '?limit=1&page=2')];
    expect(pages.map(({ notifications, found }) => [notifications.map(({ kind }) => kind), found])).toEqual([
      [['approved'], 2],
      [['verified'], 2],
    ]);
    expect((await dev.call('GET', '/developer/notifications?limit=201')).status).toBe(400);
    const many = { notificationIds: Array(201).fill('00000000-0000-4000-8000-000000000000') };
    expect((await dev.call('POST', '/developer/notifications/read', many)).status).toBe(400);
  });

  it('are deleted after 90 days, and beyond the newest 500 of an organization', async () => {
    await decide('verify', { version: 1 });
    await server.db.queryText(
      `insert into notification select gen_random_uuid(), $1, $2, 'resumed', $3::timestamptz + n * interval '1 second', '{}'
       from generate_series(1, 500) n`,
      [dev.organisationId, app.clientId, server.clock.now()],
    );
    await server.purgeExpired();
    const { found, unread } = await inbox();
    expect({ found, unread }).toEqual({ found: 500, unread: 100 });
    expect(await kindsOf()).not.toContain('verified');
    server.clock.advance(days(91));
    await server.purgeExpired();
    expect((await inbox(await again(dev))).found).toBe(0);
  });
});

describe('emails about notifications', () => {
  const topics = (changes: object) =>
    dev.call('PUT', '/developer/notifications/emails', { review: true, secrets: true, errors: true, ...changes });

  it('can be turned off and on by topic, and name the page for that', async () => {
    expect((await dev.call('GET', '/developer/notifications/emails')).body).toEqual({
      review: true,
      secrets: true,
      errors: true,
      madeUpAddress: false,
    });
    expect((await topics({ review: false })).body).toMatchObject({ review: false, secrets: true, errors: true });
    await decide('verify', { version: 1 });
    expect({ kinds: await kindsOf(), emails: await subjectsOf() }).toEqual({ kinds: ['verified'], emails: [] });
    await topics({ secrets: false });
    await decide('approve', { version: 1 });
    const [email] = await listEmails(server, dev.email);
    expect(email?.subject).toBe('Pillbox is approved');
    expect(email?.text).toContain('Choose which of these emails you get: ');
    expect(email?.text).toContain('/developer/notifications');
  });

  it('about a suspended or retired app are always sent', async () => {
    await decide('approve', { version: 1 });
    await topics({ review: false });
    await decide('suspend', REASON);
    await decide('retire', REASON);
    const emails = await listEmails(server, dev.email);
    expect(emails.map(({ subject }) => subject).slice(1)).toEqual(['Pillbox is suspended', 'Pillbox is retired']);
    expect(emails.at(-1)?.text).not.toContain('Choose which of these emails');
  });
});

it('a secret that expires soon makes one email and one notification, for those who can replace it', async () => {
  const reader = await signInDeveloper(server, { organisationId: dev.organisationId, role: 'reader' });
  const { clientId } = await registerDraft(dev, { name: 'Fades' }, { secretDays: 30 });
  server.clock.advance(days(17));
  await Promise.all([server.purgeExpired(), server.purgeExpired()]);
  const { notifications } = await inbox(await again(dev));
  expect(notifications).toMatchObject([
    { kind: 'secret-expiring', clientId, secret: { name: 'Secret', expiresAt: expect.any(String) }, errors: null },
  ]);
  expect((await subjectsOf()).filter((one) => /expires/.test(one))).toHaveLength(1);
  expect(await kindsOf(await again(reader))).toEqual([]);
  const signedIn = await signInDeveloper(server, { organisationId: dev.organisationId });
  expect(await kindsOf(signedIn)).toEqual([]);
});

describe('more errors than usual', () => {
  /** Adds usage of the app at an hour before now. */
  async function use(hoursAgo: number, calls: number, errors: number, measure = 'error'): Promise<void> {
    const hour = new Date(Math.floor(server.clock.now().getTime() / hours(1)) * hours(1));
    const at = later(hour, -hours(hoursAgo));
    await server.db.queryText(
      `insert into app_usage (client_id, hour, measure, name, count)
       values ($1, $2, 'call', '', $3), ($1, $2, 'error', 'not-found', $4), ($1, $2, 'unproved', 'not-found', $5)`,
      [app.clientId, at, calls, errors, measure === 'unproved' ? errors : 0],
    );
  }
  const errorEmails = async () => (await subjectsOf()).filter((one) => /more errors/.test(one));

  it('in the last full hour make one email and one notification a day, with what is usual', async () => {
    await use(72, 1000, 10);
    await use(1, 100, 40);
    await Promise.all([server.purgeExpired(), server.purgeExpired()]);
    const [first] = (await inbox()).notifications;
    expect(first).toMatchObject({
      kind: 'errors-rising',
      errors: { period: 'hour', errors: 40, percent: 40, usualPercent: 1 },
    });
    expect(await errorEmails()).toEqual(['Pillbox has more errors than usual']);
    const email = (await listEmails(server, dev.email)).at(-1);
    expect(email?.text).toContain('40% of its requests failed. In the two weeks before, it was 1%.');
    expect(email?.text).toContain(`/developer/apps/${app.clientId}/log?outcome=refused`);

    server.clock.advance(hours(2));
    await use(1, 100, 60);
    await server.purgeExpired();
    expect(await errorEmails()).toHaveLength(1);
    server.clock.advance(hours(22));
    await use(1, 100, 60);
    await server.purgeExpired();
    expect([await errorEmails(), await kindsOf(await again(dev))].map((all) => all.length)).toEqual([2, 2]);
  });

  it('that are spread over a day are reported too', async () => {
    await use(72, 1000, 10);
    for (const ago of [2, 8, 14, 20]) await use(ago, 20, 8);
    await server.purgeExpired();
    expect((await inbox()).notifications[0]?.errors).toMatchObject({ period: 'day', errors: 32, percent: 40 });
  });

  it.each([
    ['of an app that is new', [[1, 100, 40]]],
    [
      'that are as many as usual',
      [
        [72, 1000, 400],
        [1, 100, 40],
      ],
    ],
    [
      'that are few',
      [
        [72, 1000, 10],
        [1, 19, 19],
      ],
    ],
    [
      'of the hour that isn’t over',
      [
        [72, 1000, 10],
        [0, 100, 40],
      ],
    ],
  ] as const)('are not reported %s', async (_which, hoursOfUse) => {
    for (const [ago, calls, errors] of hoursOfUse) await use(ago, calls, errors);
    await server.purgeExpired();
    expect({ kinds: await kindsOf(), errorEmails: await errorEmails() }).toEqual({ kinds: [], errorEmails: [] });
  });

  it('that anyone can cause with the client_id are not reported', async () => {
    await use(72, 1000, 10);
    await use(1, 100, 40, 'unproved');
    await server.purgeExpired();
    expect(await kindsOf()).toEqual([]);
  });
});

const count = async (sql: string, { accountId }: { readonly accountId: string }): Promise<{ rowCount: number }> => {
  const [row] = await server.db.queryText<{ count: number }>(sql, [accountId]);
  return { rowCount: row?.count ?? 0 };
};
