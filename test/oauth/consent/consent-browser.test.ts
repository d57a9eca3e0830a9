import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, describe, expect, it } from 'vitest';
import { getMessages } from '../../../src/i18n/index.ts';
import { addApp, type TestApp } from '../../support/apps/apps.ts';
import { accessibilityViolations, hasOverflow, WIDTHS } from '../../support/browser/browser.ts';
import { journeyWidths, pageProblems, showPage } from '../../support/browser/page-problems.ts';
import { openPortal, type WindowOptions } from '../../support/browser/portal-browser.ts';
import { OAUTH, PatientBrowser, SANDBOX_PATIENT } from '../../support/people/patient.ts';
import { SANDBOX_GUARDIAN, startSandboxSession } from '../../support/people/staff.ts';
import { type PageServer, servePages } from '../../support/servers/page-server.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'patient-access-consent-'));
const LABEL = {
  system: 'urn:x',
  code: 'ETH',
  label: { en: 'Treatment of substance use', es: 'Tratamiento por consumo de sustancias' },
  basis: { en: '42 CFR Part 2', es: '42 CFR Parte 2' },
};
const labels = path.join(folder, 'labels.json');
writeFileSync(labels, JSON.stringify([LABEL]));

const APP = 'Walks & Pills';
let app: TestApp;
let site: PageServer;
const portal = openPortal(
  async (server) => {
    site = await servePages(new Map([['/callback', 'the app']]));
    app = await addApp(server, {
      name: APP,
      redirectUris: [`${site.origin}/callback`],
      developer: 'Acme Health',
      metadata: { policy_uri: 'https://acme.example/privacy' },
      dataUse: { sold: 'no', shared: 'no' },
    });
  },
  { SENSITIVE_LABELS: labels },
);
afterAll(async () => {
  await site?.close();
  rmSync(folder, { recursive: true });
});

const line = (page: Page, name: string) => page.getByRole('checkbox', { name, exact: true });

const query = (scope = 'offline_access launch/patient patient/*.rs') => {
  const { client_id, redirect_uri } = app;
  return { response_type: 'code', client_id, redirect_uri, scope };
};
const authorizeUrl = () => `${portal.server.origin}${OAUTH}/authorize?${new URLSearchParams(query())}`;

/** Opens the consent page for a signed-in person. */
async function openConsent(reader: WindowOptions, person = SANDBOX_PATIENT): Promise<Page> {
  const page = await portal.newPage({ ...reader, session: await startSandboxSession(portal.server, person) });
  await page.goto(authorizeUrl());
  return page;
}

async function sentTo(page: Page, act: () => Promise<unknown>): Promise<URL> {
  await Promise.all([page.waitForURL(`${app.redirect_uri}*`), act()]);
  return new URL(page.url());
}

/** A phone in English and a desktop in Spanish. Deep runs add the other two combinations. */
const each = (['en', 'es'] as const).flatMap((language) =>
  journeyWidths(language === 'en' ? WIDTHS[0] : WIDTHS[1]).map((width) => ({ width, language })),
);

