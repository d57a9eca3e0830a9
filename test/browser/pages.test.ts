import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addApp, type TestApp } from '../support/apps.ts';
import { accessibilityFaults, launchBrowser, overflows, startReachableServer, WIDTHS } from '../support/browser.ts';
import type { TestServer } from '../support/server.ts';

let server: TestServer & { origin: string };
let browser: Browser;
let app: TestApp;
beforeAll(async () => {
  server = await startReachableServer();
  browser = await launchBrowser();
  app = await addApp(server, { redirectUris: ['http://localhost:9/callback'], state: 'provisional' });
});
afterAll(async () => {
  await browser.close();
  await server.close();
});

const authorizeUrl = () =>
  `${server.origin}/nge/prod/patient-oauth/authorize?${new URLSearchParams({ response_type: 'code', client_id: app.client_id, redirect_uri: app.redirect_uri, state: 's' })}`;

async function open(width: number, javaScriptEnabled = false): Promise<{ context: BrowserContext; page: Page }> {
  const context = await browser.newContext({ viewport: { width, height: 800 }, javaScriptEnabled });
  return { context, page: await context.newPage() };
}

async function signIn(page: Page): Promise<void> {
  await page.goto(authorizeUrl());
  await page.getByLabel('Username').fill('patientapitest');
  await page.getByLabel('Password').fill('Password1!');
  await page.getByRole('button', { name: 'Sign in' }).click();
}

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
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Share your health record with Test App?');
    await page.getByLabel('Notes and documents').uncheck();
    expect(await page.getByLabel('Personal details').isDisabled()).toBe(true);
    expect(await overflows(page)).toBe(false);
    const url = await sentTo(page, () => page.getByRole('button', { name: 'Allow' }).click());
    expect([url.searchParams.get('state'), url.searchParams.has('code')]).toEqual(['s', true]);
    await context.close();
  });

  it('signs out of the consent page', async () => {
    const { context, page } = await open(width);
    await signIn(page);
    await page.getByRole('button', { name: 'Sign out' }).click();
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('You are signed out');
    await page.goto(authorizeUrl());
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Sign in');
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
});
