import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { openConnectedExplorer } from '../../support/apps/explorer.ts';
import { expectNoProblemsAnywhere, openPortal } from '../../support/browser/portal-browser.ts';
import { type Developer, signInDeveloper } from '../../support/people/developer-portal.ts';

vi.setConfig({ testTimeout: 60_000 });

let dev: Developer;
const portal = openPortal();
// Each test has an account of its own. A response that arrives after a test would otherwise be in the next one's history.
beforeEach(async () => {
  dev = await signInDeveloper(portal.server);
});

const CONDITIONS = '/developer/explorer?resource=Condition&category=problem-list-item';

const request = (page: Page) => page.getByRole('region', { name: 'Request' });
const button = (page: Page, name: string | RegExp) => request(page).getByRole('button', { name });
const dialog = (page: Page, name: string) => page.getByRole('dialog', { name });
const entries = (page: Page) => page.getByRole('dialog').getByRole('listitem');
const sentPath = (page: Page) => page.getByLabel('Path of the R4 request').inputValue();

async function answered(page: Page): Promise<void> {
  for (const version of ['R4', 'DSTU2'])
    await page
      .getByRole('region', { name: `FHIR ${version}` })
      .getByText('200 OK')
      .waitFor();
}

async function opened(path: string, { isVisitor = false } = {}): Promise<Page> {
  const page = await portal.newPage({ session: isVisitor ? undefined : dev.session, timeout: 20_000 });
  await openConnectedExplorer(page, portal.server, path);
  await answered(page);
  return page;
}

/**
 * Sends another request with the form. The URL changes before the page has rendered the request. The response shows that
 * it has: until then, “Back” would leave the form as the developer changed it.
 */
async function send(page: Page, type: string): Promise<void> {
  const response = page.waitForResponse(new RegExp(`/r4/${type}(\\?|$)`));
  await page.getByLabel('Type', { exact: true }).selectOption(type);
  await request(page).getByRole('button', { name: 'Send', exact: true }).click();
  await page.waitForURL(new RegExp(`resource=${type}(&|$)`));
  await response;
  await answered(page);
}

/**
 * Reads the requests that the browser stores for this test's developer, or for visitors without an account. Pages share
 * localStorage, and a page of an earlier test may still store a response for its developer.
 */
const stored = (page: Page, storage: 'localStorage' | 'sessionStorage') =>
  page.evaluate<string>(
    `JSON.stringify(Object.entries(${storage}).filter(([key]) => /^explorer-requests:(?:${dev.accountId})?:/.test(key)))`,
  );

