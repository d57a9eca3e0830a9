import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createPatientAccount, findProfileByUsername } from '../../src/identity/index.ts';
import { days, minutes, systemRandom as random, seconds } from '../../src/kernel/index.ts';
import { hasElement, hiddenFields, parse, textOf } from '../support/browser/html.ts';
import { passwordCost } from '../support/people/password-cost.ts';
import { encodeForm, FORM } from '../support/people/patient.ts';
import { startServer, type TestServer } from '../support/servers/server.ts';
import { InvitedPerson, PASSWORD } from './invited-person.ts';
import {
  addUnenrolledPatient,
  emailsTo,
  FRONT_DESK,
  invitationFor,
  invitationPathFor,
  motherAsRecipient,
  sendInvitation,
  type UnenrolledPatient,
} from './unenrolled-patients.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());
// Attempts from one network are limited over all invitations, so each test starts in a new window of that limit.
beforeEach(() => server.clock.advance(minutes(16)));

const newName = (): string => `eve-${random.bytes(5).toString('hex')}`;
const other = (code: string, by = 1): string => String((Number(code) + by) % 1_000_000).padStart(6, '0');

async function setUp() {
  const person = await addUnenrolledPatient(server);
  const invitation = await sendInvitation(server, person);
  return { person, ...invitation, browser: new InvitedPerson(server.app, invitation) };
}

const stateOf = async ({ recordId }: UnenrolledPatient) => (await server.enrollments.listForRecord(recordId))[0]?.state;

async function failuresOf({ recordId }: UnenrolledPatient): Promise<number> {
  const [row] = await server.db.queryText<{ failures: number }>(
    'select failures from invitation where record_id = $1 order by created_at desc limit 1',
    [recordId],
  );
  return row?.failures ?? -1;
}

