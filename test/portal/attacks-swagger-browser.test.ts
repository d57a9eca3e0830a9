import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { launchBrowser, startReachableServer } from '../support/browser.ts';
import type { TestServer } from '../support/server.ts';

vi.setConfig({ testTimeout: 120_000 });

let server: TestServer & { origin: string };
let browser: Browser;
/** Another origin, and what came there. */
let elsewhere: Server;
let evil: string;
const asked: string[] = [];
beforeAll(async () => {
  server = await startReachableServer();
  browser = await launchBrowser();
  elsewhere = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.setHeader('access-control-allow-origin', '*');
    response.setHeader('access-control-allow-headers', '*');
    response.setHeader('content-type', request.url?.startsWith('/page') ? 'text/html' : 'application/json');
    response.end(request.url?.startsWith('/page') ? OPENER : JSON.stringify(FOREIGN));
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => elsewhere.once('listening', resolve));
  evil = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}`;
});
afterAll(async () => {
  await browser.close();
  elsewhere.close();
  await server.close();
});

const SCRIPT = '<img src=x onerror="window.pwned = true"><script>window.pwned = true</script>';
const FOREIGN = {
  openapi: '3.0.3',
  info: { title: 'FOREIGN', version: '1', description: SCRIPT },
  servers: [{ url: 'https://evil.example' }],
  paths: { '/x': { get: { summary: SCRIPT, responses: {} } } },
};
const OPENER = '<!doctype html><title>Opener</title>';
/** What Swagger UI would leave for the window that it opens. */
const ASKS = `window.got = [];
window.swaggerUIRedirectOauth2 = {
  auth: { name: 'x', set code(code) { got.push(code); } },
  state: 'mine',
  redirectUrl: '',
  callback: () => got.push('called'),
  errCb: () => got.push('failed'),
};`;
const INDEX = '/nge/prod/fhir-api/index.html';

async function open(query: string): Promise<{ context: BrowserContext; page: Page; foreign: string[] }> {
  const context = await browser.newContext();
  context.setDefaultTimeout(20_000);
  const page = await context.newPage();
  const foreign: string[] = [];
  page.on('request', (request) => {
    const { protocol, origin } = new URL(request.url());
    if (protocol.startsWith('http') && origin !== server.origin) foreign.push(request.url());
  });
  await page.goto(`${server.origin}${INDEX}${query}`);
  return { context, page, foreign };
}
const pwned = (page: Page) => page.evaluate<boolean>("'pwned' in window");

describe('Swagger UI, at an address that somebody else wrote', () => {
  it.each<[string, (origin: string) => string]>([
    ['a document', (origin) => `?url=${origin}/doc.json`],
    ['a configuration', (origin) => `?configUrl=${origin}/config.json`],
    [
      'a configuration as data',
      () => `?configUrl=data:application/json,${encodeURIComponent(JSON.stringify({ spec: FOREIGN }))}`,
    ],
    ['a document in the address', () => `?spec=${encodeURIComponent(JSON.stringify(FOREIGN))}`],
    [
      'a list of documents',
      (origin) => `?urls=${encodeURIComponent(JSON.stringify([{ name: 'R4', url: `${origin}/doc.json` }]))}`,
    ],
    ['an address as its name', (origin) => `?urls.primaryName=${origin}/doc.json`],
    ['a script as its name', () => `?urls.primaryName=${encodeURIComponent(SCRIPT)}`],
    ['both', (origin) => `?urls.primaryName=R4&url=${origin}/doc.json&configUrl=${origin}/config.json`],
    ['another place for the answer', (origin) => `?oauth2RedirectUrl=${origin}/back&validatorUrl=${origin}/valid`],
    ['a script in the hash', () => `#/${encodeURIComponent(SCRIPT)}/x`],
    [
      'what every object has',
      (origin) => `?__proto__[url]=${origin}/doc.json&constructor.prototype.url=${origin}/doc.json`,
    ],
  ])('loads no foreign document and runs nothing: %s', async (_what, query) => {
    asked.length = 0;
    const { context, page, foreign } = await open(query(evil));
    await page.locator('.info .title').waitFor();
    const shown = await page.locator('body').textContent();
    expect(shown).not.toContain('FOREIGN');
    expect([foreign, asked, await pwned(page)]).toEqual([[], [], false]);
    const redirect = await page.evaluate<string>('ui.getConfigs().oauth2RedirectUrl');
    expect(new URL(redirect, server.origin).origin).toBe(server.origin);
    await context.close();
  });
});

describe('the page that authorization comes back to', () => {
  const BACK = '/nge/prod/fhir-api/oauth2-redirect.html';
  const HOSTILE = `?code=stolen&state=mine&error=${encodeURIComponent(SCRIPT)}&error_description=${encodeURIComponent(SCRIPT)}`;

  it('opened by itself says so, and keeps no code in its address', async () => {
    const { context, page, foreign } = await open('');
    await page.goto(`${server.origin}${BACK}${HOSTILE}`);
    await page.getByText('This window is not open any more').waitFor();
    expect([new URL(page.url()).search, foreign, await pwned(page)]).toEqual(['', [], false]);
    await context.close();
  });

  it('opened by another site hands over nothing, says so, and keeps no code in its address', async () => {
    const context = await browser.newContext();
    const opener = await context.newPage();
    await opener.goto(`${evil}/page`);
    await opener.evaluate(ASKS);
    const opened = context.waitForEvent('page');
    await opener.evaluate(`void window.open('${server.origin}${BACK}?code=stolen&state=mine')`);
    const page = await opened;
    await page.getByText('This window is not open any more').waitFor({ timeout: 10_000 });
    expect(new URL(page.url()).search).toBe('');
    expect(await opener.evaluate('got')).toEqual([]);
    await context.close();
  });
});
