import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findSession } from '../../src/identity/index.ts';
import { attributeOf, hasElement, hiddenFields, linksOf } from '../support/browser/html.ts';
import {
  addAuthenticatorApp,
  addPatientWithEmail,
  authenticatorCode,
  authenticatorKey,
  createRecoveryCodes,
  listEmailsTo,
  SECURITY,
  signInWithPassword,
} from '../support/people/account-security.ts';
import type { LivePerson } from '../support/people/live-patient.ts';
import { type BrowserResponse, PatientBrowser } from '../support/people/patient.ts';
import { formErrors, listAuditEvents, submitForm } from '../support/people/practice-portal.ts';
import { addStaffMember, SANDBOX_STAFF } from '../support/people/staff.ts';
import { startServer, type TestServer } from '../support/servers/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

const CODE = '/sign-in/second-factor';
const RECOVERY = '/sign-in/recovery-code';

const sessionIn = (browser: PatientBrowser) => findSession(server.db, server.clock, browser.cookie('session'));

interface WithApp extends LivePerson {
  readonly key: string;
  readonly appKey: string;
  /** The browser in which the second factor was set up. */
  readonly owner: PatientBrowser;
}

async function withApp(email?: string): Promise<WithApp> {
  const person = await addPatientWithEmail(server, email === undefined ? {} : { email });
  const browser = await signInWithPassword(server, person);
  const { key } = await addAuthenticatorApp(server, browser);
  return { ...person, appKey: key, owner: browser };
}

/** Creates recovery codes. That is slow, because each of the ten is hashed like a password. */
async function withCodes(email?: string): Promise<WithApp & { readonly codes: readonly string[] }> {
  const person = await withApp(email);
  return { ...person, codes: await createRecoveryCodes(person.owner) };
}

/** Enters the password, and stops where the second factor is required. */
async function passwordAccepted(person: LivePerson, returnTo = '/'): Promise<PatientBrowser> {
  const browser = new PatientBrowser(server.app);
  const response = await browser.signIn(`/sign-in?${new URLSearchParams({ return_to: returnTo })}`, person);
  expect(response.location).toBe(`${CODE}?${new URLSearchParams({ return_to: returnTo })}`);
  return browser;
}

const enter = async (browser: PatientBrowser, code: string, page = CODE): Promise<BrowserResponse> =>
  submitForm(browser, page, { code });
const wrongCode = (key: string): string =>
  String((Number(authenticatorCode(key, server)) + 500_000) % 1_000_000).padStart(6, '0');