describe('guessing the answers', () => {
  it('gets the same response whatever is wrong', async () => {
    const { person, code, browser } = await setUp();
    const wrong = [
      await browser.prove(person, code, { day: '5' }),
      await browser.prove(person, code, { zip: '85282' }),
      await browser.prove(person, other(code)),
      await browser.prove(person, other(code), { zip: '10001', year: '1980' }),
    ];
    const messages = wrong.map((page) =>
      (parse(page)('.error-summary').html() ?? '').replace(/\d|one more try|more tries/g, ''),
    );
    expect(new Set(messages.map((text) => text.replace(/You have\s*\./, ''))).size).toBe(1);
    expect(wrong.map(({ status }) => status)).toEqual([400, 400, 400, 400]);
    expect(textOf(wrong[3] ?? { body: '' })).toContain('You have one more try.');
  });

  it('ends the invitation with the fifth wrong attempt, even if the sixth is right, and over all codes', async () => {
    const { person, code, browser, path, invitationId } = await setUp();
    for (let tries = 1; tries < 4; tries += 1) await browser.prove(person, other(code, tries));
    const fresh = (await server.enrollments.issueCode(FRONT_DESK, invitationId, 'phone')) ?? '';
    await browser.prove(person, other(fresh), { zip: '85282' });
    expect(await stateOf(person)).toBe('open');
    expect((await browser.prove(person, other(fresh), { zip: '85283' })).location).toBe(`${path}/proof`);
    expect(await stateOf(person)).toBe('failed');
    expect((await browser.get(`${path}/proof`)).status).toBe(410);
    expect((await browser.get(path)).status).toBe(410);
    await expect(server.enrollments.issueCode(FRONT_DESK, invitationId, 'phone')).rejects.toMatchObject({
      rejection: 'over',
    });
  });

  it('is evaluated at most five times in twenty concurrent requests', async () => {
    const { person, code, browser, path } = await setUp();
    const page = await browser.get(`${path}/proof`);
    const fields = { ...hiddenFields(page.body), month: '7', day: '4', year: '1974', zip: '85281' };
    const guesses = Array.from({ length: 20 }, (_, at) => String((Number(code) + 1 + at) % 1_000_000).padStart(6, '0'));
    const answers = await Promise.all(
      guesses.map((guess) => browser.post(`${path}/proof`, { ...fields, code: guess })),
    );
    expect(answers.filter(({ status }) => status === 400)).toHaveLength(4);
    expect(await failuresOf(person)).toBe(5);
    const auditRows = await server.db.queryText(
      "select 1 from audit_event where record_id = $1 and outcome = 'failure' and kind = 'enrollment'",
      [person.recordId],
    );
    expect(auditRows).toHaveLength(5);
    expect((await browser.post(`${path}/proof`, { ...fields, code })).status).toBe(410);
  });

  it('is not counted for answers that cannot be valid', async () => {
    const { person, code, browser } = await setUp();
    const unreadable = [
      { year: '74' },
      { month: '13' },
      { day: '31', month: '2' },
      { zip: '8528' },
      { zip: 'ABCDE' },
      { code: '12345' },
      { code: '' },
      { month: ['7', '7'] },
    ];
    for (const changes of unreadable) expect((await browser.prove(person, code, changes)).status).toBe(400);
    expect(await failuresOf(person)).toBe(0);
  });

  it('from one network is limited over all invitations', async () => {
    const statuses = [];
    for (let count = 0; count < 8; count += 1) {
      const { person, code, browser } = await setUp();
      for (let tries = 1; tries < 5; tries += 1)
        statuses.push((await browser.prove(person, other(code, tries))).status);
    }
    expect(statuses.filter((status) => status === 400)).toHaveLength(30);
    expect(statuses.filter((status) => status === 429)).toHaveLength(2);
    const { person, code, browser } = await setUp();
    const slowed = await browser.prove(person, code);
    expect(slowed.status).toBe(429);
    expect(Number(slowed.headers['retry-after'])).toBeGreaterThan(0);
    expect(await failuresOf(person)).toBe(0);
    server.clock.advance(minutes(16));
    expect((await browser.prove(person, code)).status).toBe(303);
  });

  it('does not lock out others on the same network, because right answers and invalid input do not count', async () => {
    const uncoded = await addUnenrolledPatient(server);
    await server.enrollments.invite(FRONT_DESK, invitationFor(uncoded));
    const attacker = new InvitedPerson(server.app, { path: await invitationPathFor(server, uncoded.email) });
    await attacker.get('/enroll');
    const csrf = hiddenFields((await attacker.get('/enroll')).body)['csrf'] ?? '';
    const guess = { csrf, month: '7', day: '4', year: '1974', zip: '85281', code: '123456' };
    for (let tries = 0; tries < 40; tries += 1) await attacker.post(`${attacker.invited.path}/proof`, guess);
    const one = await setUp();
    for (let tries = 0; tries < 20; tries += 1) await one.browser.prove(one.person, other(one.code));
    expect(await failuresOf(one.person)).toBe(1);
    const right = await setUp();
    for (let tries = 0; tries < 20; tries += 1) {
      expect((await new InvitedPerson(server.app, right).prove(right.person, right.code)).status).toBe(303);
    }
    const bystander = await setUp();
    expect((await bystander.browser.prove(bystander.person, bystander.code)).status).toBe(303);
  });

  it('by a household member who knows birth date and ZIP and has the letter fails without the code', async () => {
    const person = await addUnenrolledPatient(server);
    const { invitationId, letterCode } = await server.enrollments.invite(
      FRONT_DESK,
      invitationFor(person, { email: undefined }),
    );
    const path = `/enroll/${letterCode}`;
    const household = new InvitedPerson(server.app, { path });
    expect(textOf(await household.get(`${path}/proof`))).toContain('First, get a six-digit code');
    await household.prove(person, '000000');
    expect(await failuresOf(person)).toBe(0);
    const code = (await server.enrollments.issueCode(FRONT_DESK, invitationId, 'in-person')) ?? '';
    for (let tries = 1; tries < 6; tries += 1) await household.prove(person, other(code, tries));
    expect(await stateOf(person)).toBe('failed');
    expect((await household.get(`${path}/account`)).status).toBe(410);
  });

  it('with the code of another invitation is wrong', async () => {
    const [mine, theirs] = [await setUp(), await setUp()];
    expect((await theirs.browser.prove(theirs.person, mine.code)).status).toBe(mine.code === theirs.code ? 303 : 400);
  });
});

