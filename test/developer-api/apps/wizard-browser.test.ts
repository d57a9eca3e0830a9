import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { appDraft, backendDraft } from '../../support/apps/app-drafts.ts';
import { waitUntilSettled } from '../../support/browser/browser.ts';
import {
  expectNoProblemsAnywhere,
  navigateInPortal,
  openPortal,
  waitForTitle,
} from '../../support/browser/portal-browser.ts';
import { signInDeveloper } from '../../support/people/developer-portal.ts';

const portal = openPortal();

/** Opens the wizard as a developer who has no application yet. */
const opened = async (locale = 'en-US'): Promise<Page> =>
  portal.openInNewPage('/developer/apps/new', { locale, session: (await signInDeveloper(portal.server)).session });

/** Input for all steps of the wizard except the last, with only the required values. */
const ENTERED = appDraft({
  name: 'Heart Diary',
  description: '',
  website: '',
  policyUri: '',
  redirectUris: ['https://diary.example/callback'],
  dataUse: {},
});

/** Opens the wizard at a step, with the input of earlier steps in the session storage, as after a reload. */
async function openedAt(step: string, entered = ENTERED, session?: string): Promise<Page> {
  const page = await portal.newPage({ session: session ?? (await signInDeveloper(portal.server)).session });
  await page.goto(`${portal.server.origin}/api/session`);
  await page.evaluate(`sessionStorage.setItem('new-app', ${JSON.stringify(JSON.stringify({ draft: entered }))})`);
  await page.goto(`${portal.server.origin}/developer/apps/new?step=${step}`);
  await page.getByRole('heading', { level: 2 }).first().waitFor();
  return page;
}

/** One window for the tests that submit nothing. Loading the portal costs more than most of them. */
let shared: Page;
beforeAll(async () => {
  shared = await opened();
});

/** Shows a step of the wizard in the shared window, with the input of earlier steps. */
async function showStep(step: string, entered = ENTERED): Promise<Page> {
  await navigateInPortal(shared, '/developer');
  await waitForTitle(shared, /^Hello/);
  await shared.evaluate(`sessionStorage.setItem('new-app', ${JSON.stringify(JSON.stringify({ draft: entered }))})`);
  await navigateInPortal(shared, `/developer/apps/new?step=${step}`);
  await waitForTitle(shared, 'Add app');
  await shared.getByRole('heading', { level: 2 }).first().waitFor();
  return shared;
}

/** The accessible name of the focused element, approximately. */
const FOCUSED = `(() => {
  const at = document.activeElement;
  return at.getAttribute('aria-label') ?? at.labels?.[0]?.textContent ?? at.textContent ?? '';
})()`;

/** Presses Tab until the element has focus. Fails if the keyboard can't reach it. */
async function tabTo(page: Page, name: string | RegExp): Promise<void> {
  for (let presses = 0; presses < 90; presses += 1) {
    await page.keyboard.press('Tab');
    const focused = await page.evaluate<string>(FOCUSED);
    if (typeof name === 'string' ? focused.trim() === name : name.test(focused)) return;
  }
  throw new Error(`not reached by Tab: ${name}`);
}

/** The steps after the first, with their headings. */
const STEPS = [
  ['access', 'Authentication and scopes'],
  ['review', 'Review and submit'],
] as const;

const atStep = (page: Page, title: string) => page.getByRole('heading', { level: 2, name: title }).waitFor();
const continueTo = (page: Page) => page.getByRole('button', { name: 'Continue' }).click();

/** When the preview of the consent page loads, it moves the button down. So the preview must be there first. */
async function submit(page: Page): Promise<void> {
  await page.getByTitle('Preview of the consent page').waitFor();
  await waitUntilSettled(page);
  await page.getByRole('button', { name: 'Submit for review' }).click();
}

