import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../src/app.ts';
import { attributesOf, linksOf, textOf, textsOf, titleOf } from '../support/browser/html.ts';
import { apiCaller } from '../support/people/developer-portal.ts';
import { OAUTH, PatientBrowser } from '../support/people/patient.ts';
import { startServer, type TestServer } from '../support/servers/server.ts';

const EXAMPLES = '/sandbox/apps';
const NAMES = ['Care Binder', 'Family Table', 'Pill Planner', 'Sugar Diary', 'Shot Card'];

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
  const composed = await createApp(server.config, server.db, { clock: server.clock });
  await composed.refreshExamples();
  await composed.refreshExamples();
  await composed.app.close();
});
afterAll(() => server.close());

const browserOf = () => new PatientBrowser(server.app);

describe('the example gallery of the sandbox', () => {
  it('lists five made-up apps with logos and categories, and says that they are made up', async () => {
    const page = await browserOf().get(EXAMPLES);
    expect(titleOf(page)).toBe('Example apps');
    expect(textOf(page, '.note')).toContain('These apps are made up.');
    expect(textsOf(page, '.apps h3')).toEqual(NAMES);
    expect(attributesOf(page, 'img.app-logo', 'src')).toHaveLength(5);
    expect(linksOf(page)).toEqual(expect.arrayContaining([`${EXAMPLES}?category=medicines`, '/apps']));
  });

  it('serves the logos as images', async () => {
    const browser = browserOf();
    for (const src of attributesOf(await browser.get(EXAMPLES), 'img.app-logo', 'src')) {
      const { status, headers } = await browser.get(src);
      expect({ status, contentType: headers['content-type'] }).toEqual({ status: 200, contentType: 'image/png' });
    }
    expect((await browser.get(`${EXAMPLES}/logos/unknown`)).status).toBe(404);
  });

  it('finds apps by words and category', async () => {
    const browser = browserOf();
    expect(textsOf(await browser.get(`${EXAMPLES}?q=vaccinations`), '.apps h3')).toEqual(['Family Table', 'Shot Card']);
    expect(textsOf(await browser.get(`${EXAMPLES}?category=medicines`), '.apps h3')).toEqual(['Pill Planner']);
  });

  it('is found by the search of the portal, by name and with the page of each app', async () => {
    const { call } = apiCaller(server, undefined);
    const find = async (words: string) => (await call('GET', `/public/example-apps?q=${words}`)).body;
    const { apps } = await find('pill');
    expect(apps).toEqual([{ name: 'Pill Planner', developer: expect.any(String), path: `${EXAMPLES}?q=Pill+Planner` }]);
    expect(textsOf(await browserOf().get(apps[0].path), '.apps h3')).toEqual(['Pill Planner']);
    expect((await find('')).apps).toHaveLength(NAMES.length);
    expect((await find('nothing-like-it')).apps).toEqual([]);
    expect((await call('GET', `/public/example-apps?q=${'a'.repeat(201)}`)).status).toBe(400);
  });

  it('never shows a made-up app in the real gallery, nor serves its logo there', async () => {
    const browser = browserOf();
    const page = await browser.get('/apps');
    for (const name of NAMES) expect(page.body).not.toContain(name);
    expect((await apiCaller(server, undefined).call('GET', '/public/apps')).body).toMatchObject({ total: 0 });
    for (const src of attributesOf(await browser.get(EXAMPLES), 'img.app-logo', 'src'))
      expect((await browser.get(src.replace(`${EXAMPLES}/logos`, '/app-logos'))).status).toBe(404);
  });

  it('gives no made-up app an authorization', async () => {
    const browser = browserOf();
    const [logo = ''] = attributesOf(await browser.get(EXAMPLES), 'img.app-logo', 'src');
    const clientId = /logos\/([0-9a-f-]{36})/.exec(logo)?.[1] ?? '';
    const query = new URLSearchParams({
      response_type: 'code',
      client_id: clientId,
      redirect_uri: 'https://carebinder.example/callback',
    });
    const { status, location } = await browser.get(`${OAUTH}/authorize?${query}`);
    expect(status).toBe(400);
    expect(location).toBeUndefined();
  });

  it('exists only with the sandbox', async () => {
    const off = await startServer({ SANDBOX: 'off' });
    try {
      expect((await new PatientBrowser(off.app).get(EXAMPLES)).status).toBe(404);
      expect((await apiCaller(off, undefined).call('GET', '/public/example-apps')).status).toBe(404);
    } finally {
      await off.close();
    }
  });
});
