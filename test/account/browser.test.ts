import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addApp, type TestApp } from '../support/apps.ts';
import { accessibilityFaults, launchBrowser, overflows, startReachableServer, WIDTHS } from '../support/browser.ts';
import { fhir, R4, SANDBOX_PATIENT, type TokenAnswer, tokenOf } from '../support/patient.ts';
import type { TestServer } from '../support/server.ts';
import { SANDBOX_GUARDIAN } from '../support/staff.ts';

let server: TestServer & { origin: string };
let browser: Browser;
let app: TestApp & { client_secret: string };
beforeAll(async () => {
  server = await startReachableServer();
  browser = await launchBrowser();
  app = await addApp(server, {
    name: 'Walk With Me',
    redirectUris: ['http://localhost:9/callback'],
    metadata: { policy_uri: 'https://app.example/privacy' },
  });
});
afterAll(async () => {
  await browser.close();
  await server.close();
});

interface Visit {
  readonly context: BrowserContext;
  readonly page: Page;
  /** What the browser complained about: refusals by the content security policy among it. */
  readonly complaints: string[];
}

async function visit(width: number, options: { javaScriptEnabled?: boolean; locale?: string } = {}): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width, height: 800 }, ...options });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => /Content Security Policy/.test(message.text()) && complaints.push(message.text()));
  return { context, page, complaints };
}

async function signIn(page: Page, path = '/account', { username, password } = SANDBOX_PATIENT): Promise<void> {
  await page.goto(`${server.origin}/sign-in?${new URLSearchParams({ return_to: path })}`);
  await page.locator('#username').fill(username);
  await page.locator('#password').fill(password);
  await page.locator('form:has(#password) button').first().click();
  await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'));
}

/** Through the app’s own way: authorize, consent, and the code for a token. */
async function connect(page: Page): Promise<TokenAnswer> {
  const { client_id, redirect_uri } = app;
  const query = new URLSearchParams({ response_type: 'code', client_id, redirect_uri, state: 's' });
  // Nobody is there: the address that the browser is sent to is all that counts.
  await page.route(`${redirect_uri}*`, (route) => route.fulfill({ body: 'The app' }));
  await page.goto(`${server.origin}/nge/prod/patient-oauth/authorize?${query}`);
  await page.locator('button[name="decision"][value="allow"]').click();
  await page.waitForURL(`${redirect_uri}*`);
  const code = new URL(page.url()).searchParams.get('code') ?? '';
  return tokenOf(server.app, { grant_type: 'authorization_code', code, ...app });
}

const heading = (page: Page) => page.getByRole('heading', { level: 1 }).textContent();

describe.each(WIDTHS)('at %i pixels, without JavaScript', (width) => {
  it('a patient connects an app, sees it and what it read, disconnects it, and has the proof', async () => {
    const { context, page } = await visit(width, { javaScriptEnabled: false });
    await signIn(page);
    const token = await connect(page);
    expect((await fhir(server.app, `${R4}/Immunization`, token.access_token)).statusCode).toBe(200);
    await page.goto(`${server.origin}/account`);
    expect(await page.getByText('1 app can read this record.').count()).toBe(1);

    await page.getByRole('main').getByRole('link', { name: 'Who read what' }).click();
    expect(await page.getByRole('row').filter({ hasText: 'Walk With Me' }).first().textContent()).toContain(
      'Vaccinations',
    );

    await page.getByRole('navigation').getByRole('link', { name: 'Connected apps' }).click();
    expect(await page.getByRole('heading', { name: 'Walk With Me' }).count()).toBe(1);
    await page.getByRole('link', { name: 'Disconnect Walk With Me' }).click();
    expect(await heading(page)).toBe('Disconnect Walk With Me?');
    await page.getByRole('button', { name: 'Yes, disconnect Walk With Me' }).click();
    expect(await heading(page)).toBe('Walk With Me is disconnected');
    expect(await page.getByRole('status').textContent()).toMatch(
      /^Access ended at \d+:\d\d:\d\d [AP]M\. It last read your record at \d+:\d\d:\d\d [AP]M\.$/,
    );
    expect((await fhir(server.app, `${R4}/Immunization`, token.access_token)).statusCode).toBe(401);
    await context.close();
  });

  it('searches the list of reads by app and kind, and finds nothing in words', async () => {
    const { context, page } = await visit(width, { javaScriptEnabled: false });
    await signIn(page);
    const token = await connect(page);
    for (const type of ['Immunization', 'Condition']) await fhir(server.app, `${R4}/${type}`, token.access_token);
    await page.goto(`${server.origin}/account`);
    await page.getByRole('navigation').getByRole('link', { name: 'Who read what' }).click();
    await page.getByText('Search this list').click();
    await page.getByLabel('Kind of data').selectOption({ label: 'Vaccinations' });
    await page.getByRole('button', { name: 'Show' }).click();
    expect(await page.getByRole('row').filter({ hasText: 'Walk With Me' }).count()).toBe(1);
    expect(await page.getByLabel('Kind of data').inputValue()).toBe('Immunization');
    await page.getByLabel('Kind of data').selectOption({ label: 'Visits' });
    await page.getByRole('button', { name: 'Show' }).click();
    expect(await page.getByText('Nothing fits what you are looking for.').count()).toBe(1);
    await context.close();
  });

  it('can do it all by keyboard', async () => {
    const { context, page } = await visit(width, { javaScriptEnabled: false });
    await signIn(page);
    await connect(page);
    await page.goto(`${server.origin}/account`);
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the main part');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Connected apps');
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'Disconnect Walk With Me' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Yes, disconnect Walk With Me' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Walk With Me is disconnected' }).waitFor();
    await context.close();
  });
});

