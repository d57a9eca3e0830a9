import type { Page } from 'playwright-core';
import { expect, it, vi } from 'vitest';
import { accessibilityViolations, hasOverflow, waitUntilSettled } from '../../support/browser/browser.ts';
import { openPortal } from '../../support/browser/portal-browser.ts';
import { signInDeveloper } from '../../support/people/developer-portal.ts';

// Each new window has to parse a megabyte of script.
vi.setConfig({ testTimeout: 120_000 });

const portal = openPortal();

const INDEX = '/nge/prod/fhir-api/index.html';
/** Swagger UI displays the document that the URL names. */
const R4 = '?urls.primaryName=R4';

async function visit(query = '', session?: string) {
  const { origin } = portal.server;
  const page = await portal.newPage({ session, timeout: 20_000 });
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('request', (request) => {
    if (!request.url().startsWith(origin)) complaints.push(`asks ${request.url()}`);
  });
  await page.goto(`${origin}${INDEX}${query}`);
  return { page, complaints };
}

const title = (page: Page, text: string) => page.getByRole('heading', { name: text }).waitFor();

async function authorize(page: Page): Promise<void> {
  await page.locator('.scheme-container .btn.authorize').click();
  const dialog = page.locator('.modal-ux');
  const opened = page.waitForEvent('popup');
  await dialog.locator('.btn.authorize').first().click();
  const popup = await opened;
  await popup.getByLabel('Username').fill('patientapitest');
  await popup.getByLabel('Password', { exact: true }).fill('Password1!');
  await popup.getByRole('button', { name: 'Sign in', exact: true }).click();
  const closed = popup.waitForEvent('close');
  await popup.getByRole('button', { name: 'Allow' }).click();
  await closed;
  await dialog.getByText('Logout').waitFor();
  await dialog.locator('.btn-done').first().click();
}

/** Runs a search for Patient without parameters. */
async function tryPatients(page: Page): Promise<void> {
  const block = page.locator('[id$="-searchPatient"]');
  await page.locator('#operations-tag-Patient').click();
  await block.locator('.opblock-summary-control').click();
  await block.getByRole('button', { name: 'Try it out' }).click();
  await block.getByRole('button', { name: 'Execute' }).click();
  await block.locator('.live-responses-table .response-col_status', { hasText: '200' }).waitFor();
  expect(await block.locator('.live-responses-table').textContent()).toContain('Larkspur');
}

const violations = async (page: Page): Promise<readonly string[]> => {
  // The color of a button changes slowly, so this waits until it is final.
  await waitUntilSettled(page);
  return accessibilityViolations(page);
};

it('displays DSTU2 first, without violations in light and dark colors; reads it without sending the examples; and keeps the selection in the URL', async () => {
  const { page, complaints } = await visit();
  await title(page, 'FHIR DSTU2');
  expect(await violations(page)).toEqual([]);
  await page.emulateMedia({ colorScheme: 'dark' });
  expect(await violations(page), 'dark').toEqual([]);
  await authorize(page);
  await tryPatients(page);
  expect(await violations(page), 'with a response').toEqual([]);
  await page.setViewportSize({ width: 390, height: 900 });
  expect(await hasOverflow(page)).toBe(false);
  const requestUrl = await page.locator('.request-url pre').textContent();
  expect(requestUrl?.trim()).toBe(`${portal.server.origin}/nge/prod/fhir-api/fhir/dstu2/Patient`);
  await page.locator('#select').selectOption({ label: 'R4' });
  await title(page, 'FHIR R4');
  expect(new URL(page.url()).search).toBe(R4);
  expect(complaints).toEqual([]);
});

it('displays R4 if the URL says so, authorizes with PKCE as a test patient, reads with the token, and leaves the developer signed in', async () => {
  const { session } = await signInDeveloper(portal.server);
  const { page, complaints } = await visit(R4, session);
  await title(page, 'FHIR R4');
  await authorize(page);
  await tryPatients(page);
  const { person } = JSON.parse(await page.evaluate(async () => (await fetch('/api/session')).text()));
  expect(person.name).toBe('Dev Eloper');
  expect(await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }))).not.toContain('token');
  expect(complaints).toEqual([]);
});
