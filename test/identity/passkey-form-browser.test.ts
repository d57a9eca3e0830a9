import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { openPortal } from '../support/browser/portal-browser.ts';
import { addPatientWithEmail, SECURITY } from '../support/people/account-security.ts';
import { startSession } from '../support/people/staff.ts';

const portal = openPortal();

/** Time limit in milliseconds, enough for a browser on a busy machine. */
const PATIENCE = 90_000;
/**
 * Script that disables the browser's own offers of passkeys. It counts the authenticator's responses and the
 * submissions of the form.
 */
const WATCHED = `PublicKeyCredential.isConditionalMediationAvailable = async () => false;
  window.answered = 0;
  const get = navigator.credentials.get.bind(navigator.credentials);
  navigator.credentials.get = async (options) => {
    const made = await get(options);
    window.answered += 1;
    return made;
  };
  window.submitted = 0;
  const submit = HTMLFormElement.prototype.submit;
  HTMLFormElement.prototype.submit = function () {
    window.submitted += 1;
    submit.call(this);
  };`;
const PRESS = `document.querySelector('form[data-passkey] button').click()`;
const OVERVIEW = { name: 'Password and security' };

/**
 * Opens the sign-in page in a browser that has a passkey. While `hold` is on, submitted passkey forms get no response.
 */
async function atSignIn(): Promise<{ page: Page; sent: string[]; hold: { on: boolean } }> {
  const person = await addPatientWithEmail(portal.server);
  const page = await portal.newPage({
    isDisposable: true,
    session: await startSession(portal.server, person.accountId),
  });
  await page.addInitScript(WATCHED);
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
  await portal.open(page, `${SECURITY}/passkeys/add`);
  await page.getByRole('button', { name: 'Create passkey' }).click();
  await page.getByRole('heading', { name: 'Recovery codes' }).waitFor();
  await page.context().clearCookies();
  const [sent, hold]: [string[], { on: boolean }] = [[], { on: true }];
  await page.route('**/sign-in/passkey', async (route) => {
    sent.push(route.request().postData() ?? '');
    // HTML §7.4.2.2: after a response without a page (204) the browser stays on the current page.
    await (hold.on ? route.fulfill({ status: 204 }) : route.continue());
  });
  await portal.open(page, `/sign-in?${new URLSearchParams({ return_to: SECURITY })}`);
  return { page, sent, hold };
}

/** Presses the button, and waits until the authenticator has responded and the page has handled the response. */
async function press(page: Page): Promise<void> {
  const before = await page.evaluate<number>('answered');
  await page.evaluate(PRESS);
  await expect.poll(() => page.evaluate('answered')).toBe(before + 1);
  await page.evaluate('new Promise((done) => setTimeout(done))');
}

describe('the passkey form', () => {
  it(
    'is sent once, even if the page is slow and its pageshow event comes late (HTML §7.4.6.2)',
    async () => {
      const { page, sent } = await atSignIn();
      await press(page);
      await page.evaluate(`dispatchEvent(new PageTransitionEvent('pageshow', { persisted: false }))`);
      await press(page);
      expect(await page.evaluate('submitted')).toBe(1);
      await expect.poll(() => sent).toHaveLength(1);
    },
    PATIENCE,
  );

  it(
    'can be sent again if the network lost it',
    async () => {
      const { page, sent, hold } = await atSignIn();
      await press(page);
      await expect.poll(() => sent).toHaveLength(1);
      await page.evaluate('{ const now = Date.now; Date.now = () => now() + 11_000; }');
      hold.on = false;
      await page.evaluate(PRESS);
      await page.getByRole('heading', OVERVIEW).waitFor();
      expect(sent).toHaveLength(2);
    },
    PATIENCE,
  );
});
