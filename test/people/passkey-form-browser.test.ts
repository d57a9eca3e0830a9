import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { openPortal } from '../support/portal-browser.ts';
import { sessionOf } from '../support/staff.ts';
import { addPatient, SECURITY } from '../support/ways-in.ts';

const portal = openPortal();

/** Milliseconds: a browser on a machine with much to do. */
const PATIENCE = 90_000;
/** No offer of passkeys by the browser itself. And how often the authenticator answered, and the form was sent. */
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
const OVERVIEW = { name: 'Signing in and security' };

/** At the sign-in page of a browser that has a passkey; nothing comes of the forms that carry one while `hold` is on. */
async function atSignIn(): Promise<{ page: Page; sent: string[]; hold: { on: boolean } }> {
  const person = await addPatient(portal.server);
  const page = await portal.newPage({ once: true, session: await sessionOf(portal.server, person.accountId) });
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
  await page.getByRole('button', { name: 'Make a passkey' }).click();
  await page.getByRole('heading', { name: 'Recovery codes' }).waitFor();
  await page.context().clearCookies();
  const [sent, hold]: [string[], { on: boolean }] = [[], { on: true }];
  await page.route('**/sign-in/passkey', async (route) => {
    sent.push(route.request().postData() ?? '');
    // HTML §7.4.2.2: an answer without a page leaves the browser where it is.
    await (hold.on ? route.fulfill({ status: 204 }) : route.continue());
  });
  await portal.open(page, `/sign-in?${new URLSearchParams({ return_to: SECURITY })}`);
  return { page, sent, hold };
}

/** Until the authenticator has answered, and the page has done what it does with that. */
async function press(page: Page): Promise<void> {
  const before = await page.evaluate<number>('answered');
  await page.evaluate(PRESS);
  await expect.poll(() => page.evaluate('answered')).toBe(before + 1);
  await page.evaluate('new Promise((done) => setTimeout(done))');
}

describe('the form that carries a passkey', () => {
  it(
    'is sent once, also when the page is slow and only then shown as loaded (HTML §7.4.6.2, pageshow)',
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
    'can be sent again by who is still on the page, because the network lost it',
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
