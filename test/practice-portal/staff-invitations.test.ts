import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAuditLog } from '../../src/audit/index.ts';
import { findAccountByUsername, findSession, listStaffPositions } from '../../src/identity/index.ts';
import { minutes, systemRandom as random } from '../../src/kernel/index.ts';
import { inviteAdministrator, inviteFirstAdministrator } from '../../src/practice-portal/index.ts';
import { attributesOf, hasElement, hiddenFields, linksOf, textOf } from '../support/browser/html.ts';
import { makeOnlyAdministrator } from '../support/people/developer-portal.ts';
import { type BrowserResponse, PatientBrowser } from '../support/people/patient.ts';
import {
  formErrors,
  LIVE_PRACTICE,
  listAuditEvents,
  signInAdministrator,
  signInStaff,
  submitForm,
} from '../support/people/practice-portal.ts';
import { startServer, type TestServer } from '../support/servers/server.ts';

const PASSWORD = 'orange lamp seventeen rivers';
const ORIGIN = 'http://localhost:8080';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

const audit = () => createAuditLog({ db: server.db, clock: server.clock, random });
const deps = () => ({ db: server.db, clock: server.clock, random, audit: audit(), publicUrl: ORIGIN });
const first = async (): Promise<string | undefined> => pathOf((await inviteFirstAdministrator(deps()))?.link);
const invited = async (name = 'Ada Lovelace', email?: string): Promise<string> =>
  pathOf(
    (await server.db.transaction((tx) => inviteAdministrator(tx, deps(), { accountId: undefined }, { name, email })))
      .link,
  ) ?? '';
const pathOf = (link: string | undefined) => link?.slice(ORIGIN.length);
const join = (
  path: string,
  fields: Record<string, string>,
  browser = new PatientBrowser(server.app),
): Promise<BrowserResponse> => submitForm(browser, path, { password: PASSWORD, ...fields });
const removeAdministrators = () => server.db.queryText('update account set administrator = false', []);
const username = () => `new-${random.bytes(5).toString('hex')}`;

describe('the first administrator', () => {
  it('is the person who opens the link of the first start and signs up', async () => {
    await removeAdministrators();
    const path = (await first()) ?? '';
    const browser = new PatientBrowser(server.app);
    const page = await browser.get(path);
    expect(page.status).toBe(200);
    expect(page.headers['cache-control']).toBe('no-store');
    expect(page.body).toContain('Your name');
    const unnamed = await join(path, { username: 'ada-first' }, browser);
    expect({ status: unnamed.status, faultsOn: formErrors(unnamed) }).toEqual({
      status: 400,
      faultsOn: ['name: Enter your name in at most 100 characters'],
    });

    const made = await join(path, { username: 'Ada-First', name: ' Ada  Lovelace ' }, browser);
    expect(made.status).toBe(303);
    expect(made.location).toMatch(/^\/sign-in\/set-up\?return_to=%2Fpractice$/);
    const account = await findAccountByUsername(server.db, 'ada-first');
    expect(account).toMatchObject({
      administrator: true,
      kind: 'staff',
      displayName: 'Ada Lovelace',
      published: false,
    });
    // NIST SP 800-63B-4 §2.2: no page opens before the second factor is set up.
    expect(await findSession(server.db, server.clock, browser.cookie('session'))).toBeUndefined();
    expect(await findSession(server.db, server.clock, browser.cookie('session'), 'set-up')).toMatchObject({
      administrator: true,
    });
    expect((await browser.get('/practice/administration')).location).toMatch(/^\/sign-in/);
  });

  it('is not needed anymore once there is one', async () => {
    await signInAdministrator(server);
    expect(await first()).toBeUndefined();
  });

  it('cannot use an unused link of an earlier start', async () => {
    await removeAdministrators();
    const [one = '', other = ''] = [await first(), await first()];
    const browser = new PatientBrowser(server.app);
    expect((await browser.get(one)).status).toBe(404);
    expect((await browser.get(other)).status).toBe(200);
  });
});

describe('concurrent first starts', () => {
  it('print links that all work until one of them is used', async () => {
    await removeAdministrators();
    const startedAt = server.clock.now();
    const start = async () => pathOf((await inviteFirstAdministrator(deps(), startedAt))?.link) ?? '';
    server.clock.advance(1000);
    const [one, other] = await Promise.all([start(), start()]);
    const status = async (path: string) => (await new PatientBrowser(server.app).get(path)).status;
    expect({ one: await status(one), other: await status(other) }).toEqual({ one: 200, other: 200 });
    expect((await join(other, { username: username(), name: 'Ada Third' })).status).toBe(303);
    expect(await status(one)).toBe(404);
  });
});

