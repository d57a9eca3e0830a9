import type { Locator, Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { completePracticeDetails } from '../../src/practices/index.ts';
import { addApp } from '../support/apps/apps.ts';
import {
  expectNoProblems,
  expectNoProblemsAnywhere,
  navigateInPortal,
  openPortal,
  type PortalServer,
  pressButton,
} from '../support/browser/portal-browser.ts';
import { signInReviewer } from '../support/people/developer-portal.ts';
import { addAnotherPractice, LIVE_PRACTICE } from '../support/people/practice-portal.ts';

const portal = openPortal(fill, {});
const { newPage, open } = portal;

/** Adds apps, practices, days and incidents, so that the pages show all their parts. */
async function fill(server: PortalServer): Promise<void> {
  const long = 'https://a-very-long-name-of-a-host-that-nobody-would-ever-choose.of-an-app.example/privacy';
  await addApp(server, {
    name: 'Diary of blood pressure and everything else that can be measured',
    description: 'Keeps your values.\n\nAnd more.',
    developer: 'Diary Makers',
    verifiedAt: new Date(),
    dataUse: { sold: 'no', shared: 'no' },
    metadata: { policy_uri: long, client_uri: long },
    listed: true,
  });
  await addApp(server, { name: 'Silent', listed: true });
  await server.db.queryText(
    `update practice set name = 'Lakeside', website = 'https://lakeside.example/' where practice_id = 2`,
    [],
  );
  await completePracticeDetails(server.db, LIVE_PRACTICE, { address: 'Chatham, IL', npi: '1679576722' });
  const hillside = await addAnotherPractice(server, 'Hillside Pediatrics');
  await completePracticeDetails(server.db, hillside, { address: '2 Hill Road\nChatham, IL 62629', npi: '1245319599' });
  await addAnotherPractice(server, 'New Clinic');
  await server.runMaintenance();
  await server.db.queryText(
    `insert into status_day select current_date - d, 'r4', 288, 288 - d % 5 * 40 from generate_series(1, 60) d`,
    [],
  );
  await server.db.queryText(
    `insert into status_incident (incident_id, kind, title, components, began_at, planned_until, ended_at, posts)
     select gen_random_uuid(), kind, title, '{r4,mail}', began, until, ended, '[{"at":"2026-01-01T00:00:00Z","text":"So it is."}]'
     from (values ('incident', 'Slow', now() - interval '1 hour', null::timestamptz, null::timestamptz),
       ('incident', 'Was slow', now() - interval '1 day', null, now()),
       ('maintenance', 'New disks', now() + interval '1 day', now() + interval '2 days', null))
       as made (kind, title, began, until, ended)`,
    [],
  );
}

const PUBLIC = [
  '/apps',
  '/apps?q=nothing',
  '/service-base-urls',
  '/status',
  '/sandbox/enrollment',
  '/sandbox/enrollment/grace',
];
/** Paths of pages, each with an element that is there once the page is complete. */
const REVIEW: readonly (readonly [path: string, shown: (page: Page) => Locator])[] = [
  ['/review/brands', (page) => page.getByText('Lakeside')],
  ['/review/brands?practice=2', (page) => page.getByLabel('NPI')],
  ['/review/brands?version=1', (page) => page.getByText('"resourceType"')],
  ['/review/status', (page) => page.getByText('Was slow')],
  ['/review/status?new=maintenance', (page) => page.getByLabel('Title')],
];

describe('at both widths, light and dark, axe finds no violations on', () => {
  it.each(PUBLIC)('%s', async (path) => {
    const page = await portal.openInNewPage(path);
    if (path === '/apps') for (const summary of await page.locator('summary').all()) await summary.click();
    await expectNoProblemsAnywhere(page, path);
  });
});

describe('as an administrator', () => {
  let page: Page;
  beforeAll(async () => {
    page = await newPage({ session: (await signInReviewer(portal.server)).session });
    await open(page, '/review/status');
  });

  it.each(REVIEW)('%s has no accessibility violations, at both widths, light and dark', async (path, shown) => {
    await navigateInPortal(page, path);
    await shown(page).first().waitFor({ state: 'attached' });
    if (!path.includes('?')) await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await expectNoProblemsAnywhere(page, path);
  });

  it('a practice that is left out of the list explains why, on its card and in its form', async () => {
    await page.setViewportSize({ width: 390, height: 900 });
    await navigateInPortal(page, '/review/brands');
    const warning = page.getByRole('alert').filter({ hasText: 'Not in the list' });
    await warning.first().waitFor();
    expect(await warning.count()).toBe(1);
    await page.getByRole('link', { name: 'Edit details: New Clinic' }).click();
    await page.getByRole('dialog').getByText('NPI missing.').waitFor();
    await page.getByRole('dialog').getByText('Address missing.').waitFor();
    await expectNoProblems(page);
  });

  it('entering and correcting an NPI publishes it to apps immediately', async () => {
    await page.setViewportSize({ width: 390, height: 900 });
    await navigateInPortal(page, '/review/brands');
    await page.getByRole('link', { name: 'Edit details: Lakeside' }).click();
    await page.getByLabel('NPI').fill('1234567890');
    await pressButton(page, 'Save');
    await page.getByText('This isn’t a valid NPI').first().waitFor();
    await page.getByLabel('NPI').fill('1234567893');
    await pressButton(page, 'Save');
    await page.getByText('NPI 1234567893').waitFor();
    const bundle = await (await fetch(`${portal.server.origin}/brands.json`)).text();
    expect(bundle).toContain('"1234567893"');
    await page.getByText('Version 2, published').first().waitFor();
  });

  it('an incident can be reported and resolved by keyboard', async () => {
    await page.setViewportSize({ width: 1280, height: 900 });
    await navigateInPortal(page, '/review/status');
    await page.getByRole('link', { name: 'Report an incident' }).press('Enter');
    await page.getByLabel('Title').fill('Mail is late');
    await page.getByLabel('Message').fill('We look into it.');
    await page.getByLabel('Sending email').press('Space');
    await page.getByRole('button', { name: 'Publish' }).press('Enter');
    const card = page.getByRole('article').filter({ hasText: 'Mail is late' });
    await card.getByLabel('New update Mail is late').fill('It is over.');
    await card.getByRole('button', { name: 'Post update and close' }).press('Enter');
    await card.getByText('It is over.').waitFor();
    const visitor = await newPage();
    await open(visitor, '/status');
    expect(await visitor.getByRole('article').filter({ hasText: 'Mail is late' }).textContent()).toContain('Ended');
  });
});

it('the public pages work without JavaScript', async () => {
  const page = await newPage({ javaScriptEnabled: false });
  await open(page, '/apps');
  await page.getByLabel('Search the apps').fill('silent');
  await pressButton(page, 'Search');
  await page.getByRole('heading', { name: '1 app' }).waitFor();
  await page.getByRole('link', { name: 'Practices and service base URLs' }).click();
  await page.getByRole('heading', { name: 'Hillside Pediatrics' }).waitFor();
  await page.getByRole('link', { name: 'Status' }).click();
  await page.getByRole('heading', { name: 'Planned maintenance' }).waitFor();
});
