import type { Page } from 'playwright-core';
import { beforeEach, describe, expect, it } from 'vitest';
import { addApp, type TestApp } from '../support/apps/apps.ts';
import { WIDTHS } from '../support/browser/browser.ts';
import { followNavigation, journeyWidths, pageProblems, showPage } from '../support/browser/page-problems.ts';
import { openPortal, type WindowOptions } from '../support/browser/portal-browser.ts';
import {
  connectApp,
  getFhir,
  PatientBrowser,
  R4,
  SANDBOX_PATIENT,
  type TokenAnswer,
} from '../support/people/patient.ts';
import { SANDBOX_GUARDIAN, startSandboxSession } from '../support/people/staff.ts';
import { DEEP } from '../support/runs/slice.ts';

let app: TestApp & { client_secret: string };
/** Path of the sandbox patient's own pages: `/account/…`. */
let own: string;
const portal = openPortal(async (server) => {
  app = await addApp(server, { name: 'Walk With Me', metadata: { policy_uri: 'https://app.example/privacy' } });
  const browser = new PatientBrowser(server.app);
  browser.setCookie('session', await startSandboxSession(server, SANDBOX_PATIENT));
  own = (await browser.get('/account')).location ?? '';
});

/**
 * Session cookie of the sandbox patient. Each test gets a new one, as from another browser. A shared account shows only
 * what was done in the same browser.
 */
let session: string;
beforeEach(async () => {
  session = await startSandboxSession(portal.server, SANDBOX_PATIENT);
});

/** Opens a page of the patient portal, by default as the sandbox patient. */
async function visit(path: string, reader: WindowOptions = {}): Promise<Page> {
  const page = await portal.newPage({ width: WIDTHS[0], session, ...reader });
  await portal.open(page, path);
  return page;
}

/** Connects the app to the sandbox patient's record. */
async function connected(): Promise<TokenAnswer> {
  const browser = new PatientBrowser(portal.server.app);
  browser.setCookie('session', session);
  return connectApp(portal.server.app, app, {}, {}, SANDBOX_PATIENT, browser);
}

const read = async (type: string, token: TokenAnswer): Promise<number> =>
  (await getFhir(portal.server.app, `${R4}/${type}`, token.access_token)).statusCode;

const heading = (page: Page) => page.getByRole('heading', { level: 1 }).textContent();

describe.each(journeyWidths(WIDTHS[0]))('at %i pixels, without JavaScript', (width) => {
  const reader = { width, javaScriptEnabled: false };

  it('a patient sees a connected app and what it read, disconnects it, and gets a confirmation', async () => {
    const token = await connected();
    expect(await read('Immunization', token)).toBe(200);
    const page = await visit('/account', reader);
    expect(await page.getByText('1 app can read this record.').count()).toBe(1);

    await page.getByRole('main').getByRole('link', { name: 'Who read what' }).click();
    await page.locator('.log-group summary').filter({ hasText: 'Walk With Me' }).first().click();
    expect(await page.getByRole('row').filter({ hasText: 'Walk With Me' }).first().textContent()).toContain(
      'Vaccinations',
    );

    await followNavigation(page, 'Connected apps');
    expect(await page.getByRole('heading', { name: 'Walk With Me' }).count()).toBe(1);
    await page.getByRole('link', { name: 'Disconnect Walk With Me' }).click();
    expect(await heading(page)).toBe('Disconnect Walk With Me?');
    await page.getByRole('button', { name: 'Yes, disconnect Walk With Me' }).click();
    expect(await heading(page)).toBe('Walk With Me is disconnected');
    expect(await page.getByRole('status').textContent()).toMatch(
      /^Access ended at \d+:\d\d:\d\d [AP]M\. It last read your record at \d+:\d\d:\d\d [AP]M\.$/,
    );
    expect(await read('Immunization', token)).toBe(401);
  });

  it('a patient searches the list of reads by app and data category, and an empty result is explained', async () => {
    const token = await connected();
    for (const type of ['Immunization', 'Condition']) await read(type, token);
    const page = await visit('/account', reader);
    await followNavigation(page, 'Who read what');
    // Wide windows always show the filters, and have nothing to open.
    const opener = page.getByText('Search this list');
    if (await opener.isVisible()) await opener.click();
    await page.getByLabel('Type of data').selectOption({ label: 'Vaccinations' });
    await page.getByRole('button', { name: 'Show entries' }).click();
    expect(await page.getByRole('row').filter({ hasText: 'Walk With Me' }).count()).toBe(1);
    expect(await page.getByLabel('Type of data').inputValue()).toBe('Immunization');
    await page.getByLabel('Type of data').selectOption({ label: 'Visits' });
    await page.getByRole('button', { name: 'Show entries' }).click();
    expect(await page.getByText('No entries match your search.').count()).toBe(1);
  });

  it('everything can be done by keyboard', async () => {
    await connected();
    const page = await visit('/account', reader);
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to main content');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    const reached: unknown[] = [];
    for (let link = 0; link < 3; link += 1) {
      reached.push(await page.evaluate('document.activeElement.textContent'));
      if (link < 2) await page.keyboard.press('Tab');
    }
    expect(reached).toEqual(['My record', 'Open the record', 'Connected apps']);
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'Disconnect Walk With Me' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Yes, disconnect Walk With Me' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Walk With Me is disconnected' }).waitFor();
  });
});

