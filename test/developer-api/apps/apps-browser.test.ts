import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { changeAppState } from '../../../src/apps/index.ts';
import { getDeveloperApp, type RegisteredApp, registerDraft, submitVersion } from '../../support/apps/app-drafts.ts';
import {
  expectNoProblemsAnywhere,
  navigateInPortal,
  openPortal,
  waitForTitle,
} from '../../support/browser/portal-browser.ts';
import {
  type Developer,
  signInDeveloper,
  signInReviewer,
  withCookieOf,
} from '../../support/people/developer-portal.ts';

let dev: Developer;
const portal = openPortal(async (server) => {
  dev = await signInDeveloper(server);
});

const opened = (path: string, { session } = dev): Promise<Page> => portal.openInNewPage(path, { session });

const pageOf = ({ clientId }: RegisteredApp, tab = ''): string => `/developer/apps/${clientId}${tab}`;

const ask = async (app: RegisteredApp, version: number, question: string): Promise<void> => {
  const { status } = await (await signInReviewer(portal.server)).call('POST', `/review/apps/${app.clientId}/ask`, {
    version,
    question,
  });
  expect(status).toBe(200);
};

const proofIsOld = (of: Developer): Promise<unknown> =>
  portal.server.db.queryText("update session set proved_at = proved_at - interval '1 hour' where account_id = $1", [
    of.accountId,
  ]);

describe('the app list', () => {
  it('displays each app with kind, state and review clock, and links to the reviewer’s question, which can be answered there', async () => {
    const own = await signInDeveloper(portal.server);
    const questioned = await registerDraft(own, { name: 'Asked' });
    await ask(questioned, 1, 'Whose server is it?');
    const live = await registerDraft(own, { name: 'Alive' });
    await changeAppState(portal.server.db, portal.server.clock, live.clientId, 'active');
    const page = await opened('/developer/apps', own);
    const card = page.getByRole('article', { name: 'Asked' });
    expect(await card.textContent()).toMatch(/Patient app.*Question for you.*left.*Step 1: developer verification by /);
    await card.getByRole('link', { name: 'Answer the reviewer’s question' }).press('Enter');
    await page.getByText('Whose server is it?').waitFor();
    await page.getByLabel('Your answer').fill('Ours.');
    await page.getByRole('button', { name: 'Send answer' }).click();
    await page.getByText('Your answer was sent.').waitFor();
    expect((await getDeveloperApp(own, questioned.clientId)).open).toMatchObject({ question: null });
    await page.getByRole('link', { name: 'History', exact: true }).click();
    await page.getByText('Ours.').waitFor();
  });

  it('belongs to the organization in the URL, and offers no new app to a reader', async () => {
    const one = await signInDeveloper(portal.server);
    const other = await signInDeveloper(portal.server);
    await registerDraft(other, { name: 'Theirs' });
    await portal.server.db.queryText('insert into membership values ($1, $2, $3, $4)', [
      other.organisationId,
      one.accountId,
      'reader',
      portal.server.clock.now(),
    ]);
    const page = await opened(`/developer/apps?organisation=${other.organisationId}`, one);
    await page.getByRole('article', { name: 'Theirs' }).waitFor();
    expect(await page.getByRole('link', { name: 'Add app' }).count()).toBe(0);
    await page.getByLabel('Organization').selectOption(one.organisationId);
    await page.getByText('No apps yet').waitFor();
    expect(new URL(page.url()).search).toBe(`?organisation=${one.organisationId}`);
  });

  it('sends a signed-out user to sign-in', async () => {
    const page = await opened('/developer/apps', { ...dev, session: 'nobody' });
    await page.getByText('Sign in to see your apps').waitFor();
    const href = await page.getByRole('main').getByRole('link', { name: 'Sign in' }).getAttribute('href');
    expect(href).toBe('/sign-in?return_to=%2Fdeveloper%2Fapps');
  });
});

