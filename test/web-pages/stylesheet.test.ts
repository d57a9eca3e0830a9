import { brotliCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attributesOf } from '../support/browser/html.ts';
import { startServer, type TestServer } from '../support/servers/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

describe('the stylesheet of the pages', () => {
  it('is cached for a year under the address that pages link to, and shortly under any other', async () => {
    const { body } = await server.app.inject('/sign-in');
    const [address = ''] = attributesOf(body, 'link[rel=stylesheet]', 'href');
    const cacheControl = async (url: string) => (await server.app.inject(url)).headers['cache-control'];
    expect(await cacheControl(address)).toBe('public, max-age=31536000, immutable');
    for (const other of ['/assets/pages.css', '/assets/pages.css?v=00000000', `${address}&v=1`])
      expect(await cacheControl(other)).toBe('public, max-age=300');
  });

  it('has at most 8 KB compressed, so that a page appears at once on a slow connection', async () => {
    const { rawPayload } = await server.app.inject('/assets/pages.css');
    expect(brotliCompressSync(rawPayload).length).toBeLessThan(8192);
  });
});
