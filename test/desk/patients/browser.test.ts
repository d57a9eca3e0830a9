import { mkdir } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AccountId } from '../../../src/kernel/index.ts';
import { accessibilityFaults, launchBrowser, overflows, startReachableServer, WIDTHS } from '../../support/browser.ts';
import type { TestServer } from '../../support/server.ts';
import { addStaffMember, sessionOf } from '../../support/staff.ts';
import { actsFor, chart, LIVE, mailOf, ownAccount } from './charts.ts';

let server: TestServer & { origin: string };
let browser: Browser;
let staff: AccountId;
beforeAll(async () => {
  server = await startReachableServer();
  browser = await launchBrowser();
  staff = (await addStaffMember(server, ['live'], ['front-desk', 'privacy-officer', 'clinician'])).accountId;
  for (let index = 0; index < 30; index += 1)
    await chart(server, { family: 'Meadowlark-Featherstonehaugh', given: `Wilhelmina ${index}` });
});
afterAll(async () => {
  await browser.close();
  await server.close();
});

const SHOTS = process.env['SHOTS'];

async function open(width: number, javaScriptEnabled = false): Promise<Page> {
  const context = await browser.newContext({ viewport: { width, height: 900 }, javaScriptEnabled });
  await context.addCookies([{ name: 'session', value: await sessionOf(server, staff), url: server.origin }]);
  const page = await context.newPage();
  await page.goto(`${server.origin}/practice/${LIVE}/patients`);
  return page;
}

const heading = (page: Page) => page.getByRole('heading', { level: 1 }).textContent();
const press = (page: Page, name: string | RegExp) => page.getByRole('button', { name }).click();
const follow = (page: Page, name: string | RegExp) => page.getByRole('link', { name }).first().click();

async function find(page: Page, words: string, name: string): Promise<void> {
  await page.getByLabel('Find a patient').fill(words);
  await press(page, 'Find');
  await follow(page, name);
  expect(await heading(page)).toBe(name);
}

