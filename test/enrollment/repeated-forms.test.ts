import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPatientAccount } from '../../src/identity/index.ts';
import { systemRandom as random } from '../../src/kernel/index.ts';
import { hiddenFields, textOf } from '../support/browser/html.ts';
import { passwordCost } from '../support/people/password-cost.ts';
import type { BrowserResponse } from '../support/people/patient.ts';
import { startServer, type TestServer } from '../support/servers/server.ts';
import { InvitedPerson, PASSWORD } from './invited-person.ts';
import {
  addUnenrolledPatient,
  emailsTo,
  FRONT_DESK,
  invitationFor,
  sendInvitation,
  type UnenrolledPatient,
} from './unenrolled-patients.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

const newName = (): string => `rep-${random.bytes(5).toString('hex')}`;
const other = (code: string): string => String((Number(code) + 1) % 1_000_000).padStart(6, '0');

async function setUp(email?: undefined) {
  const person = await addUnenrolledPatient(server);
  const invitation = await sendInvitation(server, person, email === undefined ? {} : { email });
  return { person, ...invitation, browser: new InvitedPerson(server.app, invitation) };
}

async function failuresOf({ recordId }: UnenrolledPatient): Promise<number> {
  const [row] = await server.db.queryText<{ failures: number }>(
    'select failures from invitation where record_id = $1 order by created_at desc limit 1',
    [recordId],
  );
  return row?.failures ?? -1;
}

/**
 * Sends the same form twice, as a double tap does. The second request has the cookies from before the first response.
 */
async function twice(
  browser: InvitedPerson,
  page: string,
  fields: Record<string, string>,
  action = page,
): Promise<readonly BrowserResponse[]> {
  const { path } = browser.invited;
  const form = { ...hiddenFields((await browser.get(`${path}${page}`)).body), passkey: '', ...fields };
  return Promise.all([1, 2].map(() => browser.post(`${path}${action}`, form)));
}

