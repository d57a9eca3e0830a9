import { AxeBuilder } from '@axe-core/playwright';
import { type Browser, chromium, type Page } from 'playwright-core';
import { freePort } from './processes.ts';
import { startServer, type TestServer } from './server.ts';

export const WIDTHS = [390, 1280] as const;

export const launchBrowser = (): Promise<Browser> =>
  chromium.launch({ executablePath: process.env['CHROMIUM'] || '/usr/bin/chromium' });

/** A server that a browser can reach. */
export async function startReachableServer(
  settings: Record<string, string> = {},
): Promise<TestServer & { origin: string }> {
  const port = await freePort();
  const origin = `http://localhost:${port}`;
  const server = await startServer({ ...settings, PORT: String(port), PUBLIC_URL: origin });
  await server.app.listen({ port, host: '127.0.0.1' });
  return { ...server, origin };
}

/** What an accessibility checker finds wrong with the page as it stands, in short. */
export async function accessibilityFaults(page: Page): Promise<readonly string[]> {
  // The checker waits for ever for a frame in which nothing may run.
  await page.evaluate(`window.framesAside = [...document.querySelectorAll('iframe[sandbox=""]')].map((frame) => {
    const place = document.createComment('');
    frame.replaceWith(place);
    return [frame, place];
  })`);
  const { violations } = await new AxeBuilder({ page }).analyze();
  await page.evaluate('window.framesAside.forEach(([frame, place]) => place.replaceWith(frame))');
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`);
}

/** Whether the page is wider than the window: it never may be, on a phone least of all. */
export const overflows = (page: Page): Promise<boolean> =>
  page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth');
