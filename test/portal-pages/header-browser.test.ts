import type { Locator, Page } from 'playwright-core';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { BREAKPOINTS, toPixels } from '../../src/design/index.ts';
import { registerDraft } from '../support/apps/app-drafts.ts';
import { accessibilityViolations } from '../support/browser/browser.ts';
import { expectNoProblems, openPortal } from '../support/browser/portal-browser.ts';
import { type Developer, signInDeveloper, signInReviewer } from '../support/people/developer-portal.ts';

vi.setConfig({ testTimeout: 60_000 });

let dev: Developer;
let ada: Awaited<ReturnType<typeof signInReviewer>>;
let app: string;
const portal = openPortal(async (server) => {
  dev = await signInDeveloper(server);
  ada = await signInReviewer(server);
  app = (await registerDraft(dev, { name: 'Zebra Diary' })).clientId;
  await registerDraft(dev, { name: 'Blue Zebra' });
  await registerDraft(dev, { name: 'Scopes by zebras' });
});

const searchField = (page: Page) => page.getByRole('combobox', { name: 'Search apps and pages' });
const results = (page: Page) => page.getByRole('listbox', { name: 'Search results' });
const accountButton = (page: Page, name: string) => page.getByRole('banner').getByRole('button', { name });

/** Returns how many parts of each kind are visible in the header of a window of this width. */
async function visibleParts(page: Page, width: number) {
  await page.setViewportSize({ width, height: 800 });
  const banner = page.getByRole('banner');
  const visible = async (parts: Locator): Promise<number> => parts.filter({ visible: true }).count();
  return {
    menuButton: await visible(banner.getByRole('button', { name: 'Menu' })),
    navigation: await visible(banner.getByRole('navigation')),
    language: await visible(banner.locator('.bar').getByRole('link', { name: 'Español' })),
    signIn: await visible(banner.locator('.bar').getByRole('link', { name: 'Sign in' })),
  };
}

describe('the header of the portal and of the pages that the server renders', () => {
  it.each([
    ['of a developer', '/developer', '/account/security'],
    ['of a visitor', '/developer', '/docs'],
  ])('%s becomes a menu below the same width on both', async (reader, portalPath, serverPath) => {
    const page = await portal.newPage(reader === 'of a visitor' ? {} : { session: dev.session });
    const width = Number.parseInt(toPixels(BREAKPOINTS.navigation), 10);
    const isVisitor = Number(reader === 'of a visitor');
    for (const path of [portalPath, serverPath]) {
      await portal.open(page, path);
      const row = { menuButton: 0, navigation: 1, language: 1, signIn: isVisitor };
      expect(await visibleParts(page, width), path).toEqual(row);
      const menu = { menuButton: 1, navigation: 0, language: isVisitor, signIn: 0 };
      expect(await visibleParts(page, width - 1), path).toEqual(menu);
    }
    await portal.open(page, portalPath);
    expect(await searchField(page).isVisible()).toBe(false);
    await page.keyboard.press('/');
    await searchField(page).waitFor();
    await expectNoProblems(page, `the menu ${reader}`);
  });

  it('has the same height, brand position and colors on both', async () => {
    const page = await portal.newPage({ session: dev.session });
    const measured: string[] = [];
    for (const path of ['/developer', '/account/security']) {
      await portal.open(page, path);
      measured.push(
        await page.evaluate<string>(`(() => {
          const style = (selector, names) => {
            const element = document.querySelector(selector);
            const computed = getComputedStyle(element);
            return names.map((name) => computed[name]);
          };
          const box = (selector) => {
            const { x, y, height } = document.querySelector(selector).getBoundingClientRect();
            return [x, y, height].map(Math.round);
          };
          return JSON.stringify([
            box('.site-header .bar'), box('.brand img'), box('.site-header nav a'), box('.avatar'),
            style('.site-header', ['backgroundColor', 'borderTopColor', 'borderTopWidth']),
            style('body', ['backgroundColor', 'color', 'fontFamily']),
            style('h1', ['fontSize', 'fontWeight']),
          ]);
        })()`),
      );
    }
    expect(measured[0]).toBe(measured[1]);
  });

  it('has an account menu with the same links on both', async () => {
    const page = await portal.newPage({ session: dev.session });
    const links: (readonly string[])[] = [];
    for (const path of ['/developer', '/account/security']) {
      await portal.open(page, path);
      await accountButton(page, 'Dev Eloper').click();
      const menu = page.locator('#account-menu');
      await menu.getByRole('button', { name: 'Sign out' }).waitFor();
      links.push(await menu.getByRole('link').allTextContents());
    }
    expect(links[0]).toEqual(['Developer portal', 'Password and security']);
    expect(links[1]).toEqual(links[0]);
  });
});

it('administrators reach portal, review and administration through the account menu', async () => {
  const page = await portal.newPage({ session: ada.session });
  await portal.open(page, '/review');
  await accountButton(page, 'Ada').click();
  const menu = page.locator('#account-menu');
  const paths = await Promise.all((await menu.getByRole('link').all()).map((link) => link.getAttribute('href')));
  expect(paths).toEqual(['/practice', '/review', '/practice/administration', '/account/security']);
  expect(await accessibilityViolations(page)).toEqual([]);
});

