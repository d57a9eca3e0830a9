import type { Browser, BrowserContext, CDPSession, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessibilityFaults, launchBrowser, overflows, startReachableServer, WIDTHS } from '../support/browser.ts';
import type { TestServer } from '../support/server.ts';
import { addStaffMember } from '../support/staff.ts';
import { addPatient, codeOfApp, SECURITY } from '../support/ways-in.ts';

let server: TestServer & { origin: string };
let browser: Browser;
beforeAll(async () => {
  server = await startReachableServer();
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser.close();
  await server.close();
});

/** Milliseconds: a browser on a machine with much to do. */
const PATIENCE = 180_000;

/** Of an address where the browser offers no passkeys of itself, as most older ones don't. */
const QUIET = '#quiet';

/** How each request for a passkey was made: `conditional` where the browser offers them of itself. */
const WATCHED = `window.requests = [];
  const get = navigator.credentials.get.bind(navigator.credentials);
  navigator.credentials.get = (options) => (window.requests.push(options.mediation), get(options));
  if (location.hash === '${QUIET}') PublicKeyCredential.isConditionalMediationAvailable = async () => false;`;

interface At {
  readonly context: BrowserContext;
  readonly page: Page;
  readonly devtools: CDPSession;
  readonly authenticatorId: string;
  /** Whether somebody is there who touches it when they are asked to. */
  offers(enabled: boolean): Promise<unknown>;
}

/** Chromium with an authenticator of its own: as a phone with a fingerprint has. */
async function withAuthenticator(isUserVerified = true): Promise<At> {
  const context = await browser.newContext({ viewport: { width: 390, height: 800 } });
  const page = await context.newPage();
  await page.addInitScript(WATCHED);
  const devtools = await context.newCDPSession(page);
  await devtools.send('WebAuthn.enable');
  const options = {
    protocol: 'ctap2',
    transport: 'internal',
    hasResidentKey: true,
    hasUserVerification: true,
    isUserVerified,
    automaticPresenceSimulation: true,
  } as const;
  const { authenticatorId } = await devtools.send('WebAuthn.addVirtualAuthenticator', { options });
  const offers = (enabled: boolean) =>
    devtools.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId, enabled });
  return { context, page, devtools, authenticatorId, offers };
}

const SIGN_IN = (to = SECURITY) => `${server.origin}/sign-in?${new URLSearchParams({ return_to: to })}`;

const heading = (page: Page) => page.getByRole('heading', { level: 1 }).textContent();

async function signIn(page: Page, person: { username: string; password: string }, at = SIGN_IN()) {
  await page.goto(at);
  await page.getByLabel('Username or e-mail address').fill(person.username);
  await page.getByLabel('Password').fill(person.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

async function signOut(page: Page) {
  await page.goto(`${server.origin}${SECURITY}`);
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: 'You are signed out' }).waitFor();
}

async function addPasskey(page: Page) {
  await page.getByRole('link', { name: 'Add a passkey' }).click();
  await page.getByRole('button', { name: 'Make a passkey' }).click();
}

