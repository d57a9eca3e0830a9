import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTrail } from '../../src/audit/index.ts';
import { inviteAdministrator, inviteFirstAdministrator } from '../../src/desk/index.ts';
import { minutes, systemRandom as random } from '../../src/kernel/index.ts';
import { findAccount, findSession, jobsOf } from '../../src/people/index.ts';
import { administrator, faultsOn, LIVE_PRACTICE, member, submit, trailOf } from '../support/desk.ts';
import { attributesOf, hasElement, hiddenFields, linksOf, textOf } from '../support/html.ts';
import { PatientBrowser, type Shown } from '../support/patient.ts';
import { startServer, type TestServer } from '../support/server.ts';

const PASSWORD = 'orange lamp seventeen rivers';
const ORIGIN = 'http://localhost:8080';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

const audit = () => openTrail({ db: server.db, clock: server.clock, random });
const deps = () => ({ db: server.db, clock: server.clock, random, audit: audit(), publicUrl: ORIGIN });
const first = async (): Promise<string | undefined> => pathOf((await inviteFirstAdministrator(deps()))?.link);
const invited = async (name = 'Ada Lovelace', email?: string): Promise<string> =>
  pathOf(
    (await server.db.transaction((tx) => inviteAdministrator(tx, deps(), { accountId: undefined }, { name, email })))
      .link,
  ) ?? '';
const pathOf = (link: string | undefined) => link?.slice(ORIGIN.length);
const join = (path: string, fields: Record<string, string>, browser = new PatientBrowser(server.app)): Promise<Shown> =>
  submit(browser, path, { password: PASSWORD, ...fields });
const username = () => `new-${random.bytes(5).toString('hex')}`;

describe('the first administrator', () => {
  it('is whoever has the link that a start prints, and says who they are', async () => {
    const path = (await first()) ?? '';
    const browser = new PatientBrowser(server.app);
    const page = await browser.get(path);
    expect(page.status).toBe(200);
    expect(page.headers['cache-control']).toBe('no-store');
    expect(page.body).toContain('Your name');
    const unnamed = await join(path, { username: 'ada-first' }, browser);
    expect({ status: unnamed.status, faultsOn: faultsOn(unnamed) }).toEqual({
      status: 400,
      faultsOn: ['name: Enter your name, in at most 100 characters'],
    });

    const made = await join(path, { username: 'Ada-First', name: ' Ada  Lovelace ' }, browser);
    expect(made.status).toBe(303);
    expect(made.location).toMatch(/^\/sign-in\/set-up\?return_to=%2Fpractice$/);
    const account = await findAccount(server.db, 'ada-first');
    expect(account).toMatchObject({
      administrator: true,
      kind: 'staff',
      displayName: 'Ada Lovelace',
      published: false,
    });
    // NIST SP 800-63B-4 §2.2: nothing is open before the second factor is.
    expect(await findSession(server.db, server.clock, browser.cookie('session'))).toBeUndefined();
    expect(await findSession(server.db, server.clock, browser.cookie('session'), 'set-up')).toMatchObject({
      administrator: true,
    });
    expect((await browser.get('/practice/administration')).location).toMatch(/^\/sign-in/);
  });

  it('is asked for no more once there is one', async () => {
    expect(await first()).toBeUndefined();
  });

  it('a link of an earlier start that nobody used is over', async () => {
    await server.db.queryText('update account set administrator = false', []);
    const [one = '', other = ''] = [await first(), await first()];
    const browser = new PatientBrowser(server.app);
    expect((await browser.get(one)).status).toBe(404);
    expect((await browser.get(other)).status).toBe(200);
    await server.db.queryText(`update account set administrator = true where username = 'ada-first'`, []);
  });
});

describe('processes that start together', () => {
  it('print links that all work, until one of them is used', async () => {
    await server.db.queryText('update account set administrator = false', []);
    const begun = server.clock.now();
    const start = async () => pathOf((await inviteFirstAdministrator(deps(), begun))?.link) ?? '';
    server.clock.advance(1000);
    const [one, other] = await Promise.all([start(), start()]);
    const status = async (path: string) => (await new PatientBrowser(server.app).get(path)).status;
    expect({ one: await status(one), other: await status(other) }).toEqual({ one: 200, other: 200 });
    expect((await join(other, { username: username(), name: 'Ada Third' })).status).toBe(303);
    expect(await status(one)).toBe(404);
    await server.db.queryText('update account set administrator = false', []);
    await server.db.queryText(`update account set administrator = true where username = 'ada-first'`, []);
  });
});

