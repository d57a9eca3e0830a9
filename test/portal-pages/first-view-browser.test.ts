import type { Page, Request } from 'playwright-core';
import { expect, it, onTestFinished, vi } from 'vitest';
import { registerDraft } from '../support/apps/app-drafts.ts';
import { waitUntilSettled } from '../support/browser/browser.ts';
import { openPortal } from '../support/browser/portal-browser.ts';
import { type Developer, signInDeveloper, signInReviewer } from '../support/people/developer-portal.ts';
import { DEEP, pickByName, slice } from '../support/runs/slice.ts';

vi.setConfig({ testTimeout: 60_000 });

const MOST_BYTES = 200 * 1024;
const MOST_REQUESTS = 10;

let dev: Developer;
let ada: Developer['session'];
let app: string;
const portal = openPortal(async (server) => {
  dev = await signInDeveloper(server);
  ada = (await signInReviewer(server)).session;
  app = (await registerDraft(dev, { name: 'Measured' })).clientId;
});

/**
 * Opens a page with an empty cache. Returns the number of the requests for its files (document, styles, scripts, texts
 * and images), and the bytes of their responses as sent. The data that a page shows is not counted.
 */
async function firstView(session: string, path: string, locale: string) {
  const page: Page = await portal.newPage({ session, locale });
  // The window may have cached files of other tests.
  const devTools = await page.context().newCDPSession(page);
  await devTools.send('Network.setCacheDisabled', { cacheDisabled: true });
  onTestFinished(() => devTools.detach());
  const sizes: Promise<number>[] = [];
  page.on('requestfinished', (request) => {
    // Chromium requests the icon of a page, which has the type `other`, only if it has a window.
    const isFile =
      !['fetch', 'other'].includes(request.resourceType()) && request.url().startsWith(portal.server.origin);
    if (isFile) sizes.push(sizeOf(request));
  });
  await portal.open(page, path);
  await waitUntilSettled(page);
  return { requests: sizes.length, bytes: (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0) };
}

/** Returns the bytes of a response as it was sent, that is compressed. */
async function sizeOf(request: Request): Promise<number> {
  return Number(await (await request.response())?.headerValue('content-length'));
}

const PAGES = [
  ['/developer', 'developer'],
  ['/developer/apps', 'developer'],
  ['/developer/apps/new', 'developer'],
  ['/developer/apps/:app', 'developer'],
  ['/developer/apps/:app/settings', 'developer'],
  ['/developer/apps/:app/credentials', 'developer'],
  ['/developer/apps/:app/log', 'developer'],
  ['/developer/apps/:app/usage', 'developer'],
  ['/developer/explorer', 'developer'],
  ['/developer/test-patients', 'developer'],
  ['/developer/notifications', 'developer'],
  ['/developer/organisation', 'developer'],
  ['/review', 'administrator'],
  ['/review/apps/:app', 'administrator'],
  ['/review/audit', 'administrator'],
  ['/review/status', 'administrator'],
] as const;

const LOCALES = ['en-US', 'es-US'] as const;

it.each(slice(PAGES, { share: 0.3, kinds: ([, who]) => [who] }))(
  'the files of the first view of %s have at most 200 KB in at most 10 requests',
  async (path, who) => {
    for (const locale of DEEP ? LOCALES : [pickByName(LOCALES, path)]) {
      const { requests, bytes } = await firstView(
        who === 'developer' ? dev.session : ada,
        path.replace(':app', app),
        locale,
      );
      expect(bytes, `bytes in ${locale}`).toBeGreaterThan(0);
      expect(bytes, `bytes in ${locale}`).toBeLessThanOrEqual(MOST_BYTES);
      expect(requests, `requests in ${locale}`).toBeLessThanOrEqual(MOST_REQUESTS);
    }
  },
);