describe('a patient with a real authenticator', () => {
  it(
    'makes a passkey, gets recovery codes, and signs in with it: by the button, after the password, and where the username is typed',
    async () => {
      const person = await addPatient(server);
      const { context, page } = await withAuthenticator();
      await signIn(page, person);
      await page.getByRole('heading', { name: 'Signing in and security' }).waitFor();
      await addPasskey(page);
      await page.getByRole('heading', { name: 'Recovery codes' }).waitFor();
      await page.getByRole('button', { name: 'Show my recovery codes' }).click();
      await page.getByRole('heading', { name: 'Your recovery codes' }).waitFor();
      expect(await page.locator('.codes li').count()).toBe(10);
      await page.getByRole('link', { name: 'I have kept them' }).click();
      await page.getByText('Your passkey is ready').waitFor();
      await signOut(page);

      await page.goto(`${SIGN_IN()}${QUIET}`);
      await page.getByRole('button', { name: 'Use a passkey' }).click();
      await page.getByRole('heading', { name: 'Signing in and security' }).waitFor();
      await signOut(page);

      await signIn(page, person, `${SIGN_IN()}${QUIET}`);
      await page.getByRole('heading', { name: 'Confirm with your passkey' }).waitFor();
      await page.getByRole('button', { name: 'Use a passkey' }).click();
      await page.getByRole('heading', { name: 'Signing in and security' }).waitFor();
      await signOut(page);

      // Where the username is typed the browser offers it by itself, and here somebody takes it at once.
      await page.goto(SIGN_IN());
      await page.getByRole('heading', { name: 'Signing in and security' }).waitFor();
      await context.close();
    },
    PATIENCE,
  );

  it(
    'who presses the button is not interrupted by what the browser offers of itself, however slow the network',
    async () => {
      const person = await addPatient(server);
      const { context, page, devtools, offers } = await withAuthenticator();
      await signIn(page, person);
      await addPasskey(page);
      await page.getByRole('heading', { name: 'Recovery codes' }).waitFor();
      await signOut(page);
      await offers(false);
      const asked: (() => void)[] = [];
      await page.route('**/sign-in/options', async (route) => {
        if (asked.push(() => {}) === 1) await new Promise<void>((release) => asked.splice(0, 1, release));
        await route.continue();
      });
      await page.goto(SIGN_IN());
      const answered = page.waitForResponse(async (response) => response.url().endsWith('/sign-in/options'));
      await page.getByRole('button', { name: 'Use a passkey' }).click();
      await answered;
      const late = page.waitForResponse((response) => response.url().endsWith('/sign-in/options'));
      asked[0]?.();
      await late;
      await page.evaluate('new Promise((done) => setTimeout(done, 300))');
      expect(await page.evaluate('requests.map(String)')).toEqual(['undefined']);
      expect(await page.getByText('That did not work').isVisible()).toBe(false);
      await devtools.send('WebAuthn.disable');
      await context.close();
    },
    PATIENCE,
  );

  it('is told so when the authenticator refuses, and can still use the password', async () => {
    const person = await addPatient(server);
    const { context, page, devtools, authenticatorId } = await withAuthenticator();
    await signIn(page, person);
    await devtools.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false });
    await addPasskey(page);
    await page.getByText('That did not work, or it was stopped').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    expect(await server.db.queryText('select from passkey where account_id = $1', [person.accountId])).toEqual([]);
    await context.close();
  });

  it('makes no second passkey on the same authenticator', async () => {
    const person = await addPatient(server);
    const { context, page } = await withAuthenticator();
    await signIn(page, person);
    await addPasskey(page);
    await page.getByRole('heading', { name: 'Recovery codes' }).waitFor();
    await page.goto(`${server.origin}${SECURITY}`);
    await addPasskey(page);
    await page.getByText('That did not work, or it was stopped').waitFor();
    await context.close();
  });

  it('shows again that it is them with the passkey', async () => {
    const person = await addPatient(server);
    const { context, page } = await withAuthenticator();
    await signIn(page, person);
    await addPasskey(page);
    await page.getByRole('heading', { name: 'Recovery codes' }).waitFor();
    await server.db.queryText("update session set proved_at = proved_at - interval '1 hour' where account_id = $1", [
      person.accountId,
    ]);
    await page.goto(`${server.origin}${SECURITY}/email`);
    expect(await heading(page)).toBe('Is it you?');
    await page.getByRole('button', { name: 'Use a passkey' }).click();
    await page.getByRole('heading', { name: 'Add your email address' }).waitFor();
    await context.close();
  });
});

describe('staff with a real authenticator', () => {
  it('set up a passkey before anything else opens', async () => {
    const { username, password, accountId } = await addStaffMember(server);
    await server.db.queryText('delete from passkey where account_id = $1', [accountId]);
    const { context, page } = await withAuthenticator();
    await signIn(page, { username, password }, SIGN_IN('/practice/launch'));
    expect(await heading(page)).toBe('Add a second step');
    await page.getByLabel('A passkey').check();
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('button', { name: 'Make a passkey' }).click();
    await page.getByRole('button', { name: 'Show my recovery codes' }).click();
    await page.getByRole('link', { name: 'I have kept them' }).click();
    await page.waitForURL(`${server.origin}/practice/launch`);
    await context.close();
  });
});