describe('an authenticator app (RFC 6238)', () => {
  it('is required after the password, and leads to the requested page', async () => {
    const person = await withApp();
    const browser = await passwordAccepted(person, '/demo?a=b');
    expect(await sessionIn(browser)).toBeUndefined();
    const page = `${CODE}?${new URLSearchParams({ return_to: '/demo?a=b' })}`;
    const response = await submitForm(browser, page, { code: authenticatorCode(person.appKey, server) }, CODE);
    expect({ status: response.status, location: response.location }).toEqual({ status: 303, location: '/demo?a=b' });
    expect(await sessionIn(browser)).toMatchObject({ accountId: person.accountId });
  });

  it('§5.2: is accepted with a code of one time step before or after, and of no other', async () => {
    const person = await withApp();
    for (const [steps, status] of [
      [-2, 400],
      [2, 400],
      [-1, 303],
      [1, 303],
    ] as const) {
      const browser = await passwordAccepted(person);
      expect(
        (await enter(browser, authenticatorCode(person.appKey, server, steps))).status,
        `${steps} steps away`,
      ).toEqual(status);
      server.clock.advance(90_000);
    }
  });

  it('§5.2: cannot use a code twice, nor one from before the last', async () => {
    const person = await withApp();
    const [first, second] = [await passwordAccepted(person), await passwordAccepted(person)];
    const code = authenticatorCode(person.appKey, server);
    expect((await enter(first, code)).status).toBe(303);
    const again = await enter(second, code);
    expect(formErrors(again)).toEqual([`code: That code was already used. Wait for the app to show the next one.`]);
    expect((await enter(second, authenticatorCode(person.appKey, server, -1))).status).toBe(400);
    expect((await enter(second, authenticatorCode(person.appKey, server, 1))).status).toBe(303);
  });

  it('§5.2: is accepted in one of ten concurrent requests with one code', async () => {
    const person = await withApp();
    const browsers: PatientBrowser[] = [];
    for (let i = 0; i < 10; i += 1) browsers.push(await passwordAccepted(person));
    const forms = await Promise.all(browsers.map(async (browser) => hiddenFields((await browser.get(CODE)).body)));
    const code = authenticatorCode(person.appKey, server);
    const shown = await Promise.all(
      browsers.map((browser, at) => browser.post(CODE, { csrf: forms[at]?.['csrf'] ?? '', return_to: '/', code })),
    );
    expect(shown.filter(({ status }) => status === 303)).toHaveLength(1);
  });

  it.each(['12345', '1234567', 'abcdef', '', '１２３'])(
    'is rejected with a malformed code, without a server error: “%s”',
    async (code) => {
      const person = await withApp();
      expect((await enter(await passwordAccepted(person), code)).status).toBe(400);
    },
  );

  it('accepts spaces and full-width digits, which phones insert', async () => {
    const person = await withApp();
    const code = authenticatorCode(person.appKey, server);
    const wide = [...code].map((digit) => String.fromCodePoint(0xff10 + Number(digit))).join('');
    expect((await enter(await passwordAccepted(person), `${wide.slice(0, 3)} ${wide.slice(3)}`)).status).toBe(303);
  });
});

describe('a pending sign-in', () => {
  it('opens only its next step', async () => {
    const browser = await passwordAccepted(await withApp());
    for (const path of [SECURITY, `${SECURITY}/password`, '/practice/launch', '/account'])
      expect((await browser.get(path)).location?.startsWith('/sign-in?'), path).toBe(true);
    const { csrf = '' } = hiddenFields((await browser.get(CODE)).body);
    for (const path of [`${SECURITY}/password`, `${SECURITY}/close`])
      expect((await browser.post(path, { csrf, password: 'x', sure: 'yes' })).status, path).toBe(401);
    const confirmed = await browser.post(`${SECURITY}/confirm`, { csrf, password: 'x' });
    expect({ location: confirmed.location, setCookie: confirmed.headers['set-cookie'] }).toEqual({
      location: SECURITY,
    });
  });

  it('does not open the step of another stage', async () => {
    const browser = await passwordAccepted(await withApp());
    for (const path of ['/sign-in/set-up', '/sign-in/set-up/authenticator-app', '/sign-in/set-up/passkey'])
      expect((await browser.get(path)).location).toBe('/sign-in?return_to=%2F');
  });

  it('expires after ten minutes, and starts again with the same destination', async () => {
    const person = await withApp();
    const browser = await passwordAccepted(person, '/demo');
    server.clock.advance(10 * 60_000 + 1000);
    const response = await browser.get(`${CODE}?return_to=%2Fdemo`);
    expect(response.location).toBe('/sign-in?return_to=%2Fdemo');
  });

  it('never redirects to another site', async () => {
    const person = await withApp();
    const browser = await passwordAccepted(person);
    const page = `${CODE}?return_to=${encodeURIComponent('https://evil.example/')}`;
    expect((await submitForm(browser, page, { code: authenticatorCode(person.appKey, server) }, CODE)).location).toBe(
      '/account',
    );
    const lost = await new PatientBrowser(server.app).get(`${CODE}?return_to=${encodeURIComponent('//evil.example')}`);
    expect(lost.location).toBe('/sign-in?return_to=%2F');
  });

  it('has its own cookie, and the session gets a new one, which prevents session fixation', async () => {
    const person = await withApp();
    const browser = await passwordAccepted(person);
    const half = browser.cookie('session') ?? '';
    await enter(browser, authenticatorCode(person.appKey, server));
    expect(browser.cookie('session')).not.toBe(half);
    expect(await findSession(server.db, server.clock, half)).toBeUndefined();
    expect(await findSession(server.db, server.clock, half, 'second-factor')).toBeUndefined();
  });

  it('requires the CSRF token of its form', async () => {
    const person = await withApp();
    const browser = await passwordAccepted(person);
    const code = authenticatorCode(person.appKey, server);
    for (const path of [CODE, RECOVERY, `${CODE}/passkey`])
      expect((await browser.post(path, { csrf: 'guess', code, return_to: '/' })).status).toBe(403);
    expect(await sessionIn(browser)).toBeUndefined();
  });
});

