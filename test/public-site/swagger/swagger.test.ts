import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attributesOf, codeIn, hasElement, parse, textOf } from '../../support/browser/html.ts';
import { DSTU2 } from '../../support/people/patient.ts';
import { startServer, type TestServer } from '../../support/servers/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

const FOLDER = '/nge/prod/fhir-api';
const get = (url: string, headers: Record<string, string> = {}) =>
  server.app.inject({ url, headers: { host: new URL(server.config.publicUrl).host, ...headers } });

/** Reads the configuration that the page gives its scripts. */
const configOf = (html: string) => JSON.parse(parse(html)('#config').text());

describe('Swagger UI', () => {
  it('is at NextGen’s URL, offers DSTU2 and R4, and contacts no other server', async () => {
    const { statusCode, headers, body } = await get(`${FOLDER}/index.html`);
    expect({ statusCode, contentType: headers['content-type'] }).toEqual({
      statusCode: 200,
      contentType: 'text/html; charset=utf-8',
    });
    expect(configOf(body).documents).toEqual([
      { name: 'DSTU2', url: `${FOLDER}/openapi/dstu2.json` },
      { name: 'R4', url: `${FOLDER}/openapi/r4.json` },
    ]);
    const linked = ['src', 'href'].flatMap((name) => attributesOf(body, `[${name}]`, name));
    expect(linked.filter((address) => !/^\/(?!\/)/.test(address))).toEqual(['#main']);
    const policy = String(headers['content-security-policy']);
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
    expect(codeIn(body)).toEqual([]);
    expect(textOf(body, '.site-nav a[aria-current=page]')).toBe('Documentation');
    expect(hasElement(body, '[style]')).toBe(false);
  });

  it.each([
    [`${FOLDER}/`, `${FOLDER}/index.html`],
    [FOLDER, `${FOLDER}/index.html`],
    [`${FOLDER}?urls.primaryName=DSTU2`, `${FOLDER}/index.html?urls.primaryName=DSTU2`],
    ['/nge/prod/fhir-api-r4/index.html', `${FOLDER}/index.html?urls.primaryName=R4`],
    ['/nge/prod/fhir-api-r4/', `${FOLDER}/index.html?urls.primaryName=R4`],
  ])('is the redirect target of %s', async (from, to) => {
    const { statusCode, headers } = await get(from);
    expect({ statusCode, location: headers.location }).toEqual({ statusCode: 302, location: to });
  });

  it('redirects to the host of its OAuth redirect URI', async () => {
    const { headers } = await get(`${FOLDER}/index.html?urls.primaryName=R4`, { host: '127.0.0.1:1' });
    expect(headers.location).toBe(`${server.config.publicUrl}${FOLDER}/index.html?urls.primaryName=R4`);
  });

  it('does not conflict with the API beside it', async () => {
    expect((await get(`${DSTU2}/metadata`)).json().resourceType).toBe('Conformance');
    expect((await get(`${DSTU2}/Patient`)).json().resourceType).toBe('OperationOutcome');
    expect((await get(`${DSTU2}/index.html`)).json().resourceType).toBe('OperationOutcome');
  });

  it.each(['swagger-ui.css', 'swagger-ui-bundle.js', 'swagger-ui-standalone-preset.js', 'start.js', 'session.js'])(
    'serves %s, compressed for clients that accept it',
    async (name) => {
      const plain = await get(`${FOLDER}/swagger-ui/${name}`);
      const packed = await get(`${FOLDER}/swagger-ui/${name}`, { 'accept-encoding': 'gzip, br' });
      expect({ status: plain.statusCode, contentEncoding: plain.headers['content-encoding'] }).toEqual({
        status: 200,
        contentEncoding: undefined,
      });
      expect({ status: packed.statusCode, contentEncoding: packed.headers['content-encoding'] }).toEqual({
        status: 200,
        contentEncoding: 'gzip',
      });
      expect(packed.rawPayload.length).toBeLessThan(plain.rawPayload.length);
    },
  );

  it.each(['package.json', 'index.js', 'nothing.js', '..%2Fpage.ts'])('does not serve %s', async (name) => {
    expect((await get(`${FOLDER}/swagger-ui/${name}`)).statusCode).toBe(404);
  });

  it('is found in any letter case of its URL', async () => {
    expect((await get('/NGE/PROD/FHIR-API/Index.html')).statusCode).toBe(200);
  });
});

describe('Swagger UI in other installations', () => {
  it('works under any prefix, or none', async () => {
    for (const PREFIX of ['', '/api/health']) {
      const other = await startServer({ PREFIX });
      const { host } = new URL(other.config.publicUrl);
      const { statusCode, body } = await other.app.inject({ url: `${PREFIX}/fhir-api/index.html`, headers: { host } });
      expect(statusCode).toBe(200);
      const [dstu2] = configOf(body).documents;
      expect((await other.app.inject(dstu2.url)).json().info.version).toBe('1.0.2');
      await other.close();
    }
  });

  it.each([
    [{ SANDBOX: 'off' }, 'no sandbox'],
    [{ PROVISIONAL_APPS: 'inactive' }, 'accepts only approved apps'],
  ])('says with %o why its own app cannot authorize', async (settings, message) => {
    const other = await startServer(settings);
    const { host } = new URL(other.config.publicUrl);
    const { body } = await other.app.inject({ url: `${FOLDER}/index.html`, headers: { host } });
    expect(body).toContain(message);
    expect(configOf(body).client).toBeUndefined();
    await other.close();
  });
});
