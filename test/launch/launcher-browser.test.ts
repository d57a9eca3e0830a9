import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addApp } from '../support/apps.ts';
import { accessibilityFaults, launchBrowser, overflows, startReachableServer, WIDTHS } from '../support/browser.ts';
import type { TestServer } from '../support/server.ts';
import { SANDBOX_STAFF } from '../support/staff.ts';

/** The app's own server is not there: the address the browser is sent to is all that counts. */
const LAUNCH_URI = 'http://localhost:9/launch';

let server: TestServer & { origin: string };
let browser: Browser;
beforeAll(async () => {
  server = await startReachableServer();
  browser = await launchBrowser();
  const staff = { kind: 'staff', launchUri: LAUNCH_URI, scope: 'openid fhirUser launch patient/*.rs' } as const;
  await addApp(server, { ...staff, name: 'Chart Review' });
  await addApp(server, { ...staff, name: 'Growth Charts', state: 'provisional' });
});
afterAll(async () => {
  await browser.close();
  await server.close();
});

async function open(width: number, javaScriptEnabled: boolean): Promise<Page> {
  const context = await browser.newContext({ viewport: { width, height: 800 }, javaScriptEnabled });
  const page = await context.newPage();
  await page.goto(`${server.origin}/practice/launch`);
  return page;
}

async function signIn(page: Page, { username, password } = SANDBOX_STAFF): Promise<void> {
  await page.getByLabel('Username').fill(username);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

const heading = (page: Page) => page.getByRole('heading', { level: 1 }).textContent();

const sentTo = async (page: Page, act: () => Promise<unknown>): Promise<URL> => {
  const request = page.waitForRequest((candidate) => candidate.url().startsWith(LAUNCH_URI));
  await act().catch(() => {});
  return new URL((await request).url());
};

describe.each(WIDTHS)('at %i pixels, without JavaScript', (width) => {
  it('a doctor finds a patient, mends a mistake, and is sent to the app', async () => {
    const page = await open(width, false);
    await signIn(page);
    expect(await heading(page)).toBe('Open an app for a patient');
    const rows = (await page.evaluate(
      "[...document.querySelectorAll('.list li')].map((item) => item.clientHeight)",
    )) as number[];
    expect(new Set(rows).size, 'rows are of one height').toBe(1);
    await page.getByLabel('Find a patient').fill('larkspur');
    await page.getByRole('button', { name: 'Find' }).click();
    await page.getByRole('link', { name: 'Ana Marisol Larkspur' }).click();
    expect(await heading(page)).toBe('Open an app for Ana Marisol Larkspur');
    await page.getByLabel('Chart Review').check();
    expect(await page.getByLabel('Show the patient’s name in the app').isChecked()).toBe(true);
    await page.getByText(/Tell the app more/).click();
    await page.getByLabel('Task to begin with').fill('two words');
    await page.getByRole('button', { name: 'Open the app' }).click();
    await page.getByRole('link', { name: /The task must be/ }).click();
    expect(await page.getByLabel('Chart Review').isChecked()).toBe(true);
    await page.getByLabel('Task to begin with').fill('review');
    const url = await sentTo(page, () => page.getByRole('button', { name: 'Open the app' }).click());
    expect([...url.searchParams.keys()]).toEqual(['iss', 'launch']);
    await page.context().close();
  });

  it('can do it all by keyboard', async () => {
    const page = await open(width, false);
    await page.getByLabel('Username').focus();
    await page.keyboard.type(SANDBOX_STAFF.username);
    await page.keyboard.press('Tab');
    await page.keyboard.type(SANDBOX_STAFF.password);
    await page.keyboard.press('Enter');
    await page.getByLabel('Find a patient').focus();
    await page.keyboard.type('larkspur');
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: /Larkspur/ }).focus();
    await page.keyboard.press('Enter');
    await page.getByLabel('Growth Charts').focus();
    await page.keyboard.press('Space');
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement?.id')).toBe('encounter');
    await page.getByRole('button', { name: 'Open the app' }).focus();
    const url = await sentTo(page, () => page.keyboard.press('Enter'));
    expect(url.searchParams.get('launch')).toMatch(/^[\w-]{43}$/);
    await page.context().close();
  });
});

describe.each(WIDTHS)('at %i pixels, to an accessibility checker', (width) => {
  it('sign-in, patients, none found, apps, their error, and the page for patients have no faults and do not overflow', async () => {
    const page = await open(width, true);
    const faults: Record<string, readonly string[]> = {};
    const look = async (name: string) => {
      expect(await overflows(page), name).toBe(false);
      const found = await accessibilityFaults(page);
      if (found.length > 0) faults[name] = found;
    };
    await look('sign-in');
    await signIn(page);
    await look('patients');
    await page.goto(`${server.origin}/practice/launch?words=nobody+with+${'a-very-long-name'.repeat(8)}`);
    await look('none found');
    await page.goto(`${server.origin}/practice/launch?words=larkspur`);
    await page.getByRole('link', { name: /Larkspur/ }).click();
    await look('apps');
    await page.getByText(/Tell the app more/).click();
    await page.getByLabel('Chart Review').check();
    await page.getByLabel('Entry of the chart to begin with').fill('Condition/1');
    await page.getByRole('button', { name: 'Open the app' }).click();
    await page.getByRole('alert').waitFor();
    await look('apps error');
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.goto(`${server.origin}/practice/launch`);
    await signIn(page, { username: 'patientapitest', password: 'Password1!' });
    expect(await heading(page)).toBe('This page is for staff');
    await look('for staff');
    expect(faults).toEqual({});
    await page.context().close();
  });
});
