import { test } from 'vitest';
import { type ReachableServer, startBrowser, startReachableServer } from './browser.ts';
import { createWindows, type Windows } from './windows.ts';

/**
 * Servers that all files of a worker share, one for each set of settings. They are for tests that only add rows of
 * their own. A test starts its own server if it moves the clock, changes what others see, or reads a whole list.
 */
interface Servers {
  with(settings: Record<string, string>): Promise<ReachableServer>;
}

/** Fixtures that last as long as the worker: `sharing.beforeAll(async ({ servers, windows }) => …)`. */
export const sharing = test.extend<{ $worker: { servers: Servers; windows: Windows } }>({
  servers: [
    // biome-ignore lint/correctness/noEmptyPattern: a fixture names what it needs
    async ({}, use) => {
      const started = new Map<string, Promise<ReachableServer>>();
      await use({
        with(settings) {
          const key = JSON.stringify(Object.entries(settings).sort());
          const server = started.get(key) ?? startReachableServer(settings);
          started.set(key, server);
          return server;
        },
      });
      for (const server of started.values()) await (await server.catch(() => undefined))?.close();
    },
    { scope: 'worker' },
  ],
  windows: [
    // biome-ignore lint/correctness/noEmptyPattern: a fixture names what it needs
    async ({}, use) => {
      const browser = await startBrowser();
      await use(createWindows(browser));
      await browser.close();
    },
    { scope: 'worker' },
  ],
});