describe('the page of an app', () => {
  let page: Page;
  beforeAll(async () => {
    page = await opened('/developer/apps');
  });

  it('lists the changes that need review, submits them, and displays pending beside live values', async () => {
    const app = await registerDraft(dev, { name: 'Changing' });
    await changeAppState(portal.server.db, portal.server.clock, app.clientId, 'active');
    await dev.call('POST', `/developer/apps/${app.clientId}/withdraw`);
    await navigateInPortal(page, pageOf(app, '/settings'));
    await page.getByLabel('Name', { exact: true }).fill('Changed');
    await page.getByLabel('Purpose').fill('Something else.');
    await page.getByText('These changes need review').waitFor();
    const [field, bar] = await Promise.all([
      page.getByLabel('Purpose').boundingBox(),
      page.locator('[data-sticky="bottom"]').filter({ hasText: 'Submit change' }).boundingBox(),
    ]);
    expect((field?.y ?? 0) + (field?.height ?? 0), 'the bar covers the focused field').toBeLessThanOrEqual(bar?.y ?? 0);
    await page.getByText('These changes take effect immediately').waitFor();
    await page.getByRole('button', { name: 'Submit change' }).click();
    await page.getByText('A change is waiting for review').waitFor();
    const pendingTable = page.getByRole('table', { name: 'Name' });
    expect(await pendingTable.getByRole('row').allTextContents()).toEqual(['CurrentChanging', 'PendingChanged']);
    expect(await getDeveloperApp(dev, app.clientId)).toMatchObject({
      name: 'Changing',
      terms: { description: 'Something else.' },
      open: { terms: { name: 'Changed' } },
    });
  });

  it('adds a second secret after reauthentication, retains the input meanwhile, and ends the first', async () => {
    const app = await registerDraft(dev, { name: 'Rotating' });
    await proofIsOld(dev);
    await navigateInPortal(page, pageOf(app, '/credentials'));
    await page.getByRole('button', { name: 'Add secret' }).click();
    await page.getByLabel('Secret name').fill('Second');
    await page.getByRole('button', { name: 'Create secret' }).click();
    await page.getByRole('link', { name: 'Confirm it’s you' }).click();
    await page.getByLabel('Your password', { exact: true }).fill('three words and more');
    await page
      .getByRole('button', { name: /confirm|continue/i })
      .first()
      .click();
    expect(await page.getByLabel('Secret name').inputValue()).toBe('Second');
    dev = await withCookieOf(page, portal.server, dev);
    await page.getByRole('button', { name: 'Create secret' }).click();
    const dialog = page.getByRole('dialog', { name: 'New secret' });
    await dialog.waitFor();
    expect(await dialog.getByRole('button', { name: 'Close' }).isDisabled()).toBe(true);
    await dialog.getByLabel('I saved the secret').check();
    await dialog.getByRole('button', { name: 'Close' }).click();
    await page.getByText('Two secrets are active.').waitFor();
    await page.getByRole('button', { name: 'End secret: Secret' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'End secret' }).click();
    await page.getByText('The secret was ended.').waitFor();
    expect((await getDeveloperApp(dev, app.clientId)).secrets.map(({ name }) => name)).toEqual(['Second']);
  }, 60_000);

  it('offers its environment in the format that the URL names', async () => {
    const app = await registerDraft(dev);
    await navigateInPortal(page, pageOf(app, '/environment?as=json'));
    const code = page.getByRole('region', { name: 'JSON' });
    expect(JSON.parse((await code.textContent()) ?? '')).toMatchObject({ client_id: app.clientId });
    await page.getByText('Python', { exact: true }).first().click();
    await page.getByRole('region', { name: 'Python' }).waitFor();
    expect(new URL(page.url()).search).toBe('?as=python');
  });

  it('retires the app after its name is typed', async () => {
    const app = await registerDraft(dev, { name: 'Done with' });
    await navigateInPortal(page, pageOf(app, '/settings'));
    await page.getByRole('button', { name: 'Retire this app…' }).click();
    const dialog = page.getByRole('dialog');
    expect(await dialog.getByRole('button', { name: 'Retire app permanently' }).isDisabled()).toBe(true);
    await dialog.getByLabel('Type Done with to continue').fill('Done with');
    await dialog.getByRole('button', { name: 'Retire app permanently' }).click();
    await page.getByText('The app was retired.').waitFor();
    expect((await getDeveloperApp(dev, app.clientId)).state).toBe('retired');
  });
});

/** Tabs of the app page, each with the end of its heading. */
const TABS = [
  ['', 'Looked at'],
  ['/settings', ': Settings'],
  ['/credentials', ': Credentials'],
  ['/environment', ': Environment'],
  ['/history', ': History'],
  ['/people', ': People'],
] as const;

it('list and app have no accessibility violations, at both widths, light and dark', async () => {
  const own = await signInDeveloper(portal.server);
  const app = await registerDraft(own, { name: 'Looked at' });
  await changeAppState(portal.server.db, portal.server.clock, app.clientId, 'active');
  await submitVersion(own, app.clientId, { redirectUris: ['https://elsewhere.example/cb'] });
  await ask(app, 2, 'Why elsewhere?');
  await registerDraft(own, { name: 'Waiting' });
  const page = await opened('/developer/apps', own);
  await expectNoProblemsAnywhere(page, 'the list');
  for (const [tab, heading] of TABS) {
    await navigateInPortal(page, pageOf(app, tab));
    await waitForTitle(page, new RegExp(`${heading}$`));
    await expectNoProblemsAnywhere(page, `an app${tab}`);
  }
  await navigateInPortal(page, pageOf(app, '/credentials?add=secret'));
  await page.getByLabel('Secret name').waitFor();
  await expectNoProblemsAnywhere(page, 'a new secret');
}, 120_000);
