import type { Page } from 'playwright-core';
import { expect, it, vi } from 'vitest';
import { webEn } from '../../src/i18n/en/web.ts';
import { registerDraft } from '../support/apps/app-drafts.ts';
import { waitUntilSettled } from '../support/browser/browser.ts';
import { linksOf } from '../support/browser/html.ts';
import { pathTemplate } from '../support/browser/links.ts';
import { navigateInPortal, openPortal } from '../support/browser/portal-browser.ts';
import { signInDeveloper, signInReviewer } from '../support/people/developer-portal.ts';
import { DEEP } from '../support/runs/slice.ts';

vi.setConfig({ testTimeout: 240_000 });

const sessions = new Map<string, string>();
const portal = openPortal(async (server) => {
  const dev = await signInDeveloper(server);
  await registerDraft(dev, { name: 'Linked' });
  // Publishes the service base URLs, which one of the pages lists.
  await server.runMaintenance();
  sessions.set('/developer', dev.session).set('/review', (await signInReviewer(server)).session);
}, {});

/** Whether the scripts of the portal render a page. */
const isPortal = (html: string): boolean => html.includes('id="root"');

/**
 * Opens a page of the portal and waits until its scripts have rendered it. The page is opened from the previous one, or
 * in deep runs by its URL.
 * @returns the links on the page, or an error text
 */
async function linksOn(page: Page, url: URL): Promise<readonly string[] | string> {
  const answer = await page.request.get(url.href);
  if (answer.status() >= 400) return `status ${answer.status()}`;
  const staysInPortal = !DEEP && isPortal(await answer.text()) && isPortal(await page.content());
  await (staysInPortal ? navigateInPortal(page, `${url.pathname}${url.search}`) : page.goto(url.href));
  await waitUntilSettled(page);
  const main = page.getByRole('main');
  const text = (await main.textContent()) ?? '';
  if (text.trim() === '' || text.includes(webEn.shell.notFound.title)) return `nothing there: ${text}`;
  return linksOf(await page.content());
}

it.each(['/developer', '/review'])('%s: every link of every page works', async (start) => {
  const { origin } = portal.server;
  const page = await portal.newPage({ session: sessions.get(start), timeout: 20_000 });
  const broken: string[] = [];
  const followed = new Set<string>();
  const shapes = new Set<string>();
  const queue: (readonly [from: string, link: string])[] = [['the start', start]];
  for (const [from, link] of queue) {
    const url = new URL(link, origin);
    if (url.origin !== origin || followed.has(url.pathname + url.search)) continue;
    followed.add(url.pathname + url.search);
    if (!url.pathname.startsWith(start)) {
      const status = (await page.request.get(url.href)).status();
      // Home pages of other kinds of users respond with 403 and an explanation.
      if (status >= 400 && status !== 403) broken.push(`${from} -> ${link}: ${status}`);
      continue;
    }
    if (shapes.has(pathTemplate(url))) continue;
    shapes.add(pathTemplate(url));
    const found = await linksOn(page, url);
    if (typeof found === 'string') broken.push(`${from} -> ${link}: ${found}`);
    else for (const next of found) queue.push([url.pathname, new URL(next, url).href]);
  }
  expect(broken).toEqual([]);
  expect(shapes.size).toBeGreaterThan(8);
});