const SECTIONS = ['about', 'problems', 'medicines', 'allergies', 'vaccinations', 'visits'];
const MORE = ['measurements', 'results', 'other', 'documents', 'people'];
const PAGES = ['', '/apps', '/log', '/log?from=x', '/record', '/downloads', '/summary', '/receipts'];
/** Pages that record-browser.test.ts checks with a complete record. Only deep runs check them here too. */
const CHECKED_ELSEWHERE = ['/record', '/summary', '/record/medicines', '/record/results'];

/** Number of tables that are opened on a page. A page has dozens of similar ones, and only deep runs open them all. */
const OPENED = DEEP ? undefined : 2;

describe('accessibility', () => {
  it('no account page has a violation, is wider than the window, or violates the CSP', {
    timeout: 120_000,
  }, async () => {
    await read('Immunization', await connected());
    const page = await visit('/account');
    /** Script errors, and console messages about violations of the content security policy. */
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => /Content Security Policy/.test(message.text()) && complaints.push(message.text()));
    const base = page.url();
    await showPage(page, `${base}/apps`);
    const one = (await page.getByRole('link', { name: 'More about Walk With Me' }).getAttribute('href')) ?? '';
    await showPage(page, `${base}/receipts`);
    const receipt = (await page.locator('main .list a').first().getAttribute('href')) ?? '';
    const all = [...PAGES, ...[...SECTIONS, ...MORE].map((name) => `/record/${name}`)];
    const paths = DEEP ? all : all.filter((path) => !CHECKED_ELSEWHERE.includes(path));
    const pages = new Map([
      ...paths.map((path) => [`account${path}`, `${base}${path}`] as const),
      ['an app', `${portal.server.origin}${one}`],
      ['a receipt', `${portal.server.origin}${receipt}`],
      ['disconnect an app', `${portal.server.origin}${one}/disconnect`],
    ]);
    const problems: string[] = [];
    for (const [name, url] of pages) {
      await showPage(page, url);
      await page.evaluate(`[...document.querySelectorAll('details')]
        .slice(0, ${OPENED}).forEach((details) => { details.open = true; })`);
      problems.push(...(await pageProblems(page, name)));
    }
    await page.getByRole('button', { name: 'Yes, disconnect Walk With Me' }).click();
    problems.push(...(await pageProblems(page, 'an app is disconnected')));
    await showPage(page, `${base}/apps`);
    problems.push(...(await pageProblems(page, 'apps, one of them disconnected')));
    expect(problems).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it('Disconnect is in view on a phone without scrolling, in the list of apps and on the page of an app', async () => {
    await connected();
    const page = await visit(`${own}/apps`);
    await page.setViewportSize({ width: WIDTHS[0], height: 844 });
    const disconnect = page.getByRole('link', { name: 'Disconnect Walk With Me' });
    const bottom = async () => {
      const { y, height } = (await disconnect.boundingBox()) ?? { y: Number.NaN, height: 0 };
      return y + height;
    };
    expect(await bottom()).toBeLessThan(844);
    await page.getByRole('link', { name: 'More about Walk With Me' }).click();
    await page.waitForURL(/\/apps\/[0-9a-f-]{36}$/);
    expect(await bottom()).toBeLessThan(844);
  });

  it('the summary and a consent receipt have a button that prints them, with brand and date and without navigation', async () => {
    await connected();
    const page = await visit(`${own}/summary`);
    await page.evaluate('window.print = () => { window.printed = true }');
    await page.getByRole('button', { name: 'Print' }).click();
    expect(await page.evaluate('window.printed')).toBe(true);
    const isPrinted = async (selector: string): Promise<boolean> => page.locator(selector).first().isVisible();
    const onPaper = async () => {
      await page.emulateMedia({ media: 'print' });
      const parts = ['.brand', 'h1', '.site-header .tool', '.site-nav', 'button[data-print]', '.back', 'footer'];
      const printed: string[] = [];
      for (const part of parts) if (await isPrinted(part)) printed.push(part);
      const text = (await page.locator('main').textContent()) ?? '';
      await page.emulateMedia({ media: null });
      return { printed, hasDate: /\b20\d\d\b/.test(text) };
    };
    expect(await onPaper()).toEqual({ printed: ['.brand', 'h1'], hasDate: true });
    await portal.open(page, `${own}/receipts`);
    await page.getByRole('link', { name: 'Walk With Me' }).first().click();
    await page.getByRole('button', { name: 'Print' }).waitFor();
    expect(await onPaper()).toEqual({ printed: ['.brand', 'h1'], hasDate: true });
    expect(await page.locator('.receipt').isVisible()).toBe(false);
    await page.evaluate("dispatchEvent(new Event('beforeprint'))");
    expect(await page.locator('.receipt').isVisible()).toBe(true);
  });

  it('a mother’s patient picker, in Spanish, has no violation', async () => {
    const guardian = await startSandboxSession(portal.server, SANDBOX_GUARDIAN);
    const page = await visit('/account', { locale: 'es-MX', session: guardian });
    expect(await heading(page)).toBe('Elija un expediente');
    const problems = [...(await pageProblems(page, 'whose record'))];
    await page.getByRole('link', { name: /Milo/ }).click();
    expect(await heading(page)).toBe('Expediente médico de Milo Rowan Meadowlark');
    for (const name of ['Aplicaciones conectadas', 'Quién leyó qué', 'Descargas']) {
      await followNavigation(page, name);
      expect(await page.getByText('Usted actúa en nombre de Milo Rowan Meadowlark.').count()).toBe(1);
      problems.push(...(await pageProblems(page, name, name !== 'Aplicaciones conectadas')));
    }
    expect(problems).toEqual([]);
  });
});

describe('in a browser', () => {
  /**
   * Opens a page of the patient's record.
   * @param section path relative to the record's own page
   */
  const ownPage = (section: string, width: number = WIDTHS[1]): Promise<Page> => visit(`${own}${section}`, { width });

  it('charts are images with a name, and their values are in a table', async () => {
    const page = await ownPage('/record/results');
    const images = page.getByRole('img');
    expect(await images.count()).toBeGreaterThan(3);
    expect(await images.first().getAttribute('aria-label')).toMatch(/: \d+ values, from /);
    await page
      .getByText(/all \d+ values as a table/)
      .first()
      .click();
    expect(await page.getByRole('table').first().isVisible()).toBe(true);
  });

  it('an HTML document is saved and never opened', async () => {
    const page = await ownPage('/record/documents');
    const saved = page.waitForEvent('download');
    await page
      .getByRole('main')
      .getByRole('link', { name: /^Download/ })
      .first()
      .click();
    expect((await saved).suggestedFilename()).toMatch(/^document\.\w+$/);
  });

  it('a record is saved as a file', async () => {
    const page = await ownPage('/downloads', WIDTHS[0]);
    const saved = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Download as FHIR R4' }).click();
    expect((await saved).suggestedFilename()).toMatch(/^health-record-r4-\d{4}-\d\d-\d\d\.json$/);
  });

  it('the printed summary has the practice’s and the patient’s name and no navigation', async () => {
    const page = await ownPage('/summary');
    await page.emulateMedia({ media: 'print' });
    expect(await page.getByRole('heading', { level: 1 }).isVisible()).toBe(true);
    expect(await page.locator('.brand').isVisible()).toBe(true);
    expect(await page.locator('.tool, .site-nav, .back, footer, .unprinted').locator('visible=true').count()).toBe(0);
  });
});
