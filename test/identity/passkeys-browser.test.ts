import type { BrowserContext, CDPSession, Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { accessibilityViolations, WIDTHS } from '../support/browser/browser.ts';
import { journeyWidths, pageProblems, showPage } from '../support/browser/page-problems.ts';
import { openPortal } from '../support/browser/portal-browser.ts';
import { addPatientWithEmail, authenticatorCode, SECURITY } from '../support/people/account-security.ts';
import { SoftAuthenticator } from '../support/people/authenticator.ts';
import { addPasskey, addStaffMember, startSession } from '../support/people/staff.ts';

const portal = openPortal(undefined, {});

/** Time limit in milliseconds, enough for a browser on a busy machine. */
const PATIENCE = 180_000;

/** URL fragment that makes the browser offer no passkeys in the username field, as most older browsers do. */
const QUIET = '#quiet';

/**
 * Script that records how each passkey was requested, and how often the options were read. `conditional` is the
 * browser's own offer in the username field.
 */
const WATCHED = `window.requests = [];
  window.optionsRead = 0;
  const json = Response.prototype.json;
  Response.prototype.json = async function () {
    const body = await json.call(this);
    window.optionsRead += 1;
    return body;
  };
  const get = navigator.credentials.get.bind(navigator.credentials);
  navigator.credentials.get = (options) => (window.requests.push(options.mediation), get(options));
  if (location.hash === '${QUIET}') PublicKeyCredential.isConditionalMediationAvailable = async () => false;`;

interface At {
  readonly context: BrowserContext;
  readonly page: Page;
  readonly authenticatorId: string;
  /** Sets whether the user touches the authenticator when it asks. */
  offers(enabled: boolean): Promise<unknown>;
}

/** One window for all tests with an authenticator. Each test gets a new authenticator and no cookies. */
let shared: Page;
let devtools: CDPSession;
beforeAll(async () => {
  shared = await portal.newPage({ width: WIDTHS[0], isDisposable: true });
  await shared.addInitScript(WATCHED);
  devtools = await shared.context().newCDPSession(shared);
});

/**
 * Opens the window with a virtual authenticator of Chromium, which is like a phone's fingerprint reader.
 * @param session value of the session cookie; signed out if absent
 */
async function withAuthenticator(session?: string): Promise<At> {
  const [page, context] = [shared, shared.context()];
  await page.unrouteAll();
  await page.goto('about:blank');
  await context.clearCookies();
  if (session !== undefined)
    await context.addCookies([{ name: 'session', value: session, url: portal.server.origin, sameSite: 'Lax' }]);
  await devtools.send('WebAuthn.disable');
  await devtools.send('WebAuthn.enable');
  const options = {
    protocol: 'ctap2',
    transport: 'internal',
    hasResidentKey: true,
    hasUserVerification: true,
    isUserVerified: true,
    automaticPresenceSimulation: true,
  } as const;
  const { authenticatorId } = await devtools.send('WebAuthn.addVirtualAuthenticator', { options });
  const offers = (enabled: boolean) =>
    devtools.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId, enabled });
  return { context, page, authenticatorId, offers };
}

const SIGN_IN = (to = SECURITY) => `${portal.server.origin}/sign-in?${new URLSearchParams({ return_to: to })}`;

const heading = (page: Page) => page.getByRole('heading', { level: 1 }).textContent();

