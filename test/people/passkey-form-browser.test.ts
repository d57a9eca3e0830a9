import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser, startReachableServer } from '../support/browser.ts';
import type { TestServer } from '../support/server.ts';
import { addPatient, SECURITY } from '../support/ways-in.ts';

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
const PATIENCE = 90_000;
const NO_OFFER = 'PublicKeyCredential.isConditionalMediationAvailable = async () => false;';
const PRESS = `document.querySelector('form[data-passkey] button').click()`;
const OVERVIEW = { name: 'Signing in and security' };

/** At the sign-in page of a browser that has a passkey; nothing comes of the forms that carry one while `hold` is on. */
async function atSignIn(): Promise<{ page: Page; sent: string[]; hold: { on: boolean } }> {
  const person = await addPatient(server);
  const page = await (await browser.newContext()).newPage();
  await page.addInitScript(NO_OFFER);
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('WebAuthn.enable');
  const options = {
    protocol: 'ctap2',
    transport: 'internal',
    hasResidentKey: true,
    hasUserVerification: true,
  } as const;
  await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: { ...options, isUserVerified: true, automaticPresenceSimulation: true },
  });
  const signIn = `${server.origin}/sign-in?${new URLSearchParams({ return_to: SECURITY })}`;
  await page.goto(signIn);
  await page.getByLabel('Username or e-mail address').fill(person.username);
  await page.getByLabel('Password').fill(person.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('link', { name: 'Add a passkey' }).click();
  await page.getByRole('button', { name: 'Make a passkey' }).click();
  await page.getByRole('heading', { name: 'Recovery codes' }).waitFor();
  await page.context().clearCookies();
  const [sent, hold]: [string[], { on: boolean }] = [[], { on: true }];
  await page.route('**/sign-in/passkey', async (route) => {
    sent.push(route.request().postData() ?? '');
    // HTML §7.4.2.2: an answer without a page leaves the browser where it is.
    await (hold.on ? route.fulfill({ status: 204 }) : route.continue());
  });
  await page.goto(signIn);
  return { page, sent, hold };
}

/** Until the browser has asked for the options of one more passkey, and its authenticator has answered. */
async function press(page: Page): Promise<void> {
  const asked = page.waitForResponse((response) => response.url().endsWith('/sign-in/options'));
  await page.evaluate(PRESS);
  await asked;
  await page.evaluate('new Promise((done) => setTimeout(done, 500))');
}

describe('the form that carries a passkey', () => {
  it(
    'is sent once, also when the page is slow and only then shown as loaded (HTML §7.4.6.2, pageshow)',
    async () => {
      const { page, sent } = await atSignIn();
      await press(page);
      await page.evaluate(`dispatchEvent(new PageTransitionEvent('pageshow', { persisted: false }))`);
      await press(page);
      expect(sent).toHaveLength(1);
      await page.context().close();
    },
    PATIENCE,
  );

  it(
    'can be sent again by who is still on the page, because the network lost it',
    async () => {
      const { page, sent, hold } = await atSignIn();
      await press(page);
      await page.evaluate('{ const now = Date.now; Date.now = () => now() + 11_000; }');
      hold.on = false;
      await page.evaluate(PRESS);
      await page.getByRole('heading', OVERVIEW).waitFor();
      expect(sent).toHaveLength(2);
      await page.context().close();
    },
    PATIENCE,
  );
});
