import type { CDPSession, Page } from 'playwright-core';
import { DEEP, pickByName } from '../runs/slice.ts';
import { accessibilityViolations, hasOverflow, WIDTHS } from './browser.ts';

/** Folder for screenshots of each checked page. Without it, no screenshots are taken. */
const SCREENSHOT_FOLDER = process.env['SHOTS'];

/** Widths at which a user journey is tested: the usual one of its users, or both in deep runs. */
export const journeyWidths = (usual: (typeof WIDTHS)[number]): readonly number[] => (DEEP ? WIDTHS : [usual]);

/** Follows a link of the navigation. Narrow windows have it in a menu. */
export async function followNavigation(page: Page, name: string): Promise<void> {
  const menu = page.locator('.open-nav');
  if (await menu.isVisible()) await menu.click();
  await page.locator('.site-header').getByRole('link', { name, exact: true }).click();
}

/**
 * Shows a page of the server in a window that allows scripts. If the window has a page of the server already, its
 * document gets the content of the other page. Axe then stays loaded and compiled, which saves two thirds of the CPU
 * time. A deep run opens each page by its URL.
 */
export async function showPage(page: Page, url: string): Promise<void> {
  const isElsewhere = !URL.canParse(page.url()) || new URL(page.url()).origin !== new URL(url).origin;
  if (DEEP || isElsewhere) return void (await page.goto(url));
  await page.evaluate(`fetch(${JSON.stringify(url)}, { headers: { accept: 'text/html' } }).then(async (answer) => {
    const text = await answer.text();
    history.replaceState(null, '', answer.url);
    document.open();
    const loaded = new Promise((resolve) => addEventListener('load', resolve, { once: true }));
    document.write(text);
    document.close();
    await loaded;
  })`);
}

/** Whether a page that was already checked in another language is checked again. One in six is. */
const sampled = (name: string): boolean => pickByName([false, false, false, false, false, true], name);

/**
 * Returns the problems of a page, which stays unchanged. The page must not overflow at any width. Axe checks it at its
 * current width, and in deep runs at the other one too.
 * @param variant true if the page was checked in another language. Then only its text may be too wide: it must fit a
 * phone, and axe checks a sample
 */
export async function pageProblems(page: Page, name: string, variant = false): Promise<readonly string[]> {
  const usual = page.viewportSize() ?? { width: WIDTHS[0], height: 900 };
  const problems: string[] = [];
  let current = usual.width;
  for (const width of WIDTHS.toSorted((one) => (one === current ? -1 : 1))) {
    if (variant && !DEEP && width !== WIDTHS[0]) continue;
    const at = `${name} at ${width}`;
    if (width !== current) await page.setViewportSize({ width, height: usual.height });
    current = width;
    if (SCREENSHOT_FOLDER !== undefined)
      await page.screenshot({ path: `${SCREENSHOT_FOLDER}/${at.replaceAll(/[\s/]+/g, '-')}.png`, fullPage: true });
    if (await hasOverflow(page)) problems.push(`${at} overflows`);
    if (DEEP || (width === usual.width && (!variant || sampled(at))))
      problems.push(
        ...(await withScripts(page, () => accessibilityViolations(page))).map((violation) => `${at}: ${violation}`),
      );
  }
  if (current !== usual.width) await page.setViewportSize(usual);
  return problems;
}

const sessions = new WeakMap<Page, CDPSession>();

/** Enables scripts during the work. Axe is a script, and the only one that may run on a page without JavaScript. */
async function withScripts<Result>(page: Page, act: () => Promise<Result>): Promise<Result> {
  if (!(await page.evaluate("matchMedia('(scripting: none)').matches"))) return act();
  const session = sessions.get(page) ?? (await page.context().newCDPSession(page));
  sessions.set(page, session);
  const disable = (value: boolean) => session.send('Emulation.setScriptExecutionDisabled', { value });
  // A CDP session can undo only its own changes.
  await disable(true);
  await disable(false);
  const result = await act();
  await disable(true);
  return result;
}