async function signIn(page: Page, person: { username: string; password: string }, at = SIGN_IN()) {
  await page.goto(at);
  await page.getByLabel('Username or email address').fill(person.username);
  await page.getByLabel('Password', { exact: true }).fill(person.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

/** Signs a patient in, in the window with the authenticator. */
async function withPatient() {
  const person = await addPatientWithEmail(portal.server);
  const at = await withAuthenticator(await startSession(portal.server, person.accountId));
  return { ...at, person };
}

/** Signs a patient in and creates a passkey with the authenticator. */
async function withPasskey() {
  const at = await withPatient();
  const passkey = await addPasskey(portal.server, at.person.accountId, new SoftAuthenticator(portal.server.origin));
  const { authenticatorId } = at;
  await devtools.send('WebAuthn.addCredential', { authenticatorId, credential: passkey.credential() });
  return at;
}

async function makePasskey(page: Page) {
  await portal.open(page, `${SECURITY}/passkeys/add`);
  await page.getByRole('button', { name: 'Create passkey' }).click();
}

describe('a person who signs in with a password', () => {
  it('can show it and hide it again, and nothing on the page moves', async () => {
    const page = await portal.newPage();
    await page.goto(SIGN_IN());
    const password = page.getByLabel('Password', { exact: true });
    await password.fill('Password1!');
    const button = page.getByRole('button', { name: 'Sign in' });
    const place = await button.boundingBox();
    await page.getByRole('button', { name: 'Show password' }).click();
    expect(await password.getAttribute('type')).toBe('text');
    expect(await page.getByRole('status').textContent()).toBe('Your password is shown.');
    await page.getByRole('button', { name: 'Hide password' }).click();
    expect({ type: await password.getAttribute('type'), place: await button.boundingBox() }).toEqual({
      type: 'password',
      place,
    });
  });
});

describe('a patient with a real authenticator', () => {
  it(
    'makes a passkey, gets recovery codes, and signs in with it: by the button, after the password, and in the username field',
    async () => {
      const person = await addPatientWithEmail(portal.server);
      const { context, page } = await withAuthenticator();
      await signIn(page, person);
      await page.getByRole('heading', { name: 'Password and security' }).waitFor();
      await page.getByRole('link', { name: 'Add a passkey' }).click();
      await page.getByRole('button', { name: 'Create passkey' }).click();
      await page.getByRole('heading', { name: 'Recovery codes' }).waitFor();
      await page.getByRole('button', { name: 'Show my recovery codes' }).click();
      await page.getByRole('heading', { name: 'Your recovery codes' }).waitFor();
      expect(await page.locator('.codes li').count()).toBe(10);
      await page.getByRole('link', { name: 'I saved my codes' }).click();
      await page.getByText('Your passkey is ready').waitFor();
      await context.clearCookies();

      await page.goto(`${SIGN_IN()}${QUIET}`);
      await page.getByRole('button', { name: 'Use a passkey' }).click();
      await page.getByRole('heading', { name: 'Password and security' }).waitFor();
      await context.clearCookies();

      await signIn(page, person, `${SIGN_IN()}${QUIET}`);
      await page.getByRole('heading', { name: 'Confirm with your passkey' }).waitFor();
      await page.getByRole('button', { name: 'Use a passkey' }).click();
      await page.getByRole('heading', { name: 'Password and security' }).waitFor();
      await context.clearCookies();

      // The browser offers the passkey in the username field, and the authenticator accepts at once.
      await page.goto(SIGN_IN());
      await page.getByRole('heading', { name: 'Password and security' }).waitFor();
    },
    PATIENCE,
  );

  it(
    'is not interrupted by the browser’s own offer after pressing the button, however slow the network',
    async () => {
      const { context, page, offers } = await withPasskey();
      await context.clearCookies();
      await offers(false);
      const requests: (() => void)[] = [];
      await page.route('**/sign-in/options', async (route) => {
        if (requests.push(() => {}) === 1) await new Promise<void>((release) => requests.splice(0, 1, release));
        await route.continue();
      });
      await page.goto(SIGN_IN());
      const answered = page.waitForResponse(async (response) => response.url().endsWith('/sign-in/options'));
      await page.getByRole('button', { name: 'Use a passkey' }).click();
      await answered;
      const late = page.waitForResponse((response) => response.url().endsWith('/sign-in/options'));
      requests[0]?.();
      await late;
      await expect.poll(() => page.evaluate('optionsRead')).toBe(2);
      // The script has handled the options when the next task runs.
      await page.evaluate('new Promise((done) => setTimeout(done))');
      expect(await page.evaluate('requests.map(String)')).toEqual(['undefined']);
      expect(await page.getByText('That did not work').isVisible()).toBe(false);
      await devtools.send('WebAuthn.disable');
    },
    PATIENCE,
  );

  it('is notified when the authenticator rejects the request, and can still use the password', async () => {
    const { page, authenticatorId, person } = await withPatient();
    await devtools.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false });
    await makePasskey(page);
    await page.getByText('The passkey didn’t work, or you canceled it').waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);
    expect(await portal.server.db.queryText('select from passkey where account_id = $1', [person.accountId])).toEqual(
      [],
    );
  });

  it('makes no second passkey on the same authenticator', async () => {
    const { page } = await withPasskey();
    await makePasskey(page);
    await page.getByText('The passkey didn’t work, or you canceled it').waitFor();
  });

  it('can reauthenticate with the passkey', async () => {
    const { page, person } = await withPasskey();
    await portal.server.db.queryText(
      "update session set proved_at = proved_at - interval '1 hour' where account_id = $1",
      [person.accountId],
    );
    await page.goto(`${portal.server.origin}${SECURITY}/email`);
    expect(await heading(page)).toBe('Confirm it’s you');
    await page.getByRole('button', { name: 'Use a passkey' }).click();
    await page.getByRole('heading', { name: 'Add your email address' }).waitFor();
  });
});

