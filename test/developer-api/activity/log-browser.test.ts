import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { addApp, type TestApp } from '../../support/apps/apps.ts';
import { accessibilityViolations, waitUntilSettled } from '../../support/browser/browser.ts';
import {
  expectNoProblemsAnywhere,
  navigateInPortal,
  openPortal,
  type WindowOptions,
} from '../../support/browser/portal-browser.ts';
import { type Developer, signInDeveloper } from '../../support/people/developer-portal.ts';
import { connectApp, getFhir, R4, requestToken, type TokenAnswer } from '../../support/people/patient.ts';

let dev: Developer;
let app: TestApp & { readonly client_secret: string };
let empty: TestApp;
let token: TokenAnswer;
const portal = openPortal(async (server) => {
  dev = await signInDeveloper(server, { role: 'reader' });
  app = await addApp(server, { organisationId: dev.organisationId, name: 'Heart Diary' });
  empty = await addApp(server, { organisationId: dev.organisationId, name: 'Unused' });
  token = await connectApp(server.app, app, { scope: 'openid patient/Observation.rs patient/Patient.rs' });
  await getFhir(server.app, `${R4}/Observation?category=laboratory&_count=5`, token.access_token);
  await getFhir(server.app, `${R4}/Condition?code=8867-4`, token.access_token);
  await requestToken(server.app, { grant_type: 'authorization_code', code: 'x', ...app });
  await server.purgeExpired();
});

const opened = (path: string, reader: WindowOptions = {}): Promise<Page> =>
  portal.openInNewPage(`/developer/apps/${path}`, { ...reader, session: dev.session });
const shown = (page: Page, text: string | RegExp) => page.getByText(text).filter({ visible: true }).first().waitFor();

describe('the app log', () => {
  it('explains why a request was rejected and what to do, and offers the request to try again', async () => {
    const page = await opened(`${app.client_id}/log`);
    await expectNoProblemsAnywhere(page, 'the log');
    await shown(page, 'The scopes of this token do not allow searching Condition.');
    await shown(page, 'Request a scope that covers this resource type, and have the person allow it.');
    const link = page.getByRole('link', { name: 'More about scope-denied' }).filter({ visible: true });
    expect(await link.getAttribute('href')).toBe('/docs/errors#scope-denied');
    await page.getByRole('button', { name: 'Details: Search Condition' }).filter({ visible: true }).press('Enter');
    await shown(page, new RegExp(`curl -i '${portal.server.origin}${R4}/Condition\\?code=<code>'`));
    await shown(page, 'Request ID');
    expect(await accessibilityViolations(page)).toEqual([]);
    expect(await page.content()).not.toContain('8867-4');
  });

  it('keeps its filters in the URL, even two that are changed at the same moment', async () => {
    const page = await opened(`${app.client_id}/log?endpoint=par`);
    await expectNoProblemsAnywhere(page, 'filters that nothing fits');
    await page.evaluate(`
      const select = document.querySelector('select:has(option[value="token"])');
      select.value = 'token';
      select.dispatchEvent(new Event('change', { bubbles: true }));
      document.querySelector('input[type="radio"][value="refused"]').click();
    `);
    await page.waitForURL(/outcome=refused/);
    expect(Object.fromEntries(new URL(page.url()).searchParams)).toEqual({ endpoint: 'token', outcome: 'refused' });
    await shown(page, 'Unknown authorization code.');
    await page.getByRole('radio', { name: 'All', exact: true }).press('Space');
    await page.getByLabel('Endpoint').selectOption({ index: 0 });
    await shown(page, 'Search Observation');
    expect(new URL(page.url()).search).toBe('');
    await page.getByRole('radio', { name: 'Errors' }).press('Space');
    await page.getByLabel('Endpoint').selectOption('token');
    await page.getByText('Search Observation').filter({ visible: true }).first().waitFor({ state: 'hidden' });
    expect(new URL(page.url()).search).toBe('?outcome=refused&endpoint=token');
    await page.reload();
    await shown(page, 'Unknown authorization code.');
    expect(await page.getByRole('link', { name: 'Download CSV' }).getAttribute('href')).toContain(
      'log.csv?outcome=refused&endpoint=token',
    );
  });

  it('displays new entries live, announces them to screen readers, and pauses on request', async () => {
    const page = await portal.newPage({ width: 390, session: dev.session, isDisposable: true });
    await page.clock.install();
    await portal.open(page, `/developer/apps/${empty.client_id}/log`);
    await shown(page, 'No requests yet');
    await requestToken(portal.server.app, { grant_type: 'password', client_id: empty.client_id, ...secretOf(empty) });
    await portal.server.purgeExpired();
    await page.clock.runFor(5000);
    await shown(page, /unsupported_grant_type/);
    await page.getByRole('button', { name: 'Pause' }).click();
    await shown(page, /^Paused/);
    const requests: string[] = [];
    page.on('request', (request) => void requests.push(request.url()));
    await page.clock.runFor(30_000);
    await waitUntilSettled(page);
    expect(requests.filter((url) => url.includes('/log'))).toEqual([]);
    await requestToken(portal.server.app, { grant_type: 'implicit', client_id: empty.client_id, ...secretOf(empty) });
    await portal.server.purgeExpired();
    await page.getByRole('button', { name: 'Go live' }).click();
    await page.getByRole('status').filter({ hasText: '1 new request' }).waitFor({ state: 'attached' });
  });

  it('is in Spanish for a Spanish reader, with causes marked as English', async () => {
    const page = await opened(`${app.client_id}/log`, { locale: 'es-US' });
    await shown(page, 'Solicite un permiso (scope) que incluya este tipo de recurso, y que la persona lo permita.');
    const cause = page.getByText('The scopes of this token do not allow searching Condition.').first();
    expect(await cause.getAttribute('lang')).toBe('en');
  });
});

