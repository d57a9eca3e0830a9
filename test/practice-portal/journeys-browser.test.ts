import { TOTP } from 'otpauth';
import type { Page } from 'playwright-core';
import { beforeEach, describe, expect, it } from 'vitest';
import { createAuditLog } from '../../src/audit/index.ts';
import { systemRandom as random } from '../../src/kernel/index.ts';
import { inviteFirstAdministrator } from '../../src/practice-portal/index.ts';
import { listPractices } from '../../src/practices/index.ts';
import { addApp } from '../support/apps/apps.ts';
import { WIDTHS } from '../support/browser/browser.ts';
import { followNavigation, journeyWidths, pageProblems } from '../support/browser/page-problems.ts';
import { openPortal } from '../support/browser/portal-browser.ts';
import { connectApp, getFhir, R4 } from '../support/people/patient.ts';
import { LIVE_PRACTICE, SANDBOX_PRACTICE, type SignedInStaff, signInStaff } from '../support/people/practice-portal.ts';
import { slice } from '../support/runs/slice.ts';

const LONG = { timeout: 120_000 };
const PASSWORD = 'orange lamp seventeen rivers';
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

const portal = openPortal(undefined, {});

/**
 * Opens a window without JavaScript.
 * @param who the user who is signed in
 */
const open = (width: number, who?: SignedInStaff): Promise<Page> =>
  portal.newPage({ width, javaScriptEnabled: false, session: who?.browser.cookie('session') });

const heading = (page: Page) => page.getByRole('heading', { level: 1 }).textContent();
const press = (page: Page, name: string | RegExp) => page.getByRole('button', { name }).click();
const follow = (page: Page, name: string | RegExp) => page.getByRole('link', { name }).first().click();

/** Sets up an authenticator app by typing its key. */
async function setUpApp(page: Page): Promise<void> {
  await page.getByLabel('An authenticator app').check();
  await press(page, 'Continue');
  const key = (await page.locator('main dl code').textContent())?.replaceAll(' ', '') ?? '';
  const code = new TOTP({ secret: key }).generate({ timestamp: portal.server.clock.now().getTime() });
  await page.locator('#code').fill(code);
  await page.locator('form:has(#code) button').click();
  expect(page.url()).toContain('/recovery-codes');
  await page.locator('.after a').first().click();
}

async function firstLink(): Promise<string> {
  const { db, clock, origin: publicUrl } = portal.server;
  await db.queryText('update account set administrator = false', []);
  const audit = createAuditLog({ db, clock, random });
  const invitation = await inviteFirstAdministrator({ db, clock, random, audit, publicUrl });
  if (invitation === undefined) throw new Error('there is an administrator');
  return invitation.link;
}

/** Forms that were already checked without their errors. Axe checks a slice of them. */
const ERRORS = ['join', 'practice', 'invite', 'settings', 'logo', 'api', 'disclosures'].map((form) => `${form}-error`);
const SOME_ERRORS = slice(ERRORS, { share: 0.3 });
const isVariant = (name: string): boolean => ERRORS.includes(name) && !SOME_ERRORS.includes(name);

