import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { Resource } from '../../src/fhir/index.ts';
import { WIDTHS } from '../support/browser/browser.ts';
import { journeyWidths, pageProblems, showPage } from '../support/browser/page-problems.ts';
import { openPortal, type WindowOptions } from '../support/browser/portal-browser.ts';
import type { LivePerson } from '../support/people/live-patient.ts';
import { startSession } from '../support/people/staff.ts';
import { pickByName, slice } from '../support/runs/slice.ts';
import { completeRecord } from './complete-record.ts';
import { openLinkedRecord } from './linked-record.ts';
import { subject } from './patients.ts';

let person: LivePerson;
/** Path of the record's pages: `/account/…`. */
let base: string;
const portal = openPortal(async (server) => {
  ({ person, base } = await openLinkedRecord(server, [...completeRecord(server.clock.now()), ...DOUBTFUL]));
});

const text = (name: string) => ({ text: name });
/** Entries that must not look like the others, because their status says that they may not be true. */
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
    resourceType: 'MedicationRequest',
    id: 'stopped~',
    status: 'stopped',
    intent: 'order',
    subject,
    medicationCodeableConcept: text('Warfarin'),
  },
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

/** Opens a page as the signed-in patient. */
async function visit(path: string, reader: WindowOptions = {}): Promise<Page> {
  const session = await startSession(portal.server, person.accountId);
  const page = await portal.newPage({ width: WIDTHS[0], session, ...reader });
  await portal.open(page, path);
  return page;
}

/** Paths of pages about an unconfirmed email address, beside the overview. */
const ADDRESS = ['/account/security', '/account/security/email/confirm', '/forgot/sent'];

const LISTED = ['medicines', 'appointments', 'procedures', 'reports', 'orders', 'plans', 'devices'];
const MORE = ['questionnaires', 'pictures', 'insurance'];
const LISTS = ['results', 'timeline', 'search?q=metformin', 'medicines?show=current'];
const PATHS = ['/record', '/summary', ...[...LISTED, ...MORE, ...LISTS].map((name) => `/record/${name}`)];

/**
 * Returns the accessibility problems of these pages.
 * @param isVariant whether a page was already checked in another language or in other colors
 */
async function problemsOf(
  page: Page,
  paths: readonly string[],
  look: string,
  isVariant: (name: string) => boolean,
): Promise<string[]> {
  const problems: string[] = [];
  for (const path of paths) {
    const name = path.replace(base, 'account');
    await showPage(page, `${portal.server.origin}${path}`);
    problems.push(...(await pageProblems(page, `${name} ${look}`, isVariant(name))));
  }
  return problems;
}

describe('accessibility', () => {
  it.each(['en-US', 'es-MX'])(
    'no section has a violation or is wider than the window, in %s',
    async (locale) => {
      const page = await visit(base, { locale });
      // The layout is the same in both languages.
      const paths = (locale === 'en-US' ? PATHS : slice(PATHS, { share: 0.4 })).map((path) => `${base}${path}`);
      expect(await problemsOf(page, paths, locale, () => locale !== 'en-US')).toEqual([]);
    },
    120_000,
  );

  it.each(['light', 'dark'] as const)(
    'no page about an unconfirmed address has a violation, in %s colors',
    async (colorScheme) => {
      await portal.server.db.queryText('update account set unconfirmed_email = $2 where account_id = $1', [
        person.accountId,
        'a.rather.long.name.that.is.still.an.address@a-long-domain.example.org',
      ]);
      const page = await visit(base, { colorScheme });
      const isVariant = (name: string) => pickByName(['light', 'dark'], name) !== colorScheme;
      expect(await problemsOf(page, [base, ...ADDRESS], colorScheme, isVariant)).toEqual([]);
    },
    120_000,
  );
});

it.each(journeyWidths(WIDTHS[0]))(
  'a medication type can be reached by keyboard, without JavaScript, at %i pixels',
  async (width) => {
    const page = await visit(`${base}/record`, { width, javaScriptEnabled: false });
    await page.getByRole('link', { name: 'Medicines', exact: true }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Medicines' }).waitFor();
    await page.keyboard.press('Tab');
    await page.getByRole('link', { name: 'Dispensed' }).focus();
    await page.keyboard.press('Enter');
    expect(page.url()).toMatch(/#handed-out$/);
    expect(await page.getByRole('heading', { level: 2, name: 'Dispensed' }).isVisible()).toBe(true);
  },
);

it.each(journeyWidths(WIDTHS[0]))(
  'entries are chosen, found and read by date with the keyboard, without JavaScript, at %i pixels',
  async (width) => {
    const page = await visit(`${base}/record/medicines`, { width, javaScriptEnabled: false });
    await page.getByRole('link', { name: /^Current/ }).focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(/show=current$/);
    expect(await page.getByRole('heading', { level: 3, name: 'Vitamin D' }).isVisible()).toBe(true);
    await page.getByRole('link', { name: 'Health record' }).last().focus();
    await page.keyboard.press('Enter');
    await page.getByRole('searchbox', { name: 'Search the record by name' }).focus();
    await page.keyboard.type('metformin');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Search the record' }).waitFor();
    expect(await page.getByRole('status').textContent()).toBe('2 entries found for “metformin”.');
    await page.goto(`${portal.server.origin}${base}/record`);
    await page.getByRole('link', { name: 'See the timeline' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Timeline' }).waitFor();
    await page.getByRole('link', { name: 'Procedures', exact: true }).first().focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(/kind=procedures$/);
    expect(await page.getByText('Hip replacement').isVisible()).toBe(true);
  },
);

describe('in a browser', () => {
  it('an image can be opened, and its file saved', async () => {
    const page = await visit(`${base}/record/pictures`);
    const saved = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Download (image)' }).first().click();
    expect((await saved).suggestedFilename()).toBe('document.png');
    await page.getByRole('link', { name: 'Open (image)' }).last().click();
    await expect.poll(() => page.evaluate('document.images[0]?.naturalWidth')).toBe(1);
  });

  it('a printed section has its entries, past ones included, and no navigation', async () => {
    const page = await visit(`${base}/record/medicines`, { width: WIDTHS[1] });
    const past = page.getByText('Warfarin');
    expect(await past.isVisible()).toBe(false);
    await page.emulateMedia({ media: 'print' });
    expect(await past.isVisible()).toBe(true);
    expect(await page.getByRole('heading', { level: 2, name: 'Dispensed' }).isVisible()).toBe(true);
    expect(await page.locator('.site-nav, .site-header button, .screen, footer').locator('visible=true').count()).toBe(
      0,
    );
  });
});
