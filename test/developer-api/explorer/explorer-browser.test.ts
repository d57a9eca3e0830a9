import type { Locator, Page } from 'playwright-core';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { openConnectedExplorer } from '../../support/apps/explorer.ts';
import { accessibilityViolations } from '../../support/browser/browser.ts';
import {
  expectNoProblems,
  expectNoProblemsAnywhere,
  navigateInPortal,
  openPortal,
} from '../../support/browser/portal-browser.ts';
import { signInDeveloper } from '../../support/people/developer-portal.ts';
import { slice } from '../../support/runs/slice.ts';

// Axe is slow on pages that show a whole FHIR response.
vi.setConfig({ testTimeout: 120_000 });

const portal = openPortal();

interface Visit {
  readonly page: Page;
  /** Errors and warnings in the browser's console. */
  readonly complaints: string[];
}

async function visit(path: string, reader: { readonly session?: string } = {}): Promise<Visit> {
  const permissions = ['clipboard-read', 'clipboard-write'];
  const page = await portal.newPage({ ...reader, permissions, timeout: 20_000 });
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => /Content Security Policy/.test(message.text()) && complaints.push(message.text()));
  await page.goto(`${portal.server.origin}${path}`);
  return { page, complaints };
}

/** Opens the explorer after a test patient has signed in and returned to it. */
async function connected(path: string): Promise<Page> {
  const page = await portal.newPage({ permissions: ['clipboard-read', 'clipboard-write'], timeout: 20_000 });
  await openConnectedExplorer(page, portal.server, path);
  return page;
}

async function signIn(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Sign in and authorize' }).click();
  expect(await page.getByLabel('Username').inputValue()).toBe('patientapitest');
  await page.getByLabel('Password', { exact: true }).fill('Password1!');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByRole('button', { name: 'Allow' }).click();
  await page.getByRole('heading', { name: 'Tokens' }).waitFor();
}

const panel = (page: Page, version: 'R4' | 'DSTU2') => page.getByRole('region', { name: `FHIR ${version}` });
const answered = (page: Page, version: 'R4' | 'DSTU2', status = '200 OK') =>
  panel(page, version).getByText(status).waitFor();

it('the API explorer signs in as a test patient and displays R4 and DSTU2 side by side, without violations at either width, light and dark', async () => {
  const { page, complaints } = await visit('/developer/explorer');
  await page.getByLabel('Test patient', { exact: true }).waitFor();
  await page.getByText('Use your own app').click();
  await expectNoProblemsAnywhere(page, 'before the sign-in');
  await signIn(page);
  for (const version of ['R4', 'DSTU2'] as const) {
    await answered(page, version);
    await panel(page, version).getByRole('button', { name: 'Expand all' }).click();
    expect(await panel(page, version).textContent()).toContain('Larkspur');
  }
  expect(new URL(page.url()).search).toBe('');
  for (const summary of await page.locator('summary').all()) await summary.click();
  await page.getByText(/Signed with a key of this server/).waitFor();
  await page.getByText('"token_type"').first().waitFor();
  await expectNoProblemsAnywhere(page, 'after the sign-in');
  expect(complaints).toEqual([]);
});