describe('the link of a first start', () => {
  it('no longer works once there is any administrator, because it is in a log', async () => {
    await removeAdministrators();
    const printed = (await first()) ?? '';
    const other = await invited('Ada Second');
    expect((await new PatientBrowser(server.app).get(printed)).status).toBe(200);
    const early = new PatientBrowser(server.app);
    const form = hiddenFields((await early.get(printed)).body);
    expect((await join(other, { username: username() })).status).toBe(303);
    expect((await new PatientBrowser(server.app).get(printed)).status).toBe(404);
    const late = { ...form, username: username(), name: 'Mal Lory', password: PASSWORD };
    expect((await early.post(printed, late)).status).toBe(404);
    expect(await findAccountByUsername(server.db, late.username)).toBeUndefined();
  });
});

describe('the inviter behind an invitation', () => {
  const STAFF = `/practice/${LIVE_PRACTICE}/staff`;
  const linkBy = async (boss: Awaited<ReturnType<typeof signInStaff>>, path = `${STAFF}/invite`) => {
    const response = await submitForm(boss.browser, path, { name: 'Back Door', roles: 'administrator' });
    return pathOf(textOf(response, 'code')) ?? '';
  };
  const opens = async (path: string) => (await new PatientBrowser(server.app).get(path)).status === 200;

  it.each([
    ['was removed', (id: string) => server.db.queryText('delete from staff where account_id = $1', [id])],
    [
      'is no longer an administrator',
      (id: string) => server.db.queryText(`update staff set roles = '{front-desk}' where account_id = $1`, [id]),
    ],
    [
      'is locked',
      (id: string) => server.db.queryText('update account set locked_at = now() where account_id = $1', [id]),
    ],
    [
      'closed the account',
      (id: string) => server.db.queryText('update account set closed_at = now() where account_id = $1', [id]),
    ],
  ])('of a practice: if the inviter %s, it opens nothing and is not listed', async (_what, happens) => {
    const boss = await signInStaff(server, ['administrator'], [LIVE_PRACTICE]);
    const [path, open] = [await linkBy(boss), new PatientBrowser(server.app)];
    const form = hiddenFields((await open.get(path)).body);
    await happens(boss.accountId);
    expect(await opens(path)).toBe(false);
    expect((await open.post(path, { ...form, username: username(), password: PASSWORD })).status).toBe(404);
    const { browser } = await signInAdministrator(server);
    expect((await browser.get(STAFF)).body).not.toContain('Back Door');
  });

  it('of the installation: the same, including invitations that its administrator sent at a practice', async () => {
    const mal = await signInAdministrator(server, 'Mal Lory');
    await makeOnlyAdministrator(server, mal.accountId);
    const paths = [await linkBy(mal), await linkBy(mal, '/practice/administration/administrators/invite')];
    expect(await Promise.all(paths.map(opens))).toEqual([true, true]);
    await server.db.queryText('update account set administrator = false where account_id = $1', [mal.accountId]);
    expect(await Promise.all(paths.map(opens))).toEqual([false, false]);
  });
});