describe('a phone that sends each form twice', () => {
  it('loses one attempt for one wrong answer, however often it is sent', async () => {
    const { person, code, browser } = await setUp();
    for (let count = 0; count < 3; count += 1) {
      const answer = await browser.prove(person, other(code));
      expect(textOf(answer)).toContain('You have 4 more tries.');
    }
    expect(await failuresOf(person)).toBe(1);
    await browser.prove(person, other(code), { zip: '10001' });
    expect(await failuresOf(person)).toBe(2);
    expect((await browser.prove(person, code)).status).toBe(303);
  });

  it('completes enrollment, signed in, with one account', async () => {
    const { person, code, browser, path } = await setUp();
    const [year = '', month = '', day = ''] = person.birthDate.split('-');
    const proved = await twice(browser, '/proof', { year, month, day, zip: person.postalCode, code });
    expect(proved.map(({ location }) => location)).toEqual([`${path}/account`, `${path}/account`]);
    // The browser may get the responses in either order, so both have the same cookie.
    const [cookie, other] = proved.map(
      ({ headers }) => /enroll-\w+=[\w-]{43}/.exec(String(headers['set-cookie']))?.[0],
    );
    expect(cookie).toBeDefined();
    expect(other).toBe(cookie);
    const username = newName();
    const chosen = await twice(browser, '/account', { username, language: 'en' });
    expect(chosen.map(({ location }) => location)).toEqual([`${path}/key`, `${path}/key`]);
    const completed = await twice(browser, '/key', { password: PASSWORD, repeat: PASSWORD });
    expect(completed.map(({ location }) => location)).toEqual(['/enroll/done', '/enroll/done']);
    expect(textOf(await browser.get('/enroll/done'))).toContain(`Your username is ${username}.`);
    expect(
      await server.db.queryText('select 1 from representation where record_id = $1', [person.recordId]),
    ).toHaveLength(1);
  });

  it('is signed in by a repeated last form only for a moment, and only with what it proved', async () => {
    const { person, code, browser, path } = await setUp();
    const proved = await browser.prove(person, code);
    const [, step = ''] = /(enroll-\w+)=/.exec(String(proved.headers['set-cookie'])) ?? [];
    await browser.choose(newName());
    const form = {
      ...hiddenFields((await browser.get(`${path}/key`)).body),
      passkey: '',
      password: PASSWORD,
      repeat: PASSWORD,
    };
    const before = new Map(['browser', step].map((name) => [name, browser.cookie(name) ?? '']));
    await browser.post(`${path}/key`, form);
    const late = new InvitedPerson(server.app, { path });
    for (const [name, value] of before) late.setCookie(name, value);
    server.clock.advance(3 * 60_000);
    expect((await late.post(`${path}/key`, form)).status).toBe(410);
    expect(late.cookie('session')).toBeUndefined();
    const without = new InvitedPerson(server.app, { path });
    without.setCookie('browser', before.get('browser') ?? '');
    expect((await without.post(`${path}/key`, form)).status).toBe(410);
  });

  it('adds a record once to an existing account, and declines once', async () => {
    const there = await addUnenrolledPatient(server, { kind: 'sandbox' });
    const own = { username: newName(), password: PASSWORD, displayName: 'Jane', published: false };
    await server.db.transaction((tx) =>
      createPatientAccount(tx, { clock: server.clock, random, passwordCost }, { ...own, recordId: there.recordId }),
    );
    const { person, code, browser, path } = await setUp();
    await browser.signIn('/sign-in', own);
    await browser.prove(person, code);
    const added = await twice(browser, '/add', {});
    expect(added.map(({ status }) => status)).toEqual([303, 303]);
    expect(added.map(({ location }) => location)).toContain('/enroll/done?added=1');
    expect((await browser.get(`${path}/add`)).location).toBe('/enroll/done');
    const unwanted = await setUp();
    expect((await twice(unwanted.browser, '/decline', {})).map(({ location }) => location)).toEqual([
      unwanted.path,
      unwanted.path,
    ]);
    expect((await twice(unwanted.browser, '', {}, '/undo')).map(({ location }) => location)).toEqual([
      unwanted.path,
      unwanted.path,
    ]);
    expect((await server.enrollments.listForRecord(unwanted.person.recordId))[0]?.state).toBe('open');
  });
});

describe('staff who send a form twice', () => {
  it('email one invitation with a valid link, and later a new one', async () => {
    const person = await addUnenrolledPatient(server);
    const invite = () => server.enrollments.invite(FRONT_DESK, invitationFor(person));
    const [one, two] = await Promise.all([invite(), invite()]);
    expect(one.invitationId).toBe(two.invitationId);
    expect(await emailsTo(server, person.email)).toHaveLength(1);
    await Promise.all([1, 2].map(() => server.enrollments.resend(FRONT_DESK, one.invitationId)));
    expect(await emailsTo(server, person.email)).toHaveLength(1);
    await Promise.all([1, 2].map(() => server.enrollments.issueCode(FRONT_DESK, one.invitationId, 'contact')));
    expect(await emailsTo(server, person.otherEmail)).toHaveLength(1);
    server.clock.advance(61_000);
    await server.enrollments.resend(FRONT_DESK, one.invitationId);
    expect(await emailsTo(server, person.email)).toHaveLength(2);
    expect((await invite()).invitationId).toBe(one.invitationId);
    server.clock.advance(61_000);
    expect((await invite()).invitationId).not.toBe(one.invitationId);
    expect(await emailsTo(server, person.email)).toHaveLength(3);
  });

  it('print a new letter each time, because the code is not stored', async () => {
    const person = await addUnenrolledPatient(server);
    const print = () => server.enrollments.invite(FRONT_DESK, invitationFor(person, { email: undefined }));
    const [one, two] = [await print(), await print()];
    expect(one.letterCode).not.toBe(two.letterCode);
    expect((await server.enrollments.listForRecord(person.recordId)).map(({ state }) => state)).toEqual([
      'open',
      'cancelled',
    ]);
  });
});