describe('app usage', () => {
  it('is stated in a sentence, drawn as a chart and repeated as a table; nothing in a chart takes keyboard focus', async () => {
    const page = await opened(`${app.client_id}/usage`);
    await shown(page, /In the last 30 days: 2 calls to FHIR, 2 errors in total, and at most 1 patient per day/);
    await page.getByRole('img', { name: 'Distinct patients by day' }).waitFor();
    const buttons = page.getByRole('button', { name: 'Show as a table' });
    await page
      .getByRole('img', { name: 'Calls and errors by day' })
      .locator('rect')
      .nth(2)
      .waitFor({ state: 'attached' });
    await buttons.first().focus();
    await page.keyboard.press('Tab');
    expect(await buttons.last().and(page.locator(':focus')).count()).toBe(1);
    await page.keyboard.press('Tab');
    expect(await page.evaluate("document.activeElement.closest('[role=img]') === null")).toBe(true);

    await page.getByRole('img', { name: 'Calls and errors by day' }).waitFor();
    await buttons.first().press('Enter');
    const table = page.getByRole('table', { name: 'Calls and errors by day' });
    await table.waitFor();
    expect(await table.getByRole('row').count()).toBe(31);
    expect(await accessibilityViolations(page)).toEqual([]);
    await shown(page, 'First data');

    await navigateInPortal(page, `/developer/apps/${app.client_id}/usage?days=7`);
    await shown(page, /In the last 7 days: 2 calls to FHIR/);
    await expectNoProblemsAnywhere(page, 'a week');
  });

  it('without requests, usage and log say what will appear there', async () => {
    const fresh = await addApp(portal.server, { organisationId: dev.organisationId, name: 'New' });
    const page = await portal.newPage({ session: dev.session });
    await portal.open(page, `/developer/apps/${fresh.client_id}/usage`);
    await shown(page, 'No usage yet');
    await expectNoProblemsAnywhere(page, 'no use');
    await page.getByRole('link', { name: 'Log', exact: true }).click();
    await shown(page, 'No requests yet');
    await expectNoProblemsAnywhere(page, 'no requests');
  });
});

const secretOf = (of: TestApp) => (of.client_secret === undefined ? {} : { client_secret: of.client_secret });
