import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { AxeBuilder } from '@axe-core/playwright';
import { type Browser, chromium, type Page, type Request } from 'playwright-core';
import { shapeOf } from './links.ts';
import { freePort } from './processes.ts';
import { startServer, type TestServer } from './server.ts';
import { DEEP, oneOf } from './slice.ts';

export const WIDTHS = [390, 1280] as const;
const [NARROW] = WIDTHS;

const PROGRAM = process.env['CHROMIUM'] || '/usr/bin/chromium';
/** Nothing is drawn on a screen, so drawing needs no process of its own. The headless shell does without one by itself. */
const OPTIONS = PROGRAM.endsWith('headless-shell') ? [] : ['--disable-gpu', '--in-process-gpu'];

/** A Chromium of one's own: `openPortal` has one that all files of a worker share. */
export const launchBrowser = (): Promise<Browser> => chromium.launch({ executablePath: PROGRAM, args: OPTIONS });

export type ReachableServer = TestServer & { readonly origin: string };

/** A server that a browser can reach. */
export async function startReachableServer(settings: Record<string, string> = {}): Promise<ReachableServer> {
  const port = await freePort();
  const origin = `http://localhost:${port}`;
  const server = await startServer({ ...settings, PORT: String(port), PUBLIC_URL: origin });
  await server.app.listen({ port, host: '127.0.0.1' });
  return { ...server, origin };
}

const requests = new WeakMap<Page, { readonly open: Set<Request>; count: number }>();

/** Counts what a page asks for, from now on: `settled` waits for the answers. */
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

/** Resolves in the page once it was drawn twice while nothing is loading and nothing moves for less than a second. */
const STILL = `new Promise((resolve) => {
  const moves = ({ playState, effect }) => playState === 'running' && effect.getComputedTiming().endTime < 1000;
  const busy = () => document.querySelector('.mantine-Loader-root') !== null || document.getAnimations().some(moves);
  const drawn = (then) => requestAnimationFrame(() => requestAnimationFrame(then));
  const look = () => drawn(() => (busy() ? look() : resolve()));
  look();
})`;

/** Waits until a page shows all it loads, and stands still. Scripts must run in it. */
export async function settled(page: Page): Promise<void> {
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
/** Half a megabyte of script, which is sent to a page once. The package itself sends twice that, twice for each check. */
const CHECKER = readFileSync(
  createRequire(from.resolve('@axe-core/playwright')).resolve('axe-core/axe.min.js'),
  'utf8',
);
const IS_THERE = 'undefined';

/** What an accessibility checker finds wrong with the page as it stands, in short. */
export async function accessibilityFaults(page: Page): Promise<readonly string[]> {
  // The checker waits for ever for a frame in which nothing may run.
  await page.evaluate(`window.framesAside = [...document.querySelectorAll('iframe[sandbox=""]')].map((frame) => {
    const place = document.createComment('');
    frame.replaceWith(place);
    return [frame, place];
  })`);
  if (!(await page.evaluate<boolean>("'axe' in window"))) await page.evaluate(CHECKER);
  // In the page itself: else it opens a second one to put together what it found.
  const checker = new AxeBuilder({ page, axeSource: IS_THERE }).setLegacyMode();
  const { violations } = await checker.options({ resultTypes: ['violations'] }).analyze();
  await page.evaluate('window.framesAside.forEach(([frame, place]) => place.replaceWith(frame))');
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`);
}

/** Whether the page is wider than the window: it never may be, on a phone least of all. */
export const overflows = (page: Page): Promise<boolean> =>
  page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth');

export type ColorScheme = 'light' | 'dark';

interface Looks {
  /** The same in each run, so that the checker reads the same look. By default the address, without its ids. */
  readonly name?: string;
  readonly colorSchemes?: readonly ColorScheme[] | undefined;
}

/**
 * What is wrong with a page, which is left as it was. It must fit the window at each width. The accessibility checker
 * reads it once: on a phone in the first of these colors, or on a desk in the last one. In the deep tests it reads it at
 * each width in each of the colors.
 */
export async function faultsEverywhere(
  page: Page,
  { name = shapeOf(new URL(page.url())), colorSchemes = ['light', 'dark'] }: Looks = {},
): Promise<readonly string[]> {
  const usual = page.viewportSize() ?? { width: 1280, height: 900 };
  const isDark = await page.evaluate<boolean>("matchMedia('(prefers-color-scheme: dark)').matches");
  const usualColors: ColorScheme = isDark ? 'dark' : 'light';
  const readAt = oneOf(WIDTHS, name);
  const readIn = readAt === NARROW ? colorSchemes[0] : colorSchemes.at(-1);
  const faults: string[] = [];
  let colors = usualColors;
  for (const width of WIDTHS.toSorted((one) => (one === usual.width ? -1 : 1))) {
    if (width !== usual.width) await page.setViewportSize({ width, height: usual.height });
    await settled(page);
    if (await overflows(page)) faults.push(`${width} pixels: wider than the window`);
    for (const colorScheme of colorSchemes) {
      if (!DEEP && (width !== readAt || colorScheme !== readIn)) continue;
      if (colorScheme !== colors) await page.emulateMedia({ colorScheme });
      colors = colorScheme;
      await settled(page);
      const found = await accessibilityFaults(page);
      faults.push(...found.map((fault) => `${width} pixels, ${colorScheme}: ${fault}`));
    }
  }
  await page.setViewportSize(usual);
  if (colors !== usualColors) await page.emulateMedia({ colorScheme: usualColors });
  return faults;
}