it('signing out in the account menu ends the session', async () => {
  const { session } = await signInDeveloper(portal.server);
  const page = await portal.newPage({ session });
  await portal.open(page, '/developer');
  await accountButton(page, 'Dev Eloper').press('Enter');
  await page.getByRole('button', { name: 'Sign out' }).press('Enter');
  await page.waitForURL((url) => !url.pathname.startsWith('/developer'));
  await portal.open(page, '/developer', 'Build on patient data');
});

describe('the search of an administrator', () => {
  let page: Page;
  beforeAll(async () => {
    page = await portal.newPage({ session: ada.session });
    await portal.open(page, '/review/status');
  });

  it('is focused with /, and opens an app by keyboard', async () => {
    await searchField(page).fill('');
    await page.getByRole('heading', { level: 1 }).click();
    await page.keyboard.press('/');
    expect(await searchField(page).and(page.locator(':focus')).count()).toBe(1);
    await page.keyboard.type('zebra d');
    await results(page).getByRole('option', { name: 'Zebra Diary' }).waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Zebra Diary' }).waitFor();
    expect(new URL(page.url()).pathname).toBe(`/review/apps/${app}`);
  });

  it('finds organizations, pages and the documentation, and closes with Escape', async () => {
    await searchField(page).fill(dev.email.split('@')[1] ?? '');
    await results(page).getByRole('group', { name: 'Organizations' }).getByRole('option').waitFor();
    await searchField(page).fill('audit');
    await results(page).getByRole('group', { name: 'Pages' }).getByText('Audit log').waitFor();
    await results(page).getByText('Search the documentation for “audit”').waitFor();
    await page.keyboard.press('Escape');
    await results(page).waitFor({ state: 'hidden' });
  });

  it('finds a page by another word for what is on it', async () => {
    const pages = results(page).getByRole('group', { name: 'Pages' });
    for (const [words, name] of [
      ['access log', 'Audit log'],
      ['outage', 'Status'],
      ['JWKS', 'Signing keys'],
    ] as const) {
      await searchField(page).fill(words);
      await pages.getByRole('option', { name, exact: true }).waitFor();
    }
    await page.keyboard.press('Escape');
  });

  it('leaves / to the form fields', async () => {
    await page.goto(`${portal.server.origin}/review/apps`);
    const field = page.getByRole('main').getByLabel('Search');
    await field.fill('a');
    await field.press('/');
    expect(await field.inputValue()).toBe('a/');
  });
});

it('the key / can be turned off where the server’s pages offer it, for all pages at once', async () => {
  const page = await portal.newPage({ session: dev.session });
  await portal.open(page, '/developer');
  await accountButton(page, 'Dev Eloper').click();
  await page.locator('#account-menu').getByRole('button', { name: 'Turn off / to search' }).click();
  await page.keyboard.press('Escape');
  await page.keyboard.press('/');
  const focused = page.locator(':focus');
  expect(await searchField(page).and(focused).count()).toBe(0);
  expect(await searchField(page).getAttribute('aria-keyshortcuts')).toBeNull();
  await portal.open(page, '/docs');
  await page.getByRole('button', { name: 'Turn on / to search' }).click();
  await portal.open(page, '/developer');
  await page.keyboard.press('/');
  expect(await searchField(page).and(focused).count()).toBe(1);
});

it('results are in groups by kind, with names that begin with the text first, and open the documentation', async () => {
  const page = await portal.newPage({ session: dev.session });
  await portal.open(page, '/developer');
  const options = (group: string) => results(page).getByRole('group', { name: group }).getByRole('option');
  await searchField(page).fill('zebra');
  await options('Apps').first().waitFor();
  expect(await options('Apps').allTextContents()).toEqual(['Zebra Diary', 'Scopes by zebras', 'Blue Zebra']);
  await searchField(page).fill('scopes');
  await results(page).getByRole('option', { name: 'Scopes', exact: true }).waitFor();
  expect(await options('Apps').allTextContents()).toEqual(['Scopes by zebras']);
  await expectNoProblems(page, 'search results with the documentation');
  await searchField(page).fill('sample');
  await options('Pages').getByText('Example apps', { exact: true }).waitFor();
  await searchField(page).fill('scopes');
  await results(page).getByRole('option', { name: 'Scopes', exact: true }).waitFor();
  await options('Documentation').first().click();
  await page.waitForURL((url) => url.pathname === '/docs/scopes');
});

it('the search of a developer finds their apps and no others, also in the menu of a phone', async () => {
  const other = await signInDeveloper(portal.server);
  await registerDraft(other, { name: 'Zebra of others' });
  const page = await portal.newPage({ session: dev.session, width: 390 });
  await portal.open(page, '/developer');
  await page.getByRole('button', { name: 'Menu' }).click();
  await searchField(page).fill('zebra');
  await results(page).getByRole('option', { name: 'Zebra Diary' }).waitFor();
  expect(await results(page).getByText('Zebra of others').count()).toBe(0);
  await expectNoProblems(page, 'search results on a phone');
  await results(page).getByText('Zebra Diary').click();
  await page.getByRole('heading', { level: 1, name: 'Zebra Diary' }).waitFor();
  await searchField(page).waitFor({ state: 'hidden' });
});
