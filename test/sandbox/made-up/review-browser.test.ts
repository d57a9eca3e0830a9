import type { Page } from 'playwright-core';
import { beforeEach, expect, it } from 'vitest';
import { expectNoProblemsAnywhere, navigateInPortal, openPortal } from '../../support/browser/portal-browser.ts';
import { SANDBOX_ADMINISTRATOR } from '../../support/people/sandbox-administrator.ts';
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
  ] as const) {
    await navigateInPortal(page, path);
    await page.getByRole('heading', { level: 1, name: title }).waitFor();
    await page.getByText(BANNER).waitFor();
    await expectNoProblemsAnywhere(page, `made-up ${title}`);
  }
});

it('the navigation has only the pages of the review, and other pages say why they stay closed', async () => {
  const links = await page.getByRole('navigation').getByRole('link').allTextContents();
  expect(links).toEqual(['Review queue', 'All apps', 'Organizations']);
  await navigateInPortal(page, '/review/audit');
  await page.getByText('This sandbox account reviews made-up apps and organizations only.').waitFor();
  expect(await page.getByText(BANNER).isVisible()).toBe(false);
});

it('a visitor decides about an app, and starts over', async () => {
  await page.getByRole('link', { name: 'Meadow Meds' }).click();
  await page.getByRole('heading', { level: 1, name: 'Meadow Meds' }).waitFor();
  await page.getByRole('button', { name: 'Ask a question…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox').fill('Which pharmacies do you work with?');
  await dialog.getByRole('button', { name: /question/i }).click();
  await dialog.waitFor({ state: 'hidden' });
  await page.getByText('Which pharmacies do you work with?').first().waitFor();
  await page.getByRole('button', { name: 'Start over' }).click();
  await page.getByText('You have new made-up apps.').waitFor();
  await page.getByRole('heading', { level: 1, name: 'Review queue' }).waitFor();
  await page.getByRole('link', { name: 'Meadow Meds' }).click();
  await page.getByRole('heading', { level: 1, name: 'Meadow Meds' }).waitFor();
  expect(await page.getByText('Which pharmacies do you work with?').count()).toBe(0);
});
