import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hiddenFields } from '../support/browser/html.ts';
import { addPatientWithEmail, listEmailsTo, signInWithPassword } from '../support/people/account-security.ts';
import { PatientBrowser, SANDBOX_PATIENT } from '../support/people/patient.ts';
import { LIVE_PRACTICE, SANDBOX_PRACTICE } from '../support/people/practice-portal.ts';
import { startServer, type TestServer } from '../support/servers/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

const ANDROID = 'Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Chrome/120.0.0.0 Mobile Safari/537.36';

async function signIn(browser: PatientBrowser, person: { username: string; password: string }, agent = ANDROID) {
  const { username, password } = person;
  const fields = { ...hiddenFields((await browser.get('/sign-in')).body), username, password };
  return browser.post('/sign-in', fields, { 'user-agent': agent });
}
const mails = (email: string) => listEmailsTo(server, email);

describe('the first sign-in in a new browser', () => {
  it('is reported by email, with browser, local time and advice, except in the first browser of all', async () => {
    const person = await addPatientWithEmail(server, { email: 'told@example.com' });
    await signIn(new PatientBrowser(server.app), person);
    expect(await mails('told@example.com')).toEqual([]);
    await signIn(new PatientBrowser(server.app), person);
    const [mail, ...others] = await mails('told@example.com');
    expect({ subject: mail?.subject, others }).toEqual({ subject: 'New sign-in to your account', others: [] });
    expect(mail?.content).toMatch(/When: \w+ \d+, \d{4} at \d+:\d\d [AP]M E[SD]T/);
    for (const words of ['Browser: Chrome on Android', `${server.config.publicUrl}/forgot`, 'If it wasn’t you'])
      expect(mail?.content).toContain(words);
    expect(mail?.content).not.toContain(person.username);
  });

  it('is reported once: the browser is known afterwards, even after signing out and in again', async () => {
    const person = await addPatientWithEmail(server, { email: 'known@example.com' });
    const [one, other] = [new PatientBrowser(server.app), new PatientBrowser(server.app)];
    for (const browser of [one, other, other, one]) await signIn(browser, person);
    const csrf = hiddenFields((await other.get('/sign-in')).body)['csrf'] ?? '';
    await other.post('/sign-out', { csrf });
    await signIn(other, person);
    expect(await mails('known@example.com')).toHaveLength(1);
  });

  it('is reported in the language of the account', async () => {
    const person = await addPatientWithEmail(server, { email: 'hola@example.com', language: 'es' });
    await signIn(new PatientBrowser(server.app), person);
    await signIn(new PatientBrowser(server.app), person);
    const [mail] = await mails('hola@example.com');
    expect(mail?.subject).toBe('Nuevo inicio de sesión en su cuenta');
    expect(mail?.content).toContain('Navegador: Chrome en Android');
  });

  describe('is reported in the name, color and contact details', () => {
    const senderOf = async (email: string) =>
      (
        await server.db.queryText<{ sender_name: string; practice_id: number | null; reply_to: string | null }>(
          'select sender_name, practice_id, reply_to from mail where recipient = $1',
          [email],
        )
      )[0];
    const contact = { phone: '555-010-2030', email: 'desk@lakeside.example' };
    beforeAll(() =>
      server.db.queryText('update practice set phone = $1, email = $2 where practice_id = $3', [
        contact.phone,
        contact.email,
        LIVE_PRACTICE,
      ]),
    );

    it('of the practice of a patient with records at one practice', async () => {
      const person = await addPatientWithEmail(server, { email: 'one.practice@example.com' });
      for (let i = 0; i < 2; i += 1) await signIn(new PatientBrowser(server.app), person);
      expect(await senderOf('one.practice@example.com')).toEqual({
        sender_name: 'Live practice',
        practice_id: LIVE_PRACTICE,
        reply_to: contact.email,
      });
      const [mail] = await mails('one.practice@example.com');
      expect(mail?.content).toContain(`${contact.phone} · ${contact.email}`);
    });

    it('of the installation for a patient with records at two practices', async () => {
      const person = await addPatientWithEmail(server, { email: 'two.practices@example.com' });
      await server.db.queryText(
        `insert into representation (account_id, record_id)
         select $1, record_id from record where practice_id = $2 order by record_id limit 1`,
        [person.accountId, SANDBOX_PRACTICE],
      );
      for (let i = 0; i < 2; i += 1) await signIn(new PatientBrowser(server.app), person);
      const installation = { sender_name: server.config.brandName, practice_id: null, reply_to: null };
      expect(await senderOf('two.practices@example.com')).toEqual(installation);
    });
  });

  it('is not reported without an email address, and works all the same', async () => {
    const person = await addPatientWithEmail(server);
    for (let i = 0; i < 2; i += 1) expect((await signIn(new PatientBrowser(server.app), person)).status).toBe(303);
  });

  it('sets an HttpOnly cookie of its own for about a year, stored as a hash', async () => {
    const secure = await startServer({ PUBLIC_URL: 'https://api.example.org' });
    const person = await addPatientWithEmail(secure);
    const page = await secure.app.inject('/sign-in');
    const { username, password } = person;
    const cookie = String(page.headers['set-cookie']).split(';')[0] ?? '';
    const payload = new URLSearchParams({ ...hiddenFields(page.body), username, password }).toString();
    const headers = { cookie, 'content-type': 'application/x-www-form-urlencoded' };
    const shown = await secure.app.inject({ method: 'POST', url: '/sign-in', payload, headers });
    const known = [shown.headers['set-cookie']].flat().find((one) => one?.startsWith('__Host-known='));
    expect(known).toMatch(/Max-Age=34560000; Path=\/; HttpOnly; Secure; SameSite=Lax/);
    const value = /=([^;]+)/.exec(known ?? '')?.[1] ?? '';
    const rows = await secure.db.queryText('select from known_browser where browser = sha256($1)', [
      Buffer.from(value),
    ]);
    expect(rows).toHaveLength(1);
    await secure.close();
  });

  it('ignores a planted cookie that has an impossible value', async () => {
    const person = await addPatientWithEmail(server, { email: 'planted@example.com' });
    await signIn(new PatientBrowser(server.app), person);
    const browser = new PatientBrowser(server.app);
    browser.setCookie('known', 'short');
    await signIn(browser, person);
    expect(browser.cookie('known')).toMatch(/^[\w-]{43}$/);
  });

  it('leaves no trace for shared accounts, which everyone uses', async () => {
    const before = await server.db.queryText('select from known_browser', []);
    const browser = await signInWithPassword(server, SANDBOX_PATIENT);
    await browser.get('/');
    expect(await server.db.queryText('select from known_browser', [])).toHaveLength(before.length);
  });

  it('happens again after about a year', async () => {
    const person = await addPatientWithEmail(server, { email: 'year@example.com' });
    await signIn(new PatientBrowser(server.app), person);
    server.clock.advance(401 * 86_400_000);
    await server.purgeExpired();
    expect(await server.db.queryText('select from known_browser where account_id = $1', [person.accountId])).toEqual(
      [],
    );
  });
});
