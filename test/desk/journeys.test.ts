import { TOTP } from 'otpauth';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTrail } from '../../src/audit/index.ts';
import { inviteFirstAdministrator } from '../../src/desk/index.ts';
import { systemRandom as random } from '../../src/kernel/index.ts';
import { listPractices } from '../../src/practices/index.ts';
import { addApp } from '../support/apps.ts';
import { accessibilityFaults, launchBrowser, overflows, startReachableServer, WIDTHS } from '../support/browser.ts';
import { LIVE_PRACTICE, member, SANDBOX_PRACTICE } from '../support/desk.ts';
import { connect, fhir, R4 } from '../support/patient.ts';
import type { TestServer } from '../support/server.ts';

const LONG = { timeout: 120_000 };
const PASSWORD = 'orange lamp seventeen rivers';
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
/** Where to leave pictures of the pages for whoever wants to look at them. */
const SHOTS = process.env['SHOTS'];

let server: TestServer & { origin: string };
let browser: Browser;
beforeAll(async () => {
  server = await startReachableServer();
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser.close();
  await server.close();
});

async function open(width: number, cookie?: string): Promise<Page> {
  const context = await browser.newContext({ viewport: { width, height: 900 }, javaScriptEnabled: false });
  if (cookie !== undefined) await context.addCookies([{ name: 'session', value: cookie, url: server.origin }]);
  return context.newPage();
}

/** What is wrong with a page, by the name it has here. */
function looker(width: number) {
  const faults: Record<string, readonly string[]> = {};
  let copy: Page | undefined;
  return {
    faults,
    async look(page: Page, name: string): Promise<void> {
      if (SHOTS !== undefined) await page.screenshot({ path: `${SHOTS}/${name}-${width}.png`, fullPage: true });
      if (await overflows(page)) faults[`${name} overflows`] = [];
      // The checker needs scripts, and these pages have none: it looks at a copy.
      copy ??= await (await browser.newContext({ viewport: { width, height: 900 } })).newPage();
      if (!copy.url().startsWith(server.origin)) await copy.goto(server.origin);
      await copy.setContent(await page.content());
      const found = await accessibilityFaults(copy);
      if (found.length > 0) faults[name] = found;
    },
  };
}

const heading = (page: Page) => page.getByRole('heading', { level: 1 }).textContent();
const press = (page: Page, name: string | RegExp) => page.getByRole('button', { name }).click();
const follow = (page: Page, name: string | RegExp) => page.getByRole('link', { name }).first().click();

/** Adds an authenticator app, as somebody does who types the key in, and goes on. */
async function setUpApp(page: Page, look: (page: Page, name: string) => Promise<void>): Promise<void> {
  await look(page, 'second-step');
  await page.getByLabel('An authenticator app').check();
  await press(page, 'Continue');
  const key = (await page.locator('main dl code').textContent())?.replaceAll(' ', '') ?? '';
  const code = new TOTP({ secret: key }).generate({ timestamp: server.clock.now().getTime() });
  await page.locator('#code').fill(code);
  await page.locator('form:has(#code) button').click();
  expect(page.url()).toContain('/recovery-codes');
  await page.locator('.after a').first().click();
}

async function firstLink(): Promise<string> {
  await server.db.queryText('update account set administrator = false', []);
  const { db, clock } = server;
  const audit = openTrail({ db, clock, random });
  const made = await inviteFirstAdministrator({ db, clock, random, audit, publicUrl: server.origin });
  if (made === undefined) throw new Error('there is an administrator');
  return made.link;
}