describe('guessing codes', () => {
  it('ends the sign-in after five, notifies the person once, and is recorded', async () => {
    const person = await withApp('guessed@example.com');
    for (let round = 0; round < 2; round += 1) {
      const browser = await passwordAccepted(person);
      for (let i = 0; i < 5; i += 1) expect((await enter(browser, wrongCode(person.appKey))).status).toBe(400);
      const over = await enter(browser, wrongCode(person.appKey));
      expect(over.location).toBe('/sign-in?return_to=%2F&over=codes');
      expect(formErrors(await browser.get(over.location ?? ''))[0]).toMatch(/too many wrong codes\. Sign in again/);
      expect((await browser.get(CODE)).location).toBe('/sign-in?return_to=%2F');
      server.clock.advance(61 * 60_000);
    }
    const emails = await listEmailsTo(server, 'guessed@example.com');
    expect(emails.filter(({ content }) => content?.includes('someone knows your password'))).toHaveLength(1);
    const events = (await listAuditEvents(server, 'factor')).filter(
      ({ account_id, detail }) => account_id === person.accountId && detail['action'] === 'wrong-codes',
    );
    expect(events).toHaveLength(1);
  });

  it('is counted before the code is verified: forty concurrent guesses count as forty', async () => {
    const person = await withApp();
    const browser = await passwordAccepted(person);
    const fields = { ...hiddenFields((await browser.get(CODE)).body), code: wrongCode(person.appKey) };
    const shown = await Promise.all(Array.from({ length: 40 }, () => browser.post(CODE, fields)));
    expect(shown.filter(({ status }) => status === 400)).toHaveLength(5);
  });

  it('blocks codes for the account after ten in an hour: a passkey or a recovery code still works, and the block ends', async () => {
    const person = await withCodes();
    for (let round = 0; round < 2; round += 1) {
      const browser = await passwordAccepted(person);
      for (let i = 0; i < 5; i += 1) await enter(browser, wrongCode(person.appKey));
    }
    const pending = await passwordAccepted(person);
    const rejected = await enter(pending, authenticatorCode(person.appKey, server));
    expect({ status: rejected.status, hasRetryAfter: Number(rejected.headers['retry-after']) > 0 }).toEqual({
      status: 429,
      hasRetryAfter: true,
    });
    expect(formErrors(rejected)[0]).toMatch(/too many wrong codes.*Wait \d+ minutes/);
    expect((await enter(pending, person.codes[0] ?? '', RECOVERY)).status).toBe(303);
    server.clock.advance(61 * 60_000);
    expect((await enter(await passwordAccepted(person), authenticatorCode(person.appKey, server))).status).toBe(303);
  });

  it('is impossible without the password', async () => {
    const person = await withApp();
    for (let i = 0; i < 8; i += 1) {
      const stranger = new PatientBrowser(server.app);
      await stranger.signIn('/sign-in', { ...person, password: 'wrong' });
      const csrf = hiddenFields((await stranger.get('/sign-in')).body)['csrf'] ?? '';
      const response = await stranger.post(CODE, { csrf, code: '123456', return_to: '/' });
      expect(response.location).toBe('/sign-in?return_to=%2F');
    }
    expect((await enter(await passwordAccepted(person), authenticatorCode(person.appKey, server))).status).toBe(303);
  });
});

