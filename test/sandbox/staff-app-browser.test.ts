import type { Page } from 'playwright-core';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { hours, minutes } from '../../src/kernel/index.ts';
import { problemsEverywhere, WIDTHS } from '../support/browser/browser.ts';
import { openPortal, type WindowOptions } from '../support/browser/portal-browser.ts';
import { SANDBOX_PATIENT } from '../support/people/patient.ts';
import { addStaffMember, SANDBOX_STAFF, startSandboxSession } from '../support/people/staff.ts';

const portal = openPortal(undefined, {});
const complaints: string[] = [];
afterEach(() => expect(complaints.splice(0)).toEqual([]));

/** Opens a window of a staff member, and collects script errors and violations of the content security policy. */
async function window(reader: WindowOptions = {}, person = SANDBOX_STAFF): Promise<Page> {
  const session = await startSandboxSession(portal.server, person);
  const page = await portal.newPage({ width: WIDTHS[1], ...reader, session });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on(
    'console',
    (message) => /Content Security Policy|CORS/.test(message.text()) && complaints.push(message.text()),
  );
  return page;
}

/** Finds a patient in the launcher, and opens the app as the form is filled in at first. */
async function launch(page: Page, name = 'Larkspur', fill: (page: Page) => Promise<unknown> = async () => {}) {
  await portal.open(page, `/practice/launch?words=${name}`);
  await page.getByRole('main').getByRole('link', { name }).click();
  await page.getByLabel('Visit Prep (demo)').check();
  await fill(page);
  await page
    .getByRole('main')
    .getByRole('button', { name: /^(?:Open the app|Abrir la aplicación)$/ })
    .click();
}
const allow = (page: Page) => page.getByRole('button', { name: /^(?:Allow|Permitir)$/ }).click();
const section = (page: Page, name: string) => page.getByRole('region', { name, exact: true });
const textOf = async (page: Page, name: string) => (await section(page, name).textContent()) ?? '';
/** Waits until each section was read. */
const chartRead = (page: Page) => page.locator('.sections:not(:has(.content > .quiet:only-child))').waitFor();
const heading = (page: Page) => page.getByRole('heading', { level: 1 }).textContent();
const stored = (page: Page) => page.evaluate(() => sessionStorage.length);

async function openChart(page: Page, name?: string, fill?: (page: Page) => Promise<unknown>): Promise<void> {
  await launch(page, name, fill);
  await allow(page);
  await page.waitForURL('**/demo/staff');
  await chartRead(page);
}

