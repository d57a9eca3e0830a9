import type { Page } from 'playwright-core';
import { beforeEach, expect, it } from 'vitest';
import { expectNoProblemsAnywhere, navigateInPortal, openPortal } from '../../support/browser/portal-browser.ts';
import { SANDBOX_ADMINISTRATOR } from '../../support/people/sandbox-administrator.ts';
import { SANDBOX_DEVELOPER } from '../../support/people/sandbox-developer.ts';
import { startSandboxSession } from '../../support/people/staff.ts';

const portal = openPortal();
const BANNER = 'Everything here is made up';

let page: Page;
beforeEach(async () => {
  page = await portal.newPage({ session: await startSandboxSession(portal.server, SANDBOX_ADMINISTRATOR) });
  await portal.open(page, '/review', 'Review queue');
});

it('each page of the made-up review says that it is made up, and fits every window', async () => {
  for (const [path, title] of [
    ['/review', 'Review queue'],
    ['/review/apps', 'All apps'],
    ['/review/organisations', 'Organizations'],
    ['/review/brands', 'Service base URLs'],
  ] as const) {
    await navigateInPortal(page, path);
    await page.getByRole('heading', { level: 1, name: title }).waitFor();
    await page.getByText(BANNER).waitFor();
    await expectNoProblemsAnywhere(page, `made-up ${title}`);
  }
});

it('the navigation has only the pages of the review, and other pages say why they stay closed', async () => {
  const links = await page.getByRole('navigation').getByRole('link').allTextContents();
  expect(links).toEqual(['Review queue', 'All apps', 'Organizations', 'Service base URLs']);
  await navigateInPortal(page, '/review/audit');
  await page.getByRole('heading', { level: 1, name: 'Not in the sandbox' }).waitFor();
  await page.getByText('This sandbox account reviews made-up apps, organizations and practices only.').waitFor();
  expect(await page.getByRole('alert').count()).toBe(0);
  expect(await page.getByText(BANNER).isVisible()).toBe(false);
  await expectNoProblemsAnywhere(page, 'a page that is not in the sandbox');
  await page.getByRole('link', { name: 'Go to the review queue' }).click();
  await page.getByRole('heading', { level: 1, name: 'Review queue' }).waitFor();
});

it('the search finds the other pages too, and says that they are not in the sandbox', async () => {
  await page.getByRole('combobox', { name: 'Search apps and pages' }).fill('audit');
  const found = page.getByRole('group', { name: 'Pages' }).getByRole('option');
  await expect.poll(() => found.allTextContents()).toEqual(['Audit logNot in the sandbox']);
  await found.click();
  await page.getByRole('heading', { level: 1, name: 'Not in the sandbox' }).waitFor();
});