describe.each(each)('without JavaScript, at $width pixels, in $language', ({ width, language }) => {
  const { consent, dataCategories } = getMessages(language);

  it('a patient reads about the app, opens its answers, chooses, and finds the choice the next time', async () => {
    const page = await openConsent({ width, locale: language, javaScriptEnabled: false });
    await page.getByRole('heading', { level: 1, name: consent.heading(APP, undefined) }).waitFor();
    expect(await hasOverflow(page)).toBe(false);
    const answers = page.locator('.about-app details');
    expect(await answers.getByRole('definition').first().isVisible()).toBe(false);
    await answers.locator('summary').click();
    expect(await answers.getByRole('definition').allTextContents()).toContain(consent.dataUse.notAnswered);
    const sensitive = page.getByRole('group', { name: consent.sensitive.legend }).getByRole('checkbox');
    expect(await sensitive.isChecked()).toBe(false);
    await line(page, dataCategories.types.Encounter.label).uncheck();
    await page.getByLabel(consent.duration.choices.P30D).check();
    await page.getByLabel(consent.offline.label).uncheck();
    const url = await sentTo(page, () =>
      page.getByRole('button', { name: consent.decision.allow, exact: true }).click(),
    );
    expect(url.searchParams.has('code')).toBe(true);
    await page.goto(authorizeUrl());
    expect(await line(page, dataCategories.types.Encounter.label).isChecked()).toBe(false);
    expect(await line(page, dataCategories.types.Immunization.label).isChecked()).toBe(true);
    expect(await page.getByLabel(consent.duration.choices.P30D).isChecked()).toBe(true);
    expect(await page.getByLabel(consent.offline.label).isChecked()).toBe(false);
    expect(await page.getByLabel(consent.earlierGrant.label).isChecked()).toBe(false);
  });

  it('a mother chooses between her own record and her children’s, and denies by keyboard', async () => {
    const page = await openConsent({ width, locale: language, javaScriptEnabled: false }, SANDBOX_GUARDIAN);
    await page.getByRole('heading', { name: consent.recordChoice.heading(APP) }).waitFor();
    const choices = page.getByRole('radio');
    const described = await choices.evaluateAll((radios) =>
      radios.map((radio) => `${radio.getAttribute('aria-describedby')}`),
    );
    const own = await page.locator(`#${described[0]}`).textContent();
    expect(own).toContain(consent.recordChoice.self);
    await page.getByRole('radio', { name: /Milo/ }).focus();
    await page.keyboard.press('Space');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: consent.heading(APP, 'Milo Rowan Meadowlark') }).waitFor();
    await page.getByRole('button', { name: consent.decision.deny, exact: true }).focus();
    const url = await sentTo(page, () => page.keyboard.press('Enter'));
    expect(url.searchParams.get('error')).toBe('access_denied');
  });
});

/** Opens a consent page with all its parts, for an app that already has access and requests more. */
async function openExtendedConsent(reader: WindowOptions): Promise<Page> {
  const session = await startSandboxSession(portal.server, SANDBOX_PATIENT);
  const browser = new PatientBrowser(portal.server.app);
  browser.setCookie('session', session);
  for (const scope of [undefined, 'patient/Immunization.rs'])
    await browser.submitConsent(await browser.authorize(query(scope)));
  const page = await portal.newPage({ ...reader, session });
  await page.goto(authorizeUrl());
  return page;
}

describe.each(each)('accessibility, at $width pixels, in $language', ({ width, language }) => {
  it('the complete consent page, the patient picker and its error have no violations, and do not overflow', async () => {
    const problems: string[] = [];
    const page = await openExtendedConsent({ width, locale: language });
    const checkPage = async (name: string) =>
      void problems.push(...(await pageProblems(page, `${name} in ${language}`)));
    await page.locator('summary').click();
    expect(await page.locator('.new').count()).toBeGreaterThan(3);
    await checkPage('consent again, with what is new and what there is already');
    const value = await startSandboxSession(portal.server, SANDBOX_GUARDIAN);
    await page.context().addCookies([{ name: 'session', value, url: portal.server.origin, sameSite: 'Lax' }]);
    await showPage(page, authorizeUrl());
    await checkPage('choice');
    await page.getByRole('button', { name: getMessages(language).consent.recordChoice.go }).click();
    await page.locator('#error-summary').getByRole('link').click();
    expect(await page.evaluate('document.activeElement.id')).toBe('record-0');
    await checkPage('choice with an error');
    expect(problems).toEqual([]);
  });
});

it('new items are readable in dark colors', async () => {
  const page = await openExtendedConsent({ width: WIDTHS[0], colorScheme: 'dark' });
  expect(await page.locator('.new').count()).toBeGreaterThan(3);
  expect(await accessibilityViolations(page)).toEqual([]);
});

it('the privacy policy and the account open in another window, which cannot reach the consent page', async () => {
  const page = await openConsent({});
  for (const name of [/^Read its privacy policy/, 'Your account → Connected apps']) {
    const [other] = await Promise.all([page.context().waitForEvent('page'), page.getByRole('link', { name }).click()]);
    expect(await other.evaluate('window.opener')).toBeNull();
    await other.close();
  }
  expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe(`Share your health record with ${APP}?`);
});