describe('the history of the API explorer', () => {
  it('lists each request with path, version, status, time and size, and sends it again with one click', async () => {
    const page = await opened(CONDITIONS);
    await send(page, 'Immunization');
    await button(page, 'History (2)').click();
    const [newest, oldest] = [entries(page).nth(0), entries(page).nth(1)];
    await newest.getByText('R4 GET /Immunization').waitFor();
    const text = await oldest.textContent();
    expect(text).toMatch(/R4 GET \/Condition\?category=problem-list-item200[\d,]+ ms[\d.]+ KB/);
    expect(text).toMatch(/DSTU2 GET \/Condition\?category=problem200[\d,]+ ms[\d.]+ KB/);
    await expectNoProblemsAnywhere(page, 'history of the explorer');
    await oldest.getByRole('button', { name: 'Send again: GET /Condition' }).click();
    await page.waitForURL(/resource=Condition/);
    await answered(page);
    await expect.poll(() => sentPath(page)).toBe('/Condition?category=problem-list-item');
    expect(await request(page).getByLabel('category', { exact: true }).inputValue()).toBe('problem-list-item');
    await button(page, 'History (3)').waitFor();
  });

  it('is where a developer continues who comes back, also to an earlier entry of the browser', async () => {
    const page = await opened('/developer/explorer');
    expect(await sentPath(page)).toBe('/Patient');
    await send(page, 'Immunization');
    await page.goBack();
    await expect.poll(() => sentPath(page)).toBe('/Patient');
    await answered(page);
    await send(page, 'Condition');
    await page.getByRole('navigation').getByRole('link', { name: 'Test patients' }).click();
    await page.getByRole('heading', { level: 1, name: 'Test patients' }).waitFor();
    await page.getByRole('navigation').getByRole('link', { name: 'API explorer' }).click();
    await answered(page);
    expect(await sentPath(page)).toBe('/Condition');
    expect(await page.getByLabel('Type', { exact: true }).inputValue()).toBe('Condition');
  });

  it('contains a rejected request too', async () => {
    const page = await opened('/developer/explorer?resource=Condition');
    await page.getByLabel('Path of the R4 request').fill('/Nothing');
    await page.getByLabel('Path of the R4 request').press('Enter');
    await page.getByRole('region', { name: 'FHIR R4' }).getByText('404 Not Found').waitFor();
    await button(page, 'History (2)').click();
    await entries(page).first().getByText('R4 GET /Nothing').waitFor();
    await entries(page).first().getByText('404', { exact: true }).waitFor();
  });

  it('stays in this browser, without tokens and responses, for one account and one app', async () => {
    const page = await opened('/developer/explorer?resource=Patient');
    await button(page, 'History (1)').waitFor();
    const { access_token, refresh_token } = await page.evaluate<Record<string, string>>(
      `JSON.parse(sessionStorage.getItem('api-explorer-2')).connection.tokens`,
    );
    expect(await page.getByRole('region', { name: 'FHIR R4' }).textContent()).toContain('Sandbox Family Practice');
    const text = await stored(page, 'localStorage');
    expect(text).toContain('/Patient');
    for (const secret of [access_token, refresh_token, 'Sandbox Family Practice']) expect(text).not.toContain(secret);
    await page.goto(`${portal.server.origin}/developer/explorer?client=another-app`);
    await button(page, 'History').waitFor();
    expect(await button(page, 'History').textContent()).toBe('History');
    await portal.switchSession(page, (await signInDeveloper(portal.server)).session);
    await page.goto(`${portal.server.origin}/developer/explorer?resource=Patient`);
    await answered(page);
    await button(page, 'History (1)').waitFor();
    await portal.switchSession(page, dev.session);
    await page.reload();
    await answered(page);
    await button(page, 'History (2)').waitFor();
  });

  it('ends with the tab for a visitor who isn’t signed in as a developer', async () => {
    const page = await opened(CONDITIONS, { isVisitor: true });
    await button(page, 'History (1)').click();
    await dialog(page, 'History')
      .getByText(/until you close this tab/)
      .waitFor();
    expect(await stored(page, 'localStorage')).toBe('[]');
    expect(await stored(page, 'sessionStorage')).toContain('/Condition');
  });

  it('has the last 50 requests, and ignores stored text that it can’t read', async () => {
    const page = await opened('/developer/explorer?resource=Patient');
    await button(page, 'History (1)').waitFor();
    await page.evaluate(`{
      const [[key, text]] = Object.entries(localStorage).filter(([name]) => name.startsWith('explorer-requests'));
      const [entry] = JSON.parse(text).history;
      const history = Array.from({ length: 50 }, (_, at) => ({
        ...entry, at, batch: String(at), requests: [{ ...entry.requests[0], path: '/Patient?_count=' + at }],
      }));
      localStorage.setItem(key, JSON.stringify({ history: [null, { at: 'x' }, ...history], saved: 'none' }));
    }`);
    await page.reload();
    await answered(page);
    await button(page, 'History (50)').click();
    await expect.poll(() => entries(page).count()).toBe(50);
    await entries(page).first().getByText('R4 GET /Patient', { exact: true }).waitFor();
    await entries(page).last().getByText('R4 GET /Patient?_count=48', { exact: true }).waitFor();
  });

  it('can be cleared, and restored until the dialog is closed', async () => {
    const page = await opened(CONDITIONS);
    await button(page, 'History (1)').click();
    await dialog(page, 'History').getByRole('button', { name: 'Clear history' }).click();
    await page.getByText('No requests yet.').waitFor();
    await page.keyboard.press('Enter');
    await entries(page).getByText('R4 GET /Condition').waitFor();
    await dialog(page, 'History').getByRole('button', { name: 'Clear history' }).click();
    await page.keyboard.press('Escape');
    await button(page, 'History').and(page.locator(':focus')).waitFor();
    expect(await stored(page, 'localStorage')).not.toContain('Condition');
  });
});

