import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect } from 'vitest';
import { accessibilityFaults, launchBrowser, overflows, startReachableServer, WIDTHS } from './browser.ts';

export type PortalServer = Awaited<ReturnType<typeof startReachableServer>>;

/** Who looks, and at what. */
export interface Reader {
  readonly width?: number;
  readonly colorScheme?: 'light' | 'dark';
  readonly locale?: string;
  /** Value of the session's cookie; undefined: nobody is signed in. */
  readonly session?: string | undefined;
  readonly permissions?: string[];
  readonly javaScriptEnabled?: boolean;
  /** Milliseconds that anything on the page may take. */
  readonly patience?: number;
}

export interface Portal {
  /** Once the tests run. */
  readonly server: PortalServer;
  /** In a browser window of its own. */
  newPage(reader?: Reader): Promise<Page>;
  /** Goes to a page and waits for its heading. */
  open(page: Page, path: string, title?: string | RegExp): Promise<void>;
  /** A window in which a page is open, with all that it loads. */
  opened(path: string, reader?: Reader): Promise<Page>;
}

/** A server and a browser for the tests of a file. @param fill puts into it what they look at */
export function openPortal(
  fill: (server: PortalServer) => Promise<void> = async () => {},
  settings: Record<string, string> = {},
): Portal {
  let server: PortalServer;
  let browser: Browser;
  beforeAll(async () => {
    [server, browser] = await Promise.all([startReachableServer(settings), launchBrowser()]);
    await fill(server);
  });
  afterAll(async () => {
    await browser.close();
    await server.close();
  });
  const portal: Portal = {
    get server() {
      return server;
    },
    async newPage({ width = 1280, session, patience, locale = 'en-US', ...others } = {}) {
      const context = await browser.newContext({ viewport: { width, height: 900 }, locale, ...others });
      if (patience !== undefined) context.setDefaultTimeout(patience);
      if (session !== undefined)
        await context.addCookies([
          { name: 'session', value: session, url: server.origin, httpOnly: true, sameSite: 'Lax' },
        ]);
      return context.newPage();
    },
    async open(page, path, title) {
      await page.goto(`${server.origin}${path}`);
      await titled(page, title);
    },
    async opened(path, reader) {
      const page = await portal.newPage(reader);
      await portal.open(page, path);
      await page.waitForLoadState('networkidle');
      return page;
    },
  };
  return portal;
}

export const press = (page: Page, name: string | RegExp): Promise<void> =>
  page.getByRole('button', { name }).first().click();

/** A link of the page itself, not of what stands around it. */
export const follow = (page: Page, name: string | RegExp): Promise<void> =>
  page.getByRole('main').getByRole('link', { name }).first().click();

export const titled = (page: Page, name?: string | RegExp): Promise<void> =>
  page
    .getByRole('heading', { level: 1, ...(name === undefined ? {} : { name }) })
    .first()
    .waitFor();

/** As the page stands: nothing that an accessibility checker finds, nothing beside the window. @param what is looked at */
export async function expectFine(page: Page, what: string | number = page.url()): Promise<void> {
  expect([what, await accessibilityFaults(page), await overflows(page)]).toEqual([what, [], false]);
}

/** The same at each width and in these colors. */
export async function expectFineEverywhere(
  page: Page,
  what: string,
  colorSchemes: readonly ('light' | 'dark')[] = ['light', 'dark'],
): Promise<void> {
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 900 });
    for (const colorScheme of colorSchemes) {
      await page.emulateMedia({ colorScheme });
      // What is drawn anew at another width, or fades into other colors.
      await page.waitForTimeout(300);
      await expectFine(page, `${what} at ${width}, ${colorScheme}`);
    }
  }
}
