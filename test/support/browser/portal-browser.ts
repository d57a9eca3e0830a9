import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeEach, expect } from 'vitest';
import {
  accessibilityViolations,
  type ColorScheme,
  hasOverflow,
  problemsEverywhere,
  type ReachableServer,
  startReachableServer,
  waitUntilSettled,
} from './browser.ts';
import type { WindowOptions, Windows } from './windows.ts';
import { sharing } from './worker-fixtures.ts';

export type { WindowOptions } from './windows.ts';
export type PortalServer = ReachableServer;

export interface Portal {
  /** The server. It is available once the tests run. */
  readonly server: PortalServer;
  /** Opens a browser window for one test. A window that a hook opens stays open until the end of the file. */
  newPage(reader?: WindowOptions): Promise<Page>;
  /** Changes the user of a window from the next page on. A new window would cost as much as five pages. */
  switchSession(page: Page, session: string | undefined): Promise<void>;
  /** Opens a page and waits for its heading. */
  open(page: Page, path: string, title?: string | RegExp): Promise<void>;
  /** Opens a page in a new window, and waits until it has loaded everything. */
  openInNewPage(path: string, reader?: WindowOptions): Promise<Page>;
}

/**
 * Opens a browser for the tests of a file, with a server that other files of the worker use too. With `settings`, the
 * file gets its own server. Tests need that if they move the clock, change what others see, or read whole lists.
 * @param fill adds test data to the server
 */
export function openPortal(
  fill: (server: PortalServer) => Promise<void> = async () => {},
  settings?: Record<string, string>,
): Portal {
  let server: PortalServer;
  let windows: Windows;
  const taken = new Map<Page, WindowOptions>();
  const lasting = new Map<Page, WindowOptions>();
  const close = async (pages: Map<Page, WindowOptions>): Promise<void> => {
    for (const [page, { isDisposable = false }] of pages)
      await (isDisposable ? page.context().close() : windows.giveBack(server.origin, page));
    pages.clear();
  };
  sharing.beforeAll(async ({ servers, windows: ofWorker }) => {
    windows = ofWorker;
    server = await (settings === undefined ? servers.with({}) : startReachableServer(settings));
    await fill(server);
  });
  beforeEach(() => {
    for (const [page, reader] of taken) lasting.set(page, reader);
    taken.clear();
  });
  afterEach(() => close(taken));
  afterAll(async () => {
    await close(lasting);
    if (settings !== undefined) await server?.close();
  });
  const portal: Portal = {
    get server() {
      return server;
    },
    async newPage(reader = {}) {
      const page = await windows.take(server.origin, reader);
      taken.set(page, reader);
      return page;
    },
    async switchSession(page, session) {
      await page.context().clearCookies();
      if (session !== undefined)
        await page.context().addCookies([{ name: 'session', value: session, url: server.origin, httpOnly: true }]);
    },
    async open(page, path, title) {
      await page.goto(`${server.origin}${path}`);
      await waitForTitle(page, title);
    },
    async openInNewPage(path, reader) {
      const page = await portal.newPage(reader);
      await portal.open(page, path);
      await waitUntilSettled(page);
      return page;
    },
  };
  return portal;
}

export const pressButton = (page: Page, name: string | RegExp): Promise<void> =>
  page.getByRole('button', { name }).first().click();

/** Clicks a link in the main content of the page. */
export const followLink = (page: Page, name: string | RegExp): Promise<void> =>
  page.getByRole('main').getByRole('link', { name }).first().click();

export const waitForTitle = (page: Page, name?: string | RegExp): Promise<void> =>
  page
    .getByRole('heading', { level: 1, ...(name === undefined ? {} : { name }) })
    .first()
    .waitFor();

/** Opens a page of the portal like its own links do. That takes a third of the time of loading the page. */
export const navigateInPortal = (page: Page, path: string): Promise<void> =>
  page.evaluate<void>(`new Promise((resolve) => {
    const to = new URL(${JSON.stringify(path)}, location.href);
    if (to.href === location.href) return resolve();
    const shown = new MutationObserver(() => resolve(shown.disconnect()));
    // What a page opens over itself, such as a dialog, is outside its main element.
    const changing = to.pathname === location.pathname ? document.body : document.querySelector('main');
    shown.observe(changing, { subtree: true, childList: true, characterData: true, attributes: true });
    history.pushState(null, '', to);
    dispatchEvent(new PopStateEvent('popstate'));
  })`);

/**
 * Expects that the current page has no accessibility violations and no overflow.
 * @param what names the page in failures
 */
export async function expectNoProblems(page: Page, what: string | number = page.url()): Promise<void> {
  expect(await accessibilityViolations(page), `${what}`).toEqual([]);
  expect(await hasOverflow(page), `${what} is wider than the window`).toBe(false);
}

/**
 * Expects that the page has no problems at each width and in these color schemes.
 * @param what names the page in failures. It must be the same in each run, because it selects where axe checks
 */
export async function expectNoProblemsAnywhere(
  page: Page,
  what: string,
  colorSchemes?: readonly ColorScheme[],
): Promise<void> {
  expect(await problemsEverywhere(page, { name: what, colorSchemes }), what).toEqual([]);
}