describe.each(WIDTHS)('at %i pixels, without JavaScript', (width) => {
  it('somebody finds a patient by birth date, mends a mistake, and mails an invitation', async () => {
    await chart(server, { family: `Story${width}`, birthDate: '1951-02-03', emails: [`story${width}@example.org`] });
    const page = await open(width);
    await find(page, '2/3/1951 story', `Ann Story${width}`);
    await follow(page, 'Enroll');
    await page.getByLabel('Mail it to another address').check();
    await page.getByLabel('The other e-mail address').fill('nobody');
    await press(page, 'Invite');
    await follow(page, /Write the whole e-mail address/);
    expect(await page.evaluate('document.activeElement?.id')).toBe('other');
    await page.getByLabel(`Mail it to story${width}@example.org`).check();
    await page.getByLabel('Español').check();
    await press(page, 'Invite');
    expect(await page.getByRole('status').textContent()).toContain('The invitation is written');
    expect((await mailOf(server)).at(-1)?.recipient).toBe(`story${width}@example.org`);
    await page.context().close();
  });

  it('prints a letter and gives the code at the desk, all by keyboard', async () => {
    const patient = await chart(server, { family: `Keys${width}` });
    const page = await open(width);
    await page.goto(server.origin + patient.path);
    await page.getByRole('link', { name: 'Enroll' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Enroll' }).waitFor();
    await page.getByLabel('Print a letter').focus();
    await page.keyboard.press('Space');
    await page.getByRole('button', { name: 'Invite' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Letter to print' }).waitFor();
    expect(await page.locator('.letter').textContent()).toMatch(/[0-9A-Z]{4}(-[0-9A-Z]{4}){3}/);
    await page.emulateMedia({ media: 'print' });
    expect(await page.getByRole('link', { name: 'Give the code' }).isVisible()).toBe(false);
    await page.emulateMedia({ media: 'screen' });
    await page.getByRole('link', { name: 'Give the code' }).focus();
    await page.keyboard.press('Enter');
    await page.getByLabel('In person').waitFor();
    await page.getByLabel('In person').focus();
    await page.keyboard.press('Space');
    await page.getByRole('button', { name: 'Make the code' }).focus();
    await page.keyboard.press('Enter');
    expect(await page.locator('p.code').textContent()).toMatch(/^\d{3} \d{3}$/);
    await follow(page, 'Done');
    expect(await page.getByText('The code was given in person.').isVisible()).toBe(true);
    await page.context().close();
  });

  it('makes sure of who somebody is, and hands over the way back in', async () => {
    const patient = await chart(server, { family: `Factor${width}` });
    const { accountId } = await ownAccount(server, patient);
    await server.db.queryText("insert into totp (account_id, secret, confirmed_at) values ($1, '\\x00', now())", [
      accountId,
    ]);
    const page = await open(width);
    await page.goto(server.origin + patient.path);
    await follow(page, 'Lost second factor');
    await press(page, 'Make the link');
    expect(await page.getByRole('alert').getByRole('link').count()).toBe(3);
    await page.getByLabel('Passport').check();
    await page.getByLabel('At the desk').check();
    await page.getByLabel('I hand it over now').check();
    await press(page, 'Make the link');
    expect(await page.locator('code.long').textContent()).toContain(`${server.origin}/recover/`);
    expect(await page.locator('.qr-alone svg').isVisible()).toBe(true);
    expect(await overflows(page)).toBe(false);
    await page.context().close();
  });

  it('invites many from a file, watches it, and sees to those who could not be', async () => {
    await chart(server, { family: `Many${width}`, mrn: `MANY-${width}`, emails: [`many${width}@example.org`] });
    const page = await open(width);
    await follow(page, 'Invite many at once from a file');
    const buffer = Buffer.from(`mrn\nMANY-${width}\nNOBODY-${width}\n`);
    await page.getByLabel('The CSV file').setInputFiles({ name: 'many.csv', mimeType: 'text/csv', buffer });
    await press(page, 'Invite them');
    expect(await heading(page)).toBe('Inviting patients');
    expect(await page.getByRole('progressbar').isVisible()).toBe(true);
    expect(await accessibilityFaultsOf(page)).toEqual([]);
    await server.enrollments.workOff();
    await page.getByRole('heading', { name: 'Invited from a file' }).waitFor();
    expect(await page.getByText('1 invited, 1 not invited, of 2.').isVisible()).toBe(true);
    const download = page.waitForEvent('download');
    await follow(page, 'Download the report as CSV');
    expect((await download).suggestedFilename()).toBe('invited.csv');
    await page.context().close();
  });

  /** The checker needs JavaScript and a page that stays: it looks at another tab of the same address. */
  async function accessibilityFaultsOf(page: Page): Promise<readonly string[]> {
    const other = await open(width, true);
    await other.route(page.url(), async (route) => {
      const response = await route.fetch();
      const { refresh, ...headers } = response.headers();
      expect(refresh).toBe('2');
      await route.fulfill({ response, headers });
    });
    await other.goto(page.url());
    const faults = await accessibilityFaults(other);
    await other.context().close();
    return faults;
  }
});

/** Everything that has a page, for one width. */
async function lookedAt(width: number) {
  const patient = await chart(server, {
    family: `Looked-at-with-a-very-long-double-name${width}`,
    mrn: 'MRN-0123456789',
    emails: [`a-very-long-address-of-somebody-${width}@subdomain.of.a.long.example.org`],
    phones: ['520-555-0142'],
    related: [
      { name: 'Pat Looked', relationship: 'Mother' },
      { name: 'Paul Looked', relationship: 'Father', email: `paul${width}@example.org` },
    ],
  });
  const own = await ownAccount(server, patient, { email: `own${width}@example.org` });
  await server.db.queryText("insert into totp (account_id, secret, confirmed_at) values ($1, '\\x00', now())", [
    own.accountId,
  ]);
  const acting = await actsFor(server, patient);
  const emails = [`i${width}@example.org`, `j${width}@example.org`];
  const invited = await chart(server, { family: `Invited${width}`, emails, phones: ['5205550142'] });
  const wanted = { recordId: invited.recordId, whom: { kind: 'patient' }, email: emails[0], language: 'en' } as const;
  const { invitationId } = await server.enrollments.invite({ accountId: staff, requestId: 'test' }, wanted);
  const bare = await chart(server, { family: `Bare${width}`, birthDate: undefined, zip: undefined });
  const list = `/practice/${LIVE}/patients`;
  return {
    list,
    found: `${list}?words=meadowlark&status=not-enrolled`,
    none: `${list}?words=${'nobody-with-a-very-long-name'.repeat(4)}`,
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
    bulk: `${list}/bulk`,
  };
}

describe.each(WIDTHS)('at %i pixels, to an accessibility checker', (width) => {
  let pages: Awaited<ReturnType<typeof lookedAt>>;
  let page: Page;
  let faults: Record<string, readonly string[]>;
  beforeAll(async () => {
    if (SHOTS !== undefined) await mkdir(SHOTS, { recursive: true });
    pages = await lookedAt(width);
    page = await open(width, true);
  });
  beforeEach(() => {
    faults = {};
  });
  afterAll(() => page.context().close());

  async function look(name: string): Promise<void> {
    if (SHOTS !== undefined) await page.screenshot({ path: `${SHOTS}/${name}-${width}.png`, fullPage: true });
    const found = await accessibilityFaults(page);
    if (found.length > 0) faults[name] = found;
    if (await overflows(page)) faults[`${name} overflows`] = [];
  }

  it('the pages of the desk’s patients have no faults and do not overflow', { timeout: 90_000 }, async () => {
    for (const [name, path] of Object.entries(pages)) {
      await page.goto(server.origin + path);
      expect([name, page.url()]).toEqual([name, server.origin + path]);
      await look(name);
    }
    expect(faults).toEqual({});
  });

  it('nor do they when something was forgotten', { timeout: 60_000 }, async () => {
    for (const name of [
      'enroll',
      'representative',
      'code',
      'deactivate',
      'lost-factor',
      'lost-password',
      'bulk',
    ] as const) {
      await page.goto(server.origin + pages[name]);
      if (name === 'enroll') await page.getByLabel('Mail it to another address').check();
      await page.locator('main form button').first().click();
      await page.getByRole('alert').waitFor();
      await look(`${name}-error`);
    }
    expect(faults).toEqual({});
  });

  it('nor does what is shown once, and what is stopped', { timeout: 60_000 }, async () => {
    await page.goto(server.origin + pages.code);
    await page.getByLabel('By phone').check();
    await press(page, 'Make the code');
    await look('code-shown');
    await page.goto(server.origin + pages.enroll);
    await page.getByLabel('Print a letter').check();
    await press(page, 'Invite');
    await look('letter');
    await page.goto(server.origin + pages.deactivate);
    await page.getByLabel('Why?').fill('phone was stolen');
    await press(page, 'Deactivate');
    await look('locked');
    expect(faults).toEqual({});
  });
});
