import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { changeAppState } from '../../src/apps/index.ts';
import { registerDraft, submitVersion } from '../support/apps/app-drafts.ts';
import { waitUntilSettled } from '../support/browser/browser.ts';
import { expectNoProblemsAnywhere, navigateInPortal, openPortal } from '../support/browser/portal-browser.ts';
import { type Developer, signInDeveloper, signInReviewer } from '../support/people/developer-portal.ts';
import { connectApp, getFhir, R4 } from '../support/people/patient.ts';
import { DEEP, slice } from '../support/runs/slice.ts';

vi.setConfig({ testTimeout: 120_000 });

let dev: Developer;
let ada: Awaited<ReturnType<typeof signInReviewer>>;
let live: string;
let pendingPath: string;
const portal = openPortal(async (server) => {
  dev = await signInDeveloper(server);
  ada = await signInReviewer(server);
  const used = await registerDraft(dev, { name: 'Used' });
  pendingPath = (await registerDraft(dev, { name: 'Waiting' })).clientId;
  live = used.clientId;
  await changeAppState(server.db, server.clock, live, 'active');
  const { access_token } = await connectApp(server.app, used);
  await getFhir(server.app, `${R4}/Patient`, access_token);
  await server.purgeExpired();
  await submitVersion(dev, live, { name: 'Used Too' });
});

let page: Page;
/** Console messages, script errors and violations of the content security policy (CSP3 §5). */
const complaints: string[] = [];

beforeAll(async () => {
  page = await portal.newPage({ timeout: 20_000, isDisposable: true });
  page.on('pageerror', (error) => complaints.push(`${page.url()}: ${error.message}`));
  page.on('console', (message) => {
    const isProblem = ['error', 'warning'].includes(message.type());
    if (isProblem) complaints.push(`${page.url()}: ${message.text()}`);
  });
  await page.addInitScript({
    content: `document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sample }) =>
      console.error('policy: ' + violatedDirective + ' ' + blockedURI + ' ' + sample));`,
  });
});

async function signIn(session: string, path: string): Promise<void> {
  await portal.switchSession(page, session);
  await lookAt(path);
}

/** Opens a page by its URL. */
async function lookAt(path: string): Promise<void> {
  await portal.open(page, path);
  await isThere(path);
}

/** Opens a page from the current one, without loading the scripts again. Deep runs open each page by its URL. */
async function checkPage(path: string): Promise<void> {
  if (DEEP) return lookAt(path);
  await navigateInPortal(page, path);
  await isThere(path);
}

async function isThere(path: string): Promise<void> {
  await waitUntilSettled(page);
  expect(await page.getByRole('heading', { level: 1 }).count(), path).toBe(1);
}

const press = (name: string | RegExp) =>
  page.getByRole('main').getByRole('button', { name }).filter({ visible: true }).first().click();
const dialog = () => page.getByRole('dialog').filter({ visible: true }).first();

/** Opens a dialog and closes it with Escape. */
async function overlay(open: () => Promise<void>): Promise<void> {
  await open();
  await dialog().waitFor();
  await page.keyboard.press('Escape');
  await dialog().waitFor({ state: 'hidden' });
}

/** Opens a URL without a page. The browser reports the status 404 in the console, so that message is expected. */
async function expectNotFound(path: string, linkName: string): Promise<void> {
  const answer = await page.goto(`${portal.server.origin}${path}`);
  expect(answer?.status(), path).toBe(404);
  await page.getByRole('heading', { level: 1, name: 'We couldn’t find that page' }).waitFor();
  expect(await page.getByRole('heading', { level: 1 }).count()).toBe(1);
  await page.getByRole('main').getByRole('link', { name: linkName }).waitFor();
  expect(complaints.splice(0)).toEqual([expect.stringContaining('404')]);
}

const expectNoComplaints = (): void => {
  expect(complaints.splice(0)).toEqual([]);
};

