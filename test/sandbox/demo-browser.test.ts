import type { Page } from 'playwright-core';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { hours, minutes } from '../../src/kernel/index.ts';
import { hasOverflow, problemsEverywhere, WIDTHS } from '../support/browser/browser.ts';
import { openPortal } from '../support/browser/portal-browser.ts';
import { SANDBOX_PATIENT } from '../support/people/patient.ts';
import { startSandboxSession } from '../support/people/staff.ts';
import { DEEP } from '../support/runs/slice.ts';

const portal = openPortal(undefined, {});

interface Visitor {
  readonly page: Page;
  /** Script errors and console messages, including violations of the content security policy. */
  readonly complaints: string[];
}

/** Opens the first page of the demo app as a signed-in patient. */
async function visit(username = SANDBOX_PATIENT.username, path = '/demo'): Promise<Visitor> {
  const session = await startSandboxSession(portal.server, { username });
  const page = await portal.newPage({ width: WIDTHS[1], session });
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on(
    'console',
    (message) => /Content Security Policy|CORS/.test(message.text()) && complaints.push(message.text()),
  );
  await portal.open(page, path);
  return { page, complaints };
}

/** Returns the tokens that fhirclient has in the session storage. */
const tokens = (page: Page) =>
  page.evaluate<{ access_token: string; refresh_token: string; patient: string } | undefined>(() => {
    const { SMART_KEY } = sessionStorage;
    return SMART_KEY && JSON.parse(sessionStorage.getItem(JSON.parse(SMART_KEY)) ?? '{}').tokenResponse;
  });
const begin = (page: Page) => page.getByRole('button', { name: 'Connect my record' }).click();
const allow = (page: Page) => page.getByRole('button', { name: 'Allow' }).click();
const recordRead = (page: Page) => page.getByText(/^Your record is loaded/).waitFor();
const section = (page: Page, name: string) => page.getByRole('region', { name });

/** Connects the demo app, and waits until it has read the whole record. */
async function connected(page: Page): Promise<void> {
  await begin(page);
  await allow(page);
  await recordRead(page);
}