describe('an invitation link', () => {
  it('can be opened by mail programs any number of times, with GET and HEAD, without an effect', async () => {
    const { person, code, browser, path } = await setUp();
    for (const page of ['', '/proof', '/decline', '/account', '/key', '/add', '/undo']) {
      for (const method of ['GET', 'HEAD'] as const) {
        const { statusCode } = await server.app.inject({ method, url: `${path}${page}` });
        expect(statusCode).toBeLessThan(500);
      }
    }
    expect(await stateOf(person)).toBe('open');
    expect((await browser.prove(person, code)).status).toBe(303);
  });

  it('creates only one account', async () => {
    const { person, code, browser, path } = await setUp();
    await browser.enroll(person, code, newName());
    const again = new InvitedPerson(server.app, { path });
    for (const page of ['', '/proof', '/account', '/key', '/decline'])
      expect((await again.get(`${path}${page}`)).status).toBe(410);
    const csrf = hiddenFields((await again.get('/enroll')).body)['csrf'] ?? '';
    for (const page of ['/proof', '/account', '/key', '/add', '/decline', '/undo'])
      expect((await again.post(`${path}${page}`, { csrf, password: PASSWORD, repeat: PASSWORD })).status).toBe(410);
  });

  it('that is used, expired, cancelled or failed gets the same page, which resembles that of an unknown link', async () => {
    const paths: string[] = [];
    const used = await setUp();
    await used.browser.enroll(used.person, used.code, newName());
    paths.push(used.path);
    const cancelled = await setUp();
    await server.enrollments.cancel(FRONT_DESK, cancelled.invitationId);
    paths.push(cancelled.path);
    const failed = await setUp();
    for (let tries = 1; tries < 6; tries += 1) await failed.browser.prove(failed.person, other(failed.code, tries));
    paths.push(failed.path);
    const resent = await setUp();
    server.clock.advance(seconds(11));
    await server.enrollments.resend(FRONT_DESK, resent.invitationId);
    const expired = await setUp();
    server.clock.advance(days(15));
    paths.push(expired.path);
    const shown = await Promise.all(
      paths.map(async (path) => {
        const { statusCode, body } = await server.app.inject({ url: path });
        return `${statusCode} ${body.replaceAll(encodeURIComponent(path), '')}`;
      }),
    );
    expect(new Set(shown).size).toBe(1);
    const never = [
      'A'.repeat(43),
      '0000-0000-0000-0000',
      'x',
      "'; drop table",
      '%00',
      resent.path.replace('/enroll/', ''),
    ];
    for (const token of never) {
      const answer = await server.app.inject({ url: `/enroll/${token === '%00' ? token : encodeURIComponent(token)}` });
      expect(answer.statusCode).toBe(410);
      expect(textOf(answer)).toContain('This invitation is no longer valid To get a new one, call your practice.');
    }
  });

  it('in a letter ignores case and lookalike characters, and in an email does not', async () => {
    const { path } = await setUp();
    expect((await server.app.inject({ url: path.toLowerCase() })).statusCode).toBe(
      path === path.toLowerCase() ? 200 : 410,
    );
    const person = await addUnenrolledPatient(server);
    const { letterCode = '' } = await server.enrollments.invite(
      FRONT_DESK,
      invitationFor(person, { email: undefined }),
    );
    const variant = letterCode.toLowerCase().replaceAll('0', 'o').replaceAll('1', 'i').replaceAll('-', '');
    expect((await server.app.inject({ url: `/enroll/${variant}` })).statusCode).toBe(200);
  });
});

