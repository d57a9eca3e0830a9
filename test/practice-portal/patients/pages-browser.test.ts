import type { Page } from 'playwright-core';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AccountId } from '../../../src/kernel/index.ts';
import { hasOverflow, WIDTHS } from '../../support/browser/browser.ts';
import { journeyWidths, pageProblems, showPage } from '../../support/browser/page-problems.ts';
import { openPortal } from '../../support/browser/portal-browser.ts';
import { addStaffMember, startSession } from '../../support/people/staff.ts';
import { slice } from '../../support/runs/slice.ts';
import {
  addChartedPatient,
  addPatientAccount,
  addRepresentativeAccount,
  LIVE,
  listEmails,
} from './charted-patients.ts';

let staff: AccountId;
const portal = openPortal(async (server) => {
  staff = (await addStaffMember(server, ['live'], ['front-desk', 'privacy-officer', 'clinician'])).accountId;
  for (let index = 0; index < 30; index += 1)
    await addChartedPatient(server, { family: 'Meadowlark-Featherstonehaugh', given: `Wilhelmina ${index}` });
}, {});

const LIST = `/practice/${LIVE}/patients`;

async function open(
  path = LIST,
  { width = WIDTHS[1], javaScriptEnabled = false }: { width?: number; javaScriptEnabled?: boolean } = {},
): Promise<Page> {
  const page = await portal.newPage({ width, javaScriptEnabled, session: await startSession(portal.server, staff) });
  await portal.open(page, path);
  return page;
}

const heading = (page: Page) => page.getByRole('heading', { level: 1 }).textContent();
const press = (page: Page, name: string | RegExp) => page.getByRole('button', { name }).click();
const follow = (page: Page, name: string | RegExp) => page.getByRole('link', { name }).first().click();

async function find(page: Page, query: string, name: string): Promise<void> {
  await page.getByLabel('Find a patient').fill(query);
  await press(page, 'Find');
  await follow(page, name);
  expect(await heading(page)).toBe(name);
}

