import type { Browser, Page } from 'playwright-core';
import { countRequests } from './browser.ts';

/** User and browser settings of a window. */
export interface WindowOptions {
  readonly width?: number;
  readonly colorScheme?: 'light' | 'dark';
  readonly locale?: string;
  /** Value of the session cookie. Undefined if no one is signed in. */
  readonly session?: string | undefined;
  readonly permissions?: string[];
  readonly javaScriptEnabled?: boolean;
  /** Time limit in milliseconds for actions on the page. */
  readonly timeout?: number;
  /**
   * True if the test adds something permanent to the window, such as a clock, a script or an authenticator. Such a
   * window isn't used again.
   */
  readonly isDisposable?: boolean;
}

/**
 * Browser windows that tests reuse. In a new browser context, a page takes five times as long to load and compile the
 * portal's scripts. Between two uses, everything that a page can read is cleared, except cached files.
 */
export interface Windows {
  /** Returns a window without cookies and pages. */
  take(origin: string, reader: WindowOptions): Promise<Page>;
  giveBack(origin: string, page: Page): Promise<void>;
}

export function createWindows(browser: Browser): Windows {
  const unused = new Map<string, Page[]>();
  const keys = new WeakMap<Page, string>();

  async function newWindow(key: string, options: Pick<WindowOptions, 'locale' | 'javaScriptEnabled'>): Promise<Page> {
    const page = await (await browser.newContext({ ...options, reducedMotion: 'reduce' })).newPage();
    keys.set(page, key);
    return page;
  }

  return {
    async take(origin, reader) {
      const { width = 1280, colorScheme = 'light', locale = 'en-US', javaScriptEnabled = true } = reader;
      const key = JSON.stringify([locale, javaScriptEnabled]);
      const page = unused.get(key)?.pop() ?? (await newWindow(key, { locale, javaScriptEnabled }));
      const context = page.context();
      context.setDefaultTimeout(reader.timeout ?? 30_000);
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ media: null, colorScheme, reducedMotion: 'reduce' });
      if (reader.permissions !== undefined) await context.grantPermissions(reader.permissions, { origin });
      if (reader.session !== undefined)
        await context.addCookies([
          { name: 'session', value: reader.session, url: origin, httpOnly: true, sameSite: 'Lax' },
        ]);
      countRequests(page);
      return page;
    },

    async giveBack(origin, page) {
      const context = page.context();
      const key = keys.get(page);
      if (key === undefined || page.isClosed() || new URL(page.url()).origin !== origin) return context.close();
      for (const other of context.pages()) if (other !== page) await other.close();
      await page.removeAllListeners(undefined, { behavior: 'ignoreErrors' });
      await context.unrouteAll({ behavior: 'ignoreErrors' });
      await page.unrouteAll({ behavior: 'ignoreErrors' });
      // Storage can't be cleared in a sandboxed page, or in one that is navigating.
      const cleared = page.evaluate('sessionStorage.clear(), localStorage.clear()');
      if (!(await cleared.then(() => true).catch(() => false))) return context.close();
      await page.goto('about:blank');
      await context.clearCookies();
      await context.clearPermissions();
      unused.set(key, [...(unused.get(key) ?? []), page]);
    },
  };
}