describe.each(journeyWidths(WIDTHS[1]))('at %i pixels, without JavaScript', (width) => {
  let problems: string[];
  beforeEach(() => {
    problems = [];
  });
  const look = async (page: Page, name: string) =>
    void problems.push(...(await pageProblems(page, name, isVariant(name))));

  it('from the first start to the first administrator, practice and member of staff', LONG, async () => {
    const page = await open(width);
    await page.goto(await firstLink());
    await look(page, 'join-first');
    await press(page, 'Create account');
    expect(await page.title()).toMatch(/^Error: /);
    await look(page, 'join-error');
    await follow(page, /Enter your name/);
    await page.keyboard.type('Ada Lovelace');
    await page.getByLabel('Choose a username').fill(`ada-${width}`);
    await page.getByLabel('Choose a password').fill(PASSWORD);
    await press(page, 'Create account');
    await look(page, 'second-step');
    await setUpApp(page);

    expect(await heading(page)).toBe('Practices');
    await look(page, 'practices');
    await follow(page, 'Create a practice');
    await press(page, 'Create practice');
    await look(page, 'practice-error');
    await page.getByLabel('Name').fill(`North Side ${width}`);
    await page.getByLabel('Live', { exact: true }).check();
    await look(page, 'practice-new');
    await press(page, 'Create practice');
    expect(await page.getByRole('status').textContent()).toContain(`North Side ${width} was created.`);
    await page.getByRole('link', { name: `North Side ${width}` }).click();
    await look(page, 'staff-none');
    await follow(page, 'Invite a staff member');
    await press(page, 'Create invitation');
    await look(page, 'invite-error');
    await page.getByLabel('Full name').fill('Bea Boss');
    await page.getByLabel('Practice administrator').check();
    await page.getByLabel('Privacy officer').check();
    await press(page, 'Create invitation');
    await look(page, 'invite-link');
    const link = (await page.locator('main code').textContent()) ?? '';
    await page.goto(`${portal.server.origin}/practice/administration/administrators`);
    await look(page, 'administrators');
    await follow(page, 'Invite an administrator');
    await page.getByLabel('Full name').fill('Grace Hopper');
    await page.getByLabel(/^Email address/).fill('grace@example.org');
    await press(page, 'Create invitation');
    await look(page, 'administrators-invited');
    await followNavigation(page, 'Outbox');
    await look(page, 'outbox');
    await page.locator('pre a').first().click();
    expect(await page.getByText('Welcome, Grace Hopper').count()).toBe(1);

    const bea = await open(width);
    await bea.goto(link);
    expect(await bea.getByText('Welcome, Bea Boss').count()).toBe(1);
    await look(bea, 'join-staff');
    await bea.getByLabel('Choose a username').fill(`bea-${width}`);
    await bea.getByLabel('Choose a password').fill(PASSWORD);
    await press(bea, 'Create account');
    await setUpApp(bea);
    expect(await heading(bea)).toBeTruthy();
    expect(bea.url()).toMatch(/\/practice\/\d+\/patients$/);
    const linkNames = await bea.locator('.site-header nav li:not(.narrow) a').allTextContents();
    expect(linkNames).toEqual([
      'Patients',
      'Patients’ apps',
      'Data access report',
      'Incoming data',
      'Practice settings',
      'Staff',
    ]);
    for (const linkName of linkNames) {
      await followNavigation(bea, linkName);
      expect(await bea.locator('[aria-current="page"]').textContent()).toBe(linkName);
    }
    await look(bea, 'staff-list');
    await follow(bea, 'Bea Boss');
    await look(bea, 'colleague');
    await bea.getByLabel('Practice administrator').uncheck();
    await press(bea, 'Save changes');
    await look(bea, 'colleague-last');
    expect(await bea.locator('#error-summary').textContent()).toContain('You are the only administrator');
    expect(problems).toEqual([]);
  });

  it('the practice’s page: its name for patients, its logo, its API', LONG, async () => {
    const boss = await signInStaff(portal.server, ['administrator'], [LIVE_PRACTICE], 'Bea Boss');
    const page = await open(width, boss);
    await page.goto(`${portal.server.origin}/practice/${LIVE_PRACTICE}/settings`);
    await look(page, 'settings');
    await page.getByLabel('Phone').fill('555-010-2030');
    await page.getByLabel('Email address').fill('desk@lakeside.example');
    await page.getByLabel('Website').fill('https://www.lakeside.example');
    await page.getByLabel('Address', { exact: true }).fill('1 Lake Road\nSpringfield, IL 62701');
    await page.getByLabel('Time zone').fill('Central Time');
    await page.getByLabel('Color', { exact: true }).fill('gold');
    await press(page, 'Save changes');
    await look(page, 'settings-error');
    await follow(page, /Enter the color as # and 6 hexadecimal digits/);
    expect(await page.evaluate('document.activeElement?.id')).toBe('color');
    await page.getByLabel('Color', { exact: true }).fill('#7a1f5c');
    await press(page, 'Save changes');
    expect(await page.getByRole('status').textContent()).toContain('Changes saved.');
    await look(page, 'settings-saved');
    await follow(page, /the logo|a logo/);
    await page.getByLabel('Logo file').setInputFiles({
      name: 'logo.png',
      mimeType: 'image/png',
      buffer: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
    });
    await press(page, 'Save logo');
    expect(await page.locator('#error-summary').textContent()).toContain('SVG images can contain scripts');
    await look(page, 'logo-error');
    await page.getByLabel('Logo file').setInputFiles({ name: 'logo.png', mimeType: 'image/png', buffer: PNG });
    await press(page, 'Save logo');
    await follow(page, 'Preview what patients see');
    const color = () => page.evaluate('getComputedStyle(document.querySelector("main button")).backgroundColor');
    await expect.poll(color).toBe('rgb(122, 31, 92)');
    const shownWidth = () => page.evaluate('document.querySelector("header img").naturalWidth');
    await expect.poll(shownWidth).toBe(1);
    await look(page, 'preview');
    await follow(page, /Back to practice settings/);
    await follow(page, /The API is on/);
    await look(page, 'api');
    await press(page, 'Turn off API');
    await look(page, 'api-error');
    await page.getByLabel(/^Yes/).check();
    await press(page, 'Turn off API');
    expect(await page.getByRole('status').textContent()).toContain('No app can read data');
    await follow(page, /The API is off/);
    await look(page, 'api-off');
    await page.getByLabel(/^Yes/).check();
    await press(page, 'Turn on API');
    expect(problems).toEqual([]);
  });

  it('a privacy officer lists the patients whose data an app read, by keyboard', LONG, async () => {
    const name = `Reader ${width}`;
    const app = await addApp(portal.server, { name });
    const { access_token: token, patient } = await connectApp(portal.server.app, app, {
      scope: 'launch/patient patient/*.rs',
    });
    await getFhir(portal.server.app, `${R4}/Observation?patient=${patient}&_count=5`, token);
    const officer = await signInStaff(portal.server, ['privacy-officer'], [SANDBOX_PRACTICE], 'Pri Vacy');
    const page = await open(width, officer);
    await page.goto(`${portal.server.origin}/practice/${SANDBOX_PRACTICE}/apps`);
    await look(page, 'apps');
    await follow(page, 'Data access report');
    await look(page, 'disclosures');
    await press(page, 'Show report');
    await page.getByRole('heading', { name: /^Apps read data of/ }).waitFor();
    await look(page, 'disclosures-all-apps');
    await page.getByLabel('From').fill('');
    await press(page, 'Show report');
    await look(page, 'disclosures-error');
    await follow(page, 'Enter the first day');
    await page.getByLabel('App', { exact: true }).focus();
    await page.keyboard.type(name);
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Last 7 days' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: `${name} read data of 1 patient` }).waitFor();
    expect(await page.locator('tbody').textContent()).toMatch(
      /Ana Marisol Larkspur.*Test results and measurements: 5/s,
    );
    await look(page, 'disclosures-found');
    const [file] = await Promise.all([page.waitForEvent('download'), follow(page, 'Download all as CSV')]);
    expect(file.suggestedFilename()).toMatch(/^who-read-what-.*\.csv$/);
    expect(problems).toEqual([]);
  });

  it('the home page and the choice of a practice have no violations', LONG, async () => {
    const both = await signInStaff(portal.server, ['front-desk', 'clinician'], [SANDBOX_PRACTICE, LIVE_PRACTICE]);
    const page = await open(width, both);
    await page.goto(`${portal.server.origin}/practice`);
    await look(page, 'staff-home');
    await page.goto(portal.server.origin);
    await look(page, 'home');
    expect((await listPractices(portal.server.db)).length).toBeGreaterThan(1);
    expect(problems).toEqual([]);
  });
});