describe('a second browser', () => {
  it('has proved nothing, with or without an invented cookie', async () => {
    const { person, code, browser, path } = await setUp();
    await browser.prove(person, code);
    await browser.choose(newName());
    const eve = new InvitedPerson(server.app, { path });
    expect((await eve.get(`${path}/key`)).location).toBe(`${path}/proof`);
    const csrf = hiddenFields((await eve.get(`${path}/proof`)).body)['csrf'] ?? '';
    for (const [page, fields] of [
      ['/key', { password: PASSWORD, repeat: PASSWORD }],
      ['/account', { username: newName(), language: 'en' }],
      ['/add', {}],
    ] as const)
      expect((await eve.post(`${path}${page}`, { ...fields, csrf })).location).toBe(`${path}/proof`);
    const setCookie = (await stepCookieOf(person, code, path)).split('=')[0];
    const forged = await server.app.inject({
      url: `${path}/key`,
      headers: { cookie: `${setCookie}=${'A'.repeat(43)}` },
    });
    expect(forged.headers.location).toBe(`${path}/proof?again=1`);
  });

  it('with the right answers takes enrollment over: the first browser is notified, and only one account is created', async () => {
    const { person, code, browser, path } = await setUp();
    await browser.prove(person, code);
    await browser.choose(newName());
    const second = new InvitedPerson(server.app, { path });
    await second.prove(person, code);
    expect((await browser.get(`${path}/key`)).location).toBe(`${path}/proof?again=1`);
    await second.choose(newName());
    expect((await second.finish()).location).toBe('/enroll/done');
    const response = await browser.get(`${path}/key`);
    expect(response.status).toBe(410);
    expect(textOf(response)).toContain('The account already exists');
    expect(textOf(response)).toContain('If it wasn’t you, call Live practice right away.');
  });

  it('concurrently with others: one of ten completes the account', async () => {
    const { person, code, browser, path } = await setUp();
    await browser.prove(person, code);
    const username = newName();
    await browser.choose(username);
    const page = await browser.get(`${path}/key`);
    const fields = { ...hiddenFields(page.body), passkey: '', password: PASSWORD, repeat: PASSWORD };
    const answers = await Promise.all(Array.from({ length: 10 }, () => browser.post(`${path}/key`, fields)));
    // All ten requests belong to one person, so each of them ends with a session of the one new account.
    expect(answers.map(({ location }) => location)).toEqual(answers.map(() => '/enroll/done'));
    const rows = await server.db.queryText('select account_id from representation where record_id = $1', [
      person.recordId,
    ]);
    expect(rows).toHaveLength(1);
  });

  it('loses its proof as soon as another code is issued', async () => {
    const { person, code, browser, path, invitationId } = await setUp();
    await browser.prove(person, code);
    await browser.choose(newName());
    const fresh = (await server.enrollments.issueCode(FRONT_DESK, invitationId, 'phone')) ?? '';
    expect((await browser.get(`${path}/key`)).location).toBe(`${path}/proof?again=1`);
    expect((await browser.prove(person, fresh)).location).toBe(`${path}/account`);
  });

  it('is shown that the link has ended if the record has an account by now, without a redirect loop', async () => {
    const { person, code, browser, path } = await setUp();
    await browser.prove(person, code);
    await browser.choose(newName());
    const own = { username: newName(), password: PASSWORD, displayName: 'Jane', published: false };
    await server.db.transaction((tx) =>
      createPatientAccount(tx, { clock: server.clock, random, passwordCost }, { ...own, recordId: person.recordId }),
    );
    const response = await browser.finish();
    expect({
      status: response.status,
      saysEnded: textOf(response).includes('This invitation is no longer valid'),
    }).toEqual({ status: 410, saysEnded: true });
    await browser.signIn('/sign-in', { username: own.username, password: PASSWORD });
    expect((await browser.send('/add', {})).status).toBe(410);
    expect((await browser.get(path)).status).toBe(200);
  });

  async function stepCookieOf(person: UnenrolledPatient, code: string, path: string): Promise<string> {
    const page = await server.app.inject({ url: `${path}/proof` });
    const cookie = page.cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
    const [year = '', month = '', day = ''] = person.birthDate.split('-');
    const payload = encodeForm({ ...hiddenFields(page.body), year, month, day, zip: person.postalCode, code });
    const headers = { ...FORM, cookie };
    const answer = await server.app.inject({ method: 'POST', url: `${path}/proof`, headers, payload });
    const set = answer.cookies.find(({ name }) => name.includes('enroll-'));
    expect(set).toMatchObject({ httpOnly: true, sameSite: 'Lax', path: '/' });
    return `${set?.name}=${set?.value}`;
  }

  it('has a step cookie that is stored only as a hash', async () => {
    const { person, code, path } = await setUp();
    const cookie = await stepCookieOf(person, code, path);
    const rows = await server.db.queryText('select invitation::text as row from invitation where record_id = $1', [
      person.recordId,
    ]);
    expect(JSON.stringify(rows)).not.toContain(cookie.split('=')[1]);
    expect(JSON.stringify(rows)).not.toContain(code);
    expect(JSON.stringify(rows)).not.toContain(path.replace('/enroll/', ''));
  });
});

describe('forged forms', () => {
  it('without the CSRF token of this browser have no effect', async () => {
    const { person, code, path } = await setUp();
    const victim = new InvitedPerson(server.app, { path });
    const [year = '', month = '', day = ''] = person.birthDate.split('-');
    const fields = { year, month, day, zip: person.postalCode, code };
    await victim.get(`${path}/proof`);
    for (const page of ['/proof', '/account', '/key', '/add', '/decline', '/undo']) {
      expect((await victim.post(`${path}${page}`, fields)).status).toBe(403);
      expect((await victim.post(`${path}${page}`, { ...fields, csrf: 'A'.repeat(43) })).status).toBe(403);
      expect((await victim.post(`${path}${page}`, { ...fields, csrf: ['a', 'b'] })).status).toBe(403);
    }
    expect((await victim.post('/enroll', { code: 'ABCD' })).status).toBe(403);
    expect(await stateOf(person)).toBe('open');
    expect(await failuresOf(person)).toBe(0);
  });
});

