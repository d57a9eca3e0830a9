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
import { DEEP } from '../../support/runs/slice.ts';
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
/** The switch of a group. Its name ends with the number of entries. */
const groupSwitch = (page: Page, name: string) => page.getByRole('switch', { name: new RegExp(`^${name}(: \\d|$)`) });
/** Opens all sections of the page that are closed. */
async function openSections(page: Page): Promise<void> {
  const closed = page.locator('main details:not([open]) > summary');
  while ((await closed.count()) > 0) await closed.first().click();
}

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

/** All of these in deep runs, otherwise those in one language. The groups of tests below have different languages. */
const inDeepRunsOr = (usual: 'en' | 'es') => each.filter(({ language }) => DEEP || language === usual);

describe.each(inDeepRunsOr('en'))('without JavaScript, at $width pixels, in $language', ({ width, language }) => {
  const { consent, dataCategories } = getMessages(language);

  it('a patient reads about the app, opens its answers, chooses, and finds the choice the next time', async () => {
    const page = await openConsent({ width, locale: language, javaScriptEnabled: false });
    await page.getByRole('heading', { level: 1, name: consent.heading(APP, undefined) }).waitFor();
    expect(await hasOverflow(page)).toBe(false);
    const answers = page.locator('.about-app details');
    expect(await answers.getByRole('definition').first().isVisible()).toBe(false);
    expect(await line(page, dataCategories.types.Encounter.label).isVisible()).toBe(false);
    await openSections(page);
    expect(await answers.getByRole('definition').allTextContents()).toContain(consent.dataUse.notAnswered);
    const sensitive = page.getByRole('group', { name: consent.sensitive.legend }).getByRole('switch');
    expect(await sensitive.isChecked()).toBe(false);
    await line(page, dataCategories.types.Encounter.label).uncheck();
    await page.getByLabel(consent.duration.choices.P30D).check();
    await page.getByLabel(consent.offline.label).uncheck();
    const url = await sentTo(page, () =>
      page.getByRole('button', { name: consent.decision.allow, exact: true }).click(),
    );
    expect(url.searchParams.has('code')).toBe(true);
    await page.goto(authorizeUrl());
    await openSections(page);
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

describe.each(inDeepRunsOr('es'))(
  'the groups without JavaScript, at $width pixels, in $language',
  ({ width, language }) => {
    const { consent, dataCategories } = getMessages(language);
    const { groups, types } = dataCategories;
    const shown = (page: Page) => page.locator('.recap li:visible').allTextContents();

    it('a patient shares lab results and medications only, in one click for each other group, and Allow', async () => {
      const page = await openConsent({ width, locale: language, javaScriptEnabled: false }, SANDBOX_GUARDIAN);
      await page.getByRole('radio').first().check();
      await page.getByRole('button', { name: consent.recordChoice.go }).click();
      await page.getByRole('heading', { level: 1 }).waitFor();
      const off = [groups.problems, groups.allergies, groups.visits, groups.life, groups.money];
      expect(await shown(page)).toEqual([consent.decision.sensitive]);
      for (const name of off) await groupSwitch(page, name).click();
      expect(await shown(page)).toEqual([...off, consent.decision.sensitive]);
      const url = await sentTo(page, () =>
        page.getByRole('button', { name: consent.decision.allow, exact: true }).click(),
      );
      const [family] = (url.searchParams.get('code') ?? '').split('.');
      const [receipt] = await portal.server.db.queryText<{ content: string }>(
        'select content from receipt where family_id = $1',
        [family],
      );
      const [, allowed = '', left = ''] = (receipt?.content ?? '').split(/^.*:\n(?=- )/m);
      expect(allowed).toContain(`- ${types.MedicationRequest.label}\n`);
      expect(allowed).toContain(`- ${groups.results}: ${dataCategories.parts.Observation.laboratory.label}\n`);
      for (const { label } of [types.Encounter, types.Immunization, types.Coverage, types.Procedure])
        expect({ isAllowed: allowed.includes(`- ${label}\n`), isLeft: left.includes(`- ${label}\n`) }).toEqual({
          isAllowed: false,
          isLeft: true,
        });
    });

    it('the recap and the notes follow each choice', async () => {
      const page = await openConsent({ width, locale: language, javaScriptEnabled: false });
      await openSections(page);
      for (const name of [groups.problems, groups.medicines]) await groupSwitch(page, name).check();
      await page.getByRole('group', { name: consent.sensitive.legend }).getByRole('switch').check();
      for (const box of await page.locator('.items input').all()) await box.check();
      for (const item of await page.locator('.data-group > .switch').all()) await item.check();
      expect(await page.locator('.recap .everything').isVisible()).toBe(true);
      expect(await page.locator('.still:visible').count()).toBe(0);
      await line(page, dataCategories.parts.Observation.sdoh.label).uncheck();
      expect(await shown(page)).toEqual([consent.decision.partly(groups.life)]);
      expect(await page.locator('.still:visible').allTextContents()).toEqual([consent.items.stillShared]);
      await groupSwitch(page, groups.life).uncheck();
      expect(await shown(page)).toEqual([groups.life]);
      expect(await page.locator('.data-group > .still:visible').allTextContents()).toEqual([
        consent.items.stillSharedIn(groups.results),
      ]);
      await groupSwitch(page, groups.results).uncheck();
      expect(await page.locator('.data-group > .still:visible').count()).toBe(0);
    });

    it('how long access lasts is shown while its choices are closed', async () => {
      const page = await openConsent({ width, locale: language, javaScriptEnabled: false });
      const summary = page.locator('.duration summary');
      const displayed = () => summary.locator('span:visible').allTextContents();
      await summary.click();
      await page.getByLabel(consent.duration.choices.P90D).check();
      await page.getByLabel(consent.offline.label).check();
      expect(await displayed()).toEqual([consent.duration.choices.P90D, consent.duration.away]);
      await page.getByLabel(consent.offline.label).uncheck();
      expect(await displayed()).toEqual([consent.term.lengths.hour]);
      expect(await page.getByLabel(consent.duration.choices.P90D).isVisible()).toBe(false);
    });
  },
);

describe.each(['en', 'es'] as const)('on a phone, in %s', (language) => {
  const phone = { width: WIDTHS[0], locale: language };

  it('the page for an app that asks for everything fits two screens, and Allow is at most 12 tab stops away', async () => {
    const page = await openConsent(phone);
    await page.getByRole('heading', { level: 1 }).waitFor();
    expect(await page.evaluate<number>('document.documentElement.scrollHeight')).toBeLessThanOrEqual(1700);
    let stops = 0;
    const isAllow = "document.activeElement.matches('[name=decision][value=allow]')";
    while (stops < 50 && !(await page.evaluate<boolean>(isAllow))) {
      await page.keyboard.press('Tab');
      stops += 1;
    }
    expect(stops).toBeLessThanOrEqual(12);
  });

  // Spanish text is longer, so it leaves less room.
  it.runIf(DEEP || language === 'es')(
    'WCAG 2.2, 2.4.11: the bar with Allow and Deny is always in view, and never covers the control with the focus',
    async () => {
      const page = await openConsent(phone);
      await openSections(page);
      await page.evaluate('scrollTo(0, 0)');
      const covered: string[] = [];
      const count = await page.locator(':is(a, button, summary, input:not([type=hidden])):visible').count();
      for (let stop = 0; stop < count; stop += 1) {
        await page.keyboard.press('Tab');
        const problem = await page.evaluate<string | null>(`(() => {
        const bar = document.querySelector('.decision');
        const { top, bottom } = bar.getBoundingClientRect();
        if (bottom !== innerHeight || bottom - top > innerHeight / 3) return 'the bar';
        const focused = document.activeElement;
        const place = focused.getBoundingClientRect();
        const isClear = bar.contains(focused) || focused === document.body || (place.bottom <= top && place.top >= 0);
        return isClear ? null : focused.outerHTML.slice(0, 80);
      })()`);
        if (problem !== null) covered.push(problem);
      }
      expect(count).toBeGreaterThan(40);
      expect(covered).toEqual([]);
    },
  );

  it('the last link of the page leads back to Allow', async () => {
    const page = await openConsent(phone);
    await page.getByRole('link', { name: getMessages(language).consent.decision.goTo }).click();
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.value')).toBe('allow');
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
    await openSections(page);
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
  await openSections(page);
  for (const name of [/^Read its privacy policy/, 'Your account → Connected apps']) {
    const [other] = await Promise.all([page.context().waitForEvent('page'), page.getByRole('link', { name }).click()]);
    expect(await other.evaluate('window.opener')).toBeNull();
    await other.close();
  }
  expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe(`Share your health record with ${APP}?`);
});