describe('recovery codes (NIST SP 800-63B-4 §3.1.2)', () => {
  it('are ten, each works once, however it is typed, and the person is notified', async () => {
    const person = await withCodes('recovered@example.com');
    expect(new Set(person.codes).size).toBe(10);
    const [code = ''] = person.codes;
    const typed = ` ${code.toUpperCase().replace('-', ' ').replaceAll('0', 'O').replaceAll('1', 'l')} `;
    const browser = await passwordAccepted(person);
    expect((await enter(browser, typed, RECOVERY)).status).toBe(303);
    expect((await browser.get(SECURITY)).body).toContain('9 left');
    const again = await enter(await passwordAccepted(person), code, RECOVERY);
    expect(formErrors(again)).toEqual(['code: That isn’t one of your recovery codes, or it was already used.']);
    const emails = (await listEmailsTo(server, 'recovered@example.com')).map(({ content }) => content ?? '');
    expect(emails.filter((text) => text.includes('signed in to your account with a recovery code'))).toHaveLength(1);
  });

  it('admit one of ten concurrent requests with one code', async () => {
    const person = await withCodes();
    const browsers: PatientBrowser[] = [];
    for (let i = 0; i < 10; i += 1) browsers.push(await passwordAccepted(person));
    const shown = await Promise.all(browsers.map((browser) => enter(browser, person.codes[1] ?? '', RECOVERY)));
    expect(shown.filter(({ status }) => status === 303)).toHaveLength(1);
  });

  it('of another account do not work', async () => {
    const [one, other] = [await withCodes(), await withCodes()];
    expect((await enter(await passwordAccepted(one), other.codes[0] ?? '', RECOVERY)).status).toBe(400);
  });

  it('are stored as slow hashes, and end when new ones are created', async () => {
    const person = await withCodes();
    const rows = await server.db.queryText<{ hash: Buffer }>('select hash from recovery_code where account_id = $1', [
      person.accountId,
    ]);
    expect(rows.map(({ hash }) => hash.length)).toEqual(Array(10).fill(32));
    const browser = await passwordAccepted(person);
    await enter(browser, person.codes[0] ?? '', RECOVERY);
    const fresh = await createRecoveryCodes(browser);
    expect((await enter(await passwordAccepted(person), person.codes[1] ?? '', RECOVERY)).status).toBe(400);
    expect((await enter(await passwordAccepted(person), fresh[1] ?? '', RECOVERY)).status).toBe(303);
  });
});

describe('staff', () => {
  const alone = async () => {
    const { username, password, accountId } = await addStaffMember(server);
    await server.db.queryText('delete from passkey where account_id = $1', [accountId]);
    return { username, password, accountId };
  };
  const SET_UP = '/sign-in/set-up';

  it('without a second factor set one up before anything else opens, and get recovery codes', async () => {
    const person = await alone();
    const browser = new PatientBrowser(server.app);
    const response = await browser.signIn('/sign-in?return_to=%2Fpractice%2Flaunch%3Fwords%3Da', person);
    expect(response.location).toBe(`${SET_UP}?return_to=%2Fpractice%2Flaunch%3Fwords%3Da`);
    expect((await browser.get('/practice/launch')).location).toMatch(/^\/sign-in\?/);
    expect((await browser.get(SECURITY)).location).toMatch(/^\/sign-in\?/);
    const none = await submitForm(browser, response.location ?? '', {}, SET_UP);
    expect(formErrors(none)).toEqual(['way: Choose an option.']);
    const chosen = await submitForm(browser, response.location ?? '', { way: 'app' }, SET_UP);
    const { response: added } = await addAuthenticatorApp(server, browser, chosen.location);
    expect(added.location).toBe(`${SECURITY}/recovery-codes?return_to=%2Fpractice%2Flaunch%3Fwords%3Da`);
    const codes = await submitForm(browser, added.location ?? '', {}, `${SECURITY}/recovery-codes`);
    expect(linksOf(codes)).toContain('/practice/launch?words=a');
    expect(await sessionIn(browser)).toMatchObject({ accountId: person.accountId, kind: 'staff' });
  });

  it('need it the next time', async () => {
    const person = await alone();
    const browser = new PatientBrowser(server.app);
    const set = await browser.signIn('/sign-in', person);
    const { key } = await addAuthenticatorApp(
      server,
      browser,
      set.location?.replace(SET_UP, `${SET_UP}/authenticator-app`),
    );
    const next = new PatientBrowser(server.app);
    const response = await next.signIn('/sign-in', person);
    expect(response.location).toMatch(new RegExp(`^${CODE}`));
    const shown = await submitForm(next, response.location ?? '', { code: authenticatorCode(key, server) }, CODE);
    expect(shown.location).toBe('/practice');
  });

  it('cannot remove their only one', async () => {
    const person = await addStaffMember(server);
    const browser = new PatientBrowser(server.app);
    expect((await browser.signIn('/sign-in', person)).location).toBe('/practice');
    const remove = attributeOf(await browser.get(SECURITY), 'a[href*="passkeys/remove"]', 'href') ?? '';
    expect((await browser.get(remove)).body).toContain('Add another one first');
    const id = new URL(remove, 'http://here').searchParams.get('id') ?? '';
    const { csrf = '' } = hiddenFields((await browser.get(SECURITY)).body);
    await browser.post(`${SECURITY}/passkeys/remove`, { csrf, id });
    expect(await server.db.queryText('select from passkey where account_id = $1', [person.accountId])).toHaveLength(1);
  });

  it('of the sandbox, whose password is public, need none', async () => {
    const browser = new PatientBrowser(server.app);
    expect((await browser.signIn('/sign-in', SANDBOX_STAFF)).location).toBe('/practice');
  });
});

