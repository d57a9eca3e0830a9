import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { wordsIn } from '../../src/words/index.ts';
import { addApp, type TestApp } from '../support/apps.ts';
import { accessibilityFaults, launchBrowser, overflows, WIDTHS } from '../support/browser.ts';
import { type PageServer, servePages } from '../support/page-server.ts';
import { freePort } from '../support/processes.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { SANDBOX_GUARDIAN } from '../support/staff.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'patient-access-consent-'));
const LABEL = {
  system: 'urn:x',
  code: 'ETH',
  label: { en: 'Treatment of substance use', es: 'Tratamiento por consumo de sustancias' },
  basis: { en: '42 CFR Part 2', es: '42 CFR Parte 2' },
};
let server: TestServer;
let origin: string;
let browser: Browser;
let app: TestApp;
let site: PageServer;
beforeAll(async () => {
  const file = path.join(folder, 'labels.json');
  writeFileSync(file, JSON.stringify([LABEL]));
  const port = await freePort();
  origin = `http://localhost:${port}`;
  server = await startServer({ PORT: String(port), PUBLIC_URL: origin, SENSITIVE_LABELS: file });
  await server.app.listen({ port, host: '127.0.0.1' });
  browser = await launchBrowser();
  site = await servePages(new Map([['/callback', 'the app']]));
  app = await addApp(server, {
    name: APP,
    redirectUris: [`${site.origin}/callback`],
    developer: 'Acme Health',
    metadata: { policy_uri: 'https://acme.example/privacy' },
    dataUse: { sold: 'no', shared: 'no' },
  });
});
afterAll(async () => {
  await site.close();
  await browser.close();
  await server.close();
  rmSync(folder, { recursive: true });
});

const PATIENT = { username: 'patientapitest', password: 'Password1!' };
const APP = 'Walks & Pills';
type Language = 'en' | 'es';

const line = (page: Page, name: string) => page.getByRole('checkbox', { name, exact: true });

const authorizeUrl = (more: Record<string, string>) => {
  const { client_id, redirect_uri } = app;
  const asked = { response_type: 'code', client_id, redirect_uri, scope: 'offline_access launch/patient patient/*.rs' };
  return `${origin}/nge/prod/patient-oauth/authorize?${new URLSearchParams({ ...asked, ...more })}`;
};

async function open(
  width: number,
  language: Language,
  javaScriptEnabled: boolean,
  colorScheme: 'light' | 'dark' = 'light',
) {
  const viewport = { width, height: 800 };
  const context = await browser.newContext({ viewport, locale: language, javaScriptEnabled, colorScheme });
  return { context, page: await context.newPage() };
}

/** By ids: what the sign-in page says is its own matter. */
async function signIn(page: Page, { username, password } = PATIENT): Promise<void> {
  await page.goto(authorizeUrl({}));
  await page.locator('#username').fill(username);
  await page.locator('#password').fill(password);
  await page.locator('#password').press('Enter');
}

async function sentTo(page: Page, act: () => Promise<unknown>): Promise<URL> {
  await Promise.all([page.waitForURL(`${app.redirect_uri}*`), act()]);
  return new URL(page.url());
}

const each = WIDTHS.flatMap((width) => (['en', 'es'] as const).map((language) => ({ width, language })));

