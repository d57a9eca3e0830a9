import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAuditLog } from '../../src/audit/index.ts';
import { createMfaResetLink, findSession } from '../../src/identity/index.ts';
import { days, systemRandom as random } from '../../src/kernel/index.ts';
import { createEmailQueue } from '../../src/mail/index.ts';
import { hiddenFields, linksOf } from '../support/browser/html.ts';
import { inClear } from '../support/in-clear.ts';
import {
  addAuthenticatorApp,
  addPatientWithEmail,
  emailLink,
  listEmailsTo,
  SECURITY,
  signInWithPassword,
} from '../support/people/account-security.ts';
import type { LivePerson } from '../support/people/live-patient.ts';
import { type BrowserResponse, FORM, PatientBrowser, SANDBOX_PATIENT } from '../support/people/patient.ts';
import { formErrors, listAuditEvents, submitForm } from '../support/people/practice-portal.ts';
import { addPasskey, addStaffMember } from '../support/people/staff.ts';
import { until } from '../support/runs/until.ts';
import { startServer, type TestServer } from '../support/servers/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

const NEW_PASSWORD = 'copper lantern orchard drizzle';
const sessionIn = (browser: PatientBrowser) => findSession(server.db, server.clock, browser.cookie('session'));
const requestReset = (email: string, browser = new PatientBrowser(server.app)) =>
  submitForm(browser, '/forgot', { email });

/** Waits for an email, because the server creates it after the response. */
async function nextMail(email: string, count = 1) {
  await until(async () => (await listEmailsTo(server, email)).length >= count);
  return (await listEmailsTo(server, email))[0];
}

async function resetLink(email: string, count = 1): Promise<string> {
  await requestReset(email);
  return emailLink(await nextMail(email.trim().toLowerCase(), count), server);
}

const reset = (link: string, password = NEW_PASSWORD, browser = new PatientBrowser(server.app)) =>
  submitForm(browser, link, { password });

/** The parts of a response that a client can compare, without values that always differ. */
const seen = ({ status, location, body, headers }: BrowserResponse) => ({
  status,
  location,
  body: body.replaceAll(/value="[^"]*"/g, ''),
  headers: Object.keys(headers).sort(),
});

