import type { Page } from 'playwright-core';
import { afterAll, describe, expect, it } from 'vitest';
import { addApp, type TestApp } from '../../support/apps/apps.ts';
import { hasOverflow, WIDTHS } from '../../support/browser/browser.ts';
import { journeyWidths, pageProblems, showPage } from '../../support/browser/page-problems.ts';
import { openPortal, type WindowOptions } from '../../support/browser/portal-browser.ts';
import { connectApp, PatientBrowser, SANDBOX_PATIENT } from '../../support/people/patient.ts';
import { SANDBOX_GUARDIAN, SANDBOX_STAFF, startSandboxSession } from '../../support/people/staff.ts';
import { type PageServer, servePages } from '../../support/servers/page-server.ts';

let app: TestApp;
let staffApp: TestApp;
let site: PageServer;
const portal = openPortal(async (server) => {
  site = await servePages(new Map([['/callback', 'the app']]));
  const redirectUris = [`${site.origin}/callback`];
  app = await addApp(server, { redirectUris, state: 'provisional' });
  const scope = 'openid fhirUser launch/patient patient/*.rs user/*.rs';
  staffApp = await addApp(server, { kind: 'staff', redirectUris, scope });
});
afterAll(() => site?.close());

const authorizeUrl = ({ client_id, redirect_uri } = app, more: Record<string, string> = {}) =>
  `/nge/prod/patient-oauth/authorize?${new URLSearchParams({ response_type: 'code', client_id, redirect_uri, state: 's', ...more })}`;

async function open(path: string, reader: WindowOptions): Promise<Page> {
  const page = await portal.newPage(reader);
  await portal.open(page, path);
  return page;
}

async function signIn(page: Page, { username, password } = SANDBOX_PATIENT): Promise<void> {
  await page.getByLabel('Username').fill(username);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

const heading = (page: Page) => page.getByRole('heading', { level: 1 }).textContent();

async function sentTo(page: Page, act: () => Promise<unknown>): Promise<URL> {
  await Promise.all([page.waitForURL(`${app.redirect_uri}*`), act()]);
  return new URL(page.url());
}

describe.each(journeyWidths(WIDTHS[0]))('at %i pixels, without JavaScript', (width) => {
  const reader = { width, javaScriptEnabled: false };

  it('a patient signs in, unchecks private data, allows, and is sent to the app', async () => {
    const page = await open(authorizeUrl(), reader);
    await signIn(page);
    expect(await heading(page)).toBe('Share your health record with Test App?');
    await page.getByText('Visits and notes: ').click();
    await page.getByLabel('Notes and documents').uncheck();
    expect(await page.locator('.locked').textContent()).toContain('Personal details');
    expect(await hasOverflow(page)).toBe(false);
    const url = await sentTo(page, () => page.getByRole('button', { name: 'Allow' }).click());
    expect(url.searchParams.get('state')).toBe('s');
    expect(url.searchParams.has('code')).toBe(true);
  });

  it('a mother must choose a record to continue, and sees whose record she shares', async () => {
    const session = await startSandboxSession(portal.server, SANDBOX_GUARDIAN);
    const page = await open(authorizeUrl(), { ...reader, session });
    expect(await heading(page)).toBe('Whose record do you want to share with Test App?');
    await page.getByRole('radio', { name: /Milo/ }).focus();
    await page.keyboard.press('Space');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Share Milo Rowan Meadowlark’s health record with Test App?' }).waitFor();
    expect(await page.locator('.lead').textContent()).toContain('You act for Milo Rowan Meadowlark');
    const url = await sentTo(page, () => page.getByRole('button', { name: 'Allow' }).click());
    expect(url.searchParams.has('code')).toBe(true);
  });

  it('a person can sign out on the consent page', async () => {
    const page = await open(authorizeUrl(), reader);
    await signIn(page);
    await page.getByRole('button', { name: 'Sign out' }).click();
    expect(await heading(page)).toBe('You are signed out');
    await portal.open(page, authorizeUrl());
    expect(await heading(page)).toBe('Sign in');
  });

  it('everything can be done by keyboard', async () => {
    const page = await open(authorizeUrl(), reader);
    await page.getByLabel('Username').focus();
    await page.keyboard.type('patientapitest');
    await page.keyboard.press('Tab');
    await page.keyboard.type('Password1!');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Deny' }).focus();
    const url = await sentTo(page, () => page.keyboard.press('Enter'));
    expect(url.searchParams.get('error')).toBe('access_denied');
  });
});

describe('accessibility', () => {
  it('home, sign-in, its error, consent and the error page have no violations and do not overflow', async () => {
    const page = await open('/', { width: WIDTHS[0] });
    const problems = [...(await pageProblems(page, 'home'))];
    await showPage(page, portal.server.origin + authorizeUrl());
    problems.push(...(await pageProblems(page, 'sign-in')));
    await signIn(page, { ...SANDBOX_PATIENT, password: 'wrong' });
    await page.locator('#error-summary').waitFor();
    problems.push(...(await pageProblems(page, 'sign-in error')));
    await signIn(page);
    await page.getByRole('button', { name: 'Allow' }).waitFor();
    problems.push(...(await pageProblems(page, 'consent')));
    await showPage(page, `${portal.server.origin}/nge/prod/patient-oauth/authorize?client_id=nobody`);
    problems.push(...(await pageProblems(page, 'error page')));
    expect(problems).toEqual([]);
  });

  it('the patient picker, the staff patient search and the staff consent page have none either', async () => {
    const sessionFor = (person: typeof SANDBOX_PATIENT) => startSandboxSession(portal.server, person);
    const patient = await sessionFor(SANDBOX_PATIENT);
    const browser = new PatientBrowser(portal.server.app);
    browser.setCookie('session', patient);
    await connectApp(portal.server.app, app, {}, {}, SANDBOX_PATIENT, browser);
    const all = authorizeUrl(staffApp, { scope: 'openid user/*.rs' });
    const problems: string[] = [];
    const page = await portal.newPage({ width: WIDTHS[0] });
    for (const [name, path, value, title] of [
      ['records', authorizeUrl(), await sessionFor(SANDBOX_GUARDIAN), /^Whose record/],
      ['patients', authorizeUrl(staffApp), await sessionFor(SANDBOX_STAFF), /^Choose the patient/],
      ['consent again', authorizeUrl(), patient, /^Share your health record/],
      ['all patients', all, await sessionFor(SANDBOX_STAFF), /^Open Test App/],
    ] as const) {
      await page.context().addCookies([{ name: 'session', value, url: portal.server.origin }]);
      await showPage(page, portal.server.origin + path);
      expect(await heading(page)).toMatch(title);
      problems.push(...(await pageProblems(page, name)));
    }
    expect(problems).toEqual([]);
  });
});