describe.each(each)('without JavaScript, at $width pixels, in $language', ({ width, language }) => {
  const { consent, kinds } = wordsIn(language);

  it('a patient reads who asks, opens its answers, chooses, and finds the choice the next time', async () => {
    const { context, page } = await open(width, language, false);
    await signIn(page);
    await page.getByRole('heading', { level: 1, name: consent.heading(APP, undefined) }).waitFor();
    expect(await overflows(page)).toBe(false);
    const answers = page.locator('.about-app details');
    expect(await answers.getByRole('definition').first().isVisible()).toBe(false);
    await answers.locator('summary').click();
    expect(await answers.getByRole('definition').allTextContents()).toContain(consent.dataUse.notAnswered);
    const sensitive = page.getByRole('group', { name: consent.sensitive.legend }).getByRole('checkbox');
    expect(await sensitive.isChecked()).toBe(false);
    await line(page, kinds.types.Encounter.label).uncheck();
    await page.getByLabel(consent.duration.choices.P30D).check();
    await page.getByLabel(consent.offline.label).uncheck();
    const url = await sentTo(page, () =>
      page.getByRole('button', { name: consent.decision.allow, exact: true }).click(),
    );
    expect(url.searchParams.has('code')).toBe(true);
    await page.goto(authorizeUrl({}));
    expect(await line(page, kinds.types.Encounter.label).isChecked()).toBe(false);
    expect(await line(page, kinds.types.Immunization.label).isChecked()).toBe(true);
    expect(await page.getByLabel(consent.duration.choices.P30D).isChecked()).toBe(true);
    expect(await page.getByLabel(consent.offline.label).isChecked()).toBe(false);
    expect(await page.getByLabel(consent.earlier.label).isChecked()).toBe(false);
    await context.close();
  });

  it('a mother chooses between her own record and her children’s, and denies by keyboard', async () => {
    const { context, page } = await open(width, language, false);
    await signIn(page, SANDBOX_GUARDIAN);
    await page.getByRole('heading', { name: consent.choice.heading(APP) }).waitFor();
    const choices = page.getByRole('radio');
    const described = await choices.evaluateAll((radios) =>
      radios.map((radio) => `${radio.getAttribute('aria-describedby')}`),
    );
    const own = await page.locator(`#${described[0]}`).textContent();
    expect(own).toContain(consent.choice.self);
    await page.getByRole('radio', { name: /Milo/ }).focus();
    await page.keyboard.press('Space');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: consent.heading(APP, 'Milo Rowan Meadowlark') }).waitFor();
    await page.getByRole('button', { name: consent.decision.deny, exact: true }).focus();
    const url = await sentTo(page, () => page.keyboard.press('Enter'));
    expect(url.searchParams.get('error')).toBe('access_denied');
    await context.close();
  });
});

describe.each(each)('to an accessibility checker, at $width pixels, in $language', ({ width, language }) => {
  it('the page with all its parts, the choice of a record and its error have no faults, and do not overflow', async () => {
    const faults: Record<string, readonly string[]> = {};
    const look = async (name: string, page: Page) => {
      faults[name] = await accessibilityFaults(page);
      expect(await overflows(page), name).toBe(false);
    };
    const mine = await open(width, language, true);
    await signIn(mine.page);
    await sentTo(mine.page, () => allow(mine.page, language).click());
    await mine.page.goto(authorizeUrl({ scope: 'patient/Immunization.rs' }));
    await sentTo(mine.page, () => allow(mine.page, language).click());
    await mine.page.goto(authorizeUrl({}));
    await mine.page.locator('summary').click();
    expect(await mine.page.locator('.new').count()).toBeGreaterThan(3);
    await look('consent again, with what is new and what there is already', mine.page);
    await mine.context.close();
    const hers: { context: BrowserContext; page: Page } = await open(width, language, true);
    await signIn(hers.page, SANDBOX_GUARDIAN);
    await look('choice', hers.page);
    await hers.page.getByRole('button', { name: wordsIn(language).consent.choice.go }).click();
    await hers.page.getByRole('alert').getByRole('link').click();
    expect(await hers.page.evaluate('document.activeElement.id')).toBe('record-0');
    await look('choice with an error', hers.page);
    await hers.context.close();
    expect(Object.values(faults).flat()).toEqual([]);
  });
});

const allow = (page: Page, language: Language) =>
  page.getByRole('button', { name: wordsIn(language).consent.decision.allow, exact: true });

it('in the dark, what is new can be read', async () => {
  const { context, page } = await open(390, 'en', true, 'dark');
  await signIn(page);
  await sentTo(page, () => allow(page, 'en').click());
  await page.goto(authorizeUrl({ scope: 'patient/Immunization.rs' }));
  await sentTo(page, () => allow(page, 'en').click());
  await page.goto(authorizeUrl({}));
  expect(await accessibilityFaults(page)).toEqual([]);
  await context.close();
});

it('the privacy policy and the account open beside the page, which nothing can reach from there', async () => {
  const { context, page } = await open(1280, 'en', true);
  await signIn(page);
  for (const name of [/^Read its privacy policy/, 'Your account → Connected apps']) {
    const [other] = await Promise.all([context.waitForEvent('page'), page.getByRole('link', { name }).click()]);
    expect(await other.evaluate('window.opener')).toBeNull();
    await other.close();
  }
  expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe(`Share your health record with ${APP}?`);
  await context.close();
});