describe('staff with a real authenticator', () => {
  it('set up a passkey before anything else opens', async () => {
    const { username, password, accountId } = await addStaffMember(portal.server);
    await portal.server.db.queryText('delete from passkey where account_id = $1', [accountId]);
    const { page } = await withAuthenticator();
    await signIn(page, { username, password }, SIGN_IN('/practice/launch'));
    expect(await heading(page)).toBe('Add a second step');
    await page.getByLabel('A passkey').check();
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('button', { name: 'Create passkey' }).click();
    await page.getByRole('button', { name: 'Show my recovery codes' }).click();
    await page.getByRole('link', { name: 'I saved my codes' }).click();
    await page.waitForURL(`${portal.server.origin}/practice/launch`);
  });
});

describe.each(journeyWidths(WIDTHS[0]))('at %i pixels, without JavaScript', (width) => {
  it('a patient sets up an authenticator app and signs in with it, by keyboard', async () => {
    const person = await addPatientWithEmail(portal.server);
    const session = await startSession(portal.server, person.accountId);
    const page = await portal.newPage({ width, javaScriptEnabled: false, session });
    await portal.open(page, SECURITY);
    expect(await page.getByRole('button', { name: 'Use a passkey' }).count()).toBe(0);
    await page.getByRole('link', { name: 'Set up an authenticator app' }).click();
    const key = (await page.locator('.typed').textContent()) ?? '';
    await page.getByLabel('Six-digit code').focus();
    await page.keyboard.type(authenticatorCode(key, portal.server));
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Recovery codes' }).waitFor();
    portal.server.clock.advance(30_000);
    await page.context().clearCookies();
    await signIn(page, person);
    expect(await heading(page)).toBe('Enter the code from your app');
    await page.getByLabel('Six-digit code').focus();
    await page.keyboard.type(authenticatorCode(key, portal.server));
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Password and security' }).waitFor();
  });
});

const OPEN = ['/sign-in', '/forgot', '/forgot/sent', '/reset-done', `/reset/${'A'.repeat(43)}`, '/account-closed'];
const ACTION_PATHS = ['', '/password', '/passkeys/add', '/email', '/language', '/close', '/confirm'];
const MORE = ['/sessions/end-others', '/recovery-codes'];

describe('accessibility', () => {
  it.each(['en', 'es'] as const)(
    'every sign-in page has no violations and does not overflow: %s',
    async (language) => {
      const problems: string[] = [];
      const titles = new Set<string>();
      const person = await addPatientWithEmail(portal.server, { email: `axe-${language}@example.com`, language });
      const page = await portal.newPage({ width: WIDTHS[0], locale: language });
      const look = async (path?: string) => {
        if (path !== undefined) await showPage(page, `${portal.server.origin}${path}`);
        const title = await page.title();
        titles.add(title);
        // The layout is the same in both languages, so only the width of the Spanish text is checked.
        problems.push(...(await pageProblems(page, title, language !== 'en')));
      };
      const send = async (code: string) => {
        await page.locator('#code').fill(code);
        await page.locator('form[action$="authenticator-app"] button').click();
      };
      for (const path of OPEN) await look(path);
      const value = await startSession(portal.server, person.accountId);
      await page.context().addCookies([{ name: 'session', value, url: portal.server.origin }]);
      for (const path of [...ACTION_PATHS, ...MORE]) await look(`${SECURITY}${path}`);
      await page.locator('form[action$="recovery-codes"] button').click();
      await page.locator('.codes').waitFor();
      await look();
      await look(`${SECURITY}/authenticator-app`);
      const key = (await page.locator('.typed').textContent()) ?? '';
      await send('000000');
      await page.locator('#error-summary').waitFor();
      await look();
      await send(authenticatorCode(key, portal.server));
      await page.waitForURL(/recovery-codes|done=/);
      await look(SECURITY);
      await look(`${SECURITY}/authenticator-app/remove`);
      await page.context().clearCookies();
      await portal.open(page, '/sign-in');
      await page.locator('#username').fill(person.username);
      await page.locator('#password').fill(person.password);
      await page.locator('form[action="/sign-in"] > button').click();
      await page.waitForURL((url) => url.pathname !== '/sign-in');
      await look();
      await look('/sign-in/recovery-code');
      expect(problems).toEqual([]);
      expect(titles.size).toBeGreaterThan(18);
    },
    PATIENCE,
  );
});