describe('the API explorer', () => {
  it('sends the request in the URL, in the parameter names of each version', async () => {
    const page = await connected('/developer/explorer?resource=Condition&category=problem-list-item&_count=2');
    await answered(page, 'R4');
    await answered(page, 'DSTU2');
    const path = (version: 'R4' | 'DSTU2') => page.getByLabel(`Path of the ${version} request`).inputValue();
    expect(await path('R4')).toBe('/Condition?category=problem-list-item&_count=2');
    expect(await path('DSTU2')).toBe('/Condition?category=problem&_count=2');
    await panel(page, 'R4')
      .getByRole('button', { name: /Condition · .+ · \d{4}-\d{2}-\d{2}/ })
      .first()
      .waitFor();
    await panel(page, 'R4').getByRole('button', { name: 'Next page' }).click();
    await page.waitForURL(/_cursor/);
    await expect.poll(() => path('R4')).toContain('_cursor=');
    await answered(page, 'R4');
    expect(await path('DSTU2')).toBe('/Condition?category=problem&_count=2');
    await panel(page, 'R4')
      .getByRole('button', { name: /"Patient\// })
      .first()
      .click();
    await page.waitForURL(/r4=%2FPatient%2F/);
    await answered(page, 'R4');
    await page.goBack();
    await expect.poll(() => path('R4')).toContain('_cursor=');
    await answered(page, 'R4');
    await page.getByLabel('Type', { exact: true }).selectOption('Coverage');
    expect(await path('R4')).toBe('/Coverage');
    await panel(page, 'R4').getByText('This is the response to GET /Condition?').waitFor();
    await page.getByRole('region', { name: 'Request' }).getByRole('button', { name: 'Send' }).click();
    await panel(page, 'DSTU2').getByText('DSTU2 has no Coverage on this server.').waitFor();
  });

  it('refreshes, then revokes, and displays each result', async () => {
    const page = await connected('/developer/explorer?resource=Patient');
    await answered(page, 'R4');
    const held = () =>
      page.evaluate(() => JSON.parse(sessionStorage.getItem('api-explorer-2') ?? '').connection.tokens);
    const before = await held();
    await page.getByRole('button', { name: 'Refresh' }).click();
    await page.getByText(/^.*Refreshed. There are a new access token/).waitFor();
    expect((await held()).access_token).not.toBe(before.access_token);
    await answered(page, 'R4');
    await page.getByRole('button', { name: 'Revoke' }).click();
    await page.getByText(/Revoked. All tokens of this sign-in are no longer valid/).waitFor();
    await page.getByRole('region', { name: 'Request' }).getByRole('button', { name: 'Send' }).click();
    await answered(page, 'R4', '401 Unauthorized');
    await answered(page, 'DSTU2', '401 Unauthorized');
    await page.getByRole('button', { name: 'Refresh' }).click();
    await page.getByText(/Rejected by the server: 400 invalid_grant/).waitFor();
    await page.getByRole('button', { name: 'Sign in as someone else' }).click();
    expect(await page.evaluate(() => sessionStorage.getItem('api-explorer-2'))).toBe('{}');
  });

  it('leaves the developer signed in to the portal', async () => {
    const { session } = await signInDeveloper(portal.server);
    const { page } = await visit('/developer/explorer?resource=Condition', { session });
    await page.getByText('You are signed in as Dev Eloper.').waitFor();
    await signIn(page);
    await answered(page, 'R4');
    expect(new URL(page.url()).search).toBe('?resource=Condition');
    await page.getByRole('banner').getByRole('button', { name: 'Dev Eloper' }).waitFor();
    const cookies = await page.context().cookies();
    expect(cookies.map(({ name }) => name)).not.toContain('waiting');
    expect(cookies.find(({ name }) => name === 'session')?.value).toBe(session);
  });

  it('restores the developer’s session if the sign-in was cancelled', async () => {
    const { session } = await signInDeveloper(portal.server);
    const { page } = await visit('/developer/explorer', { session });
    await page.getByRole('button', { name: 'Sign in and authorize' }).click();
    await page.getByLabel('Username').waitFor();
    await page.goto(`${portal.server.origin}/developer/explorer`);
    await page.getByRole('banner').getByRole('button', { name: 'Dev Eloper' }).waitFor();
  });

  it('accepts a denial, and ignores a response that it did not request (RFC 6749 §10.12)', async () => {
    const { page } = await visit('/developer/explorer');
    await page.getByRole('button', { name: 'Sign in and authorize' }).click();
    await page.getByLabel('Password', { exact: true }).fill('Password1!');
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByRole('button', { name: 'Deny' }).click();
    expect(await page.getByRole('alert').textContent()).toContain('denied access');
    expect(await accessibilityViolations(page)).toEqual([]);
    await page.goto(`${portal.server.origin}/developer/explorer/callback?code=stolen&state=unknown`);
    expect(await page.getByRole('alert').textContent()).toContain('doesn’t match a request');
    expect(new URL(page.url()).search).toBe('');
  });
});

describe('the request form of the API explorer', () => {
  const request = (page: Page) => page.getByRole('region', { name: 'Request' });
  const send = (page: Page) => request(page).getByRole('button', { name: 'Send' });
  const R4_DOCUMENT = '/nge/prod/fhir-api/openapi/r4.json';

  it('shows five common parameters and those of the URL first, and all others on request', async () => {
    const page = await connected('/developer/explorer?resource=Observation');
    await answered(page, 'R4');
    const [type, id, ...common] = await request(page).locator('label:visible').allTextContents();
    expect({ type, id }).toEqual({ type: 'Type', id: 'ID' });
    expect(common).toEqual(['category', 'code', 'date', 'status', '_count']);
    const { parameters } = (await portal.server.app.inject(R4_DOCUMENT)).json().paths['/Observation'].get;
    const names: string[] = parameters
      .filter((parameter: { in: string }) => parameter.in === 'query')
      .map(({ name }: { name: string }) => name);
    const others = names.filter((name) => ![...common, '_maxresults', '_cursor', 'subject', 'patient'].includes(name));
    await request(page)
      .getByRole('button', { name: `More parameters (${others.length})` })
      .click();
    for (const name of others) await request(page).getByLabel(name, { exact: true }).waitFor();
    await request(page).getByLabel('Find a parameter').fill('performer');
    await request(page).getByLabel('specimen', { exact: true }).waitFor({ state: 'hidden' });
    await expectNoProblemsAnywhere(page, 'all parameters of the explorer');
    await request(page).getByLabel('performer', { exact: true }).fill('Practitioner/1');
    await request(page).getByLabel('performer', { exact: true }).press('Enter');
    await page.waitForURL(/performer=/);
    expect(await request(page).getByLabel('performer', { exact: true }).and(page.locator(':focus')).count()).toBe(1);
    // A parameter of the URL is shown, even if it isn't common.
    await navigateInPortal(page, '/developer/explorer?resource=Observation&method=x');
    await expect.poll(() => request(page).getByLabel('method', { exact: true }).inputValue()).toBe('x');
  });

  it('has its button and the response on the first screen of a laptop for each sampled type, and leads to the response on a phone', async () => {
    const page = await connected('/developer/explorer?resource=Observation');
    await answered(page, 'R4');
    await page.setViewportSize({ width: 1280, height: 900 });
    const isOnScreen = async (part: Locator): Promise<boolean> => {
      const { y, height } = (await part.boundingBox()) ?? { y: Number.NaN, height: 0 };
      return y >= 0 && y + height <= (page.viewportSize()?.height ?? 0);
    };
    for (const part of [send(page), panel(page, 'R4').getByText('200 OK'), panel(page, 'DSTU2').getByText('200 OK')])
      expect(await isOnScreen(part)).toBe(true);
    // Fields of other types can take more lines.
    const types = await page.getByLabel('Type', { exact: true }).locator('option').all();
    for (const type of slice(await Promise.all(types.map((option) => option.getAttribute('value'))))) {
      await page.getByLabel('Type', { exact: true }).selectOption(type);
      const fields = await request(page).locator('label:visible').count();
      expect(fields, `${type}`).toBeLessThanOrEqual(2 + 5);
      for (const part of [send(page), panel(page, 'R4').getByText('200 OK')])
        expect(await isOnScreen(part), `${type}`).toBe(true);
    }
    await page.setViewportSize({ width: 390, height: 844 });
    await page.getByLabel('Type', { exact: true }).selectOption('Observation');
    await page.evaluate('scrollTo(0, 0)');
    expect(await isOnScreen(send(page))).toBe(true);
    await request(page).getByLabel('_count', { exact: true }).fill('1');
    await send(page).click();
    await page.waitForURL(/_count=1/);
    await answered(page, 'R4');
    await expect.poll(() => isOnScreen(panel(page, 'R4').getByText('200 OK'))).toBe(true);
  });
});

describe('the signed-in API explorer', () => {
  let page: Page;
  beforeAll(async () => {
    page = await connected('/developer/explorer?resource=DocumentReference&_count=1');
    await answered(page, 'R4');
  });

  it('saves a document that a response links to', async () => {
    const r4 = panel(page, 'R4');
    await r4.getByRole('button', { name: 'Expand all' }).click();
    await r4
      .getByRole('button', { name: /\/Binary\// })
      .first()
      .click();
    const download = page.waitForEvent('download');
    await r4.getByRole('link', { name: 'Save document' }).click();
    expect((await download).suggestedFilename()).toMatch(/^document-.*\.(pdf|txt|html|xml)$/);
  });
});

it('test patients can be searched by their uses and opened in the explorer, without violations at either width, light and dark', async () => {
  const { page, complaints } = await visit('/developer/test-patients');
  await page.getByText('26 accounts').waitFor();
  await expectNoProblemsAnywhere(page, 'test patients');
  await page.getByLabel('Find').fill('asthma');
  await page.getByText('1 account', { exact: true }).waitFor();
  await page.waitForURL(/find=asthma/);
  await page.getByLabel('Find').fill('nobody has this');
  await page.getByText('No matching accounts').waitFor();
  await expectNoProblems(page, 'nobody fits');
  await page.getByLabel('Find').fill('Milo');
  await page.getByRole('button', { name: 'Copy patient04' }).click();
  expect(await page.evaluate<string>('navigator.clipboard.readText()')).toBe('patient04');
  await page.getByRole('link', { name: 'Open in the explorer: Milo Meadowlark' }).click();
  await page.getByLabel('Test patient', { exact: true }).waitFor();
  expect(await page.getByLabel('Test patient', { exact: true }).inputValue()).toBe('patient04');
  expect(complaints).toEqual([]);
});
