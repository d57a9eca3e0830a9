import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { GUIDE } from '../../../src/public-site/docs/guide.ts';
import { expectNoProblemsAnywhere, openPortal } from '../../support/browser/portal-browser.ts';
import { DEEP, slice } from '../../support/runs/slice.ts';

const portal = openPortal();
const { newPage, open } = portal;

/** Pages that together have every kind of element. */
const SOME = ['', '?q=token', '/scopes'];
const OTHERS = ['?q=nothingatall', ...GUIDE.map((page) => `/${page}`)].filter(
  (path) => ![...SOME, '/getting-started'].includes(path),
);
/** A page with long tables. Checking it takes axe as long as six other pages, so only deep runs do. */
const LONGEST = '/data';

describe('at both widths, light and dark', () => {
  let page: Page;
  beforeAll(async () => {
    page = await newPage();
  });

  it.each(SOME)('/docs%s: has no accessibility violations, and is no wider than the window', async (path) => {
    await open(page, `/docs${path}`);
    await expectNoProblemsAnywhere(page, path);
  });

  it.each(DEEP ? OTHERS : slice(OTHERS.filter((path) => path !== LONGEST)))(
    '/docs%s: has no accessibility violations, and is no wider than the window',
    async (path) => {
      await open(page, `/docs${path}`);
      await expectNoProblemsAnywhere(page, path, ['light']);
    },
  );
});

it('works without JavaScript: pages, search, a link to a code', async () => {
  const page = await newPage({ javaScriptEnabled: false, width: 390 });
  await open(page, '/docs');
  await page.getByLabel('Search the documentation').fill('practice-disabled');
  await page.getByRole('button', { name: 'Search' }).click();
  await page.getByRole('link', { name: 'Errors: practice-disabled' }).click();
  expect(page.url()).toBe(`${portal.server.origin}/docs/errors#practice-disabled`);
  expect(await page.getByRole('heading', { name: 'practice-disabled' }).isVisible()).toBe(true);
  expect(await page.getByRole('button', { name: 'Copy' }).count()).toBe(0);
  await page.getByText('All pages', { exact: true }).first().click();
  await page.locator('.guide-menu details').getByRole('link', { name: 'Getting started' }).click();
  expect(page.url()).toBe(`${portal.server.origin}/docs/getting-started`);
});

it('copies each command as it is printed, and a page of examples has no accessibility violations', async () => {
  const page = await newPage({ permissions: ['clipboard-read', 'clipboard-write'] });
  await open(page, '/docs/getting-started');
  await expectNoProblemsAnywhere(page, 'getting started');
  const commands = page.locator('figure.code:not(.result)');
  for (const command of await commands.all()) {
    await command.getByRole('button').click();
    await command.getByRole('button', { name: 'Copied' }).waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(
      String(await command.locator('code').textContent()).trimEnd(),
    );
  }
  expect(await commands.count()).toBeGreaterThan(5);
  expect(await page.locator('figure.result').getByRole('button').count()).toBe(0);
});

it('WCAG 2.2 §2.1.4: “/” moves the focus to the search, is typed into fields as it is, and can be turned off', async () => {
  const page = await newPage();
  await open(page, '/docs/getting-started');
  const search = page.getByLabel('Search the documentation');
  const isFocused = async () => (await page.locator('#q:focus').count()) === 1;
  await page.keyboard.press('/');
  expect(await isFocused()).toBe(true);
  await page.keyboard.press('/');
  expect(await search.inputValue()).toBe('/');
  await page.getByRole('button', { name: 'Turn off / to search' }).click();
  await page.keyboard.press('/');
  expect(await isFocused()).toBe(false);
  await open(page, '/docs/getting-started');
  await page.keyboard.press('/');
  expect(await isFocused()).toBe(false);
  await page.getByRole('button', { name: 'Turn on / to search' }).click();
  await page.keyboard.press('/');
  expect(await isFocused()).toBe(true);
});