const SECTIONS = ['about', 'problems', 'medicines', 'allergies', 'vaccinations', 'visits'];
const MORE = ['measurements', 'results', 'other', 'documents', 'people'];

describe.each(WIDTHS)('at %i pixels, to an accessibility checker', (width) => {
  it('no page of the account has a fault, is wider than the window, or is refused something by its policy', async () => {
    const { context, page, complaints } = await visit(width);
    await signIn(page);
    const token = await connect(page);
    await fhir(server.app, `${R4}/Immunization`, token.access_token);
    await page.goto(`${server.origin}/account`);
    const base = page.url();
    await page.goto(`${base}/apps`);
    const one = (await page.getByRole('link', { name: 'More about Walk With Me' }).getAttribute('href')) ?? '';
    await page.goto(`${base}/receipts`);
    const receipt = (await page.locator('main .list a').first().getAttribute('href')) ?? '';
    const paths = ['', '/apps', '/log', '/log?from=x', '/record', '/downloads', '/summary', '/receipts'].map(
      (path) => `${base}${path}`,
    );
    const records = [...SECTIONS, ...MORE].map((name) => `${base}/record/${name}`);
    const single = [one, `${one}/disconnect`, receipt].map((path) => `${server.origin}${path}`);
    const faults: string[] = [];
    for (const url of [...paths, ...records, ...single]) {
      await page.goto(url);
      for (const summary of await page.locator('summary').all()) await summary.click();
      if (await overflows(page)) faults.push(`${url} overflows`);
      faults.push(...(await accessibilityFaults(page)).map((fault) => `${url}: ${fault}`));
    }
    await page.goto(`${server.origin}${one}/disconnect`);
    await page.getByRole('button', { name: 'Yes, disconnect Walk With Me' }).click();
    faults.push(...(await accessibilityFaults(page)));
    await page.goto(`${base}/apps`);
    faults.push(...(await accessibilityFaults(page)));
    expect(faults).toEqual([]);
    expect(complaints).toEqual([]);
    await context.close();
  }, 120_000);

  it('nor has a mother’s choice of whose record, in Spanish', async () => {
    const { context, page } = await visit(width, { locale: 'es-MX' });
    await signIn(page, '/account', SANDBOX_GUARDIAN);
    expect(await heading(page)).toBe('¿De quién es el expediente?');
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.getByRole('link', { name: /Milo/ }).click();
    expect(await heading(page)).toBe('Expediente médico de Milo Rowan Meadowlark');
    for (const name of ['Aplicaciones conectadas', 'Quién leyó qué', 'Descargas']) {
      await page.getByRole('navigation').getByRole('link', { name }).click();
      expect(await page.getByText('Usted actúa en nombre de Milo Rowan Meadowlark.').count()).toBe(1);
      expect(await overflows(page), name).toBe(false);
      expect(await accessibilityFaults(page), name).toEqual([]);
    }
    await context.close();
  });
});

describe('in a browser', () => {
  it('charts are images with a name, and their values a table', async () => {
    const { context, page } = await visit(WIDTHS[1]);
    await signIn(page);
    await page.goto(`${page.url()}/record/results`);
    const images = page.getByRole('img');
    expect(await images.count()).toBeGreaterThan(3);
    expect(await images.first().getAttribute('aria-label')).toMatch(/: \d+ values, from /);
    await page
      .getByText(/all \d+ values as a table/)
      .first()
      .click();
    expect(await page.getByRole('table').first().isVisible()).toBe(true);
    await context.close();
  });

  it('a document of HTML is saved and never opened', async () => {
    const { context, page } = await visit(WIDTHS[1]);
    await signIn(page);
    await page.goto(`${page.url()}/record/documents`);
    const saved = page.waitForEvent('download');
    await page.getByRole('link', { name: /^Save/ }).first().click();
    expect((await saved).suggestedFilename()).toMatch(/^document\.\w+$/);
    await context.close();
  });

  it('a record is saved as a file', async () => {
    const { context, page } = await visit(WIDTHS[0]);
    await signIn(page);
    await page.goto(`${page.url()}/downloads`);
    const saved = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Save as FHIR R4' }).click();
    expect((await saved).suggestedFilename()).toMatch(/^health-record-r4-\d{4}-\d\d-\d\d\.json$/);
    await context.close();
  });

  it('the printed summary has the person and no navigation', async () => {
    const { context, page } = await visit(WIDTHS[1]);
    await signIn(page);
    await page.goto(`${page.url()}/summary`);
    await page.emulateMedia({ media: 'print' });
    expect(await page.getByRole('heading', { level: 1 }).isVisible()).toBe(true);
    expect(await page.locator('.brand, footer, .screen').locator('visible=true').count()).toBe(0);
    await context.close();
  });
});
