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
/** Nothing is drawn on a screen, so no GPU process is needed. The headless shell has none anyway. */
const OPTIONS = PROGRAM.endsWith('headless-shell') ? [] : ['--disable-gpu', '--in-process-gpu'];

/** Starts a separate Chromium. `openPortal` has one that all files of a worker share. */
export const startBrowser = (): Promise<Browser> => chromium.launch({ executablePath: PROGRAM, args: OPTIONS });

export type ReachableServer = TestServer & { readonly origin: string };

/** Starts a server that a browser can reach. */
export async function startReachableServer(settings: Record<string, string> = {}): Promise<ReachableServer> {
  const port = await freePort();
  const origin = `http://localhost:${port}`;
  const server = await startServer({ ...settings, PORT: String(port), PUBLIC_URL: origin });
  await server.app.listen({ port, host: '127.0.0.1' });
  return { ...server, origin };
}

const requests = new WeakMap<Page, { readonly open: Set<Request>; count: number }>();

/** Counts the requests of a page from now on. `settled` waits for the responses. */
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
 * Resolves in the page after it was drawn twice while nothing is loading and no animation shorter than a second is
 * running.
 */
const STILL = `new Promise((resolve) => {
  const moves = ({ playState, effect }) => playState === 'running' && effect.getComputedTiming().endTime < 1000;
  const busy = () => document.querySelector('.mantine-Loader-root') !== null || document.getAnimations().some(moves);
  const drawn = (then) => requestAnimationFrame(() => requestAnimationFrame(then));
  const look = () => drawn(() => (busy() ? look() : resolve()));
  look();
})`;

/** Waits until a page has loaded everything and stopped moving. Scripts must be enabled in it. */
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
 * Half a megabyte of script, which is sent to a page once. The package itself sends twice that, twice for each check.
 */
const AXE_SCRIPT = readFileSync(
  createRequire(from.resolve('@axe-core/playwright')).resolve('axe-core/axe.min.js'),
  'utf8',
);
const ALREADY_LOADED = 'undefined';

/** The accessibility violations of the page as it is, in short. */
export async function accessibilityViolations(page: Page): Promise<readonly string[]> {
  // Axe waits forever for a frame in which scripts are disabled, so such frames are replaced during the check.
  await page.evaluate(`window.framesAside = [...document.querySelectorAll('iframe[sandbox=""]')].map((frame) => {
    const place = document.createComment('');
    frame.replaceWith(place);
    return [frame, place];
  })`);
  if (!(await page.evaluate<boolean>("'axe' in window"))) await page.evaluate(AXE_SCRIPT);
  // Runs in the page itself. Otherwise axe opens a second page to merge its results.
  const checker = new AxeBuilder({ page, axeSource: ALREADY_LOADED }).setLegacyMode();
  const { violations } = await checker.options({ resultTypes: ['violations'] }).analyze();
  await page.evaluate('window.framesAside.forEach(([frame, place]) => place.replaceWith(frame))');
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`);
}

/**
 * Tells whether the page is wider than the window, which is never acceptable, particularly on a phone. Waits for the
 * page to load: a document that the browser just opened may have no root element yet.
 */
export async function hasOverflow(page: Page): Promise<boolean> {
  await page.waitForLoadState();
  return page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth');
}

export type ColorScheme = 'light' | 'dark';

interface PageCheckOptions {
  /** The same in each run, so that the check happens at the same width and color. The path without ids by default. */
  readonly name?: string;
  readonly colorSchemes?: readonly ColorScheme[] | undefined;
}

/**
 * The problems of a page, which is left unchanged. It must fit the window at each width. The accessibility check
 * happens once: on a phone in the first color scheme, or on a desktop in the last one. Deep runs check each width in
 * each color scheme.
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
