import type { CDPSession, Page } from 'playwright-core';
import { DEEP, pickByName } from '../runs/slice.ts';
import { accessibilityViolations, hasOverflow, WIDTHS } from './browser.ts';

/** The folder for screenshots of each checked page. Without it, none are taken. */
const SCREENSHOT_FOLDER = process.env['SHOTS'];

/** The widths of a user journey: the usual one of its users, and both in deep runs. */
export const journeyWidths = (usual: (typeof WIDTHS)[number]): readonly number[] => (DEEP ? WIDTHS : [usual]);

/**
 * Opens a page of the server in a window in which scripts run. If a page of the server is already open, its document
 * gets the content of the other page: axe stays loaded and compiled, which saves two thirds of the CPU time. A deep run
 * opens each page by its URL.
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

/** Selects a sixth of the pages that were already checked in another language. */
const sampled = (name: string): boolean => pickByName([false, false, false, false, false, true], name);

/**
 * The problems of a page as it is, which is left unchanged. It must not overflow at any width. Axe checks it at its
 * current width, and at the other one in deep runs.
 * @param variant the page was checked in another language, so only its text may be too wide: it must fit a phone, and
 * axe checks a sample
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

/** Axe is a script, and the only one that runs on a page without JavaScript. */
async function withScripts<Result>(page: Page, act: () => Promise<Result>): Promise<Result> {
  if (!(await page.evaluate("matchMedia('(scripting: none)').matches"))) return act();
  const session = sessions.get(page) ?? (await page.context().newCDPSession(page));
  sessions.set(page, session);
  const disable = (value: boolean) => session.send('Emulation.setScriptExecutionDisabled', { value });
  // A CDP session can only undo what it has set itself.
  await disable(true);
  await disable(false);
  const result = await act();
  await disable(true);
  return result;
}