describe.each(WIDTHS)('at %i pixels, without JavaScript', (width) => {
  it('a patient sets up an authenticator app and signs in with it, by keyboard', async () => {
    const person = await addPatient(server);
    const context = await browser.newContext({ viewport: { width, height: 800 }, javaScriptEnabled: false });
    const page = await context.newPage();
    await signIn(page, person);
    expect(await page.getByRole('button', { name: 'Use a passkey' }).count()).toBe(0);
    await page.getByRole('link', { name: 'Set up an authenticator app' }).click();
    const key = (await page.locator('.typed').textContent()) ?? '';
    await page.getByLabel('Six-digit code').focus();
    await page.keyboard.type(codeOfApp(key, server));
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Recovery codes' }).waitFor();
    server.clock.advance(30_000);
    await page.context().clearCookies();
    await signIn(page, person);
    expect(await heading(page)).toBe('Enter the code from your app');
    await page.getByLabel('Six-digit code').focus();
    await page.keyboard.type(codeOfApp(key, server));
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Signing in and security' }).waitFor();
    await context.close();
  });
});

const OPEN = ['/sign-in', '/forgot', '/forgot/sent', '/reset-done', `/reset/${'A'.repeat(43)}`, '/account-closed'];
const ACTS = ['', '/password', '/passkeys/add', '/authenticator-app', '/email', '/language', '/close', '/confirm'];
const MORE = ['/recovery-codes', '/sessions/end-others'];

describe.each(WIDTHS)('at %i pixels, to an accessibility checker', (width) => {
  it.each(['en', 'es'] as const)(
    'every page of the ways in has no faults and does not overflow: %s',
    async (language) => {
      const faults: Record<string, readonly string[]> = {};
      const person = await addPatient(server, { email: `axe-${width}-${language}@example.com`, language });
      const context = await browser.newContext({ viewport: { width, height: 800 }, locale: language });
      const page = await context.newPage();
      const look = async (path?: string) => {
        if (path !== undefined) await page.goto(`${server.origin}${path}`);
        const title = await page.title();
        // The pages are built alike in both languages; only their words may be too wide.
        faults[title] = language === 'en' ? await accessibilityFaults(page) : [];
        expect(await overflows(page), title).toBe(false);
      };
      const enter = async () => {
        await page.goto(`${server.origin}/sign-in`);
        await page.locator('#username').fill(person.username);
        await page.locator('#password').fill(person.password);
        await page.locator('form[action="/sign-in"] button').click();
        await page.waitForURL((url) => url.pathname !== '/sign-in');
      };
      const send = async (code: string) => {
        await page.locator('#code').fill(code);
        await page.locator('form[action$="authenticator-app"] button').click();
      };
      for (const path of OPEN) await look(path);
      await enter();
      for (const path of [...ACTS, ...MORE]) await look(`${SECURITY}${path}`);
      await page.goto(`${server.origin}${SECURITY}/recovery-codes`);
      await page.locator('form[action$="recovery-codes"] button').click();
      await page.locator('.codes').waitFor();
      await look();
      await page.goto(`${server.origin}${SECURITY}/authenticator-app`);
      const key = (await page.locator('.typed').textContent()) ?? '';
      await send('000000');
      await page.getByRole('alert').waitFor();
      await look();
      await send(codeOfApp(key, server));
      await page.waitForURL(/recovery-codes|done=/);
      await look(SECURITY);
      await look(`${SECURITY}/authenticator-app/remove`);
      await context.clearCookies();
      await enter();
      await look();
      await look('/sign-in/recovery-code');
      expect(Object.entries(faults).filter(([, found]) => found.length > 0)).toEqual([]);
      expect(Object.keys(faults).length).toBeGreaterThan(18);
      await context.close();
    },
    PATIENCE,
  );
});