describe('a person who already has a staff account', () => {
  const STAFF = `/practice/${LIVE_PRACTICE}/staff`;
  async function invitation(roles = 'front-desk') {
    const boss = await signInStaff(server, ['administrator'], [LIVE_PRACTICE]);
    const response = await submitForm(boss.browser, `${STAFF}/invite`, { name: 'Two Jobs', roles });
    return pathOf(textOf(response, 'code')) ?? '';
  }
  const elsewhere = () => signInStaff(server, ['clinician'], [1 as never], 'Tom Twojobs');

  it('is led to sign in, with the second factor, and back to the invitation', async () => {
    const path = await invitation();
    const { body } = await new PatientBrowser(server.app).get(path);
    expect(linksOf(body)).toContain(`/sign-in?${new URLSearchParams({ return_to: path })}`);
    const pendingSignIn = await new PatientBrowser(server.app).post(`${path}/accept`, {});
    expect(pendingSignIn.status).toBe(403);
  });

  it('accepts the invitation with that account once, in addition to existing roles', async () => {
    const [path, tom] = [await invitation('administrator'), await elsewhere()];
    expect((await tom.browser.get(path)).body).toContain('Accept as Tom Twojobs');
    const done = await submitForm(tom.browser, path, {}, `${path}/accept`);
    expect(done.location).toBe('/practice?done=joined');
    expect(textOf(await tom.browser.get(done.location ?? ''), '[role=status]')).toContain('Invitation accepted.');
    expect(
      (await listStaffPositions(server.db, tom.accountId)).map(({ practiceId, roles }) => [practiceId, roles]),
    ).toEqual([
      [LIVE_PRACTICE, ['administrator']],
      [1, ['clinician']],
    ]);
    expect((await tom.browser.get(STAFF)).status).toBe(200);
    expect((await listAuditEvents(server, 'staff'))[0]).toMatchObject({
      account_id: tom.accountId,
      detail: { action: 'take-on', practice: LIVE_PRACTICE, roles: ['administrator'] },
    });
    expect((await tom.browser.get(path)).status).toBe(404);
  });

  it('accepts it once in two concurrent requests', async () => {
    const [path, both] = [await invitation(), [await elsewhere(), await elsewhere()]];
    const pages = await Promise.all(both.map(({ browser }) => browser.get(path)));
    const sent = await Promise.all(
      both.map(({ browser }, index) => browser.post(`${path}/accept`, hiddenFields(pages[index]?.body ?? ''))),
    );
    expect(sent.map(({ status }) => status).sort()).toEqual([303, 404]);
  });

  it('who already works there is notified; nothing changes and the invitation stays valid', async () => {
    const path = await invitation('administrator');
    const there = await signInStaff(server, ['front-desk'], [LIVE_PRACTICE]);
    const page = await there.browser.get(path);
    expect(textOf(page, '.note')).toContain('You are signed in as Pat Desk and already work at');
    expect(hasElement(page, `form[action="${path}/accept"]`)).toBe(false);
    const response = await there.browser.post(`${path}/accept`, hiddenFields(page.body));
    expect({ status: response.status, faultsOn: formErrors(response)[0] }).toEqual({
      status: 400,
      faultsOn: expect.stringContaining('You already work at this practice'),
    });
    expect((await listStaffPositions(server.db, there.accountId))[0]?.roles).toEqual(['front-desk']);
    expect((await new PatientBrowser(server.app).get(path)).status).toBe(200);
  });

  it('who already administers the installation sees that on the page', async () => {
    const { browser } = await signInAdministrator(server);
    expect(textOf(await browser.get(await invited()), '.note')).toContain('are already an administrator');
  });

  it('can create another account, whose form is open if it has an error', async () => {
    const [path, tom] = [await invitation(), await elsewhere()];
    expect(hasElement(await tom.browser.get(path), 'details[open]')).toBe(false);
    const rejected = await submitForm(tom.browser, path, { username: '', password: '' });
    expect(hasElement(rejected, `details[open] form[action="${path}"]`)).toBe(true);
  });

  it('can accept to administer the installation with that account', async () => {
    const [path, tom] = [await invited('Tom Twojobs'), await elsewhere()];
    await submitForm(tom.browser, path, {}, `${path}/accept`);
    expect((await tom.browser.get('/practice/administration')).status).toBe(200);
  });

  it('cannot accept with a patient account, a shared account, or before the second factor', async () => {
    const path = await invitation();
    const patient = new PatientBrowser(server.app);
    await patient.signIn('/sign-in');
    const visitor = new PatientBrowser(server.app);
    await visitor.signIn('/sign-in', { username: 'staffapitest', password: 'Password1!' });
    const made = await signInStaff(server, ['front-desk'], [1 as never]);
    const pendingSignIn = new PatientBrowser(server.app);
    await pendingSignIn.signIn('/sign-in', { username: made.username, password: 'three words and more' });
    for (const browser of [patient, visitor, pendingSignIn]) {
      const page = await browser.get(path);
      expect(page.body).not.toContain('Accept as');
      const isSignedIn = browser !== pendingSignIn;
      expect(textOf(page, '.note').includes('That account can’t accept this invitation.')).toBe(isSignedIn);
      const sent = await browser.post(`${path}/accept`, hiddenFields(page.body));
      expect([401, 403]).toContain(sent.status);
    }
    expect((await new PatientBrowser(server.app).get(path)).status).toBe(200);
  });

  it('needs the CSRF token of the page', async () => {
    const [path, tom] = [await invitation(), await elsewhere()];
    expect((await tom.browser.post(`${path}/accept`, {})).status).toBe(403);
    expect((await tom.browser.post(`${path}/accept`, { csrf: ['a', 'b'] })).status).toBe(403);
    expect(await listStaffPositions(server.db, tom.accountId)).toHaveLength(1);
  });
});

