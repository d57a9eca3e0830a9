import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { openPortal } from '../../support/browser/portal-browser.ts';
import { DEEP } from '../../support/runs/slice.ts';

vi.setConfig({ testTimeout: 120_000 });

const portal = openPortal();
/** Server of another origin, which records the requests that it receives. */
let elsewhere: Server;
let evil: string;
const requests: string[] = [];
beforeAll(async () => {
  elsewhere = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    response.setHeader('access-control-allow-origin', '*');
    response.setHeader('access-control-allow-headers', '*');
    response.setHeader('content-type', request.url?.startsWith('/page') ? 'text/html' : 'application/json');
    response.end(request.url?.startsWith('/page') ? OPENER : JSON.stringify(FOREIGN));
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => elsewhere.once('listening', resolve));
  evil = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}`;
});
afterAll(() => {
  elsewhere.closeAllConnections();
  elsewhere.close();
});

const SCRIPT = '<img src=x onerror="window.pwned = true"><script>window.pwned = true</script>';
const FOREIGN = {
  openapi: '3.0.3',
  info: { title: 'FOREIGN', version: '1', description: SCRIPT },
  servers: [{ url: 'https://evil.example' }],
  paths: { '/x': { get: { summary: SCRIPT, responses: {} } } },
};
const OPENER = '<!doctype html><title>Opener</title>';
/** Script that sets the state which Swagger UI leaves for the window that it opens. */
const ASKS = `window.got = [];
window.swaggerUIRedirectOauth2 = {
  auth: { name: 'x', set code(code) { got.push(code); } },
  state: 'mine',
  redirectUrl: '',
  callback: () => got.push('called'),
  errCb: () => got.push('failed'),
};`;
const INDEX = '/nge/prod/fhir-api/index.html';

/**
 * OpenAPI document that is served instead of ours. It is small, because rendering ours takes most of the time, and
 * hostile URLs can't change it anyway.
 */
const OURS = { openapi: '3.0.3', info: { title: 'FHIR DSTU2', version: '1' }, paths: {} };

let page: Page;
/** Requests that the page sent to other origins. */
const foreign: string[] = [];
beforeAll(async () => {
  page = await portal.newPage({ timeout: 20_000 });
  page.on('request', (request) => {
    const { protocol, origin } = new URL(request.url());
    if (protocol.startsWith('http') && origin !== portal.server.origin) foreign.push(request.url());
  });
  if (!DEEP) await page.route(`${portal.server.origin}/**/openapi/*.json`, (route) => route.fulfill({ json: OURS }));
});
beforeEach(() => {
  requests.length = 0;
  foreign.length = 0;
});

const open = (path: string) => page.goto(`${portal.server.origin}${path}`);
const pwned = (page: Page) => page.evaluate<boolean>("'pwned' in window");

/** Ways to make Swagger UI load something foreign. */
const QUERIES: readonly (readonly [what: string, query: (origin: string) => string])[] = [
  ['a document', (origin) => `?url=${origin}/doc.json`],
  ['a configuration', (origin) => `?configUrl=${origin}/config.json`],
  [
    'a configuration as data',
    () => `?configUrl=data:application/json,${encodeURIComponent(JSON.stringify({ spec: FOREIGN }))}`,
  ],
  ['a document in the path', () => `?spec=${encodeURIComponent(JSON.stringify(FOREIGN))}`],
  [
    'a list of documents',
    (origin) => `?urls=${encodeURIComponent(JSON.stringify([{ name: 'R4', url: `${origin}/doc.json` }]))}`,
  ],
  ['a URL as its name', (origin) => `?urls.primaryName=${origin}/doc.json`],
  ['a script as its name', () => `?urls.primaryName=${encodeURIComponent(SCRIPT)}`],
  ['both', (origin) => `?urls.primaryName=R4&url=${origin}/doc.json&configUrl=${origin}/config.json`],
  ['another redirect URI', (origin) => `?oauth2RedirectUrl=${origin}/back&validatorUrl=${origin}/valid`],
  ['a script in the hash', () => `#/${encodeURIComponent(SCRIPT)}/x`],
  [
    'a property of every object',
    (origin) => `?__proto__[url]=${origin}/doc.json&constructor.prototype.url=${origin}/doc.json`,
  ],
];

describe('Swagger UI opened with a hostile URL', () => {
  it.each(QUERIES)('loads no foreign document and runs nothing: %s', async (_what, query) => {
    // Loads the document again, even if only the hash of the URL changes.
    await page.goto('about:blank');
    await open(`${INDEX}${query(evil)}`);
    await page.locator('.info .title').waitFor();
    const shown = await page.locator('body').textContent();
    expect(shown).not.toContain('FOREIGN');
    expect({ foreign, requests, pwned: await pwned(page) }).toEqual({ foreign: [], requests: [], pwned: false });
    const redirect = await page.evaluate<string>('ui.getConfigs().oauth2RedirectUrl');
    expect(new URL(redirect, portal.server.origin).origin).toBe(portal.server.origin);
  });
});

describe('the OAuth redirect page', () => {
  const BACK = '/nge/prod/fhir-api/oauth2-redirect.html';
  const HOSTILE = `?code=stolen&state=mine&error=${encodeURIComponent(SCRIPT)}&error_description=${encodeURIComponent(SCRIPT)}`;

  it('opened directly explains itself, and keeps no code in its URL', async () => {
    await open(`${BACK}${HOSTILE}`);
    await page.getByText('The page that opened this window is gone').waitFor();
    expect({ search: new URL(page.url()).search, foreign, pwned: await pwned(page) }).toEqual({
      search: '',
      foreign: [],
      pwned: false,
    });
  });

  it('opened by another site passes nothing on, explains itself, and keeps no code in its URL', async () => {
    const opener = await portal.newPage();
    const context = opener.context();
    await opener.goto(`${evil}/page`);
    await opener.evaluate(ASKS);
    const opened = context.waitForEvent('page');
    await opener.evaluate(`void window.open('${portal.server.origin}${BACK}?code=stolen&state=mine')`);
    const window = await opened;
    await window.getByText('The page that opened this window is gone').waitFor({ timeout: 10_000 });
    expect(new URL(window.url()).search).toBe('');
    expect(await opener.evaluate('got')).toEqual([]);
  });
});