describe('enrollment email', () => {
  it('links to PUBLIC_URL, whatever the Host header says', async () => {
    const { person, code, path } = await setUp();
    const headers = { host: 'evil.example', 'x-forwarded-host': 'evil.example', forwarded: 'host=evil.example' };
    const page = await server.app.inject({ url: `${path}/proof`, headers });
    expect(page.statusCode).toBe(200);
    expect(page.body).not.toContain('evil.example');
    await new InvitedPerson(server.app, { path }).enroll(person, code, newName());
    const emails = [...(await emailsTo(server, person.email)), ...(await emailsTo(server, person.otherEmail))];
    expect(emails.length).toBeGreaterThan(1);
    for (const { content } of emails) expect(content).not.toContain('evil.example');
    expect(await invitationPathFor(server, person.email)).toBe(path);
  });

  it('has no header that a name or relationship can inject', async () => {
    const person = await addUnenrolledPatient(server, {
      patient: { name: [{ text: 'Jane\r\nBcc: all@example.org\u2028Stone' }] },
      mother: {
        name: [{ text: 'Rosa\nSubject: gone\u0000' }],
        relationship: [{ text: 'mother\r\n\r\nCall 1-900-EVIL' }],
      },
    });
    const chart = await server.enrollments.readChart(person.recordId);
    expect(chart?.name).toBe('Jane Bcc: all@example.org Stone');
    expect(chart?.relatedPersons[0]).toMatchObject({
      name: 'Rosa Subject: gone',
      relationship: 'mother Call 1-900-EVIL',
    });
    const { path, code } = await sendInvitation(server, person, motherAsRecipient(person));
    await new InvitedPerson(server.app, { path }).enroll(person, code, newName());
    for (const { subject } of await emailsTo(server, person.otherEmail)) expect(subject).not.toMatch(/[\r\n]/);
  });
});

describe('data on enrollment pages', () => {
  it('is escaped: names in a record are not markup', async () => {
    const person = await addUnenrolledPatient(server, {
      patient: { name: [{ text: '<img/src=x> "Jane" </script>' }] },
    });
    const { path, code } = await sendInvitation(server, person);
    const browser = new InvitedPerson(server.app, { path });
    for (const page of ['', '/proof'])
      expect(hasElement(await browser.get(`${path}${page}`), 'img:not([src="/assets/icon.svg"])')).toBe(false);
    await browser.prove(person, code);
    await browser.choose(newName());
    expect(hasElement(await browser.get(`${path}/key`), 'img:not([src="/assets/icon.svg"])')).toBe(false);
    expect((await browser.finish()).location).toBe('/enroll/done');
    expect(hasElement(await browser.get('/enroll/done'), 'img:not([src="/assets/icon.svg"])')).toBe(false);
  });

  it('is not logged: no token, no code, no address, no name', async () => {
    const { person, code, browser, path } = await setUp();
    const username = newName();
    await browser.enroll(person, code, username);
    const log = server.log.join('\n');
    for (const secret of [path.replace('/enroll/', ''), person.email, person.name, username, PASSWORD])
      expect(log).not.toContain(secret);
    expect(log).toContain('/enroll/:token/key');
  });

  it('is not visible to others: the last page leads to sign-in or away', async () => {
    const unknown = new InvitedPerson(server.app, { path: '/enroll/x' });
    expect((await unknown.get('/enroll/done')).location).toContain('/sign-in?return_to=');
    await unknown.signIn('/sign-in', { username: 'guardianapitest', password: 'Password1!' });
    expect((await unknown.get('/enroll/done')).location).toBe('/account');
    expect(await findProfileByUsername(server.db, 'nobody')).toBeUndefined();
  });
});

it('does not end up in a session that was planted beforehand', async () => {
  const { person, code, browser } = await setUp();
  await browser.signIn('/sign-in', { username: 'patientapitest', password: 'Password1!' });
  const planted = browser.cookie('session');
  await browser.enroll(person, code, newName());
  expect(browser.cookie('session')).not.toBe(planted);
  const old = await server.app.inject({ url: '/enroll/done', headers: { cookie: `session=${planted}` } });
  expect(old.headers.location).toContain('/sign-in');
});
