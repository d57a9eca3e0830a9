import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { AxeBuilder } from '@axe-core/playwright';
import { type Browser, chromium, type Page, type Request } from 'playwright-core';
import { DEEP, pickByName } from '../runs/slice.ts';
import { freePort } from '../servers/processes.ts';
import { startServer, type TestServer } from '../servers/server.ts';
import { pathTemplate } from './links.ts';

export const WIDTHS = [390, 1280] as const;
const [NARROW] = WIDTHS;

const PROGRAM = process.env['CHROMIUM'] || '/usr/bin/chromium';
/** Options of Chromium. It draws nothing on a screen, so it needs no GPU process. */
const OPTIONS = PROGRAM.endsWith('headless-shell') ? [] : ['--disable-gpu', '--in-process-gpu'];

/** Starts a separate Chromium. `openPortal` shares one among all files of a worker. */
export const startBrowser = (): Promise<Browser> => chromium.launch({ executablePath: PROGRAM, args: OPTIONS });

export type ReachableServer = TestServer & { readonly origin: string };

/** Starts a server on a port, so that a browser can reach it. */
export async function startReachableServer(settings: Record<string, string> = {}): Promise<ReachableServer> {
  const port = await freePort();
  const origin = `http://localhost:${port}`;
  const server = await startServer({ ...settings, PORT: String(port), PUBLIC_URL: origin });
  await server.app.listen({ port, host: '127.0.0.1' });
  return { ...server, origin };
}

const requests = new WeakMap<Page, { readonly open: Set<Request>; count: number }>();

/** Counts the requests of a page from now on. `settled` waits for their responses. */
export function countRequests(page: Page): void {
  const counted = { open: new Set<Request>(), count: 0 };
  requests.set(page, counted);
  page.on('request', (request) => {
    counted.count += 1;
    counted.open.add(request);
  });
  for (const ended of ['requestfinished', 'requestfailed'] as const)
    page.on(ended as 'requestfinished', (request) => void counted.open.delete(request));
}

/**
 * Script that resolves when the page is idle: it was drawn twice without anything loading or an animation shorter than
 * a second running.
 */
const STILL = `new Promise((resolve) => {
  const moves = ({ playState, effect }) => playState === 'running' && effect.getComputedTiming().endTime < 1000;
  const busy = () => document.querySelector('.mantine-Loader-root, .outline') !== null || document.getAnimations().some(moves);
  const drawn = (then) => requestAnimationFrame(() => requestAnimationFrame(then));
  const look = () => drawn(() => (busy() ? look() : resolve()));
  look();
})`;

/** Waits until a page has loaded everything and stopped moving. The page must allow scripts. */
export async function waitUntilSettled(page: Page): Promise<void> {
  const counted = requests.get(page) ?? { open: new Set(), count: 0 };
  let isStill = false;
  while (!isStill) {
    const { count } = counted;
    const isAnswered = counted.open.size === 0;
    await page.evaluate(STILL);
    isStill = isAnswered && counted.count === count;
  }
}

const from = createRequire(import.meta.url);
/**
 * The script of axe, half a megabyte. It is sent to a page once. axe's own package would send twice as much, twice for
 * each check.
 */
const AXE_SCRIPT = readFileSync(
  createRequire(from.resolve('@axe-core/playwright')).resolve('axe-core/axe.min.js'),
  'utf8',
);
const ALREADY_LOADED = 'undefined';

/** Returns the accessibility violations of the current page in short form. */
export async function accessibilityViolations(page: Page): Promise<readonly string[]> {
  // In a frame without scripts, axe would wait forever. So such frames are replaced during the check.
  await page.evaluate(`window.framesAside = [...document.querySelectorAll('iframe[sandbox=""]')].map((frame) => {
    const place = document.createComment('');
    frame.replaceWith(place);
    return [frame, place];
  })`);
  if (!(await page.evaluate<boolean>("'axe' in window"))) await page.evaluate(AXE_SCRIPT);
  // Runs axe in the page. Otherwise it opens a second page to merge its results.
  const checker = new AxeBuilder({ page, axeSource: ALREADY_LOADED }).setLegacyMode();
  const { violations } = await checker.options({ resultTypes: ['violations'] }).analyze();
  await page.evaluate('window.framesAside.forEach(([frame, place]) => place.replaceWith(frame))');
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`);
}

/**
 * Whether the page is wider than the window. No page may be, least of all on a phone. Waits until the page is loaded,
 * because a document that the browser has just opened may have no root element yet.
 */
export async function hasOverflow(page: Page): Promise<boolean> {
  await page.waitForLoadState();
  return page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth');
}

export type ColorScheme = 'light' | 'dark';

interface PageCheckOptions {
  /**
   * Name of the page in failures. It selects the width and color scheme of the accessibility check, so it must be the
   * same in each run. By default it is the path without ids.
   */
  readonly name?: string;
  readonly colorSchemes?: readonly ColorScheme[] | undefined;
}

/**
 * Returns the problems of a page, which stays unchanged. The page must fit the window at each width. Axe checks it
 * once: on a phone in the first color scheme, or on a desktop in the last one. Deep runs check each width in each color
 * scheme.
 */
export async function problemsEverywhere(
  page: Page,
  { name = pathTemplate(new URL(page.url())), colorSchemes = ['light', 'dark'] }: PageCheckOptions = {},
): Promise<readonly string[]> {
  const usual = page.viewportSize() ?? { width: 1280, height: 900 };
  const isDark = await page.evaluate<boolean>("matchMedia('(prefers-color-scheme: dark)').matches");
  const usualColors: ColorScheme = isDark ? 'dark' : 'light';
  const readAt = pickByName(WIDTHS, name);
  const readIn = readAt === NARROW ? colorSchemes[0] : colorSchemes.at(-1);
  const problems: string[] = [];
  let colors = usualColors;
  for (const width of WIDTHS.toSorted((one) => (one === usual.width ? -1 : 1))) {
    if (width !== usual.width) await page.setViewportSize({ width, height: usual.height });
    await waitUntilSettled(page);
    if (await hasOverflow(page)) problems.push(`${width} pixels: wider than the window`);
    for (const colorScheme of colorSchemes) {
      if (!DEEP && (width !== readAt || colorScheme !== readIn)) continue;
      if (colorScheme !== colors) await page.emulateMedia({ colorScheme });
      colors = colorScheme;
      await waitUntilSettled(page);
      const found = await accessibilityViolations(page);
      problems.push(...found.map((problem) => `${width} pixels, ${colorScheme}: ${problem}`));
    }
  }
  await page.setViewportSize(usual);
  if (colors !== usualColors) await page.emulateMedia({ colorScheme: usualColors });
  return problems;
}