it('a decision leads to the next app and back to the queue, and hints for it are gone', async () => {
  await page.getByRole('link', { name: 'Meadow Meds' }).click();
  await page.getByRole('heading', { level: 1, name: 'Meadow Meds' }).waitFor();
  await page.getByText('judge the app on its merits').waitFor();
  await page.getByRole('button', { name: 'Reject version…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Documented security risk').check();
  await dialog.getByLabel(/Message to the developers/).fill('It sends data to an unknown server.');
  await dialog.getByRole('button', { name: 'Reject version' }).click();
  await page.getByText('Version rejected.').waitFor();
  await expect.poll(() => page.getByText('judge the app on its merits').count()).toBe(0);
  await expectNoProblemsAnywhere(page, 'after a decision');
  await page.getByRole('link', { name: 'Back to queue' }).waitFor();
  const next = page.getByRole('link', { name: /^Next app: / });
  const name = (await next.textContent())?.replace('Next app: ', '') ?? '';
  expect(['', 'Meadow Meds']).not.toContain(name);
  await next.click();
  await page.getByRole('heading', { level: 1, name }).waitFor();
  expect(await page.getByText('Version rejected.').count()).toBe(0);
});

it('the filled button is the next step of the review', async () => {
  const variantOf = (name: string) => page.getByRole('button', { name, exact: true }).getAttribute('data-variant');
  await page.getByRole('link', { name: 'Meadow Meds' }).click();
  await page.getByRole('heading', { level: 1, name: 'Meadow Meds' }).waitFor();
  expect({ verify: await variantOf('Verify developer'), approve: await variantOf('Approve version') }).toEqual({
    verify: 'filled',
    approve: 'outline',
  });
  await navigateInPortal(page, '/review');
  await page.getByRole('link', { name: 'Chart Bridge' }).click();
  await page.getByRole('heading', { level: 1, name: 'Chart Bridge' }).waitFor();
  expect(await page.getByRole('button', { name: 'Verify developer', exact: true }).count()).toBe(0);
  expect(await variantOf('Approve version')).toBe('filled');
});

it('the list of apps shows each state in full', async () => {
  await page.setViewportSize({ width: 1280, height: 800 });
  await navigateInPortal(page, '/review/apps');
  await page.getByRole('cell', { name: 'Not approved yet' }).first().waitFor();
  const cut = `[...document.querySelectorAll('td .mantine-Badge-label')]
    .filter((label) => label.scrollWidth > label.clientWidth).map((label) => label.textContent)`;
  expect(await page.evaluate(cut)).toEqual([]);
});

it('a visitor decides about an app, and starts over', async () => {
  await page.getByRole('link', { name: 'Meadow Meds' }).click();
  await page.getByRole('heading', { level: 1, name: 'Meadow Meds' }).waitFor();
  await page.getByRole('button', { name: 'Ask a question…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('On a real server, the developers get your question by email').waitFor();
  await dialog.getByRole('textbox').fill('Which pharmacies do you work with?');
  await dialog.getByRole('button', { name: /question/i }).click();
  await dialog.waitFor({ state: 'hidden' });
  await page.getByText('Which pharmacies do you work with?').first().waitFor();
  await page.getByRole('button', { name: 'Start over' }).click();
  const question = page.getByRole('dialog', { name: 'Delete your changes and get new made-up apps and practices?' });
  await question.getByRole('button', { name: 'Cancel' }).click();
  await question.waitFor({ state: 'hidden' });
  expect(await page.getByText('Which pharmacies do you work with?').count()).toBeGreaterThan(0);
  await page.getByRole('button', { name: 'Start over' }).click();
  await question.getByRole('button', { name: 'Start over' }).click();
  await page.getByText('Your changes are deleted.').waitFor();
  await page.getByRole('heading', { level: 1, name: 'Review queue' }).waitFor();
  await page.getByRole('link', { name: 'Meadow Meds' }).click();
  await page.getByRole('heading', { level: 1, name: 'Meadow Meds' }).waitFor();
  expect(await page.getByText('Which pharmacies do you work with?').count()).toBe(0);
});

it('the pages of the sandbox’s developer say that they are made up, and offer nothing that is rejected', async () => {
  const developer = await portal.newPage({ session: await startSandboxSession(portal.server, SANDBOX_DEVELOPER) });
  await portal.open(developer, '/developer', 'Hello, Sandbox Developer');
  for (const [path, title] of [
    ['/developer/apps', 'Apps'],
    ['/developer/notifications', 'Notifications'],
    ['/developer/organisation', 'Organization'],
  ] as const) {
    await navigateInPortal(developer, path);
    await developer.getByRole('heading', { level: 1, name: title, exact: true }).waitFor();
    await developer.getByText(BANNER).waitFor();
    await expectNoProblemsAnywhere(developer, `made-up ${title}`);
  }
  await developer.getByText('In the sandbox, you can’t invite people').waitFor();
  expect(await developer.getByRole('button', { name: /Invite|Leave|New organization/ }).count()).toBe(0);
  await navigateInPortal(developer, '/developer/apps');
  await developer.getByRole('link', { name: 'Larkspur Records' }).click();
  await developer.getByRole('heading', { level: 1, name: 'Larkspur Records' }).waitFor();
  await developer.getByRole('button', { name: 'Start over' }).click();
  await developer.getByRole('dialog').getByRole('button', { name: 'Start over' }).click();
  await developer.getByText('Your changes are deleted.').waitFor();
  await developer.getByRole('heading', { level: 1, name: 'Apps', exact: true }).waitFor();
  await developer.getByRole('link', { name: 'Larkspur Records' }).click();
  await developer.getByRole('heading', { level: 1, name: 'Larkspur Records' }).waitFor();
});
