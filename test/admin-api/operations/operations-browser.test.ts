import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { addApp } from '../../support/apps/apps.ts';
import { accessibilityViolations } from '../../support/browser/browser.ts';
import {
  expectNoProblemsAnywhere,
  navigateInPortal,
  openPortal,
  type WindowOptions,
  waitForTitle,
} from '../../support/browser/portal-browser.ts';
import { makeOnlyAdministrator, signInReviewer } from '../../support/people/developer-portal.ts';
import { requestToken } from '../../support/people/patient.ts';

/** Adds a rejected request to the audit log. */
let clientId: string;
const portal = openPortal(async (server) => {
  const { client_id, client_secret } = await addApp(server, { name: 'Found By Name' });
  clientId = client_id;
  await requestToken(server.app, { grant_type: 'authorization_code', code: 'x', client_id, client_secret });
}, {});
async function signedIn(reader: WindowOptions, title: string): Promise<Page> {
  const { session, accountId } = await signInReviewer(portal.server);
  await makeOnlyAdministrator(portal.server, accountId);
  const page = await portal.newPage({ ...reader, session });
  await portal.open(page, '/review/audit', title);
  return page;
}

const PAGES = [
  ['/review/audit', 'Audit log', 'Registro de auditoría'],
  ['/review/approvals', 'Approvals', 'Aprobaciones'],
  ['/review/keys', 'Signing keys', 'Claves de firma'],
  ['/review/settings', 'Settings', 'Configuración'],
] as const;

describe('in English', () => {
  let page: Page;
  beforeAll(async () => {
    page = await signedIn({}, 'Audit log');
  });

  it.each(PAGES)('%s has no accessibility violations, at both widths, light and dark', async (path, english) => {
    await navigateInPortal(page, path);
    await waitForTitle(page, english);
    await expectNoProblemsAnywhere(page, path);
  });

  it('a key rotation explains its effect, asks for confirmation, and reports the result, by keyboard', async () => {
    await navigateInPortal(page, '/review/keys');
    await page.getByRole('button', { name: 'Rotate keys' }).press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog.getByText('start signing in 10 minutes').waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Rotate keys' }).press('Enter');
    await page.getByText('2 new keys created.').waitFor();
    await page.getByText('Next', { exact: true }).first().waitFor();
  });

  it('the audit log is filtered by an app and a person, found by name', async () => {
    await navigateInPortal(page, '/review/audit');
    const app = page.getByRole('combobox', { name: 'App', exact: true });
    await app.fill('By name');
    await page.getByRole('option', { name: 'Found By Name' }).waitFor();
    await app.press('Enter');
    expect(await app.inputValue()).toBe('Found By Name');
    const person = page.getByRole('combobox', { name: 'Person', exact: true });
    await person.fill('Ada');
    await page.getByRole('option', { name: 'Ada' }).first().click();
    await page.getByRole('button', { name: 'Search', exact: true }).click();
    await page.getByText('No events', { exact: true }).waitFor();
    const filters = new URL(page.url()).searchParams;
    expect(filters.get('app')).toBe(clientId);
    expect(filters.get('account')).toMatch(/^[\da-f-]{36}$/);
    await page.reload();
    await expect.poll(() => app.inputValue()).toBe('Found By Name');
  });

  it('a period whose events were dropped from the database leads to the archive', async () => {
    await portal.server.db.queryText("insert into audit_dropped_month values ('2019-05-01', now())", []);
    const request = `${'0123456789'.repeat(9)}abc`;
    await navigateInPortal(page, `/review/audit?from=2019-04-20&to=2019-05-12&request=${request}`);
    await page.getByText('Events from May 1, 2019 to May 12, 2019 are no longer in the database.').waitFor();
    await page.getByText(`audit search --from 2019-05-01 --to 2019-05-12 --request ${request}`).waitFor();
    await page.getByText('No events', { exact: true }).waitFor();
    await expectNoProblemsAnywhere(page, 'notice of the archive');
  });

  it('the status page says whether the jobs are healthy, or links to the queue that needs attention', async () => {
    await navigateInPortal(page, '/review/status');
    await page.getByText('Background jobs are healthy.').waitFor();
    await portal.server.db.queryText(
      `insert into pgboss.job (name, data, state, completed_on, output)
       values ('publish-brands', '{"id":"brands"}', 'failed', now(), '{"error":"timeout"}')`,
      [],
    );
    await portal.open(page, '/review/status', 'Status');
    await page.getByRole('link', { name: 'List of practices for apps: 1 job failed in the last hour' }).press('Enter');
    await page.locator('#queue-publish-brands:target').getByText('1 in 1 hour').waitFor();
    await expectNoProblemsAnywhere(page, 'jobs that need attention');
  });

  it('audit log filters are in the URL, and an event opens', async () => {
    await page.setViewportSize({ width: 390, height: 900 });
    // A search of the audit log is an event itself.
    await portal.open(page, '/review/audit', 'Audit log');
    await portal.open(page, '/review/audit?kind=audit-query');
    await page
      .getByRole('button', { name: /searched the audit log of the installation/ })
      .first()
      .press('Enter');
    await page.getByText('"kind": "audit-query"').first().waitFor();
    await page.getByLabel('Request ID').fill('nothing-has-this');
    await page.getByRole('button', { name: 'Search', exact: true }).click();
    await page.getByText('No events', { exact: true }).waitFor();
    expect(new URL(page.url()).searchParams.get('request')).toBe('nothing-has-this');
  });
});

it('each operations page is in Spanish for a Spanish reader', async () => {
  const page = await signedIn({ locale: 'es-US' }, 'Registro de auditoría');
  expect(await page.evaluate('document.documentElement.lang')).toBe('es');
  for (const [path, _english, spanish] of PAGES) {
    await navigateInPortal(page, path);
    await waitForTitle(page, spanish);
  }
});
