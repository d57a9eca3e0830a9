import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PatientBrowser, SANDBOX_PATIENT } from '../support/patient.ts';
import { startServer, type TestServer } from '../support/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

const WRONG = { ...SANDBOX_PATIENT, password: 'wrong' };

describe('signing in', () => {
  it('takes the username in any case, with space around it', async () => {
    const shown = await new PatientBrowser(server.app).signIn('/sign-in', {
      ...SANDBOX_PATIENT,
      username: ' PatientApiTest ',
    });
    expect([shown.status, shown.location]).toEqual([303, '/']);
  });

  it('says the same of a wrong password and of a username that does not exist', async () => {
    const browser = new PatientBrowser(server.app);
    const wrong = await browser.signIn('/sign-in', WRONG);
    const nobody = await browser.signIn('/sign-in', { username: 'patientapitesX', password: 'wrong' });
    expect([wrong.status, nobody.status]).toEqual([401, 401]);
    const told = (html: string) => html.match(/<p id="fault">.*?<\/p>/)?.[0];
    expect(told(wrong.body)).toBe(told(nobody.body));
    expect(told(wrong.body)).toBeTruthy();
  });

  it('keeps the username that was typed and never the password', async () => {
    const shown = await new PatientBrowser(server.app).signIn('/sign-in', { ...WRONG, password: 'secret-typed' });
    expect(shown.body).toContain('value="patientapitest"');
    expect(shown.body).not.toContain('secret-typed');
  });

  it.each(['https://evil.example/', '//evil.example', '/\\evil.example', 'javascript:alert(1)', '\\\\evil.example'])(
    'never leads to another site: return_to=%s',
    async (target) => {
      const shown = await new PatientBrowser(server.app).signIn(`/sign-in?return_to=${encodeURIComponent(target)}`);
      expect(shown.location).toBe('/');
    },
  );

  it('takes no form that another site made up, and no cookie means no form: CSRF', async () => {
    const browser = new PatientBrowser(server.app);
    const shown = await browser.post('/sign-in', { ...SANDBOX_PATIENT, csrf: 'guess' });
    expect(shown.status).toBe(403);
    expect(browser.cookie('session')).toBeUndefined();
  });

  it('gives a new session each time: a session set beforehand is worth nothing', async () => {
    const browser = new PatientBrowser(server.app);
    await browser.signIn('/sign-in');
    const first = browser.cookie('session');
    await browser.signIn('/sign-in');
    expect(browser.cookie('session')).not.toBe(first);
    expect(
      await server.db.queryText('select from session where hash = sha256($1)', [Buffer.from(first ?? '')]),
    ).toEqual([]);
  });

  it('sends cookies that scripts and other sites can’t use', async () => {
    const page = await server.app.inject('/sign-in');
    expect(page.headers['set-cookie']).toMatch(/HttpOnly.*SameSite=Lax/);
    const secure = await startServer({ PUBLIC_URL: 'https://api.example.org' });
    const securePage = await secure.app.inject('/sign-in');
    expect(securePage.headers['set-cookie']).toMatch(/^__Host-browser=.*Secure/);
    await secure.close();
  });
});

describe('signing out', () => {
  it('ends the session and asks for the form of this browser', async () => {
    const browser = new PatientBrowser(server.app);
    await browser.signIn('/sign-in');
    expect((await browser.post('/sign-out', { csrf: 'guess' })).status).toBe(403);
    const page = await browser.get('/sign-in');
    const csrf = page.body.match(/name="csrf" value="([^"]+)"/)?.[1] ?? '';
    expect((await browser.post('/sign-out', { csrf })).status).toBe(200);
    expect(browser.cookie('session')).toBeUndefined();
  });
});

describe('guessing', () => {
  it('is slowed after ten wrong passwords, with Retry-After, and goes on after a quarter of an hour', async () => {
    const slow = await startServer();
    const browser = new PatientBrowser(slow.app);
    const person = { username: 'someone', password: 'wrong' };
    for (let i = 0; i < 10; i += 1) expect((await browser.signIn('/sign-in', person)).status).toBe(401);
    const refused = await browser.signIn('/sign-in', person);
    expect(refused.status).toBe(429);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    slow.clock.advance(15 * 60_000 + 1000);
    expect((await browser.signIn('/sign-in', person)).status).toBe(401);
    await slow.close();
  });

  it('from one address can’t lock the published sandbox account for another', async () => {
    const open = await startServer({ TRUST_PROXY: 'on' });
    const attempt = async (from: string, password: string) => {
      const headers = { 'x-forwarded-for': from };
      const page = await open.app.inject({ url: '/sign-in', headers });
      const cookie = String(page.headers['set-cookie']).split(';')[0] ?? '';
      const csrf = page.body.match(/name="csrf" value="([^"]+)"/)?.[1] ?? '';
      const payload = new URLSearchParams({ username: 'patientapitest', password, csrf }).toString();
      const type = { 'content-type': 'application/x-www-form-urlencoded' };
      return (
        await open.app.inject({ method: 'POST', url: '/sign-in', payload, headers: { ...headers, ...type, cookie } })
      ).statusCode;
    };
    for (let i = 0; i < 11; i += 1) await attempt('203.0.113.1', 'wrong');
    expect(await attempt('203.0.113.1', 'Password1!')).toBe(429);
    for (let i = 0; i < 11; i += 1) await attempt(`2001:db8:0:1::${i}`, 'wrong');
    expect(await attempt('2001:db8::1:0:0:0:99', 'Password1!')).toBe(429);
    expect(await attempt('2001:db8:0:2::1', 'Password1!')).toBe(303);
    expect(await attempt('203.0.113.2', 'Password1!')).toBe(303);
    await open.close();
  });

  it('is recorded, as are right passwords', async () => {
    const browser = new PatientBrowser(server.app);
    await browser.signIn('/sign-in', WRONG);
    await browser.signIn('/sign-in');
    const rows = await server.db.queryText<{ outcome: string }>(
      `select outcome from audit_event where kind = 'sign-in' order by at desc limit 2`,
      [],
    );
    expect(rows.map((row) => row.outcome)).toEqual(['success', 'failure']);
  });
});