describe('a clinician opens the app from a chart', { shuffle: false }, () => {
  let page: Page;
  beforeAll(async () => {
    page = await window();
    await openChart(page);
  });

  it('and sees whose chart it is, who opened it, and the visit', async () => {
    expect(new URL(page.url()).search).toBe('');
    expect(await page.title()).toBe('Ana Marisol Larkspur – Visit Prep (demo)');
    expect(await page.locator('.person').textContent()).toMatch(/^Ana Marisol Larkspur.*Born Jul 7, 1974.*SBX-000001/);
    expect(await page.getByText(/^Opened by/).textContent()).toBe('Opened by Miriam Sagebrook, MD');
    expect(await textOf(page, 'This visit')).toMatch(/^This visitFollow-up visit FinishedAug 20, 2026, 10:15 AM GMT-7/);
  });

  it('and sees each entry as what it is', async () => {
    expect(await textOf(page, 'Allergies')).toMatch(
      /Penicillin.*Reaction.*Hives, Itching \(moderate\).*Criticality.*High.*Past or not current.*Latex Mild Resolved/,
    );
    expect(await textOf(page, 'Latest vital signs')).toMatch(/Blood pressure\d+\/\d+ mmHg.*2026, \d+:\d\d [AP]M GMT-7/);
    expect(await page.locator('.sections > section').first().getAttribute('id')).toBe('changes');
    expect(await textOf(page, 'Problems')).toMatch(/Current.*Type 2 diabetes.*Past or not current/);
    expect(await textOf(page, 'Medicines')).toMatch(
      /Current.*Ibuprofen 200 mg Reported to the practice.*Planned or suggested.*Insulin glargine Planned, not prescribed/,
    );
  });

  it('and sees labs with the flags of their source, recent ones apart from older ones', async () => {
    const labs = await textOf(page, 'Recent labs');
    expect(labs).toMatch(/Hemoglobin A1c7% HighAug 5, 2026 · Normal range: 4 to 5.6%/);
    expect(labs).toMatch(/Older results with a flag.*C-reactive protein143.8 mg\/L HighFeb 26, 2024/);
    await page
      .getByRole('button', { name: /^Hemoglobin A1c: / })
      .first()
      .click();
    expect(await page.getByRole('dialog').getByRole('row').count()).toBeGreaterThan(10);
    await page.keyboard.press('Escape');
  });

  it('and sees what has a date after the last visit, and what such a list can’t show', async () => {
    const text = await textOf(page, 'Changes since the last visit');
    expect(text).toContain('Last visit: Follow-up visit, Aug 5, 2026.');
    expect(text).toMatch(/Type 2 diabetes Diagnosed at a visitRecorded: Aug 20, 2026/);
    expect(text).toMatch(/Insulin glargine Planned, not prescribed/);
    expect(text).toMatch(/Flu shotOct 14, 2026/);
    expect(text).toContain('A change without a date isn’t in it');
    expect(text).not.toContain('Metformin');
  });

  it('without accessibility violations, with everything open, at each width', async () => {
    await page.evaluate('for (const details of document.querySelectorAll("details")) details.open = true');
    expect(await problemsEverywhere(page, { name: 'staff app' })).toEqual([]);
  });

  it('in the style of the system that opened it, in light mode only', async () => {
    const style = (await (await page.request.get(`${portal.server.origin}/assets/smart-style.json`)).json()) as Record<
      string,
      string
    >;
    const [red, green, blue] = [1, 3, 5].map((at) => Number.parseInt(style['color_text']?.slice(at, at + 2) ?? '', 16));
    const shown = () =>
      page.evaluate<string[]>(
        '[getComputedStyle(document.documentElement)].flatMap(({ color, fontFamily }) => [color, fontFamily])',
      );
    const [color, font] = await shown();
    expect(color).toBe(`rgb(${red}, ${green}, ${blue})`);
    expect(font?.replaceAll('"', '')).toBe(style['font_family_body']?.replaceAll(/["']/g, ''));
    expect(await page.evaluate('document.documentElement.style.getPropertyValue("--ehr-color-text")')).toBe(
      style['color_text'],
    );
    await page.emulateMedia({ colorScheme: 'dark' });
    expect((await shown())[0]).not.toBe(color);
    await page.emulateMedia({ colorScheme: 'light' });
  });

  it('and still sees it after a reload, and nothing after closing the chart', async () => {
    await page.reload();
    await chartRead(page);
    const token = await page.evaluate<string>(
      () => JSON.parse(sessionStorage.getItem(JSON.parse(sessionStorage.SMART_KEY)) ?? '').tokenResponse.access_token,
    );
    await page.getByRole('button', { name: 'Close chart' }).click();
    await page.getByRole('status').filter({ hasText: 'The chart is closed' }).waitFor();
    expect(await page.locator('main').textContent()).not.toContain('Larkspur');
    const toChart = page.getByRole('link', { name: 'Back to the patient’s chart' });
    const response = await page.request.get((await toChart.getAttribute('href')) ?? '');
    expect(response.url()).toMatch(/\/practice\/1\/patients\/[\w-]{36}$/);
    expect({ title: await page.title(), stored: await stored(page) }).toEqual({
      title: 'Visit Prep (demo)',
      stored: 0,
    });
    const answer = await fetch(`${portal.server.origin}/nge/prod/fhir-api-r4/fhir/r4/Condition`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(answer.status).toBe(401);
  });
});

describe('on a phone, in Spanish, in dark mode', () => {
  it('the whole journey, from the sign-in to the closed chart', async () => {
    const page = await portal.newPage({ width: WIDTHS[0], locale: 'es-US', colorScheme: 'dark' });
    await portal.open(page, '/demo/staff');
    expect(await heading(page)).toBe('Abra esta aplicación desde un expediente');
    expect(await problemsEverywhere(page, { name: 'staff app, start' })).toEqual([]);
    await page.getByRole('link', { name: 'Elegir un paciente y una visita' }).click();
    await page.getByLabel('Nombre de usuario').fill(SANDBOX_STAFF.username);
    await page.getByLabel('Contraseña', { exact: true }).fill(SANDBOX_STAFF.password);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Abrir una aplicación para un paciente' }).waitFor();
    await openChart(page);
    expect(await page.locator('html').getAttribute('lang')).toBe('es');
    expect(await textOf(page, 'Esta visita')).toMatch(/Follow-up visit Terminada20 ago 2026/);
    expect(await textOf(page, 'Medicinas')).toMatch(/Metformin 500 mg.*Fecha de la receta: 22 dic 2025/);
    expect(await textOf(page, 'Cambios desde la última visita')).toContain('Diagnóstico de una visita');
    expect(await problemsEverywhere(page, { name: 'staff app, Spanish' })).toEqual([]);
    await page.getByRole('button', { name: 'Cerrar expediente' }).click();
    await page.getByText('El expediente está cerrado').waitFor();
  });
});

describe('the launch context', () => {
  it('without a visit and a banner: the app says so and compares with the latest visit, and shows no patient’s name', async () => {
    const page = await window();
    await openChart(page, 'Larkspur', async () => {
      await page.getByLabel('Visit', { exact: true }).selectOption('');
      await page.getByLabel('Show the patient’s name in the app').uncheck();
    });
    expect(await textOf(page, 'This visit')).toContain('The app was opened without a visit.');
    expect(await textOf(page, 'Changes since the last visit')).toContain('Last visit: Follow-up visit, Aug 20, 2026.');
    // The launch response has need_patient_banner: false.
    expect(await heading(page)).toBe('Visit prep');
    expect(await page.title()).toBe('Visit Prep (demo)');
    expect(await page.locator('.person').count()).toBe(0);
  });

  it('by staff who aren’t in the practice’s directory', async () => {
    const page = await window({}, await addStaffMember(portal.server, ['sandbox']));
    await openChart(page);
    await page.getByText('Opened by a member of staff who isn’t in the practice’s directory').waitFor();
  });

  it('of a second patient replaces the first in the same tab', async () => {
    const page = await window();
    await openChart(page, 'Larkspur');
    await openChart(page, 'Coppertree');
    expect(await heading(page)).toMatch(/Coppertree$/);
    await page.reload();
    await chartRead(page);
    expect(await heading(page)).toMatch(/Coppertree$/);
    expect(await page.locator('main').textContent()).not.toContain('Larkspur');
  });

  it('isn’t used by the patient app in the same tab, nor the reverse', async () => {
    const page = await window();
    await openChart(page);
    await portal.open(page, '/demo', 'Your health record, where you want it');
    await portal.switchSession(page, await startSandboxSession(portal.server, SANDBOX_PATIENT));
    await page.getByRole('button', { name: 'Connect my record' }).click();
    await page.getByRole('button', { name: 'Allow' }).click();
    await page.getByText(/^Your record is loaded/).waitFor();
    await portal.open(page, '/demo/staff', 'Open this app from a chart');
  });
});

describe('errors', () => {
  const alert = async (page: Page) => (await page.getByRole('alert').textContent()) ?? '';
  const expectStart = async (page: Page, link = 'Choose a patient and a visit') => {
    expect(await heading(page)).toBe('Open this app from a chart');
    expect(await page.getByRole('link', { name: link }).getAttribute('href')).toMatch(
      `${portal.server.origin}/practice/launch`,
    );
  };

  it('a launch page without a launch says where the app is opened', async () => {
    const page = await window();
    await portal.open(page, '/demo/staff/launch');
    await expectStart(page);
    expect(await page.getByRole('alert').count()).toBe(0);
  });

  it('a launch from another server is rejected, and nothing is sent there', async () => {
    const page = await window();
    const asked: string[] = [];
    page.on('request', (request) => void asked.push(new URL(request.url()).host));
    await portal.open(page, '/demo/staff/launch?iss=https://other.example/fhir&launch=x');
    expect(await alert(page)).toContain('The app was opened from a server that it doesn’t know');
    expect(new URL(page.url()).search).toBe('');
    expect(asked.filter((host) => host === 'other.example')).toEqual([]);
    await expectStart(page);
  });

  it('a denied launch reads nothing', async () => {
    const page = await window();
    await launch(page);
    await page.getByRole('button', { name: 'Deny' }).click();
    await page.waitForURL('**/demo/staff');
    expect(await alert(page)).toContain('You didn’t allow access');
    await expectStart(page);
    expect(await stored(page)).toBe(0);
  });

  it('an expired launch is explained, with the server’s reason', async () => {
    const page = await window();
    await launch(page);
    await page.getByRole('button', { name: 'Allow' }).waitFor();
    portal.server.clock.advance(minutes(11));
    await allow(page);
    await page.waitForURL('**/demo/staff');
    expect(await alert(page)).toMatch(/The app wasn’t opened\. Open it again from the patient’s chart\..*expired/);
    await expectStart(page);
  });

  it('an unknown launch is explained', async () => {
    const page = await window();
    const iss = `${portal.server.origin}/nge/prod/fhir-api-r4/fhir/r4`;
    await page.goto(`${portal.server.origin}/demo/staff/launch?${new URLSearchParams({ iss, launch: 'unknown' })}`);
    await page.waitForURL('**/demo/staff');
    expect(await alert(page)).toMatch(/The app wasn’t opened\..*Unknown launch token/);
  });

  it('a response that belongs to no request of the tab is rejected, and doesn’t end an open chart, which disappears after an hour', async () => {
    const page = await window();
    await openChart(page);
    await portal.open(page, '/demo/staff?code=stolen&state=unknown');
    expect(await alert(page)).toContain('doesn’t match a request');
    await page.reload();
    await chartRead(page);
    expect(await heading(page)).toBe('Ana Marisol Larkspur');
    portal.server.clock.advance(hours(1) + minutes(1));
    await page.reload();
    expect(await alert(page)).toContain('The app’s access to the chart has ended.');
    await expectStart(page, 'Open an app for this patient again');
    expect(await page.locator('main').textContent()).not.toContain('Larkspur');
  });

  it('data about another patient is never shown, and one section that fails doesn’t affect the others', async () => {
    const page = await window();
    await openChart(page);
    const other = {
      subject: { reference: 'Patient/someone-else' },
      status: 'finished',
      type: [{ text: 'Strange visit' }],
    };
    await page.route('**/Encounter/*', (route) =>
      route.fulfill({ json: { resourceType: 'Encounter', id: 'x', ...other } }),
    );
    await page.route('**/AllergyIntolerance?*', (route) => route.abort());
    await page.reload();
    await section(page, 'This visit').getByRole('alert').waitFor();
    expect(await textOf(page, 'This visit')).toContain('isn’t about the patient of this chart');
    expect(await page.locator('main').textContent()).not.toContain('Strange visit');
    expect(await textOf(page, 'Changes since the last visit')).toContain('isn’t about the patient of this chart');
    await section(page, 'Allergies').getByText('Can’t connect to the server.').waitFor();
    expect(await textOf(page, 'Medicines')).toContain('Metformin');
    await page.unrouteAll();
    await section(page, 'Allergies').getByRole('button', { name: 'Try again' }).click();
    await section(page, 'Allergies').getByText('Penicillin').waitFor();
    await page.route('**/Patient/*', (route) =>
      route.fulfill({ json: { resourceType: 'Patient', id: 'someone-else' } }),
    );
    await page.reload();
    expect(await alert(page)).toContain('isn’t about the patient of this chart');
    expect(await page.locator('.person').count()).toBe(0);
  });
});

describe('the source page', () => {
  it('is linked from the app, opens a file by keyboard, and has no violations', async () => {
    const page = await window();
    await portal.open(page, '/demo/staff');
    await page.getByRole('link', { name: 'View source' }).click();
    await page.getByRole('heading', { level: 1, name: 'Source of the staff app' }).waitFor();
    await page.locator('summary').filter({ hasText: 'launch.js' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('region', { name: 'Code of launch.js' }).waitFor();
    expect(await problemsEverywhere(page)).toEqual([]);
  });
});