it('a draft that was not submitted is offered on the apps page and at the start of the wizard', async () => {
  const page = await openedAt('access');
  await portal.open(page, '/developer/apps');
  await page.getByText('You started to add Heart Diary').waitFor();
  await expectNoProblemsAnywhere(page, 'the apps page with a draft');
  await portal.open(page, '/developer/apps/new');
  await page.getByText(/we may ask for your password or passkey \(“Confirm it’s you”\)/).waitFor();
  await expectNoProblemsAnywhere(page, 'the start of the wizard with a draft');
  await page.getByRole('link', { name: 'Continue your draft' }).click();
  await atStep(page, 'Authentication and scopes');
  await portal.open(page, '/developer/apps');
  await page.getByRole('button', { name: 'Discard draft' }).click();
  await page.getByText('You started to add Heart Diary').waitFor({ state: 'hidden' });
  await portal.open(page, '/developer/apps/new');
  expect(await page.getByRole('link', { name: 'Continue your draft' }).count()).toBe(0);
});

describe('adding an application', () => {
  it('leads from the list to id and secret by keyboard only', async () => {
    const dev = await signInDeveloper(portal.server);
    const page = await portal.openInNewPage('/developer/apps', { session: dev.session });
    await page.getByText('No apps yet').waitFor();
    await tabTo(page, 'Add app');
    await page.keyboard.press('Enter');
    await atStep(page, 'App and redirect URIs');
    expect(await page.getByRole('radio', { name: 'For patients' }).isChecked()).toBe(true);
    await tabTo(page, 'Name');
    await page.keyboard.type('Heart Diary');
    await tabTo(page, 'Redirect URI 1');
    await page.keyboard.type('https://diary.example/callback');
    await page.keyboard.press('Enter');
    await atStep(page, 'Authentication and scopes');
    await tabTo(page, 'All types of data');
    await page.keyboard.press('Space');
    await tabTo(page, 'Continue');
    await page.keyboard.press('Enter');
    await atStep(page, 'Review and submit');
    await tabTo(page, 'Submit for review');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Heart Diary is ready' }).waitFor();
    const [listed] = (await dev.call('GET', `/developer/apps?organisation=${dev.organisationId}`)).body;
    expect(listed).toMatchObject({ name: 'Heart Diary', state: 'provisional', open: { state: 'waiting' } });
    expect(await page.getByText(listed.clientId, { exact: true }).count()).toBe(1);
    await tabTo(page, 'I copied or saved the secret');
    await page.keyboard.press('Space');
    await tabTo(page, 'Go to the app’s page');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Heart Diary' }).waitFor();
    expect(new URL(page.url()).pathname).toBe(`/developer/apps/${listed.clientId}`);
  }, 90_000);

  it('displays an error at its field while typing, once an error was displayed there', async () => {
    const page = await opened();
    expect(await page.getByText('Enter a name for the app.').count()).toBe(0);
    await continueTo(page);
    await page.getByText('Enter a name for the app.').waitFor();
    // The page's CSP forbids eval, so waitForFunction can't run in it. The value is evaluated from outside, repeatedly.
    await expect.poll(() => page.evaluate(`${FOCUSED} === 'Name'`)).toBe(true);
    await page.getByLabel('Name').fill('Heart Diary');
    await page.getByText('Enter a name for the app.').waitFor({ state: 'detached' });
    await page.getByLabel('Redirect URI 1', { exact: true }).fill('http://diary.example/callback');
    await page.getByLabel('Redirect URI 1', { exact: true }).blur();
    await page.getByText(/must use https/).waitFor();
    await continueTo(page);
    await page.getByText('1 problem to fix').waitFor();
    await atStep(page, 'App and redirect URIs');
  });

  it('opens a folded part of the form to display an error in it', async () => {
    const page = await showStep('review', { ...ENTERED, website: 'diary', policyUri: 'privacy' });
    const website = page.getByLabel('Website');
    const policy = page.getByLabel('Privacy policy', { exact: true });
    expect(await policy.isVisible()).toBe(false);
    await page.getByRole('button', { name: /^Review and submit: / }).click();
    await policy.waitFor();
    await page.getByRole('button', { name: /^App and redirect URIs: / }).click();
    await atStep(page, 'App and redirect URIs');
    await website.waitFor();
    expect(await website.getAttribute('aria-invalid')).toBe('true');
  });

  it('does not submit while a field of the last step has an error', async () => {
    const page = await showStep('review');
    await page.getByText('Privacy policy and terms of use').click();
    await page.getByLabel('Privacy policy', { exact: true }).fill('privacy');
    await page.getByRole('button', { name: 'Submit for review' }).click();
    await page.getByText('1 problem to fix').waitFor();
    await expect.poll(() => page.evaluate(`${FOCUSED}`)).toBe('Privacy policy');
  });

  it('keeps redirect URIs and scopes when another kind of app is looked at', async () => {
    const page = await showStep('app', { ...ENTERED, scope: 'launch/patient patient/Patient.rs' });
    await page.getByRole('radio', { name: 'Without a user' }).click();
    await page.getByLabel('Redirect URI 1', { exact: true }).waitFor({ state: 'hidden' });
    await page.getByRole('radio', { name: 'For patients' }).click();
    expect(await page.getByLabel('Redirect URI 1', { exact: true }).inputValue()).toBe(ENTERED.redirectUris[0]);
    await continueTo(page);
    await atStep(page, 'Authentication and scopes');
    expect(await page.getByLabel('Scopes as text').inputValue()).toBe('launch/patient patient/Patient.rs');
  });

  it('starts a patient app with offline access, both versions of FHIR and client_secret_basic', async () => {
    const page = await opened();
    await navigateInPortal(page, '/developer/apps/new?step=access');
    await atStep(page, 'Authentication and scopes');
    expect(await page.getByLabel('Scopes as text').inputValue()).toBe(
      'openid fhirUser launch/patient offline_access patient/*.rs',
    );
    expect(await page.getByRole('radio', { name: 'Client secret (client_secret_basic)' }).isChecked()).toBe(true);
    for (const name of [/FHIR R4/, /FHIR DSTU2/])
      expect(await page.getByRole('checkbox', { name }).isChecked()).toBe(true);
    expect(await page.evaluate('sessionStorage.getItem("new-app")')).toBeNull();
  });

  it('splits several redirect URIs that are pasted or typed with commas', async () => {
    const page = await showStep('app');
    await page.getByLabel('Redirect URI 1', { exact: true }).fill('https://a.example/cb, http://localhost:3000/cb');
    expect(await page.getByLabel('Redirect URI 2', { exact: true }).inputValue()).toBe('http://localhost:3000/cb');
    await page.getByRole('button', { name: 'Remove redirect URI 1' }).click();
    expect(await page.getByLabel('Redirect URI 1', { exact: true }).inputValue()).toBe('http://localhost:3000/cb');
  });

  it('retains its input after a reload, and goes back one step with Back', async () => {
    const page = await opened();
    await page.getByLabel('Name').fill('Heart Diary');
    await page.getByLabel('Redirect URI 1', { exact: true }).fill('https://diary.example/callback');
    await continueTo(page);
    await atStep(page, 'Authentication and scopes');
    await page.getByLabel('Scopes as text').fill('launch/patient patient/Patient.rs');
    await page.reload();
    await atStep(page, 'Authentication and scopes');
    expect(await page.getByLabel('Scopes as text').inputValue()).toBe('launch/patient patient/Patient.rs');
    await page.goBack();
    await atStep(page, 'App and redirect URIs');
    expect(await page.getByLabel('Name').inputValue()).toBe('Heart Diary');
  });

  it('stores no keys, and rejects a private one', async () => {
    const page = await showStep('access', appDraft(await backendDraft()));
    await page.getByRole('radio', { name: 'I’ll paste them' }).waitFor();
    await page.getByRole('radio', { name: 'I’ll paste them' }).check();
    await page
      .getByLabel('Key set (JWKS)')
      .fill('{"keys":[{"kty":"EC","crv":"P-384","x":"AA","y":"AA","d":"c2VjcmV0"}]}');
    await page.getByText('This key set contains a private key').waitFor();
    expect(await page.getByLabel('Key set (JWKS)').inputValue()).not.toContain('c2VjcmV0');
    await page.getByLabel('Key set (JWKS)').fill('{"keys":[{"kty":"EC","crv":"P-384","x":"AAAA","y":"BBBB"}]}');
    expect(await page.evaluate<string>('JSON.stringify(sessionStorage)')).not.toMatch(/AAAA|c2VjcmV0/);
  });

  it('retains its input during reauthentication', async () => {
    const dev = await signInDeveloper(portal.server);
    const page = await openedAt('review', ENTERED, dev.session);
    await portal.server.db.queryText(
      "update session set proved_at = proved_at - interval '1 hour' where account_id = $1",
      [dev.accountId],
    );
    await submit(page);
    await page.getByRole('link', { name: 'Confirm it’s you' }).click();
    await page.getByLabel('Your password', { exact: true }).fill('three words and more');
    await page
      .getByRole('button')
      .filter({ hasText: /confirm|continue/i })
      .first()
      .click();
    await atStep(page, 'Review and submit');
    await submit(page);
    await page.getByRole('heading', { level: 1, name: 'Heart Diary is ready' }).waitFor();
  }, 60_000);

  it('does not let the user leave before the secret is copied, downloaded or confirmed as saved', async () => {
    const page = await openedAt('review');
    await submit(page);
    await page.getByText('We show the secret only once.').waitFor();
    await page.getByRole('button', { name: 'Read test data in the explorer' }).click();
    await page.getByRole('dialog').getByText('We can’t show the secret again').waitFor();
    await page.getByRole('button', { name: 'Go back to the secret' }).click();
    await page.getByRole('link', { name: 'Go to the app’s page' }).click();
    await page.getByRole('dialog').getByText('We can’t show the secret again').waitFor();
    await page.getByRole('button', { name: 'Go back to the secret' }).click();
    const saved = page.getByLabel('I copied or saved the secret');
    expect(await saved.isChecked()).toBe(false);
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download as .env' }).click();
    expect((await download).suggestedFilename()).toMatch(/\.env$/);
    expect(await saved.isChecked()).toBe(true);
    await saved.uncheck();
    await page.getByRole('button', { name: 'Copy: Secret (client_secret)' }).click();
    expect(await saved.isChecked()).toBe(true);
    await page.getByRole('button', { name: 'Read test data in the explorer' }).click();
    await page.getByLabel('Password', { exact: true }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/sign-in');
    expect(await page.evaluate('sessionStorage.getItem("new-app")')).toBeNull();
  });

  it('copies the secret and continues from the question about it', async () => {
    const page = await openedAt('review');
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await submit(page);
    await page.getByText('We show the secret only once.').waitFor();
    const secret = await page.locator('code').nth(1).textContent();
    await page.getByRole('link', { name: 'Go to the app’s page' }).click();
    await page.getByRole('button', { name: 'Copy secret and continue' }).click();
    await page
      .getByRole('tab', { name: 'Overview' })
      .or(page.getByRole('link', { name: 'Overview' }))
      .waitFor();
    expect(new URL(page.url()).pathname).toMatch(/^\/developer\/apps\/(?!new)/);
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(secret);
  });

  it('previews the consent page in either language, in an inert frame', async () => {
    const page = await showStep('review');
    const frame = page.getByTitle('Preview of the consent page');
    expect(await frame.getAttribute('sandbox')).toBe('');
    expect(await frame.getAttribute('srcdoc')).toContain('Heart Diary');
    await page.getByText('Español', { exact: true }).last().click();
    await expect.poll(() => page.evaluate(`document.querySelector('iframe')?.srcdoc.includes('lang="es"')`)).toBe(true);
  });
});

it('no step of the wizard has accessibility violations, at both widths, light and dark', async () => {
  const page = await opened();
  await page.getByRole('radio', { name: 'For practice staff' }).click();
  await page.getByText('Purpose, website, logo and gallery').click();
  await continueTo(page);
  await page.getByText('Enter a name for the app.').waitFor();
  await expectNoProblemsAnywhere(page, 'app');
  for (const [step, title] of STEPS) {
    await navigateInPortal(page, `/developer/apps/new?step=${step}`);
    await atStep(page, title);
    await page.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))");
    await expectNoProblemsAnywhere(page, step);
  }
}, 90_000);

it('is in Spanish for a Spanish reader', async () => {
  const page = await opened('es-US');
  await page.getByLabel('Nombre').waitFor();
  expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Agregar aplicación');
});
