import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findSession } from '../../src/identity/index.ts';
import { sha256 } from '../../src/kernel/index.ts';
import { hiddenFields, titleOf } from '../support/browser/html.ts';
import {
  addAuthenticatorApp,
  addPatientWithEmail,
  authenticatorCode,
  createRecoveryCodes,
  emailLink,
  listEmailsTo,
  SECURITY,
  signInWithPassword,
} from '../support/people/account-security.ts';
import { FORM, OAUTH, PatientBrowser } from '../support/people/patient.ts';
import { submitForm } from '../support/people/practice-portal.ts';
import { DEEP, propertyRuns } from '../support/runs/slice.ts';
import { until } from '../support/runs/until.ts';
import { startServer, type TestServer } from '../support/servers/server.ts';

/** These tests are about attackers who turn the server's protections against other people. */

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ TRUST_PROXY: 'loopback' });
});
afterAll(() => server.close());

const CODE = '/sign-in/second-factor';
const sessionIn = (browser: PatientBrowser) => findSession(server.db, server.clock, browser.cookie('session'));

/** Returns how many password reset emails were requested for an address in the last hour. */
async function requestCount(
  email: string,
): Promise<{ readonly failures: number; readonly window_ends: Date } | undefined> {
  const text = 'select failures, window_ends from throttle where key = $1';
  return (
    await server.db.queryText<{ failures: number; window_ends: Date }>(text, [sha256(`forgotten\u0000${email}`)])
  )[0];
}

/**
 * Waits for the work of a password reset request, which begins after the response: the count, and an email for the
 * first three requests.
 */
async function worked<Answer>(email: string, ask: () => Promise<Answer>): Promise<Answer> {
  const [before, emails] = [await requestCount(email), (await listEmailsTo(server, email)).length];
  const answer = await ask();
  await until(async () => !isDeepStrictEqual(await requestCount(email), before));
  const isSent = isKnown(email) && ((await requestCount(email))?.failures ?? 0) <= 3;
  if (isSent) await until(async () => (await listEmailsTo(server, email)).length > emails);
  return answer;
}
const isKnown = (email: string) => !email.startsWith('unknown');

async function signIn(username: string, password: string, headers: Record<string, string> = {}) {
  const browser = new PatientBrowser(server.app);
  const fields = { ...hiddenFields((await browser.get('/sign-in')).body), username, password };
  return { browser, shown: await browser.post('/sign-in', fields, headers) };
}

describe('an account whose username is another person’s email address', () => {
  it('cannot clear wrong guesses at the other account by signing in with its own password', async () => {
    const victim = await addPatientWithEmail(server, { email: 'victim@example.com' });
    const attacker = await addPatientWithEmail(server);
    await server.db.queryText('update account set username = $2 where account_id = $1', [
      attacker.accountId,
      'victim@example.com',
    ]);
    const from = { 'x-forwarded-for': '198.51.100.77' };
    const statuses: number[] = [];
    for (let i = 0; i < 12; i += 1) {
      statuses.push((await signIn('victim@example.com', `guess ${i}`, from)).shown.status);
      if (i % 5 === 4) await signIn('victim@example.com', attacker.password, from);
    }
    expect(statuses.slice(10)).toEqual([429, 429]);
    const { browser } = await signIn('victim@example.com', victim.password, { 'x-forwarded-for': '203.0.113.5' });
    expect(await sessionIn(browser)).toMatchObject({ accountId: victim.accountId });
  });

  it('cannot clear them at reauthentication either', async () => {
    await addPatientWithEmail(server, { email: 'victim2@example.com' });
    const attacker = await addPatientWithEmail(server);
    await server.db.queryText('update account set username = $2 where account_id = $1', [
      attacker.accountId,
      'victim2@example.com',
    ]);
    const own = await signInWithPassword(server, { ...attacker, username: 'victim2@example.com' });
    for (let i = 0; i < 10; i += 1) await signIn('victim2@example.com', `guess ${i}`);
    await submitForm(own, `${SECURITY}/confirm`, { password: attacker.password });
    expect((await signIn('victim2@example.com', 'guess')).shown.status).toBe(429);
  });
});