describe('the record in the demo app', () => {
  let page: Page;
  let complaints: string[];
  const violations: string[] = [];
  beforeAll(async () => {
    ({ page, complaints } = await visit());
    violations.push(...(await problemsEverywhere(page)));
    await connected(page);
  });

  it('is displayed after one button and one consent, without accessibility violations', async () => {
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Ana Marisol Larkspur');
    expect(new URL(page.url()).search).toBe('');
    expect(await section(page, 'Medicines').textContent()).toContain('Metformin 500 mg');
    expect(await section(page, 'Allergies').textContent()).toContain('Penicillin');
    await page.evaluate('for (const details of document.querySelectorAll("details")) details.open = true');
    violations.push(...(await problemsEverywhere(page)));
    expect(violations).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it('displays reported, planned, declined and disease entries as what they are', async () => {
    const medicines = (await section(page, 'Medicines').textContent()) ?? '';
    expect(medicines).toMatch(
      /Current.*Ibuprofen 200 mg Reported to the practice.*Planned or suggested.*Insulin glargine/,
    );
    expect(await section(page, 'Immunizations').textContent()).toMatch(
      /Flu shot Not givenReason: DeclinedOct 14, 2022/,
    );
    const problems = (await section(page, 'Health problems').textContent()) ?? '';
    expect(problems.indexOf('Lives alone')).toBeGreaterThan(problems.indexOf('Obesity'));
  });

  it('has the trend of a result, with its flags and range, and gives the focus back', async () => {
    const trend = page.getByRole('button', { name: /^Hemoglobin A1c: \d+ values, from / });
    await trend.click();
    const dialog = page.getByRole('dialog', { name: 'Hemoglobin A1c' });
    expect(await dialog.getByRole('img', { name: /^Hemoglobin A1c: / }).count()).toBe(1);
    expect(await dialog.getByRole('row').nth(1).textContent()).toMatch(/, \d{4}[\d.]+%High4 to 5.6%$/);
    expect(await problemsEverywhere(page)).toEqual([]);
    await page.keyboard.press('Escape');
    expect(await page.evaluate('document.activeElement.getAttribute("aria-label")')).toMatch(/^Hemoglobin A1c: /);
  });

  it('has expandable notes, PDFs to save, and the same person over DSTU2', async () => {
    await page
      .getByRole('button', { name: /^Read: Follow-up visit/ })
      .first()
      .click();
    expect(await page.getByRole('dialog').textContent()).toContain('Seen by Miriam Sagebrook, MD');
    await page.keyboard.press('Escape');
    const focused = () => page.evaluate('document.activeElement.getAttribute("aria-label")');
    expect(await focused()).toMatch(/^Read: Follow-up visit/);
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Close' }).click();
    expect(await focused()).toMatch(/^Read: Follow-up visit/);
    const download = page.waitForEvent('download');
    await page
      .getByRole('button', { name: /^Save PDF: Yearly check-up/ })
      .first()
      .click();
    expect((await download).suggestedFilename()).toMatch(/^Yearly check-up.*\.pdf$/);

    await page.getByRole('button', { name: 'DSTU2' }).click();
    await page.getByText('DSTU2 leaves out medicines').waitFor();
    await recordRead(page);
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Ana Marisol Larkspur');
    expect(await section(page, 'Medicines').textContent()).toContain('Metformin 500 mg');
    expect((await section(page, 'Medicines').textContent())?.match(/Ibuprofen 200 mg|Aspirin 81 mg/g)).toHaveLength(2);
    expect(await section(page, 'Allergies').textContent()).toContain('Penicillin');
    expect(await section(page, 'Immunizations').textContent()).toMatch(/Flu shot Not given/);
    expect(await page.getByRole('button', { name: /^Hemoglobin A1c: / }).count()).toBe(1);
    expect(complaints).toEqual([]);
    // The other tests read the record as R4.
    await page.getByRole('button', { name: 'R4', exact: true }).click();
    await page.getByText('DSTU2 leaves out medicines').waitFor({ state: 'hidden' });
    await recordRead(page);
  });
});

it('is preceded by a consent page with the demo app’s developer, answers, and readable privacy policy, and accepts a denial', async () => {
  const { page, complaints } = await visit();
  await begin(page);
  const about = page.getByRole('region', { name: 'About My Record (demo)' });
  expect(await about.textContent()).toContain('made by Patient Access project');
  const use = page.getByRole('region', { name: 'What happens to your data' });
  const text = await use.textContent();
  expect(text).toContain('It does not sell your data.It does not share your data with anyone else.');
  expect(text).toContain('It answered all 8 of our questions.');
  const opened = page.context().waitForEvent('page');
  await use.getByText('Privacy policy and all answers').click();
  await use.getByRole('link', { name: /^Read its privacy policy/ }).click();
  const policy = await opened;
  expect(await policy.getByRole('heading', { level: 1 }).textContent()).toBe('Privacy policy of My Record (demo)');
  expect(await problemsEverywhere(policy)).toEqual([]);
  expect(complaints).toEqual([]);
  await policy.getByRole('link', { name: 'Español' }).click();
  expect(await policy.getByRole('heading', { name: 'Política de privacidad de My Record (demo)' }).isVisible()).toBe(
    true,
  );
  await page.getByRole('button', { name: 'Deny' }).click();
  expect(await page.getByRole('alert').textContent()).toContain('Nothing was shared');
  expect(new URL(page.url()).search).toBe('');
});

describe('the connected demo app', () => {
  let page: Page;
  let complaints: string[];
  beforeAll(async () => {
    ({ page, complaints } = await visit());
    await connected(page);
  });
  afterEach(() => page.unrouteAll());

  it('displays unusual data as they are, and one part that fails does not affect the others', async () => {
    const answer = (type: string, ...resources: object[]) =>
      page.route(`**/${type}?*`, (route) =>
        route.fulfill({ json: { entry: resources.map((each) => ({ resource: { resourceType: type, ...each } })) } }),
      );
    await page.route('**/Patient/*', (route) =>
      route.fulfill({ json: { resourceType: 'Patient', name: [{ text: 'Odd One' }], birthDate: 'not a date' } }),
    );
    const glucose = { code: { text: 'Glucose' }, valueQuantity: { value: 90, unit: 'mg/dL' } };
    await answer(
      'Observation',
      ...['not a date', '2026-01-20', '2026-01-02'].map((at) => ({ ...glucose, effectiveDateTime: at })),
    );
    await answer('Condition', { code: { text: 'Gout' }, onsetDateTime: 'long ago' });
    await answer('AllergyIntolerance', { reaction: [{}] });
    await answer('MedicationRequest', { status: 'active' }, { status: 'active' });
    await answer('MedicationStatement');
    await answer('Procedure');
    await answer('DiagnosticReport');
    await answer('Immunization', { vaccineCode: { coding: 'none' } });
    await answer('Encounter');
    await answer('DocumentReference');
    await page.reload();
    await recordRead(page);
    const text = async (name: string) => (await section(page, name).textContent()) ?? '';
    expect(await page.locator('.person').textContent()).toContain('Born not a date');
    expect(await text('Measurements and labs')).toContain('Jan 20, 2026');
    await page.getByRole('button', { name: /^Glucose: / }).click();
    expect(await page.getByRole('dialog').getByText('Jan 2026', { exact: true }).count()).toBe(1);
    expect(await page.getByRole('dialog').getByRole('row').allTextContents()).toEqual([
      'DateValueFlag',
      ...['Jan 20, 2026', 'Jan 2, 2026', 'not a date'].map((day) => `${day}90 mg/dLStatus not recorded`),
    ]);
    await page.keyboard.press('Escape');
    expect(await text('Health problems')).toMatch(/Paused or not clearGout Status not recordedSince: long ago$/);
    expect(await text('Allergies')).toContain('Name not recorded');
    expect((await text('Medicines')).match(/Name not recorded/g)?.length).toBe(2);
    expect(await text('Immunizations')).toContain('The app couldn’t show this section.');
    expect(await text('Visits')).toContain('Nothing on record.');
    expect(complaints).toEqual([]);
  });

  it('displays prescriptions if reported medicines were not shared, and says so', async () => {
    const outcome = { resourceType: 'OperationOutcome', issue: [{ details: { coding: [{ code: 'scope-denied' }] } }] };
    await page.route('**/MedicationStatement?*', (route) => route.fulfill({ status: 403, json: outcome }));
    await page.reload();
    await recordRead(page);
    const text = await section(page, 'Medicines').textContent();
    expect(text).toMatch(/Metformin 500 mg.*Reported medicines were not shared, so this list may be incomplete\.$/);
    expect(text).not.toContain('Ibuprofen');
  });

  it('says that nothing is recorded in an empty record, and never that there is nothing', async () => {
    const empty = { resourceType: 'Bundle', type: 'searchset', total: 0 };
    await page.route(/fhir\/r4\/[A-Z]\w+\?/, (route) => route.fulfill({ json: empty }));
    await page.reload();
    await recordRead(page);
    const contents = await page.locator('section .content').allTextContents();
    expect(contents).toEqual([
      'No medicines on record. Some may still be taken.',
      'No allergies on record. There may still be some.',
      ...Array(6).fill('Nothing on record.'),
    ]);
  });

  it('offers to retry after a network error, with the request id if there is one', async () => {
    const outcome = { resourceType: 'OperationOutcome', issue: [{ code: 'exception', details: { text: 'Not now.' } }] };
    await page.route('**/Immunization?*', (route) =>
      route.fulfill({ status: 500, headers: { 'x-request-id': 'abc-123' }, json: outcome }),
    );
    await page.route('**/Encounter?*', (route) => route.abort());
    await page.reload();
    await page.getByText('Some sections couldn’t be loaded.').waitFor();
    expect(await section(page, 'Immunizations').textContent()).toContain('Not now.Request ID: abc-123');
    expect(await section(page, 'Visits').textContent()).toContain('Can’t connect to the server.');
    await page.unrouteAll();
    await section(page, 'Immunizations').getByRole('button', { name: 'Try again' }).click();
    await section(page, 'Visits').getByRole('button', { name: 'Try again' }).click();
    await recordRead(page);
    expect(await section(page, 'Immunizations').textContent()).toContain('Flu shot');
  });
});

describe('the demo app', () => {
  it('continues after a reload, gets a new token, and has no data or access after disconnecting', async () => {
    const { page } = await visit();
    await connected(page);
    await page.reload();
    await recordRead(page);
    const before = await tokens(page);
    await page.getByText('Connection', { exact: true }).click();
    await page.getByRole('button', { name: 'Refresh token' }).click();
    await page.getByText(/^New access token/).waitFor();
    const after = await tokens(page);
    expect(after?.access_token).not.toBe(before?.access_token);
    expect(after?.refresh_token).not.toBe(before?.refresh_token);
    await page.getByRole('button', { name: 'Disconnect' }).click();
    const notice = page.getByRole('status').filter({ hasText: 'The app is disconnected' });
    expect(await notice.textContent()).toMatch(/can no longer read your record.*connect again/);
    expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
    const answer = await fetch(`${portal.server.origin}/nge/prod/fhir-api-r4/fhir/r4/Patient/${after?.patient}`, {
      headers: { authorization: `Bearer ${after?.access_token}` },
    });
    expect(answer.status).toBe(401);
  });

  it('says calmly that it is no longer connected after a disconnect in the account, and offers to connect again', async () => {
    const { page } = await visit();
    await connected(page);
    const account = await page.context().newPage();
    await portal.open(account, '/account/apps');
    await account.getByRole('link', { name: 'Disconnect My Record (demo)' }).click();
    await account.getByRole('main').getByRole('button', { name: 'Yes, disconnect' }).click();
    await account.getByRole('heading', { level: 1, name: /disconnected/ }).waitFor();
    await page.reload();
    const notice = page.getByRole('status').filter({ hasText: 'This app is no longer connected.' });
    expect(await notice.textContent()).toContain('Connect again to see your record.');
    expect(await page.getByRole('alert').count()).toBe(0);
    expect(await page.getByRole('button', { name: 'Connect my record' }).isVisible()).toBe(true);
  });

  it('ignores options of a link, connects after the server could not be reached at first, and renews an expired access token until all access has expired', async () => {
    const { page } = await visit(SANDBOX_PATIENT.username, '/demo?iss=https://other.example/fhir&clientId=other');
    expect(new URL(page.url()).search).toBe('');
    await page.route('**/.well-known/smart-configuration', (route) => route.abort());
    await begin(page);
    await page.getByRole('alert').getByText('Can’t connect to the server.').waitFor();
    await page.unrouteAll();
    await connected(page);
    portal.server.clock.advance(minutes(75));
    const before = await tokens(page);
    await page.reload();
    await recordRead(page);
    expect((await tokens(page))?.access_token).not.toBe(before?.access_token);
    // Access with online_access ends with the session, at the latest after 12 hours.
    portal.server.clock.advance(hours(12));
    await page.reload();
    await page.getByRole('status').getByText('its access has expired', { exact: false }).waitFor();
    expect(await page.getByRole('button', { name: 'Connect my record' }).isVisible()).toBe(true);
  });

  it('asks to connect again when the code has expired before its exchange, continues after a reload in the middle of the exchange, and after a failed refresh', async () => {
    const { page } = await visit();
    const interrupted = async () => {
      await page.route('**/token', (route) => route.abort());
      await begin(page);
      await allow(page);
      await page.getByText('Can’t connect to the server.').waitFor();
      await page.unrouteAll();
    };
    await interrupted();
    portal.server.clock.advance(minutes(2));
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('alert').getByText('The connection was interrupted. Please connect again.').waitFor();

    await interrupted();
    expect(new URL(page.url()).search).toBe('');
    await page.reload();
    await recordRead(page);

    const before = await tokens(page);
    await page.route('**/token', (route) => route.abort());
    await page.getByText('Connection', { exact: true }).click();
    await page.getByRole('button', { name: 'Refresh token' }).click();
    await page.getByText('Can’t connect to the server.').waitFor();
    expect(await tokens(page)).toEqual(before);
    await page.unrouteAll();
    await page.getByRole('button', { name: 'Refresh token' }).click();
    await page.getByText(/^New access token/).waitFor();
    expect((await tokens(page))?.access_token).not.toBe(before?.access_token);
  });

  it('is in Spanish for a browser in Spanish, with dates in Spanish', async () => {
    const session = await startSandboxSession(portal.server, { username: SANDBOX_PATIENT.username });
    const page = await portal.newPage({ width: WIDTHS[0], session, locale: 'es-US' });
    await portal.open(page, '/demo');
    expect(await page.locator('html').getAttribute('lang')).toBe('es');
    await page.getByRole('button', { name: 'Conectar mi expediente' }).click();
    await page.getByRole('button', { name: 'Permitir', exact: true }).click();
    await page.getByText(/^Su expediente está cargado/).waitFor();
    expect(await section(page, 'Medicinas').textContent()).toMatch(/Metformin 500 mg.*Fecha de la receta: 22 dic 2025/);
    // The layout is the same in both languages, so only the width of the Spanish text is checked.
    expect(DEEP ? await problemsEverywhere(page) : await hasOverflow(page)).toEqual(DEEP ? [] : false);
    await page.getByRole('button', { name: 'Desconectar' }).click();
    await page.getByText('La aplicación está desconectada').waitFor();
  });

  it('says what was not shared', async () => {
    // The next consent page of the same person leaves out what they denied.
    const { page } = await visit('patient11');
    await begin(page);
    await page.getByText('Visits and notes: ').click();
    await page.getByLabel('Notes and documents').uncheck();
    await allow(page);
    await recordRead(page);
    expect(await section(page, 'Notes and documents').textContent()).toContain('Not shared');
    expect(await section(page, 'Medicines').textContent()).toContain('Letrozole');
  });

  it('rejects a response that does not belong to its own request (RFC 6749 §10.12)', async () => {
    const { page } = await visit(SANDBOX_PATIENT.username, '/demo?code=stolen&state=unknown');
    expect(await page.getByRole('alert').textContent()).toContain('doesn’t match a request');
    expect(new URL(page.url()).search).toBe('');
  });

  it.runIf(DEEP)('reads the large record completely, page by page', async () => {
    const { page } = await visit('patient02');
    await connected(page);
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Walter James Driftwood');
    const text = (await page.getByText(/^Your record is loaded/).textContent()) ?? '';
    expect(Number(text.replace(/\D/g, ''))).toBeGreaterThan(4000);
  });
});
