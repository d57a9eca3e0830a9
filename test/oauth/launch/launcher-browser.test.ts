import type { Page } from 'playwright-core';
import { afterAll, describe, expect, it } from 'vitest';
import { addApp } from '../../support/apps/apps.ts';
import { WIDTHS } from '../../support/browser/browser.ts';
import { journeyWidths, pageProblems, showPage } from '../../support/browser/page-problems.ts';
import { openPortal, type WindowOptions } from '../../support/browser/portal-browser.ts';
import { SANDBOX_PATIENT } from '../../support/people/patient.ts';
import { SANDBOX_STAFF, startSandboxSession } from '../../support/people/staff.ts';
import { type PageServer, servePages } from '../../support/servers/page-server.ts';

let site: PageServer;
const portal = openPortal(async (server) => {
  site = await servePages(new Map([['/launch', 'the app']]));
  const staff = {
    kind: 'staff',
    launchUri: `${site.origin}/launch`,
    scope: 'openid fhirUser launch patient/*.rs',
  } as const;
  await addApp(server, { ...staff, name: 'Chart Review' });
  await addApp(server, { ...staff, name: 'Growth Charts', state: 'provisional' });
}, {});
afterAll(() => site?.close());

async function open(reader: WindowOptions): Promise<Page> {
  const page = await portal.newPage(reader);
  await portal.open(page, '/practice/launch');
  return page;
}

const heading = (page: Page) => page.getByRole('heading', { level: 1 }).textContent();

async function sentTo(page: Page, action: () => Promise<unknown>): Promise<URL> {
  await Promise.all([page.waitForURL(`${site.origin}/launch*`), action()]);
  return new URL(page.url());
}

describe.each(journeyWidths(WIDTHS[1]))('at %i pixels, without JavaScript', (width) => {
  const reader = { width, javaScriptEnabled: false };

  it('a doctor finds a patient, fixes a mistake, and is sent to the app', async () => {
    const page = await open({ ...reader, session: await startSandboxSession(portal.server, SANDBOX_STAFF) });
    expect(await heading(page)).toBe('Open an app for a patient');
    for (const each of WIDTHS) {
      await page.setViewportSize({ width: each, height: 900 });
      const rows = await page.evaluate<number[]>(
        "[...document.querySelectorAll('.list li')].map((item) => item.clientHeight)",
      );
      expect(new Set(rows).size, `rows are of one height at ${each}`).toBe(1);
    }
    await page.setViewportSize({ width, height: 900 });
    await page.getByLabel('Find a patient').fill('larkspur');
    await page.getByRole('button', { name: 'Find' }).click();
    await page.getByRole('link', { name: 'Ana Marisol Larkspur' }).click();
    expect(await heading(page)).toBe('Open an app for Ana Marisol Larkspur');
    await page.getByLabel('Chart Review').check();
    expect(await page.getByLabel('Show the patient’s name in the app').isChecked()).toBe(true);
    await page.getByText(/Advanced options/).click();
    await page.getByLabel('Task to start with').fill('two words');
    await page.getByRole('button', { name: 'Open the app' }).click();
    await page.getByRole('link', { name: /for the task/ }).click();
    expect(await page.getByLabel('Chart Review').isChecked()).toBe(true);
    await page.getByLabel('Task to start with').fill('review');
    const url = await sentTo(page, () => page.getByRole('button', { name: 'Open the app' }).click());
    expect([...url.searchParams.keys()]).toEqual(['iss', 'launch']);
  });

  it('everything can be done by keyboard', async () => {
    const page = await open(reader);
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
  });
});

describe('accessibility', () => {
  it('sign-in, patients, no matches, apps, their error, and the page for patients have no violations and do not overflow', async () => {
    const page = await open({ width: WIDTHS[1] });
    const problems = [...(await pageProblems(page, 'sign-in'))];
    const checkPage = async (name: string) => void problems.push(...(await pageProblems(page, name)));
    const enter = async (person: typeof SANDBOX_STAFF) => {
      const value = await startSandboxSession(portal.server, person);
      await page.context().addCookies([{ name: 'session', value, url: portal.server.origin }]);
      await showPage(page, `${portal.server.origin}/practice/launch`);
    };
    await enter(SANDBOX_STAFF);
    await checkPage('patients');
    const search = `${portal.server.origin}/practice/launch?words=`;
    await showPage(page, `${search}nobody+with+${'a-very-long-name'.repeat(8)}`);
    await checkPage('none found');
    await showPage(page, `${search}larkspur`);
    await page.getByRole('link', { name: /Larkspur/ }).click();
    await checkPage('apps');
    await page.getByText(/Advanced options/).click();
    await page.getByLabel('Chart Review').check();
    await page.getByLabel('Chart entry to start with').fill('Condition/1');
    await page.getByRole('button', { name: 'Open the app' }).click();
    await page.locator('#error-summary').waitFor();
    await checkPage('apps error');
    await page.getByRole('button', { name: /Sagebrook/ }).click();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await enter(SANDBOX_PATIENT);
    expect(await heading(page)).toBe('This page is for staff');
    await checkPage('for staff');
    expect(problems).toEqual([]);
  });
});