describe('guessing codes with a known password', () => {
  async function withApp(email: string) {
    const person = await addPatientWithEmail(server, { email });
    const browser = await signInWithPassword(server, person);
    const { key } = await addAuthenticatorApp(server, browser);
    return { ...person, appKey: key, owner: browser };
  }
  const wrong = (key: string) =>
    String((Number(authenticatorCode(key, server)) + 500_000) % 1_000_000).padStart(6, '0');
  async function guess(person: Awaited<ReturnType<typeof withApp>>, times: number, from: string): Promise<number> {
    const { browser } = await signIn(person.username, person.password, { 'x-forwarded-for': from });
    const { csrf = '' } = hiddenFields((await browser.get(CODE)).body);
    let status = 0;
    for (let i = 0; i < times; i += 1)
      status = (await browser.post(CODE, { csrf, return_to: '/', code: wrong(person.appKey) })).status;
    return status;
  }

  it('is reported to the person, however few are tried in each sign-in and from wherever', async () => {
    const person = await withApp('slowly@example.com');
    for (let i = 0; i < 4; i += 1) await guess(person, 2, `198.51.100.${i}`);
    const emails = await listEmailsTo(server, 'slowly@example.com');
    expect(emails.filter(({ content }) => content?.includes('someone knows your password'))).toHaveLength(1);
  });

  it('is stopped after a hundred in a month, instead of ten an hour for years (NIST SP 800-63B-4 §3.2.2)', async () => {
    const person = await withApp('patiently@example.com');
    const codes = await createRecoveryCodes(person.owner);
    for (let hour = 0; hour < 11; hour += 1) {
      for (const from of ['198.51.100.1', '203.0.113.1']) await guess(person, 5, from);
      server.clock.advance(61 * 60_000);
    }
    expect(await guess(person, 1, '192.0.2.1')).toBe(429);
    const { browser } = await signIn(person.username, person.password);
    const right = await submitForm(browser, CODE, { code: authenticatorCode(person.appKey, server) });
    expect({ status: right.status, saysNewPassword: right.body.includes('new password') }).toEqual({
      status: 429,
      saysNewPassword: true,
    });
    const spare = await submitForm(browser, '/sign-in/recovery-code', { code: codes[0] ?? '' });
    expect(spare.status).toBe(303);
    server.clock.advance(61 * 60_000);
    const next = await signIn(person.username, person.password);
    expect((await submitForm(next.browser, CODE, { code: authenticatorCode(person.appKey, server) })).status).toBe(303);
  });
});

describe('requesting emails for another person', () => {
  it('never leaves them without a valid link: when rate-limited, the last link still works', async () => {
    const email = 'starved@example.com';
    await addPatientWithEmail(server, { email });
    const ask = () => worked(email, () => submitForm(new PatientBrowser(server.app), '/forgot', { email }));
    const newest = async () => emailLink((await listEmailsTo(server, email))[0], server);
    for (let minute = 0; minute < 130; minute += 13) {
      if (minute % 39 === 0) for (let i = 0; i < 4; i += 1) await ask();
      await ask();
      expect((await new PatientBrowser(server.app).get(await newest())).status, `minute ${minute}`).toBe(200);
      server.clock.advance(13 * 60_000);
    }
    expect((await listEmailsTo(server, email)).length).toBeLessThan(12);
  });
});

describe('a person who used a reset link', () => {
  it('may request another in the same hour', async () => {
    await addPatientWithEmail(server, { email: 'again@example.com' });
    const links = async () =>
      (await listEmailsTo(server, 'again@example.com')).filter(({ content }) => content?.includes('/reset/'));
    for (let emails = 1; emails <= 3; emails += 1) {
      await submitForm(new PatientBrowser(server.app), '/forgot', { email: 'again@example.com' });
      await until(async () => (await links()).length === emails);
    }
    const link = emailLink((await links())[0], server);
    const done = await submitForm(new PatientBrowser(server.app), link, { password: 'copper lantern orchard drizzle' });
    expect(done.location).toBe('/reset-done');
    await submitForm(new PatientBrowser(server.app), '/forgot', { email: 'again@example.com' });
    await until(async () => (await links()).length === 4);
  });
});

describe('the User-Agent', () => {
  const LURE = 'Call +1 900 555 0100 or visit https://evil.example/now/1 (x) y';

  it('is reported only by a known name, so that no one can write to the patient in our email', async () => {
    const person = await addPatientWithEmail(server, { email: 'lured@example.com' });
    await signIn(person.username, person.password);
    const { browser } = await signIn(person.username, person.password, { 'user-agent': LURE });
    const [mail] = await listEmailsTo(server, 'lured@example.com');
    expect(mail?.subject).toContain('New sign-in');
    expect(mail?.content).not.toMatch(/evil|900/);
    expect((await browser.get(SECURITY)).body).not.toMatch(/evil\.example/);
  });
});

