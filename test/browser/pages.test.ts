import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addApp, type TestApp } from '../support/apps.ts';
import { accessibilityFaults, launchBrowser, overflows, startReachableServer, WIDTHS } from '../support/browser.ts';
import { connectOver } from '../support/over-http.ts';
import type { TestServer } from '../support/server.ts';
import { SANDBOX_GUARDIAN, SANDBOX_STAFF } from '../support/staff.ts';

let server: TestServer & { origin: string };
let browser: Browser;
let app: TestApp;
let staffApp: TestApp;
beforeAll(async () => {
  server = await startReachableServer();
  browser = await launchBrowser();
  app = await addApp(server, { redirectUris: ['http://localhost:9/callback'], state: 'provisional' });
  const scope = 'openid fhirUser launch/patient patient/*.rs user/*.rs';
  staffApp = await addApp(server, { kind: 'staff', redirectUris: ['http://localhost:9/callback'], scope });
});
afterAll(async () => {
  await browser.close();
  await server.close();
});

const authorizeUrl = ({ client_id, redirect_uri } = app, more: Record<string, string> = {}) =>
  `${server.origin}/nge/prod/patient-oauth/authorize?${new URLSearchParams({ response_type: 'code', client_id, redirect_uri, state: 's', ...more })}`;

async function open(width: number, javaScriptEnabled = false): Promise<{ context: BrowserContext; page: Page }> {
  const context = await browser.newContext({ viewport: { width, height: 800 }, javaScriptEnabled });
  return { context, page: await context.newPage() };
}

const PATIENT = { username: 'patientapitest', password: 'Password1!' };

async function signIn(page: Page, url = authorizeUrl(), { username, password } = PATIENT): Promise<void> {
  await page.goto(url);
  await page.getByLabel('Username').fill(username);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

const heading = (page: Page) => page.getByRole('heading', { level: 1 }).textContent();

/** The app's own server is not there: the address the browser was sent to is all that counts. */
const sentTo = async (page: Page, act: () => Promise<unknown>): Promise<URL> => {
  const request = page.waitForRequest((candidate) => candidate.url().startsWith(app.redirect_uri));
  await act().catch(() => {});
  return new URL((await request).url());
};

describe.each(WIDTHS)('at %i pixels, without JavaScript', (width) => {
  it('a patient signs in, unticks what stays private, allows, and is sent to the app', async () => {
    const { context, page } = await open(width);
    await signIn(page);
    expect(await heading(page)).toBe('Share your health record with Test App?');
    await page.getByLabel('Notes and documents').uncheck();
    expect(await page.getByLabel('Personal details').isDisabled()).toBe(true);
    expect(await overflows(page)).toBe(false);
    const url = await sentTo(page, () => page.getByRole('button', { name: 'Allow' }).click());
    expect([url.searchParams.get('state'), url.searchParams.has('code')]).toEqual(['s', true]);
    await context.close();
  });

  it('a mother goes on only when she has said whose record, and sees whose she shares', async () => {
    const { context, page } = await open(width);
    await signIn(page, authorizeUrl(), SANDBOX_GUARDIAN);
    expect(await heading(page)).toBe('Whose record do you want to share with Test App?');
    await page.getByRole('radio', { name: /Milo/ }).focus();
    await page.keyboard.press('Space');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Share Milo Rowan Meadowlark’s health record with Test App?' }).waitFor();
    expect(await page.getByText('The app asks for').textContent()).toContain('You act for Milo Rowan Meadowlark');
    const url = await sentTo(page, () => page.getByRole('button', { name: 'Allow' }).click());
    expect(url.searchParams.has('code')).toBe(true);
    await context.close();
  });

  it('signs out of the consent page', async () => {
    const { context, page } = await open(width);
    await signIn(page);
    await page.getByRole('button', { name: 'Sign out' }).click();
    expect(await heading(page)).toBe('You are signed out');
    await page.goto(authorizeUrl());
    expect(await heading(page)).toBe('Sign in');
    await context.close();
  });

  it('can do it all by keyboard', async () => {
    const { context, page } = await open(width);
    await page.goto(authorizeUrl());
    await page.getByLabel('Username').focus();
    await page.keyboard.type('patientapitest');
    await page.keyboard.press('Tab');
    await page.keyboard.type('Password1!');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Deny' }).focus();
    const url = await sentTo(page, () => page.keyboard.press('Enter'));
    expect(url.searchParams.get('error')).toBe('access_denied');
    await context.close();
  });
});

describe.each(WIDTHS)('at %i pixels, to an accessibility checker', (width) => {
  it('home, sign-in, its error, consent and the error page have no faults and do not overflow', async () => {
    const { context, page } = await open(width, true);
    const faults: Record<string, readonly string[]> = {};
    const look = async (name: string) => {
      faults[name] = await accessibilityFaults(page);
      expect(await overflows(page), name).toBe(false);
    };
    await page.goto(server.origin);
    await look('home');
    await page.goto(authorizeUrl());
    await look('sign-in');
    await page.getByLabel('Username').fill('patientapitest');
    await page.getByLabel('Password').fill('wrong');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('alert').waitFor();
    await look('sign-in error');
    await signIn(page);
    await look('consent');
    await page.goto(`${server.origin}/nge/prod/patient-oauth/authorize?client_id=nobody`);
    await look('error page');
    expect(faults).toEqual({ home: [], 'sign-in': [], 'sign-in error': [], consent: [], 'error page': [] });
    await context.close();
  });

  it('nor do whose record, which patient and what a staff app sees', async () => {
    const faults: Record<string, readonly string[]> = {};
    const look = async (name: string, url: string, person: typeof PATIENT, title: RegExp) => {
      const { context, page } = await open(width, true);
      await signIn(page, url, person);
      expect(await heading(page)).toMatch(title);
      expect(await overflows(page), name).toBe(false);
      faults[name] = await accessibilityFaults(page);
      await context.close();
    };
    await look('records', authorizeUrl(), SANDBOX_GUARDIAN, /^Whose record/);
    await look('patients', authorizeUrl(staffApp), SANDBOX_STAFF, /^Which patient/);
    const { client_id, client_secret, redirect_uri } = app;
    await connectOver(server.origin, { client_id, client_secret: client_secret ?? '', redirect_uri });
    await look('consent again', authorizeUrl(), PATIENT, /^Share your health record/);
    const all = authorizeUrl(staffApp, { scope: 'openid user/*.rs' });
    await look('all patients', all, SANDBOX_STAFF, /^Open Test App/);
    expect(faults).toEqual({ records: [], patients: [], 'consent again': [], 'all patients': [] });
  });
});