describe('a saved request of the API explorer', () => {
  let page: Page;
  beforeEach(async () => {
    page = await opened(CONDITIONS);
  });

  const focus = (name: string) => page.getByRole('button', { name }).and(page.locator(':focus')).waitFor();
  async function save(name: string): Promise<void> {
    await button(page, 'Save request').click();
    await page.getByLabel('Name', { exact: true }).fill(name);
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  }

  it('is saved, sent, edited and deleted with the keyboard alone', async () => {
    await button(page, 'Save request').focus();
    await page.keyboard.press('Enter');
    await page.getByLabel('Name', { exact: true }).and(page.locator(':focus')).waitFor();
    await expectNoProblemsAnywhere(page, 'dialog to save a request');
    await page.keyboard.type('Problem list');
    await page.keyboard.press('Enter');
    await page.getByText('Saved as Problem list.').waitFor();
    await focus('Save request');
    await send(page, 'Immunization');
    await button(page, 'Saved (1)').focus();
    await page.keyboard.press('Enter');
    await focus('Send: Problem list');
    await expectNoProblemsAnywhere(page, 'saved requests of the explorer');
    await page.keyboard.press('Enter');
    await page.waitForURL(/resource=Condition/);
    await answered(page);
    await button(page, 'Saved (1)').focus();
    await page.keyboard.press('Enter');
    await focus('Send: Problem list');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByLabel('Name', { exact: true }).and(page.locator(':focus')).waitFor();
    await expectNoProblemsAnywhere(page, 'form of a saved request');
    await page.keyboard.type('Problems');
    await page.keyboard.press('Enter');
    await focus('Edit: Problems');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await focus('Undo');
    await page.getByText('No saved requests yet.').waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Delete: Problems' }).waitFor();
  });

  it('can be replaced with the request in the form, in its own form or by its name', async () => {
    await save('Mine');
    await page.getByLabel('Type', { exact: true }).selectOption('Observation');
    await button(page, 'Saved (1)').click();
    await page.getByRole('button', { name: 'Edit: Mine' }).click();
    await page.getByRole('switch', { name: 'Replace it with the request in the form' }).check();
    await page.getByRole('button', { name: 'Save changes' }).click();
    await entries(page).getByText('R4 GET /Observation').waitFor();
    await page.keyboard.press('Escape');
    await page.getByLabel('Type', { exact: true }).selectOption('Goal');
    await button(page, 'Save request').click();
    await page.getByLabel('Name', { exact: true }).fill('Mine');
    await page.getByText('A saved request has this name. This one replaces it.').waitFor();
    await page.getByRole('button', { name: 'Replace request' }).click();
    await button(page, 'Saved (1)').click();
    await entries(page).getByText('R4 GET /Goal').waitFor();
  });

  it('is stored without tokens and responses, up to 50 for each app', async () => {
    await save('First');
    const token = await page.evaluate<string>(
      `JSON.parse(sessionStorage.getItem('api-explorer-2')).connection.tokens.access_token`,
    );
    expect(await stored(page, 'localStorage')).not.toContain(token);
    await page.evaluate(`{
      const [[key, text]] = Object.entries(localStorage).filter(([name]) => name.startsWith('explorer-requests'));
      const { history, saved: [first] } = JSON.parse(text);
      const saved = Array.from({ length: 60 }, (_, number) => ({ ...first, name: 'Number ' + number }));
      localStorage.setItem(key, JSON.stringify({ history, saved }));
    }`);
    await page.reload();
    await button(page, 'Saved (50)').waitFor();
    await button(page, 'Save request').click();
    await page.getByLabel('Name', { exact: true }).fill('One more');
    await page.getByText('You can save up to 50 requests for each app.').waitFor();
    expect(await dialog(page, 'Save request').getByRole('button', { name: 'Save request' }).isDisabled()).toBe(true);
  });

  it('can come from the history, and is exported as a Postman collection, with the token as a variable', async () => {
    await button(page, 'History (1)').click();
    await page.getByRole('button', { name: 'Save: /Condition' }).click();
    await page.getByLabel('Name', { exact: true }).fill('Problem list');
    await dialog(page, 'Save request').getByRole('button', { name: 'Save request' }).click();
    await button(page, 'Saved (1)').click();
    await entries(page).getByText('DSTU2 GET /Condition?category=problem', { exact: true }).waitFor();
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Export for Postman' }).click();
    const collection = JSON.parse(readFileSync(await (await download).path(), 'utf8'));
    expect(collection).toMatchObject({
      info: { schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json' },
      variable: [{ key: 'ACCESS_TOKEN', value: '' }],
      item: [
        { name: 'Problem list (R4)', request: { method: 'GET', url: /r4\/Condition\?category=problem-list-item$/ } },
        { name: 'Problem list (DSTU2)', request: { method: 'GET', url: /\/Condition\?category=problem$/ } },
      ].map(({ name, request: { method, url } }) => ({ name, request: { method, url: expect.stringMatching(url) } })),
    });
  });
});