describe('forms of emailed links, sent from another site', () => {
  it.each(['recover', 'confirm-email', 'reset'])('/%s requires the CSRF token of its form', async (page) => {
    const browser = new PatientBrowser(server.app);
    for (const csrf of [undefined, 'guess', ['a', 'b']] as const) {
      const fields = { password: 'x', ...(csrf === undefined ? {} : { csrf }) };
      expect((await browser.post(`/${page}/${'A'.repeat(43)}`, fields)).status).toBe(403);
    }
  });

  it('/confirm-email changes nothing for a forged form', async () => {
    const person = await addPatientWithEmail(server, { email: 'before@example.com' });
    const own = await signInWithPassword(server, person);
    await submitForm(own, `${SECURITY}/email`, { email: 'after@example.com' });
    const link = emailLink((await listEmailsTo(server, 'after@example.com'))[0], server);
    const stranger = new PatientBrowser(server.app);
    const theirs = hiddenFields((await stranger.get('/sign-in')).body)['csrf'] ?? '';
    for (const csrf of [theirs, 'guess', '']) expect((await own.post(link, { csrf })).status).toBe(403);
    expect((await own.get(link)).status).toBe(200);
  });
});

describe('ui_locales of the requesting app (OpenID Connect Core §3.1.2.1)', () => {
  const page = (locales: string) =>
    `/sign-in?${new URLSearchParams({ return_to: `${OAUTH}/authorize?${new URLSearchParams({ ui_locales: locales })}` })}`;

  it('sets the language of the sign-in page and of its errors', async () => {
    const browser = new PatientBrowser(server.app);
    const response = await browser.get(page('es-MX en'));
    expect(titleOf(response.body)).toBe('Iniciar sesión');
    const fields = { ...hiddenFields(response.body), username: 'x', password: 'y' };
    expect((await browser.post('/sign-in', fields)).body).toContain('no son correctos');
    expect(titleOf((await browser.get(page('fr'))).body)).toBe('Sign in');
  });

  it('sets that of the second factor too, and the language that the person chose overrides it', async () => {
    const person = await addPatientWithEmail(server);
    await addAuthenticatorApp(server, await signInWithPassword(server, person));
    const browser = new PatientBrowser(server.app);
    const half = await browser.signIn(page('es'), person);
    expect(titleOf((await browser.get(half.location ?? '')).body)).toContain('código');
    await browser.get('/language?to=en&return_to=%2F');
    expect(titleOf((await browser.get(page('es'))).body)).toBe('Sign in');
  });
});

describe('probing for accounts', () => {
  it('learns nothing from the text of the response', async () => {
    const { answers } = await askForMany(propertyRuns(200));
    expect([...answers]).toHaveLength(1);
  });

  it.runIf(DEEP)('learns nothing from the time of the response', async () => {
    const { times } = await askForMany(200);
    const median = (list: readonly number[]) => list.toSorted((a, b) => a - b)[list.length >> 1] ?? 0;
    expect(Math.abs(median(times.known) - median(times.unknown))).toBeLessThan(2);
  });

  /** Requests password resets, alternately for existing and unknown accounts. */
  async function askForMany(count: number) {
    const label = randomUUID();
    for (let i = 0; i < 20; i += 1) await addPatientWithEmail(server, { email: `known-${i}-${label}@example.com` });
    const times: Record<'known' | 'unknown', number[]> = { known: [], unknown: [] };
    const page = await server.app.inject({ url: '/forgot' });
    const cookie = String(page.headers['set-cookie']).split(';')[0] ?? '';
    const csrf = hiddenFields(page.body)['csrf'] ?? '';
    const answers = new Set<string>();
    for (let i = 0; i < count; i += 1) {
      const kind = i % 2 === 0 ? 'known' : 'unknown';
      const email = `${kind}-${(i >> 1) % 20}-${label}@example.com`;
      const payload = new URLSearchParams({ csrf, email }).toString();
      const headers = { ...FORM, cookie, 'x-forwarded-for': `10.${i}.0.1` };
      const shown = await worked(email, async () => {
        const began = performance.now();
        const answer = await server.app.inject({ method: 'POST', url: '/forgot', payload, headers });
        times[kind].push(performance.now() - began);
        return answer;
      });
      answers.add(`${shown.statusCode} ${shown.headers.location} ${shown.body}`);
    }
    return { answers, times };
  }
});