describe.each(journeyWidths(WIDTHS[1]))('at %i pixels, without JavaScript', (width) => {
  it('staff find a patient by birth date, fix a mistake, and email an invitation', async () => {
    await addChartedPatient(portal.server, {
      family: `Story${width}`,
      birthDate: '1951-02-03',
      emails: [`story${width}@example.org`],
    });
    const page = await open(LIST, { width });
    await find(page, '2/3/1951 story', `Ann Story${width}`);
    await follow(page, 'Enroll patient');
    expect(await page.getByLabel('New email address').isVisible()).toBe(false);
    await page.getByLabel('Email to a new address').check();
    await page.getByLabel('New email address').fill('nobody');
    await press(page, 'Invite patient');
    await follow(page, /Enter a valid email address/);
    expect(await page.evaluate('document.activeElement?.id')).toBe('other');
    await page.getByLabel(`Email to story${width}@example.org`).check();
    await page.getByLabel('Español').check();
    await press(page, 'Invite patient');
    expect(await page.getByRole('status').textContent()).toContain('Invitation created.');
    expect((await listEmails(portal.server)).at(-1)?.recipient).toBe(`story${width}@example.org`);
  });

  it('staff print a letter and give the code in person, all by keyboard', async () => {
    const patient = await addChartedPatient(portal.server, { family: `Keys${width}` });
    const page = await open(patient.path, { width });
    await page.getByRole('link', { name: 'Enroll' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Enroll' }).waitFor();
    await page.getByLabel('Print a letter').focus();
    await page.keyboard.press('Space');
    await page.getByRole('button', { name: 'Invite patient' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Letter to print' }).waitFor();
    expect(await page.locator('.letter').textContent()).toMatch(/[0-9A-Z]{4}(-[0-9A-Z]{4}){3}/);
    await page.emulateMedia({ media: 'print' });
    expect(await page.getByRole('link', { name: 'Give code' }).isVisible()).toBe(false);
    await page.emulateMedia({ media: 'screen' });
    await page.getByRole('link', { name: 'Give code' }).focus();
    await page.keyboard.press('Enter');
    await page.getByLabel('In person').waitFor();
    await page.getByLabel('In person').focus();
    await page.keyboard.press('Space');
    await page.getByRole('button', { name: 'Create code' }).focus();
    await page.keyboard.press('Enter');
    expect(await page.locator('p.code').textContent()).toMatch(/^\d{3} \d{3}$/);
    await follow(page, 'Done');
    expect(await page.getByText('The code was given in person.').isVisible()).toBe(true);
  });

  it('staff verify a person’s identity, and give them a recovery link', async () => {
    const patient = await addChartedPatient(portal.server, { family: `Factor${width}` });
    const { accountId } = await addPatientAccount(portal.server, patient);
    await portal.server.db.queryText(
      "insert into totp (account_id, secret, confirmed_at) values ($1, '\\x00', now())",
      [accountId],
    );
    const page = await open(patient.path, { width });
    await follow(page, 'Reset second factor');
    await press(page, 'Create link');
    expect(await page.locator('#error-summary').getByRole('link').count()).toBe(3);
    await page.getByLabel('Passport').check();
    await page.getByLabel('At the front desk').check();
    await page.getByLabel('I give it to them now').check();
    await press(page, 'Create link');
    expect(await page.locator('code.long').textContent()).toContain(`${portal.server.origin}/recover/`);
    expect(await page.locator('.qr-alone svg').isVisible()).toBe(true);
    expect(await hasOverflow(page)).toBe(false);
  });

  it('staff invite many patients from a file, watch the progress, and handle the failures', async () => {
    await addChartedPatient(portal.server, {
      family: `Many${width}`,
      mrn: `MANY-${width}`,
      emails: [`many${width}@example.org`],
    });
    const page = await open(LIST, { width });
    await follow(page, 'Invite many patients from a file');
    const buffer = Buffer.from(`mrn\nMANY-${width}\nNOBODY-${width}\n`);
    await page.getByLabel('CSV file').setInputFiles({ name: 'many.csv', mimeType: 'text/csv', buffer });
    await press(page, 'Invite patients');
    expect(await heading(page)).toBe('Inviting patients');
    expect(await page.getByRole('progressbar').isVisible()).toBe(true);
    const { pathname } = new URL(page.url());
    expect(await pageProblems(await staying(pathname), 'invitations under way')).toEqual([]);
    await portal.server.enrollments.processPendingRows();
    await page.getByRole('heading', { name: 'Bulk invitation results' }).waitFor();
    expect(await page.getByText('1 invited, 1 not invited, of 2.').isVisible()).toBe(true);
    const download = page.waitForEvent('download');
    await follow(page, 'Download report as CSV');
    expect((await download).suggestedFilename()).toBe('invited.csv');
  });
});

it('WCAG 2.2 §2.1.4: “/” moves the focus to the search of any staff page, and can be turned off', async () => {
  const { path } = await addChartedPatient(portal.server, { family: 'Slash' });
  const page = await open(path, { javaScriptEnabled: true });
  const search = page.getByRole('searchbox', { name: 'Find a patient' });
  const isFocused = async () => (await page.locator('input[data-search]:focus').count()) === 1;
  await page.keyboard.press('/');
  expect(await isFocused()).toBe(true);
  await page.keyboard.type('slash');
  await page.keyboard.press('Enter');
  await page.waitForURL(/words=slash/);
  await page.keyboard.press('/');
  expect(await isFocused()).toBe(true);
  await search.blur();
  await page.getByRole('button', { name: 'Dr. Test' }).click();
  await page.getByRole('button', { name: 'Turn off / to search' }).click();
  await page.keyboard.press('Escape');
  await page.keyboard.press('/');
  expect(await isFocused()).toBe(false);
});

/** Opens the page of a running bulk invitation without its reload every two seconds, so that axe can finish. */
async function staying(path: string): Promise<Page> {
  const page = await portal.newPage({ session: await startSession(portal.server, staff) });
  await page.route(`**${path}`, async (route) => {
    const response = await route.fetch();
    const { refresh, ...headers } = response.headers();
    expect(refresh).toBe('2');
    await route.fulfill({ response, headers });
  });
  await portal.open(page, path);
  return page;
}

/**
 * Creates something for each page to show.
 * @returns the paths of the pages
 */
async function lookedAt(email = 'own@example.org') {
  const { server } = portal;
  const patient = await addChartedPatient(server, {
    family: 'Looked-at-with-a-very-long-double-name',
    mrn: 'MRN-0123456789',
    emails: ['a-very-long-address-of-somebody@subdomain.of.a.long.example.org'],
    phones: ['520-555-0142'],
    related: [
      { name: 'Pat Looked', relationship: 'Mother' },
      { name: 'Paul Looked', relationship: 'Father', email: 'paul@example.org' },
    ],
  });
  const own = await addPatientAccount(server, patient, { email });
  await server.db.queryText("insert into totp (account_id, secret, confirmed_at) values ($1, '\\x00', now())", [
    own.accountId,
  ]);
  const acting = await addRepresentativeAccount(server, patient);
  const emails = ['i@example.org', 'j@example.org'];
  const invited = await addChartedPatient(server, { family: 'Invited', emails, phones: ['5205550142'] });
  const invitationInput = {
    recordId: invited.recordId,
    whom: { kind: 'patient' },
    email: emails[0],
    language: 'en',
  } as const;
  const { invitationId } = await server.enrollments.invite({ accountId: staff, requestId: 'test' }, invitationInput);
  const bare = await addChartedPatient(server, { family: 'Bare', birthDate: undefined, zip: undefined });
  return {
    list: LIST,
    found: `${LIST}?words=meadowlark&status=not-enrolled`,
    none: `${LIST}?words=${'nobody-with-a-very-long-name'.repeat(4)}`,
    patient: `${patient.path}?done=unlocked`,
    invited: invited.path,
    bare: bare.path,
    'bare-enroll': `${bare.path}/enroll`,
    enroll: `${invited.path}/enroll`,
    decline: `${invited.path}/decline`,
    representative: `${patient.path}/related/${patient.relatedPersonIds[1]}/invite`,
    code: `${invited.path}/invitations/${invitationId}/code`,
    resend: `${invited.path}/invitations/${invitationId}/resend`,
    cancel: `${invited.path}/invitations/${invitationId}/cancel`,
    deactivate: `${patient.path}/accounts/${own.accountId}/deactivate`,
    'lost-factor': `${patient.path}/accounts/${own.accountId}/lost-factor`,
    'lost-password': `${patient.path}/accounts/${own.accountId}/lost-password`,
    'end-representation': `${patient.path}/accounts/${acting.accountId}/end`,
    bulk: `${LIST}/bulk`,
  };
}

describe('accessibility', () => {
  let pages: Awaited<ReturnType<typeof lookedAt>>;
  let page: Page;
  let problems: string[];
  beforeAll(async () => {
    pages = await lookedAt();
  });
  beforeEach(async () => {
    problems = [];
    page = await open(LIST, { javaScriptEnabled: true });
  });
  const checkPage = async (name: string) => void problems.push(...(await pageProblems(page, name)));

  it('the patient pages of the practice portal have no violations and do not overflow', {
    timeout: 90_000,
  }, async () => {
    for (const [name, path] of Object.entries(pages)) {
      await showPage(page, portal.server.origin + path);
      expect(page.url(), name).toBe(portal.server.origin + path);
      await checkPage(name);
    }
    expect(problems).toEqual([]);
  });

  it('the same holds for form errors', { timeout: 60_000 }, async () => {
    const forms = ['enroll', 'representative', 'code', 'deactivate', 'lost-factor', 'lost-password', 'bulk'] as const;
    for (const name of slice(forms, { share: 0.4, always: (one) => one === 'enroll' })) {
      await showPage(page, portal.server.origin + pages[name]);
      if (name === 'enroll') await page.getByLabel('Email to a new address').check();
      await page.locator('main form button').first().click();
      await page.locator('#error-summary').waitFor();
      await checkPage(`${name}-error`);
    }
    expect(problems).toEqual([]);
  });

  it('the same holds for pages that are displayed once, and for stopped ones', { timeout: 60_000 }, async () => {
    // Locking the account changes the other pages.
    const own = await lookedAt('another@example.org');
    await showPage(page, portal.server.origin + own.code);
    await page.getByLabel('By phone').check();
    await press(page, 'Create code');
    await checkPage('code-shown');
    await showPage(page, portal.server.origin + own.enroll);
    await page.getByLabel('Print a letter').check();
    await press(page, 'Invite patient');
    await checkPage('letter');
    await showPage(page, portal.server.origin + own.deactivate);
    await page.getByLabel('Reason').fill('phone was stolen');
    await press(page, 'Lock account');
    await checkPage('locked');
    expect(problems).toEqual([]);
  });
});