describe('the link of a first start', () => {
  it('opens nothing once somebody runs the installation, however they came to it: it stands in a log', async () => {
    await server.db.queryText('update account set administrator = false', []);
    const printed = (await first()) ?? '';
    const other = await invited('Ada Second');
    expect((await new PatientBrowser(server.app).get(printed)).status).toBe(200);
    const early = new PatientBrowser(server.app);
    const form = hiddenFields((await early.get(printed)).body);
    expect((await join(other, { username: username() })).status).toBe(303);
    expect((await new PatientBrowser(server.app).get(printed)).status).toBe(404);
    const late = { ...form, username: username(), name: 'Mal Lory', password: PASSWORD };
    expect((await early.post(printed, late)).status).toBe(404);
    expect(await findAccount(server.db, late.username)).toBeUndefined();
    await server.db.queryText(`update account set administrator = true where username = 'ada-first'`, []);
  });
});

describe('what stands behind an invitation', () => {
  const STAFF = `/practice/${LIVE_PRACTICE}/staff`;
  const linkBy = async (boss: Awaited<ReturnType<typeof member>>, path = `${STAFF}/invite`) => {
    const shown = await submit(boss.browser, path, { name: 'Back Door', roles: 'administrator' });
    return pathOf(textOf(shown, 'code')) ?? '';
  };
  const opens = async (path: string) => (await new PatientBrowser(server.app).get(path)).status === 200;

  it.each([
    ['was removed', (id: string) => server.db.queryText('delete from staff where account_id = $1', [id])],
    [
      'is administrator no longer',
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
  ])('of a practice: when who invited %s, it opens nothing, and is not listed', async (_what, happens) => {
    const boss = await member(server, ['administrator'], [LIVE_PRACTICE]);
    const [path, open] = [await linkBy(boss), new PatientBrowser(server.app)];
    const form = hiddenFields((await open.get(path)).body);
    await happens(boss.accountId);
    expect(await opens(path)).toBe(false);
    expect((await open.post(path, { ...form, username: username(), password: PASSWORD })).status).toBe(404);
    const { browser } = await administrator(server);
    expect((await browser.get(STAFF)).body).not.toContain('Back Door');
  });

  it('of the installation: the same, and what an administrator of it began at a practice too', async () => {
    const mal = await administrator(server, 'Mal Lory');
    const paths = [await linkBy(mal), await linkBy(mal, '/practice/administration/administrators/invite')];
    expect(await Promise.all(paths.map(opens))).toEqual([true, true]);
    await server.db.queryText('update account set administrator = false where account_id = $1', [mal.accountId]);
    expect(await Promise.all(paths.map(opens))).toEqual([false, false]);
  });
});

describe('who has an account at the desk already', () => {
  const STAFF = `/practice/${LIVE_PRACTICE}/staff`;
  async function invitation(roles = 'front-desk') {
    const boss = await member(server, ['administrator'], [LIVE_PRACTICE]);
    const shown = await submit(boss.browser, `${STAFF}/invite`, { name: 'Two Jobs', roles });
    return pathOf(textOf(shown, 'code')) ?? '';
  }
  const elsewhere = () => member(server, ['clinician'], [1 as never], 'Tom Twojobs');

  it('is led to sign in, with the second factor, and back here', async () => {
    const path = await invitation();
    const { body } = await new PatientBrowser(server.app).get(path);
    expect(linksOf(body)).toContain(`/sign-in?${new URLSearchParams({ return_to: path })}`);
    const halfway = await new PatientBrowser(server.app).post(`${path}/accept`, {});
    expect(halfway.status).toBe(403);
  });

  it('takes the work on with that account: once, with what the invitation says, beside what they do', async () => {
    const [path, tom] = [await invitation('administrator'), await elsewhere()];
    expect((await tom.browser.get(path)).body).toContain('Take it on as Tom Twojobs');
    const done = await submit(tom.browser, path, {}, `${path}/accept`);
    expect({ status: done.status, location: done.location }).toEqual({ status: 303, location: '/practice' });
    expect((await jobsOf(server.db, tom.accountId)).map(({ practiceId, roles }) => [practiceId, roles])).toEqual([
      [LIVE_PRACTICE, ['administrator']],
      [1, ['clinician']],
    ]);
    expect((await tom.browser.get(STAFF)).status).toBe(200);
    expect((await trailOf(server, 'staff'))[0]).toMatchObject({
      account_id: tom.accountId,
      detail: { action: 'take-on', practice: LIVE_PRACTICE, roles: ['administrator'] },
    });
    expect((await tom.browser.get(path)).status).toBe(404);
  });

  it('of two who take it on at once, one does', async () => {
    const [path, both] = [await invitation(), [await elsewhere(), await elsewhere()]];
    const pages = await Promise.all(both.map(({ browser }) => browser.get(path)));
    const sent = await Promise.all(
      both.map(({ browser }, index) => browser.post(`${path}/accept`, hiddenFields(pages[index]?.body ?? ''))),
    );
    expect(sent.map(({ status }) => status).sort()).toEqual([303, 404]);
  });

  it('works there already: nothing changes, nothing is used up, and they are told', async () => {
    const path = await invitation('administrator');
    const there = await member(server, ['front-desk'], [LIVE_PRACTICE]);
    const shown = await submit(there.browser, path, {}, `${path}/accept`);
    expect({ status: shown.status, faultsOn: faultsOn(shown)[0] }).toEqual({
      status: 400,
      faultsOn: expect.stringContaining('You work there already'),
    });
    expect((await jobsOf(server.db, there.accountId))[0]?.roles).toEqual(['front-desk']);
    expect((await new PatientBrowser(server.app).get(path)).status).toBe(200);
  });

  it('is asked to run the installation: does so with that account', async () => {
    const [path, tom] = [await invited('Tom Twojobs'), await elsewhere()];
    await submit(tom.browser, path, {}, `${path}/accept`);
    expect((await tom.browser.get('/practice/administration')).status).toBe(200);
  });

  it('not a patient’s account, not one that everyone may use, not one halfway through signing in', async () => {
    const path = await invitation();
    const patient = new PatientBrowser(server.app);
    await patient.signIn('/sign-in');
    const visitor = new PatientBrowser(server.app);
    await visitor.signIn('/sign-in', { username: 'staffapitest', password: 'Password1!' });
    const made = await member(server, ['front-desk'], [1 as never]);
    const halfway = new PatientBrowser(server.app);
    await halfway.signIn('/sign-in', { username: made.username, password: 'three words and more' });
    for (const browser of [patient, visitor, halfway]) {
      const page = await browser.get(path);
      expect(page.body).not.toContain('Take it on as');
      const sent = await browser.post(`${path}/accept`, hiddenFields(page.body));
      expect([401, 403]).toContain(sent.status);
    }
    expect((await new PatientBrowser(server.app).get(path)).status).toBe(200);
  });

  it('needs the form of its own page: CSRF', async () => {
    const [path, tom] = [await invitation(), await elsewhere()];
    expect((await tom.browser.post(`${path}/accept`, {})).status).toBe(403);
    expect((await tom.browser.post(`${path}/accept`, { csrf: ['a', 'b'] })).status).toBe(403);
    expect(await jobsOf(server.db, tom.accountId)).toHaveLength(1);
  });
});

describe('a link to join', () => {
  it('is good once: GET uses nothing up, and of two who send it at once one is served', async () => {
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
      'taken back',
      async () => {
        const path = await invited();
        await server.db.queryText('update invitation set cancelled_at = now() where used_at is null', []);
        return path;
      },
    ],
    ['made up', async () => `/join/${'x'.repeat(43)}`],
    ['no token at all', async () => '/join/%00%27%22'],
  ])('that is %s: one page, with the same words', async (_why, made) => {
    const { status, body } = await new PatientBrowser(server.app).get(await made());
    expect(status).toBe(404);
    expect(body).toContain('This link was used, or is too old, or was taken back.');
  });

  it('of an administrator is good for a day, of staff for a week', async () => {
    await invited('For a day');
    const boss = await member(server, ['administrator']);
    await submit(boss.browser, `/practice/${LIVE_PRACTICE}/staff/invite`, { name: 'For a week', roles: 'front-desk' });
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

  it('is kept as a hash, and its token stands in no log and no trail', async () => {
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

  it('needs the form of its own page: CSRF', async () => {
    const path = await invited();
    const browser = new PatientBrowser(server.app);
    await browser.get(path);
    const wanted = { username: username(), password: PASSWORD };
    expect((await browser.post(path, wanted)).status).toBe(403);
    expect((await browser.post(path, { ...wanted, csrf: 'guess' })).status).toBe(403);
    expect(await findAccount(server.db, wanted.username)).toBeUndefined();
    expect((await browser.get(path)).status).toBe(200);
  });
});

describe('what is chosen', () => {
  it.each([
    ['no username', { username: '' }, 'username'],
    ['a username with a space', { username: 'ada lovelace' }, 'username'],
    ['a username that somebody has', { username: 'STAFFAPITEST' }, 'username'],
    ['no password', { password: '' }, 'password'],
    ['a short password', { password: 'short' }, 'password'],
    ['a password that is guessed first', { password: 'password1234567' }, 'password'],
    ['a password that is the name', { password: 'adalovelaceadalovelace' }, 'password'],
    ['an endless password', { password: 'orange lamp '.repeat(40) }, 'password'],
  ])('%s is refused with its field, and the link stays good', async (_what, fields, field) => {
    const path = await invited();
    const shown = await join(path, { username: 'some-name', ...fields });
    expect({ status: shown.status, faultsOn: faultsOn(shown).map((fault) => fault.split(':')[0]) }).toEqual({
      status: 400,
      faultsOn: [field],
    });
    expect(textOf(shown, 'title')).toMatch(/^Error: /);
    expect(hasElement(shown, `#${field}`)).toBe(true);
    expect((await new PatientBrowser(server.app).get(path)).status).toBe(200);
  });

  it('is kept but the password when something is wrong, and shown as text', async () => {
    const shown = await join(await invited(), { username: '"><i>ada', password: 'short' });
    expect(attributesOf(shown, 'input', 'value')).toContain('"><i>ada');
    expect(shown.body).not.toContain('short"');
  });

  it('can’t make more of the invitation than it is', async () => {
    const boss = await member(server, ['administrator']);
    const shown = await submit(boss.browser, `/practice/${LIVE_PRACTICE}/staff/invite`, {
      name: 'Bob',
      roles: 'front-desk',
    });
    const path = pathOf(textOf(shown, 'code')) ?? '';
    const name = username();
    await join(path, {
      username: name,
      name: 'Somebody Else',
      roles: 'administrator',
      kind: 'administrator',
      practice: '1',
    });
    const account = await findAccount(server.db, name);
    expect(account).toMatchObject({ displayName: 'Bob', administrator: false });
    expect(await jobsOf(server.db, account?.accountId as never)).toMatchObject([
      { practiceId: LIVE_PRACTICE, roles: ['front-desk'] },
    ]);
  });
});

describe('signing in by joining', () => {
  it('ends the session that the browser had: none that was set beforehand is worth anything', async () => {
    const { browser, accountId } = await administrator(server);
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

  it('leads to nowhere but here, whatever host the request names', async () => {
    const response = await server.app.inject({ url: await invited(), headers: { host: 'evil.example' } });
    expect(response.statusCode).toBe(200);
    expect(response.body).not.toContain('evil.example');
  });
});

it('an address that mail was sent to belongs to the account, unless another account has it', async () => {
  const path = await invited('Ada', 'ada@example.org');
  const again = await invited('Ada', 'ada@example.org');
  const [one, other] = [username(), username()];
  await join(path, { username: one });
  await join(again, { username: other });
  expect((await findAccount(server.db, one))?.email).toBe('ada@example.org');
  expect(await findAccount(server.db, other)).toMatchObject({ administrator: true, email: undefined });
});

it('who joined is in the trail, with what they were invited as', async () => {
  const name = username();
  await join(await invited(), { username: name });
  const [event] = await trailOf(server, 'account');
  expect(event).toMatchObject({
    account_id: (await findAccount(server.db, name))?.accountId,
    outcome: 'success',
    detail: { action: 'add', as: 'administrator' },
  });
});