describe('setting up an authenticator app', () => {
  it('changes nothing until a code of the new one is entered: the old one still works', async () => {
    const person = await withApp();
    const browser = await passwordAccepted(person);
    await enter(browser, authenticatorCode(person.appKey, server));
    const page = await browser.get(`${SECURITY}/authenticator-app`);
    expect(authenticatorKey(page)).not.toBe(person.appKey);
    const { csrf = '' } = hiddenFields(page.body);
    const wrong = await browser.post(`${SECURITY}/authenticator-app`, {
      csrf,
      code: wrongCode(authenticatorKey(page)),
    });
    expect({ status: wrong.status, keyOn: authenticatorKey(wrong) }).toEqual({
      status: 400,
      keyOn: authenticatorKey(page),
    });
    server.clock.advance(30_000);
    expect((await enter(await passwordAccepted(person), authenticatorCode(person.appKey, server))).status).toBe(303);
  });

  it('displays the key as text and as an image in the page itself, and never logs it', async () => {
    const browser = await signInWithPassword(server, await addPatientWithEmail(server));
    const page = await browser.get(`${SECURITY}/authenticator-app`);
    const key = authenticatorKey(page);
    expect(key.replaceAll(' ', '')).toMatch(/^[A-Z2-7]{32}$/);
    expect(attributeOf(page, '.app-qr[role=img]', 'aria-label')).toMatch(/./);
    expect(attributeOf(page, '.app-qr > svg', 'viewBox')).toMatch(/^0 0 \d/);
    expect(hasElement(page, 'svg[style]')).toBe(false);
    const plain = key.replaceAll(' ', '');
    const auditRows = await server.db.queryText<{ detail: unknown }>('select detail from audit_event', []);
    expect(JSON.stringify(auditRows) + server.log.join('')).not.toContain(plain);
  });

  it('does not accept the set-up code again at sign-in', async () => {
    const person = await addPatientWithEmail(server);
    const browser = await signInWithPassword(server, person);
    const page = await browser.get(`${SECURITY}/authenticator-app`);
    const code = authenticatorCode(authenticatorKey(page), server);
    await submitForm(browser, `${SECURITY}/authenticator-app`, { code }).catch(() => {});
    const fresh = await browser.get(`${SECURITY}/authenticator-app`);
    const used = authenticatorCode(authenticatorKey(fresh), server);
    await browser.post(`${SECURITY}/authenticator-app`, { ...hiddenFields(fresh.body), code: used });
    const response = await enter(await passwordAccepted(person), used);
    expect(formErrors(response)).toEqual(['code: That code was already used. Wait for the app to show the next one.']);
  });
});