describe('an invitation link', () => {
  it('leads to a page with the practice, the roles and when it expires', async () => {
    const boss = await signInStaff(server, ['administrator'], [LIVE_PRACTICE]);
    const response = await submitForm(boss.browser, `/practice/${LIVE_PRACTICE}/staff/invite`, {
      name: 'Rose Roles',
      roles: ['front-desk', 'clinician'],
    });
    const page = await new PatientBrowser(server.app).get(pathOf(textOf(response, 'code')) ?? '');
    expect(textOf(page, 'main ul')).toMatch(
      /^Clinician ?: Finds patients .* Front desk ?: Finds patients and enrolls them.$/,
    );
    expect(textOf(page, 'main')).toMatch(/valid until \w+ \d+, \d{4} at [\d:]+ [AP]M E[SD]T/);
  });

  it('works once: GET does not consume it, and one of two concurrent requests is accepted', async () => {
    const path = await invited();
    const browsers = Array.from({ length: 4 }, () => new PatientBrowser(server.app));
    const pages = await Promise.all(browsers.map((browser) => browser.get(path)));
    expect(pages.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(pages[0]?.body).toContain('Welcome, <b>Ada Lovelace</b>');
    const sent = await Promise.all(
      browsers.map((browser, index) =>
        browser.post(path, { ...hiddenFields(pages[index]?.body ?? ''), username: username(), password: PASSWORD }),
      ),
    );
    expect(sent.map(({ status }) => status).sort()).toEqual([303, 404, 404, 404]);
    const { rows } = {
      rows: await server.db.queryText('select from invitation where used_by is null and used_at is not null', []),
    };
    expect(rows).toEqual([]);
  });

  it.each([
    [
      'used',
      async () => {
        const path = await invited();
        await join(path, { username: username() });
        return path;
      },
    ],
    [
      'a day old',
      async () => {
        const path = await invited();
        await server.db.queryText('update invitation set expires_at = $1 where used_at is null', [server.clock.now()]);
        return path;
      },
    ],
    [
      'cancelled',
      async () => {
        const path = await invited();
        await server.db.queryText('update invitation set cancelled_at = now() where used_at is null', []);
        return path;
      },
    ],
    ['invented', async () => `/join/${'x'.repeat(43)}`],
    ['without a token', async () => '/join/%00%27%22'],
  ])('that is %s gets the same page with the same text', async (_why, made) => {
    const { status, body } = await new PatientBrowser(server.app).get(await made());
    expect(status).toBe(404);
    expect(body).toContain('This link was already used, has expired or was canceled.');
    expect(linksOf(body)).toContain('/sign-in');
  });

  it('of an administrator is valid for a day, of staff for a week', async () => {
    await invited('For a day');
    const boss = await signInStaff(server, ['administrator']);
    await submitForm(boss.browser, `/practice/${LIVE_PRACTICE}/staff/invite`, {
      name: 'For a week',
      roles: 'front-desk',
    });
    const rows = await server.db.queryText<{ kind: string; expires_at: Date }>(
      `select kind, expires_at from invitation where name in ('For a day', 'For a week') order by kind`,
      [],
    );
    const left = rows.map(({ kind, expires_at }) => [
      kind,
      Math.round((expires_at.getTime() - server.clock.now().getTime()) / minutes(60)),
    ]);
    expect(left).toEqual([
      ['administrator', 24],
      ['staff', 7 * 24],
    ]);
  });

  it('is stored as a hash, and its token is in no log and no audit log', async () => {
    const path = await invited();
    await new PatientBrowser(server.app).get(path);
    await join(path, { username: username() });
    const token = path.split('/').at(-1) ?? '';
    const rows = await server.db.queryText<{ text: string }>(
      'select i::text as text from invitation i union all select e::text from audit_event e',
      [],
    );
    expect(rows.some(({ text }) => text.includes(token))).toBe(false);
    expect(server.log.some((line) => line.includes(token))).toBe(false);
  });

  it('needs the CSRF token of its own page', async () => {
    const path = await invited();
    const browser = new PatientBrowser(server.app);
    await browser.get(path);
    const credentials = { username: username(), password: PASSWORD };
    expect((await browser.post(path, credentials)).status).toBe(403);
    expect((await browser.post(path, { ...credentials, csrf: 'guess' })).status).toBe(403);
    expect(await findAccountByUsername(server.db, credentials.username)).toBeUndefined();
    expect((await browser.get(path)).status).toBe(200);
  });
});

describe('the sign-up form of staff', () => {
  it.each([
    ['no username', { username: '' }, 'username'],
    ['a username with a space', { username: 'ada lovelace' }, 'username'],
    ['a username that is taken', { username: 'STAFFAPITEST' }, 'username'],
    ['no password', { password: '' }, 'password'],
    ['a short password', { password: 'short' }, 'password'],
    ['a common password', { password: 'password1234567' }, 'password'],
    ['a password that equals the name', { password: 'adalovelaceadalovelace' }, 'password'],
    ['an endless password', { password: 'orange lamp '.repeat(40) }, 'password'],
  ])('rejects %s at its field, and the link stays valid', async (_what, fields, field) => {
    const path = await invited();
    const response = await join(path, { username: 'some-name', ...fields });
    expect({ status: response.status, faultsOn: formErrors(response).map((error) => error.split(':')[0]) }).toEqual({
      status: 400,
      faultsOn: [field],
    });
    expect(textOf(response, 'title')).toMatch(/^Error: /);
    expect(hasElement(response, `#${field}`)).toBe(true);
    expect((await new PatientBrowser(server.app).get(path)).status).toBe(200);
  });

  it('retains all input except the password after an error, and displays it as text', async () => {
    const response = await join(await invited(), { username: '"><i>ada', password: 'short' });
    expect(attributesOf(response, 'input', 'value')).toContain('"><i>ada');
    expect(response.body).not.toContain('short"');
  });

  it('cannot extend the role of the invitation', async () => {
    const boss = await signInStaff(server, ['administrator']);
    const response = await submitForm(boss.browser, `/practice/${LIVE_PRACTICE}/staff/invite`, {
      name: 'Bob',
      roles: 'front-desk',
    });
    const path = pathOf(textOf(response, 'code')) ?? '';
    const name = username();
    await join(path, {
      username: name,
      name: 'Somebody Else',
      roles: 'administrator',
      kind: 'administrator',
      practice: '1',
    });
    const account = await findAccountByUsername(server.db, name);
    expect(account).toMatchObject({ displayName: 'Bob', administrator: false });
    expect(await listStaffPositions(server.db, account?.accountId as never)).toMatchObject([
      { practiceId: LIVE_PRACTICE, roles: ['front-desk'] },
    ]);
  });
});

describe('signing in by accepting an invitation', () => {
  it('ends the browser’s earlier session, which prevents session fixation', async () => {
    const { browser, accountId } = await signInAdministrator(server);
    const before = browser.cookie('session');
    const path = await invited();
    const name = username();
    expect((await join(path, { username: name }, browser)).status).toBe(303);
    expect(browser.cookie('session')).not.toBe(before);
    expect(await findSession(server.db, server.clock, before)).toBeUndefined();
    expect((await findSession(server.db, server.clock, browser.cookie('session'), 'set-up'))?.accountId).not.toBe(
      accountId,
    );
  });

  it('never redirects to another host, whatever the Host header says', async () => {
    const response = await server.app.inject({ url: await invited(), headers: { host: 'evil.example' } });
    expect(response.statusCode).toBe(200);
    expect(response.body).not.toContain('evil.example');
  });
});

it('confirms the invited email address for the account, unless another account has it', async () => {
  const path = await invited('Ada', 'ada@example.org');
  const again = await invited('Ada', 'ada@example.org');
  const [one, other] = [username(), username()];
  await join(path, { username: one });
  await join(again, { username: other });
  expect((await findAccountByUsername(server.db, one))?.email).toBe('ada@example.org');
  expect(await findAccountByUsername(server.db, other)).toMatchObject({ administrator: true, email: undefined });
});

it('is in the audit log with the role of the invitation', async () => {
  const name = username();
  await join(await invited(), { username: name });
  const [event] = await listAuditEvents(server, 'account');
  expect(event).toMatchObject({
    account_id: (await findAccountByUsername(server.db, name))?.accountId,
    outcome: 'success',
    detail: { action: 'add', as: 'administrator' },
  });
});