describe('the console stays empty and no content security policy is violated', () => {
  describe('on public pages', () => {
    beforeAll(() => portal.switchSession(page, undefined));

    it.each([
      '/',
      '/developer/sign-up',
      '/docs',
      '/docs/getting-started',
      '/apps',
      '/status',
      '/sign-in',
      '/developer',
    ])('%s', async (path) => {
      await lookAt(path);
      expectNoComplaints();
    });

    describe('within the portal', () => {
      beforeAll(() => lookAt('/developer'));

      it.each(['/developer/explorer', '/developer/test-patients', '/developer/apps', '/developer/apps/new'])(
        '%s',
        async (path) => {
          await checkPage(path);
          expectNoComplaints();
        },
      );
    });
  });

  it('on unknown URLs', async () => {
    const portalAddresses = ['/developer/nothing', '/developer/apps/some-id/nothing', '/developer/sign-up/a/b'];
    for (const path of slice(portalAddresses)) await expectNotFound(path, 'Go to the developer portal');
    await expectNotFound('/review/nothing', 'Go to the review queue');
    await expectNoProblemsAnywhere(page, 'page not found');
  });

  it('when a developer opens a page for administrators, which says whom it is for', async () => {
    await signIn(dev.session, '/review/keys');
    await page.getByRole('alert').getByText('This page is for administrators').waitFor();
    expectNoComplaints();
  });

  describe('on pages of a developer', () => {
    beforeAll(() => signIn(dev.session, '/developer'));

    it.each(['', '/settings', '/credentials', '/environment', '/history', '/people', '/log', '/usage'])(
      'on an app’s page %s',
      async (tab) => {
        for (const clientId of [live, pendingPath]) await checkPage(`/developer/apps/${clientId}${tab}`);
        expectNoComplaints();
      },
    );

    it('in the dialogs of an app: withdraw, retire, adding and ending a secret', async () => {
      await checkPage(`/developer/apps/${pendingPath}`);
      await overlay(() => press('Withdraw from review'));
      await checkPage(`/developer/apps/${pendingPath}/settings`);
      await overlay(() => press('Retire this app…'));
      await checkPage(`/developer/apps/${pendingPath}/credentials`);
      await overlay(() => press('End secret: Secret'));
      await overlay(() => press('Add secret'));
      await press('Add secret');
      await dialog().getByLabel('Secret name').fill('Second');
      await dialog().getByRole('button', { name: 'Create secret' }).click();
      await dialog().getByLabel('I saved the secret').check();
      await dialog().getByRole('button', { name: 'Close' }).click();
      await dialog().waitFor({ state: 'hidden' });
      expectNoComplaints();
    });

    it('in usage charts, a notification and the complete wizard', async () => {
      await checkPage(`/developer/apps/${live}/usage`);
      await page.getByRole('main').getByRole('img').first().hover();
      await checkPage(`/developer/apps/${pendingPath}`);
      await page.getByRole('button', { name: /^Copy: Client ID/ }).click();
      await checkPage('/developer/apps/new');
      await page.getByLabel('Name', { exact: true }).fill('Console');
      await page.getByLabel('Redirect URI 1', { exact: true }).fill('http://localhost:3999/callback');
      for (const title of ['Authentication and scopes', 'Review and submit']) {
        await press('Continue');
        await page.getByRole('heading', { level: 2, name: title }).waitFor();
      }
      await page.getByTitle('Preview of the consent page').waitFor();
      await press('Submit for review');
      await page.getByRole('heading', { level: 1, name: 'Console is ready' }).waitFor();
      await overlay(() => press('Read test data in the explorer'));
      await page.getByLabel('I copied or saved the secret').check();
      await page.getByRole('link', { name: 'Go to the app’s page' }).click();
      await page.getByRole('link', { name: 'Try it in the explorer' }).click();
      await page.getByRole('button', { name: /^Add URI/ }).waitFor();
      expectNoComplaints();
    });

    it('on the start page, the organization and the page layout', async () => {
      await checkPage('/developer');
      const account = page.getByRole('banner').getByRole('button', { name: 'Dev Eloper' });
      await account.click();
      await page.getByRole('link', { name: 'Password and security' }).waitFor();
      await page.getByLabel('Theme').selectOption('Dark');
      await page.getByLabel('Theme').selectOption('Use device setting');
      await page.keyboard.press('Escape');
      await page.getByLabel('Theme').waitFor({ state: 'hidden' });
      await checkPage('/developer/organisation');
      await overlay(() => press(/organization/i));
      await checkPage(`/developer/organisation/${dev.organisationId}`);
      await page.setViewportSize({ width: 390, height: 900 });
      await page.getByRole('button', { name: 'Menu' }).click();
      await page.getByRole('navigation').first().waitFor();
      await page.setViewportSize({ width: 1280, height: 900 });
      expectNoComplaints();
    });
  });

  describe('on pages of an administrator', () => {
    beforeAll(() => signIn(ada.session, '/review/apps'));

    it.each(['', '/apps', '/organisations', '/groups', '/audit', '/brands', '/keys', '/settings', '/status'])(
      '/review%s',
      async (path) => {
        await checkPage(`/review${path}`);
        expectNoComplaints();
      },
    );

    it('in dialogs and menus: decisions, brands, keys, organizations', async () => {
      for (const clientId of [live, pendingPath]) await checkPage(`/review/apps/${clientId}`);
      for (const decide of ['Verify developer', 'Approve', 'Ask…', 'Reject…']) {
        await overlay(() => press(new RegExp(`^${decide.replace('…', '')}`)));
      }
      await checkPage('/review/brands');
      await overlay(() =>
        page
          .getByRole('main')
          .getByRole('link', { name: /^Edit details: / })
          .first()
          .click(),
      );
      await checkPage('/review/keys');
      await overlay(() => press('Rotate keys'));
      await checkPage('/review/organisations');
      await overlay(() => press(/^Verify/));
      await checkPage('/review');
      await page.keyboard.press('/');
      await page.keyboard.type('Used');
      await page.getByRole('option', { name: 'Used' }).first().waitFor();
      await page.keyboard.press('Escape');
      await checkPage('/review/audit');
      await page.getByRole('combobox', { name: 'App', exact: true }).fill('Used');
      await page.getByRole('option', { name: 'Used' }).first().waitFor();
      await checkPage('/review/status?new=incident');
      expectNoComplaints();
    });
  });
});