describe.each(WIDTHS)('at %i pixels, without JavaScript', (width) => {
  it('from the first start to the first administrator, practice and member of staff', LONG, async () => {
    const { look, faults } = looker(width);
    const page = await open(width);
    await page.goto(await firstLink());
    await look(page, 'join-first');
    await press(page, 'Continue');
    expect(await page.title()).toMatch(/^Error: /);
    await look(page, 'join-error');
    await follow(page, /Enter your name/);
    await page.keyboard.type('Ada Lovelace');
    await page.getByLabel('Choose a username').fill(`ada-${width}`);
    await page.getByLabel('Choose a password').fill(PASSWORD);
    await press(page, 'Continue');
    await setUpApp(page, look);

    expect(await heading(page)).toBe('Practices');
    await look(page, 'practices');
    await follow(page, 'Make a practice');
    await press(page, 'Make it');
    await look(page, 'practice-error');
    await page.getByLabel('Name').fill(`North Side ${width}`);
    await page.getByLabel('Live', { exact: true }).check();
    await look(page, 'practice-new');
    await press(page, 'Make it');
    expect(await page.getByRole('status').textContent()).toContain(`North Side ${width} is made.`);
    await page.getByRole('link', { name: `North Side ${width}` }).click();
    await look(page, 'staff-none');
    await follow(page, 'Invite somebody');
    await press(page, 'Invite');
    await look(page, 'invite-error');
    await page.getByLabel('Full name').fill('Bea Boss');
    await page.getByLabel('Practice administrator').check();
    await page.getByLabel('Privacy officer').check();
    await press(page, 'Invite');
    await look(page, 'invite-link');
    const link = (await page.locator('main code').textContent()) ?? '';
    await page.goto(`${server.origin}/practice/administration/administrators`);
    await look(page, 'administrators');
    await follow(page, 'Invite an administrator');
    await page.getByLabel('Full name').fill('Grace Hopper');
    await page.getByLabel(/^E-mail address/).fill('grace@example.org');
    await press(page, 'Invite');
    await look(page, 'administrators-invited');
    await follow(page, 'Mail');
    await look(page, 'outbox');
    await page.locator('pre a').first().click();
    expect(await page.getByText('Welcome, Grace Hopper').count()).toBe(1);

    const bea = await open(width);
    await bea.goto(link);
    expect(await bea.getByText('Welcome, Bea Boss').count()).toBe(1);
    await look(bea, 'join-staff');
    await bea.getByLabel('Choose a username').fill(`bea-${width}`);
    await bea.getByLabel('Choose a password').fill(PASSWORD);
    await press(bea, 'Continue');
    await setUpApp(bea, async () => {});
    expect(await heading(bea)).toBeTruthy();
    expect(bea.url()).toMatch(/\/practice\/\d+\/patients$/);
    const ways = await bea.getByRole('navigation').first().getByRole('link').allTextContents();
    expect(ways).toEqual(['Patients', 'Patients’ apps', 'Who read what', 'Practice page', 'Staff']);
    for (const way of ways) {
      await bea.getByRole('navigation').first().getByRole('link', { name: way, exact: true }).click();
      expect(await bea.locator('[aria-current="page"]').textContent()).toBe(way);
    }
    await look(bea, 'staff-list');
    await follow(bea, 'Bea Boss');
    await look(bea, 'colleague');
    await bea.getByLabel('Practice administrator').uncheck();
    await press(bea, 'Save');
    await look(bea, 'colleague-last');
    expect(await bea.getByRole('alert').textContent()).toContain('You are the only administrator');
    expect(faults).toEqual({});
    await page.context().close();
    await bea.context().close();
  });

  it('the practice’s page: how patients see it, its logo, its API', LONG, async () => {
    const { look, faults } = looker(width);
    const boss = await member(server, ['administrator'], [LIVE_PRACTICE], 'Bea Boss');
    const page = await open(width, boss.browser.cookie('session'));
    await page.goto(`${server.origin}/practice/${LIVE_PRACTICE}/settings`);
    await look(page, 'settings');
    await page.getByLabel('Phone').fill('555-010-2030');
    await page.getByLabel('E-mail address').fill('desk@lakeside.example');
    await page.getByLabel('Website').fill('https://www.lakeside.example');
    await page.getByLabel('Address', { exact: true }).fill('1 Lake Road\nSpringfield, IL 62701');
    await page.getByLabel('Time zone').selectOption('America/Chicago');
    await page.getByRole('textbox', { name: 'Color' }).fill('#ffd700');
    await press(page, 'Save');
    await look(page, 'settings-error');
    await follow(page, /too light to be read on white: its contrast is 1\.4:1/);
    expect(await page.evaluate('document.activeElement?.id').catch(() => 'color')).toBe('color');
    await page.getByRole('textbox', { name: 'Color' }).fill('#7a1f5c');
    await press(page, 'Save');
    expect(await page.getByRole('status').textContent()).toContain('Saved.');
    await look(page, 'settings-saved');
    await follow(page, /the logo|a logo/);
    await page.getByLabel('Choose a picture').setInputFiles({
      name: 'logo.png',
      mimeType: 'image/png',
      buffer: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
    });
    await press(page, 'Use it');
    expect(await page.getByRole('alert').textContent()).toContain('This is an SVG picture');
    await look(page, 'logo-error');
    await page.getByLabel('Choose a picture').setInputFiles({ name: 'logo.png', mimeType: 'image/png', buffer: PNG });
    await press(page, 'Use it');
    await follow(page, 'See it as they do');
    const color = () => page.evaluate('getComputedStyle(document.querySelector("main button")).backgroundColor');
    await expect.poll(color).toBe('rgb(122, 31, 92)');
    const shownWidth = () => page.evaluate('document.querySelector("header img").naturalWidth');
    await expect.poll(shownWidth).toBe(1);
    await look(page, 'preview');
    await follow(page, /Back to the practice page/);
    await follow(page, /Apps can read/);
    await look(page, 'api');
    await press(page, 'Turn the API off');
    await look(page, 'api-error');
    await page.getByLabel(/^Yes/).check();
    await press(page, 'Turn the API off');
    expect(await page.getByRole('status').textContent()).toContain('no app can read');
    await follow(page, /can’t read/);
    await look(page, 'api-off');
    await page.getByLabel(/^Yes/).check();
    await press(page, 'Turn the API on');
    expect(faults).toEqual({});
    await page.context().close();
  });

  it('a privacy officer asks which patients an app read of, by keyboard', LONG, async () => {
    const { look, faults } = looker(width);
    const name = `Reader ${width}`;
    const app = await addApp(server, { name });
    const { access_token: token, patient } = await connect(server.app, app, { scope: 'launch/patient patient/*.rs' });
    await fhir(server.app, `${R4}/Observation?patient=${patient}&_count=5`, token);
    const officer = await member(server, ['privacy-officer'], [SANDBOX_PRACTICE], 'Pri Vacy');
    const page = await open(width, officer.browser.cookie('session'));
    await page.goto(`${server.origin}/practice/${SANDBOX_PRACTICE}/apps`);
    await look(page, 'apps');
    await follow(page, 'Who read what');
    await look(page, 'disclosures');
    await press(page, 'Show');
    await look(page, 'disclosures-error');
    await follow(page, 'Choose an app');
    await page.getByLabel('App', { exact: true }).focus();
    await page.keyboard.type(name);
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Show' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: `${name} read data of 1 patient` }).waitFor();
    expect(await page.locator('tbody').textContent()).toMatch(/Ana Marisol Larkspur.*Test results and measurements 5/s);
    await look(page, 'disclosures-found');
    const [file] = await Promise.all([page.waitForEvent('download'), follow(page, 'Download all as CSV')]);
    expect(file.suggestedFilename()).toMatch(/^who-read-what-.*\.csv$/);
    expect(faults).toEqual({});
    await page.context().close();
  });

  it('the home page and where staff choose have no faults', LONG, async () => {
    const { look, faults } = looker(width);
    const both = await member(server, ['front-desk', 'clinician'], [SANDBOX_PRACTICE, LIVE_PRACTICE]);
    const page = await open(width, both.browser.cookie('session'));
    await page.goto(`${server.origin}/practice`);
    await look(page, 'staff-home');
    await page.goto(server.origin);
    await look(page, 'home');
    expect((await listPractices(server.db)).length).toBeGreaterThan(1);
    expect(faults).toEqual({});
    await page.context().close();
  });
});