describe('a forgotten username or password', () => {
  it('is answered by an email with a link that sets a new password', async () => {
    const person = await addPatientWithEmail(server, { email: 'forgot@example.com' });
    const link = await resetLink(' Forgot@Example.com ');
    expect((await listEmailsTo(server, 'forgot@example.com'))[0]?.content).toContain(
      `Your username: ${person.username}`,
    );
    expect(link).toMatch(/^\/reset\/[\w-]{43}$/);
    const done = await reset(link);
    expect({ status: done.status, location: done.location }).toEqual({ status: 303, location: '/reset-done' });
    await signInWithPassword(server, { ...person, password: NEW_PASSWORD });
    expect((await new PatientBrowser(server.app).signIn('/sign-in', person)).status).toBe(401);
  });

  it('gets the same response whether an account exists or not: text, redirect and headers', async () => {
    await addPatientWithEmail(server, { email: 'known@example.com' });
    const answers = [await requestReset('known@example.com'), await requestReset('nobody@example.com')];
    expect(seen(answers[0] as BrowserResponse)).toEqual(seen(answers[1] as BrowserResponse));
    const pages = await Promise.all(answers.map(({ location = '' }) => new PatientBrowser(server.app).get(location)));
    expect(seen(pages[0] as BrowserResponse)).toEqual(seen(pages[1] as BrowserResponse));
    expect(pages[0]?.body).toContain('If there is an account with that address, we sent it an email.');
    await nextMail('known@example.com');
    expect(await listEmailsTo(server, 'nobody@example.com')).toEqual([]);
  });

  it('gets its response before any lookup, so that timing reveals nothing either', async () => {
    const slow = await startServer();
    const { query, transaction } = slow.db;
    const statements: string[] = [];
    const browser = new PatientBrowser(slow.app);
    const fields = hiddenFields((await browser.get('/forgot')).body);
    let answered = false;
    Object.assign(slow.db, {
      query: (...one: Parameters<typeof query>) => {
        if (!answered) statements.push(one[0].name);
        return query(...one);
      },
      transaction: (work: Parameters<typeof transaction>[0]) => {
        if (!answered) statements.push('transaction');
        return transaction(work);
      },
    });
    const shown = browser.post('/forgot', { ...fields, email: 'nobody@example.com' });
    await shown.then(() => {
      answered = true;
    });
    // The rate limit is counted for every address. No later statement may have started when the response arrives.
    expect(statements.filter((name) => name !== 'rate-limit.count')).toEqual([]);
    await slow.close();
  });

  it('gets a link that works once, even in ten concurrent requests, and not after half an hour', async () => {
    await addPatientWithEmail(server, { email: 'once@example.com' });
    const link = await resetLink('once@example.com');
    const browsers = Array.from({ length: 10 }, () => new PatientBrowser(server.app));
    const forms = await Promise.all(browsers.map(async (browser) => hiddenFields((await browser.get(link)).body)));
    const shown = await Promise.all(
      browsers.map((browser, at) => browser.post(link, { ...forms[at], password: `${NEW_PASSWORD} ${at}` })),
    );
    expect(shown.filter(({ status }) => status === 303)).toHaveLength(1);
    expect(shown.filter(({ status }) => status === 410)).toHaveLength(9);
    const late = await resetLink('once@example.com', 3);
    server.clock.advance(60 * 60_000 + 1000);
    expect((await new PatientBrowser(server.app).get(late)).status).toBe(410);
  });

  it('gets a link that is not consumed by viewing, because mail programs open links', async () => {
    await addPatientWithEmail(server, { email: 'looked@example.com' });
    const link = await resetLink('looked@example.com');
    for (let i = 0; i < 3; i += 1) expect((await new PatientBrowser(server.app).get(link)).status).toBe(200);
    expect((await reset(link)).status).toBe(303);
  });

  it('ends every earlier link', async () => {
    await addPatientWithEmail(server, { email: 'again@example.com' });
    const first = await resetLink('again@example.com');
    const second = await resetLink('again@example.com', 2);
    expect((await new PatientBrowser(server.app).get(first)).status).toBe(410);
    expect((await reset(second)).status).toBe(303);
  });

  it('gets the same page for an invented, foreign or used link', async () => {
    const over = await new PatientBrowser(server.app).get(`/reset/${'A'.repeat(43)}`);
    expect({ status: over.status, saysEnded: over.body.includes('This link no longer works') }).toEqual({
      status: 410,
      saysEnded: true,
    });
    for (const token of ['x', '%00', '%FF', "'%20or%201=1", '..%2f..', 'A'.repeat(250)]) {
      expect((await new PatientBrowser(server.app).get(`/reset/${token}`)).status).toBeGreaterThanOrEqual(400);
      expect((await new PatientBrowser(server.app).get(`/reset/${token}`)).status).toBeLessThan(500);
    }
    await addPatientWithEmail(server, { email: 'kinds@example.com' });
    const link = await resetLink('kinds@example.com');
    for (const path of ['/recover', '/confirm-email'])
      expect((await new PatientBrowser(server.app).get(link.replace('/reset', path))).status).toBe(410);
  });

  it('gets a link that stays valid after a rejected password', async () => {
    await addPatientWithEmail(server, { email: 'weak@example.com' });
    const link = await resetLink('weak@example.com');
    expect(formErrors(await reset(link, 'short'))[0]).toContain('at least 15 characters');
    expect((await reset(link)).status).toBe(303);
  });

  it('signs out everywhere, leaves the second factor, and is reported by email', async () => {
    const person = await addPatientWithEmail(server, { email: 'second@example.com' });
    const browser = await signInWithPassword(server, person);
    await addAuthenticatorApp(server, browser);
    const link = await resetLink('second@example.com', 2);
    await reset(link);
    expect(await sessionIn(browser)).toBeUndefined();
    const half = await new PatientBrowser(server.app).signIn('/sign-in', { ...person, password: NEW_PASSWORD });
    expect(half.location).toMatch(/^\/sign-in\/second-factor/);
    expect((await listEmailsTo(server, 'second@example.com'))[0]?.content).toContain(
      'password of your account was changed',
    );
  });

  it('requires the CSRF token of its form', async () => {
    await addPatientWithEmail(server, { email: 'forged@example.com' });
    const link = await resetLink('forged@example.com');
    for (const path of ['/forgot', link]) {
      const fields = { csrf: 'guess', email: 'forged@example.com', password: NEW_PASSWORD };
      expect((await new PatientBrowser(server.app).post(path, fields)).status).toBe(403);
    }
    expect((await reset(link)).status).toBe(303);
  });

  it('gets links to PUBLIC_URL, whatever the Host header says', async () => {
    await addPatientWithEmail(server, { email: 'host@example.com' });
    const browser = new PatientBrowser(server.app);
    const fields = hiddenFields((await browser.get('/forgot')).body);
    const hostile = {
      host: 'evil.example',
      'x-forwarded-host': 'evil.example',
      forwarded: 'host=evil.example',
      origin: 'https://evil.example',
    };
    await browser.post('/forgot', { ...fields, email: 'host@example.com' }, hostile);
    const mail = await nextMail('host@example.com');
    expect(mail?.content).not.toContain('evil');
    expect(emailLink(mail, server)).toMatch(/^\/reset\//);
  });

  it('is rate-limited by email address and network, without revealing it', async () => {
    const open = await startServer({ TRUST_PROXY: 'loopback' });
    await addPatientWithEmail(open, { email: 'flood@example.com' });
    const ask = async (email: string, from: string) => {
      const page = await open.app.inject({ url: '/forgot' });
      const cookie = String(page.headers['set-cookie']).split(';')[0] ?? '';
      const payload = new URLSearchParams({ ...hiddenFields(page.body), email }).toString();
      const headers = { ...FORM, cookie, 'x-forwarded-for': from };
      return (await open.app.inject({ method: 'POST', url: '/forgot', payload, headers })).statusCode;
    };
    for (let i = 0; i < 6; i += 1) expect(await ask('flood@example.com', `198.51.100.${i}`)).toBe(303);
    await until(async () => (await listEmailsTo(open, 'flood@example.com')).length === 3);
    for (let i = 0; i < 31; i += 1) expect(await ask(`f${i}@example.com`, '203.0.113.7')).toBe(303);
    await addPatientWithEmail(open, { email: 'late@example.com' });
    expect(await ask('late@example.com', '203.0.113.7')).toBe(303);
    expect(await ask('late@example.com', '203.0.113.8')).toBe(303);
    await until(async () => (await listEmailsTo(open, 'late@example.com')).length > 0);
    await open.close();
  });

  it('lets an account without a password set one, and then still requires its passkey', async () => {
    const person = await addPatientWithEmail(server, { email: 'keyonly@example.com' });
    await addPasskey(server, person.accountId);
    await server.db.queryText('update account set password_hash = null where account_id = $1', [person.accountId]);
    await reset(await resetLink('keyonly@example.com'));
    const half = await new PatientBrowser(server.app).signIn('/sign-in', { ...person, password: NEW_PASSWORD });
    expect(half.location).toMatch(/^\/sign-in\/second-factor/);
  });

  it('does not work for shared accounts, whatever email address they were given', async () => {
    await server.db.queryText("update account set email = 'published@example.com' where username = $1", [
      SANDBOX_PATIENT.username,
    ]);
    await requestReset('published@example.com');
    await requestReset('sentinel@example.com');
    await addPatientWithEmail(server, { email: 'sentinel2@example.com' });
    await requestReset('sentinel2@example.com');
    await nextMail('sentinel2@example.com');
    expect(await listEmailsTo(server, 'published@example.com')).toEqual([]);
    await server.db.queryText('update account set email = null where username = $1', [SANDBOX_PATIENT.username]);
  });

  it('sends no email outside the outbox for accounts of the sandbox only', async () => {
    const { accountId } = await addStaffMember(server, ['sandbox']);
    await server.db.queryText("update account set email = 'made-up@example.com' where account_id = $1", [accountId]);
    await requestReset('made-up@example.com');
    expect((await nextMail('made-up@example.com'))?.outbox).toBe(true);
  });

  it('an email address works in place of the username at sign-in', async () => {
    const person = await addPatientWithEmail(server, { email: 'by.mail@example.com' });
    const browser = await signInWithPassword(server, { ...person, username: ' By.Mail@Example.com ' });
    expect(await sessionIn(browser)).toMatchObject({ accountId: person.accountId });
  });

  it('a username that equals another account’s email address locks neither out', async () => {
    const [one, other] = [
      await addPatientWithEmail(server, { email: 'mine@example.com' }),
      await addPatientWithEmail(server),
    ];
    await server.db.queryText("update account set username = 'mine@example.com' where account_id = $1", [
      other.accountId,
    ]);
    for (const { accountId, password } of [one, other]) {
      const browser = await signInWithPassword(server, { username: 'mine@example.com', password });
      expect(await sessionIn(browser)).toMatchObject({ accountId });
    }
  });
});

describe('an unconfirmed email address', () => {
  const FIRST = 'Confirm your email address first';
  const overviewOf = async (browser: PatientBrowser) => browser.get((await browser.get('/account')).location ?? '');
  const subjectsTo = async (email: string) => (await listEmailsTo(server, email)).map(({ subject }) => subject);

  /** Creates a patient who has just entered a first email address, which is still unconfirmed. */
  async function gave(email: string) {
    const person = await addPatientWithEmail(server);
    const browser = await signInWithPassword(server, person);
    await submitForm(browser, `${SECURITY}/email`, { email });
    return { person, browser };
  }

  it('is first confirmed when a password is forgotten, and then leads to a new password', async () => {
    const { person } = await gave('unconfirmed@example.com');
    await requestReset('unconfirmed@example.com');
    const mail = await nextMail('unconfirmed@example.com', 2);
    expect(mail?.subject).toBe(FIRST);
    expect(mail?.content).not.toContain(person.username);
    expect(mail?.content).toContain('/forgot');
    const done = await submitForm(new PatientBrowser(server.app), emailLink(mail, server));
    expect(done.body).toContain('Your email address is confirmed');
    expect(linksOf(done)).toContain('/forgot');
    expect(await subjectsTo('unconfirmed@example.com')).toContain('Your email address is confirmed');
    expect((await subjectsTo('unconfirmed@example.com')).join()).not.toContain('changed');
    const link = await resetLink('unconfirmed@example.com', 4);
    await reset(link);
    await signInWithPassword(server, { ...person, password: NEW_PASSWORD });
  });

  it('gets the same response as any other, whose text is also true for it', async () => {
    await gave('pending@example.com');
    const answers = [await requestReset('pending@example.com'), await requestReset('unknown@example.com')];
    expect(seen(answers[0] as BrowserResponse)).toEqual(seen(answers[1] as BrowserResponse));
    const { body } = await new PatientBrowser(server.app).get(answers[0]?.location ?? '');
    expect(body).not.toContain('no account with that address');
    expect(body).toContain('the email has a link to confirm it');
    await nextMail('pending@example.com', 2);
    expect(await listEmailsTo(server, 'unknown@example.com')).toEqual([]);
  });

  it('gets no link from the sign-in page after 7 days, because a mistyped address belongs to another person', async () => {
    await gave('typo@example.com');
    server.clock.advance(days(7));
    await requestReset('typo@example.com');
    await addPatientWithEmail(server, { email: 'right@example.com' });
    await resetLink('right@example.com');
    expect(await subjectsTo('typo@example.com')).toEqual(['Confirm your email address']);
  });

  it('gets no link if the account has another address, or after a new password, because another person may have entered it', async () => {
    const person = await addPatientWithEmail(server, { email: 'own-address@example.com' });
    await submitForm(await signInWithPassword(server, person), `${SECURITY}/email`, { email: 'theirs@example.com' });
    const { browser } = await gave('stolen@example.com');
    await submitForm(browser, `${SECURITY}/password`, { password: 'maple otter violin 47 north' });
    for (const email of ['theirs@example.com', 'stolen@example.com']) await requestReset(email);
    await resetLink('own-address@example.com', 2);
    for (const email of ['theirs@example.com', 'stolen@example.com'])
      expect(await subjectsTo(email)).toEqual(['Confirm your email address']);
  });

  it('gets no link if another account has it', async () => {
    const owner = await addPatientWithEmail(server, { email: 'owned@example.com' });
    await gave('owned@example.com');
    await requestReset('owned@example.com');
    const mail = await nextMail('owned@example.com', 2);
    expect(mail?.content).toContain(owner.username);
    expect(await subjectsTo('owned@example.com')).not.toContain(FIRST);
  });

  it('is on the account’s overview until it is confirmed, with an offer of a new link', async () => {
    const { browser } = await gave('remind@example.com');
    const again = `${SECURITY}/email/confirm`;
    const response = await overviewOf(browser);
    expect(response.body).toContain('Your email address remind@example.com isn’t confirmed');
    expect(linksOf(response)).toContain(again);
    expect((await browser.get(SECURITY)).body).toContain('Not confirmed yet');
    expect((await submitForm(browser, again)).location).toBe(`${SECURITY}?done=email-asked`);
    const [mail, first] = await listEmailsTo(server, 'remind@example.com');
    expect((await new PatientBrowser(server.app).get(emailLink(first, server))).status).toBe(410);
    await submitForm(new PatientBrowser(server.app), emailLink(mail, server));
    expect((await overviewOf(browser)).body).not.toContain('remind@example.com');
    expect((await browser.get(again)).body).toContain('There is no address to confirm');
    expect((await listAuditEvents(server, 'account'))[0]).toMatchObject({ detail: { action: 'email-confirmed' } });
  });

  it('gets at most five emails an hour', async () => {
    const { browser } = await gave('often@example.com');
    for (let more = 0; more < 4; more += 1) await submitForm(browser, `${SECURITY}/email/confirm`);
    const over = await submitForm(browser, `${SECURITY}/email/confirm`);
    expect({ status: over.status, body: over.body }).toEqual({
      status: 400,
      body: expect.stringContaining('too many emails'),
    });
    expect(await listEmailsTo(server, 'often@example.com')).toHaveLength(5);
  });
});

describe('a lost second factor', () => {
  async function issueLink(accountId: LivePerson['accountId'], by: LivePerson['accountId']): Promise<string> {
    const { db, clock } = server;
    const deps = {
      clock,
      random,
      audit: createAuditLog({ db, clock, random }),
      post: createEmailQueue({ clock, random, encryption: inClear, sends: false }),
    };
    return db.transaction((tx) =>
      createMfaResetLink(tx, { ...deps, brandName: 'Test' }, accountId, { by, proofing: 'photo-id' }),
    );
  }
  const recover = (link: string, password: string, browser = new PatientBrowser(server.app)) =>
    submitForm(browser, link, { password });

  let staffId: LivePerson['accountId'];
  beforeAll(async () => {
    staffId = (await addStaffMember(server)).accountId;
  });

  it('is removed with the practice’s link and the password; the person sets up a new one and is notified twice', async () => {
    const person = await addPatientWithEmail(server, { email: 'lost@example.com' });
    const elsewhere = await signInWithPassword(server, person);
    await addAuthenticatorApp(server, elsewhere);
    await addPasskey(server, person.accountId);
    const link = await issueLink(person.accountId, staffId);
    expect(link).toMatch(/^\/recover\/[\w-]{43}$/);
    const browser = new PatientBrowser(server.app);
    const page = await browser.get(link);
    for (const words of ['your authenticator app', 'your passkey']) expect(page.body).toContain(words);
    const done = await recover(link, person.password, browser);
    expect(done.location).toBe(`${SECURITY}?done=set-up-anew`);
    expect(await sessionIn(browser)).toMatchObject({ accountId: person.accountId });
    expect(await sessionIn(elsewhere)).toBeUndefined();
    expect((await new PatientBrowser(server.app).signIn('/sign-in', person)).location).toBe('/account');
    const emails = (await listEmailsTo(server, 'lost@example.com'))
      .map(({ subject, content }) => subject + content)
      .join();
    for (const words of ['Your practice gave out a link to reset your sign-in', 'were removed with the link'])
      expect(emails).toContain(words);
    const events = (await listAuditEvents(server, 'factor')).filter(
      ({ account_id }) => account_id === person.accountId,
    );
    expect(events.find(({ detail }) => detail['action'] === 'lost-factor-link')?.detail).toEqual({
      action: 'lost-factor-link',
      by: staffId,
      proofing: 'photo-id',
    });
  });

  it('requires the password too: the link alone opens nothing and stays valid, and guessing is slowed down', async () => {
    const person = await addPatientWithEmail(server);
    const key = await addPasskey(server, person.accountId);
    const link = await issueLink(person.accountId, staffId);
    const browser = new PatientBrowser(server.app);
    for (let i = 0; i < 10; i += 1) expect((await recover(link, 'wrong', browser)).status).toBe(400);
    expect((await recover(link, person.password, browser)).status).toBe(429);
    expect((await new PatientBrowser(server.app).usePasskey('/sign-in', key, '/sign-in')).status).toBe(303);
    server.clock.advance(16 * 60_000);
    expect((await recover(link, person.password, browser)).status).toBe(303);
  });

  it('has a link that works once, even in ten concurrent requests, and not after a day', async () => {
    const person = await addPatientWithEmail(server);
    await addPasskey(server, person.accountId);
    const link = await issueLink(person.accountId, staffId);
    const shown = await Promise.all(
      Array.from({ length: 8 }, () => recover(link, person.password).catch(() => undefined)),
    );
    expect(shown.filter((one) => one?.status === 303)).toHaveLength(1);
    const late = await issueLink(person.accountId, staffId);
    server.clock.advance(24 * 60 * 60_000 + 1000);
    expect((await new PatientBrowser(server.app).get(late)).status).toBe(410);
  });

  it('of staff leads to a new set-up before anything else', async () => {
    const { accountId, password } = await addStaffMember(server);
    const browser = new PatientBrowser(server.app);
    const done = await recover(await issueLink(accountId, staffId), password, browser);
    expect(done.location).toBe('/sign-in/set-up?return_to=%2F');
    expect(await sessionIn(browser)).toBeUndefined();
  });

  it('of an account without a password lets the person choose one, after the practice verified their identity', async () => {
    const person = await addPatientWithEmail(server);
    const key = await addPasskey(server, person.accountId);
    await server.db.queryText('update account set password_hash = null where account_id = $1', [person.accountId]);
    const link = await issueLink(person.accountId, staffId);
    expect(formErrors(await recover(link, 'short'))[0]).toContain('at least 15 characters');
    expect((await recover(link, NEW_PASSWORD)).status).toBe(303);
    await signInWithPassword(server, { ...person, password: NEW_PASSWORD });
    expect((await new PatientBrowser(server.app).usePasskey('/sign-in', key, '/sign-in')).status).toBe(401);
  });

  it('cannot be reset for shared accounts', async () => {
    const browser = await signInWithPassword(server, SANDBOX_PATIENT);
    const { accountId } = (await sessionIn(browser)) ?? {};
    if (accountId === undefined) throw new Error('signed in');
    await expect(issueLink(accountId, staffId)).rejects.toMatchObject({ code: 'not-changeable' });
  });
});
