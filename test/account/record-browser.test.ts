import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Resource } from '../../src/fhir/index.ts';
import { accessibilityFaults, launchBrowser, overflows, startReachableServer, WIDTHS } from '../support/browser.ts';
import type { LivePerson } from '../support/live-patient.ts';
import type { TestServer } from '../support/server.ts';
import { subject } from './people.ts';
import { openLinked } from './record-linked.ts';
import { wideRecord } from './record-wide.ts';

let server: TestServer & { origin: string };
let browser: Browser;
let person: LivePerson;
let base: string;
beforeAll(async () => {
  server = await startReachableServer();
  browser = await launchBrowser();
  const opened = await openLinked(server, [...wideRecord(server.clock.now()), ...DOUBTFUL]);
  person = opened.person;
  base = `${server.origin}${opened.base}`;
});
afterAll(async () => {
  await browser.close();
  await server.close();
});

const text = (name: string) => ({ text: name });
/** Entries that must not look like those around them. */
const DOUBTFUL: readonly Resource[] = [
  ...[
    { intent: 'plan' },
    { intent: 'option' },
    { intent: 'order', doNotPerform: true },
    { intent: 'plan', reportedBoolean: true },
  ].map(
    (changes, at): Resource => ({
      resourceType: 'MedicationRequest',
      id: `doubtful-${at}~`,
      status: 'active',
      subject,
      authoredOn: '2026-03-04',
      medicationCodeableConcept: text(['Insulin glargine', 'Semaglutide', 'Ibuprofen', 'Fish oil'][at] ?? ''),
      ...changes,
    }),
  ),
  {
    resourceType: 'CarePlan',
    id: 'called-off~',
    status: 'active',
    intent: 'proposal',
    subject,
    title: 'Diabetes plan',
    activity: [
      { detail: { status: 'cancelled', code: text('Physical therapy') } },
      { detail: { status: 'scheduled', doNotPerform: true, code: text('Running') } },
    ],
  },
];

async function visit(width: number, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({ viewport: { width, height: 800 }, ...options });
  const page = await context.newPage();
  await page.goto(`${server.origin}/sign-in?return_to=/account`);
  await page.locator('#username').fill(person.username);
  await page.locator('#password').fill(person.password);
  await page.locator('form:has(#password) button').first().click();
  await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'));
  return page;
}

/** Pages about an address that isn't confirmed, beside the overview. */
const ADDRESS = ['/account/security', '/account/security/email/confirm', '/forgot/sent'];

const LISTED = ['medicines', 'appointments', 'procedures', 'reports', 'orders', 'plans', 'devices'];
const MORE = ['questionnaires', 'pictures', 'insurance'];
const PATHS = ['/record', '/summary', ...[...LISTED, ...MORE].map((name) => `/record/${name}`)];
/** A folder that pictures of each page are put in; unset: none are made. */
const SHOTS = process.env['SHOTS'];

describe.each(WIDTHS)('at %i pixels', (width) => {
  it.each(['en-US', 'es-MX'])(
    'no section has a fault of accessibility or is wider than the window, in %s',
    async (locale) => {
      const page = await visit(width, { locale });
      const faults: string[] = [];
      for (const path of PATHS) {
        await page.goto(`${base}${path}`);
        if (SHOTS !== undefined)
          await page.screenshot({
            path: `${SHOTS}/${width}-${locale}${path.replaceAll('/', '-')}.png`,
            fullPage: true,
          });
        if (await overflows(page)) faults.push(`${path} overflows`);
        faults.push(...(await accessibilityFaults(page)).map((fault) => `${path}: ${fault}`));
      }
      expect(faults).toEqual([]);
      await page.context().close();
    },
    120_000,
  );

  it.each(['light', 'dark'] as const)(
    'nor has a page about an address that is not confirmed, in %s colors',
    async (colorScheme) => {
      await server.db.queryText('update account set unconfirmed_email = $2 where account_id = $1', [
        person.accountId,
        'a.rather.long.name.that.is.still.an.address@a-long-domain.example.org',
      ]);
      const page = await visit(width, { colorScheme });
      const faults: string[] = [];
      for (const address of [base, ...ADDRESS.map((path) => `${server.origin}${path}`)]) {
        await page.goto(address);
        const name = new URL(address).pathname.replaceAll('/', '-').replace(/-\d.*/, '');
        if (SHOTS !== undefined)
          await page.screenshot({ path: `${SHOTS}/${width}-${colorScheme}${name}.png`, fullPage: true });
        if (await overflows(page)) faults.push(`${address} overflows`);
        faults.push(...(await accessibilityFaults(page)).map((fault) => `${address}: ${fault}`));
      }
      expect(faults).toEqual([]);
      await page.context().close();
    },
    120_000,
  );

  it('the way to a kind of medicine is found by keyboard, without JavaScript', async () => {
    const page = await visit(width, { javaScriptEnabled: false });
    await page.goto(`${base}/record`);
    await page.getByRole('link', { name: 'Medicines', exact: true }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Medicines' }).waitFor();
    await page.keyboard.press('Tab');
    await page.getByRole('link', { name: 'Handed out' }).focus();
    await page.keyboard.press('Enter');
    expect(page.url()).toMatch(/#handed-out$/);
    expect(await page.getByRole('heading', { level: 2, name: 'Handed out' }).isVisible()).toBe(true);
    await page.context().close();
  });
});

describe('in a browser', () => {
  it('a picture is opened, and a file of it saved', async () => {
    const page = await visit(WIDTHS[0]);
    await page.goto(`${base}/record/pictures`);
    const saved = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Save (picture)' }).first().click();
    expect((await saved).suggestedFilename()).toBe('document.png');
    await page.getByRole('link', { name: 'Open (picture)' }).last().click();
    expect(await page.evaluate('document.images[0]?.naturalWidth')).toBe(1);
    await page.context().close();
  });

  it('a section on paper has its entries and no ways elsewhere', async () => {
    const page = await visit(WIDTHS[1]);
    await page.goto(`${base}/record/medicines`);
    await page.emulateMedia({ media: 'print' });
    expect(await page.getByRole('heading', { level: 2, name: 'Handed out' }).isVisible()).toBe(true);
    expect(await page.locator('.ways, .screen, footer').locator('visible=true').count()).toBe(0);
    if (SHOTS !== undefined) await page.pdf({ path: `${SHOTS}/medicines.pdf` });
    await page.context().close();
  });
});
