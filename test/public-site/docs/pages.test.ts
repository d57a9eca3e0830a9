import { readdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ISSUE_TYPES } from '../../../src/fhir/http/operation-outcome.ts';
import { describeServedTypes, dstu2, r4 } from '../../../src/fhir/index.ts';
import { guides } from '../../../src/i18n/en/developer-portal/guides.ts';
import { htmlToString } from '../../../src/kernel/index.ts';
import { fillPlaceholders, GUIDE, GUIDE_GROUPS, readGuide } from '../../../src/public-site/docs/guide.ts';
import { renderMarkdown } from '../../../src/public-site/docs/markdown.ts';
import { attributeOf, attributesOf, countOf, hasElement, linksOf, textsOf } from '../../support/browser/html.ts';
import { CHECKOUT } from '../../support/checkout.ts';
import { startServer, type TestServer } from '../../support/servers/server.ts';

/** All error codes. error-codes.test.ts compares them with the server's. */
const codes = [...readGuide('errors').matchAll(/^### `([^`]+)`$/gm)].map(([, code = '']) => code);

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ PREFIX: '/other', PUBLIC_URL: 'https://api.example.org' });
});
afterAll(() => server.close());

const get = (url: string, headers: Record<string, string> = {}) => server.app.inject({ method: 'GET', url, headers });

describe('/docs', () => {
  it('has a page for each file of docs/guide, and lists them all', async () => {
    const files = readdirSync(path.join(CHECKOUT, 'docs/guide'));
    expect(files.sort()).toEqual(GUIDE.map((page) => `${page}.md`).sort());
    const start = await get('/docs');
    expect(start.statusCode).toBe(200);
    for (const page of GUIDE) expect(linksOf(start.body)).toContain(`/docs/${page}`);
  });

  it.each(GUIDE)('%s: contains this server’s own URLs, and no placeholder', async (page) => {
    const { statusCode, body, headers } = await get(`/docs/${page}`);
    expect({ statusCode, contentType: headers['content-type'] }).toEqual({
      statusCode: 200,
      contentType: 'text/html; charset=utf-8',
    });
    expect(/\{\{|\}\}/.test(body)).toBe(false);
    expect(/localhost:8080|example\.org\/nge\//.test(body)).toBe(false);
    expect(countOf(body, 'h1')).toBe(1);
    expect(hasElement(body, ':is(script, style):not([src])')).toBe(false);
  });

  it('links to the portal, and to sign-in that leads back to the page', async () => {
    for (const page of ['/docs', '/docs/scopes', '/docs?q=token']) {
      const signIn = `/sign-in?return_to=${encodeURIComponent(page)}`;
      expect(linksOf((await get(page)).body)).toEqual(expect.arrayContaining(['/developer', signIn]));
    }
    expect((await get('/docs', { 'accept-language': 'es' })).body).toContain('Para desarrolladores');
  });

  it('has this server’s URL in the text to copy', async () => {
    expect((await get('/docs/getting-started')).body).toContain(
      'curl -s https://api.example.org/other/fhir-api-r4/fhir/r4/Patient',
    );
  });

  it('has no broken links to pages or headings', async () => {
    const pages = new Map<string, { readonly anchors: readonly string[]; readonly links: readonly string[] }>();
    for (const page of GUIDE) {
      const { body } = await get(`/docs/${page}`);
      pages.set(`/docs/${page}`, { anchors: attributesOf(body, '[id]', 'id'), links: linksOf(body) });
    }
    const wrong: string[] = [];
    for (const [from, page] of pages) {
      expect(new Set(page.anchors).size, from).toBe(page.anchors.length);
      for (const href of page.links) {
        const [to = '', anchor] = href.split('#');
        const target = to === '' ? page : pages.get(to);
        if (target !== undefined) {
          if (anchor !== undefined && !target.anchors.includes(anchor)) wrong.push(`${from} -> ${href}`);
        } else if (to.startsWith('/')) {
          const { statusCode } = await get(to);
          if (statusCode >= 400) wrong.push(`${from} -> ${href}: ${statusCode}`);
        } else if (!href.startsWith('https:')) wrong.push(`${from} -> ${href}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('has the tables of the server: every type, parameter, granular scope and route', async () => {
    const data = (await get('/docs/data')).body;
    for (const { name, parameters } of [...r4.types, ...dstu2.types]) {
      expect(data).toContain(`<code>${name}</code>`);
      for (const parameter of parameters) expect(data).toContain(`<code>${parameter.name}</code>`);
    }
    const scopes = (await get('/docs/scopes')).body;
    for (const name of describeServedTypes([r4, dstu2]).names)
      expect(scopes).toContain(`<code>patient/${name}.rs</code>`);
    const discovery = await get('/other/fhir-api-r4/fhir/r4/.well-known/smart-configuration');
    const granular = discovery.json().scopes_supported.filter((scope: string) => scope.includes('?'));
    for (const scope of granular) expect(scopes).toContain(`<code>${scope}</code>`);
    const routes = (await get('/docs/portal-api')).body;
    const { paths } = (await get('/api/openapi.json')).json();
    for (const route of Object.keys(paths)) expect(routes).toContain(` ${route}</code>`);
  });

  it('finds sections by words, matches in the heading first', async () => {
    const found = (await get('/docs?q=invalid_grant')).body;
    expect(linksOf(found).find((href) => href.includes('#'))).toBe('#main');
    expect(linksOf(found).filter((href) => href.startsWith('/docs/') && href.includes('#'))[0]).toBe(
      '/docs/errors#invalid_grant',
    );
    expect((await get('/docs?q=rotate')).body).toContain('<mark>');
    expect((await get('/docs?q=refresh%20rotation%20of%20bananas')).body).toContain('No results for');
    expect((await get('/docs?q=%3Cimg%20src%3Dx%3E')).body).not.toContain('<img src=x');
    expect((await get(`/docs?q=${'x'.repeat(5000)}&q=2`)).statusCode).toBe(200);
  });

  it('has the groups Start, Tasks and Reference, on the start page and in the menu of each page', async () => {
    const start = (await get('/docs')).body;
    expect(textsOf(start, 'main h2')).toEqual(['Start', 'Tasks', 'Reference']);
    for (const { name, pages } of GUIDE_GROUPS) {
      const links = attributesOf(start, `#${name} + ul a`, 'href');
      expect(links).toEqual(pages.map((page) => `/docs/${page}`));
    }
    expect(textsOf((await get('/docs/errors')).body, '.guide-menu .open .group')).toEqual([
      'Start',
      'Tasks',
      'Reference',
    ]);
    const spanish = (await get('/docs', { 'accept-language': 'es' })).body;
    expect(textsOf(spanish, 'main h2')).toEqual(['Primeros pasos', 'Tareas', 'Referencia']);
  });

  it('has each task page in the developer portal’s list of guides', () => {
    const [, tasks] = GUIDE_GROUPS;
    expect(Object.keys(guides.pages)).toEqual(tasks.pages);
  });

  it.each(codes)('%s: the search finds the code first, however it is written, and says what to do', async (code) => {
    const description = 'Something about the request and more words than any page has';
    const body = JSON.stringify({ error: code, error_description: description }).slice(0, 100);
    for (const query of [code, code.toUpperCase(), `"${code}"`, `error=${code}`, body]) {
      const found = (await get(`/docs?${new URLSearchParams({ q: query })}`)).body;
      const [first = ''] = attributesOf(found, 'ol.list a', 'href');
      expect(first, query).toBe(`/docs/errors#${code}`);
      expect(textsOf(found, 'ol.list p')[0], query).toMatch(/^Fix: \S/);
    }
    const words = code.replaceAll(/[-_]/g, ' ');
    const links = attributesOf((await get(`/docs?${new URLSearchParams({ q: words })}`)).body, 'ol.list a', 'href');
    // `login-required` and `login_required` are the same words.
    const same = codes.filter((other) => other.replaceAll(/[-_]/g, ' ') === words).length;
    expect(links.slice(0, same)).toContain(`/docs/errors#${code}`);
  });

  it.each(Object.entries(ISSUE_TYPES))('the search finds %s by its FHIR issue type %s', async (code, type) => {
    const found = (await get(`/docs?q=${type}`)).body;
    const links = attributesOf(found, 'ol.list a', 'href');
    // Several codes have the same type. All of them come before other sections.
    const same = Object.values(ISSUE_TYPES).filter((other) => other === type).length;
    expect(links.slice(0, same + 1)).toContain(`/docs/errors#${code}`);
  });

  it('the search finds the errors of a status before other sections', async () => {
    const links = attributesOf((await get('/docs?q=410')).body, 'ol.list a', 'href');
    expect(links[0]).toBe('/docs/errors#gone');
  });

  it('can be searched through the API, sections with a matching heading first', async () => {
    const search = async (words: string) =>
      (await get(`/api/public/docs?${new URLSearchParams({ q: words })}`)).json().results;
    expect((await search('scopes'))[0]).toEqual({ path: '/docs/scopes', heading: 'Scopes', page: 'Scopes' });
    const [first] = await search('invalid_grant');
    expect(first).toEqual({ path: '/docs/errors#invalid_grant', heading: 'invalid_grant', page: 'Errors' });
    expect(await search('refresh rotation of bananas')).toEqual([]);
    expect((await get('/api/public/docs?q=')).statusCode).toBe(400);
  });

  it('says in Spanish that it is in English, and marks the English text', async () => {
    const { body } = await get('/docs/errors', { 'accept-language': 'es' });
    expect(attributeOf(body, 'html', 'lang')).toBe('es');
    expect(body).toContain('La documentación está en inglés.');
    expect(body).toContain('<article lang="en">');
    expect((await get('/docs/errors', { 'accept-language': 'en' })).body).not.toContain('is in English');
  });

  it('has no other pages, and cannot be used to read other folders', async () => {
    for (const page of ['nothing', '..%2f..%2fREADME', 'errors.md', '__proto__', 'constructor']) {
      expect((await get(`/docs/${page}`)).statusCode).toBe(404);
    }
  });

  it('serves its style and its script', async () => {
    const { body } = await get('/docs/errors');
    const paths = ['src', 'href'].flatMap((name) => attributesOf(body, `[${name}^="/assets/docs."]`, name));
    expect(paths).toHaveLength(2);
    for (const asset of paths) expect((await get(asset)).statusCode).toBe(200);
  });
});

describe('conversion from Markdown to HTML', () => {
  it('escapes HTML, links only valid links, and retains the text of code', () => {
    const { html } = renderMarkdown('# A\n\n<b>x</b> www.example.com [x](javascript:alert(1))\n\n```text\n<i>&\n```\n');
    expect(htmlToString(html)).toContain('&lt;b&gt;x&lt;/b&gt; www.example.com [x](javascript:alert(1))');
    expect(htmlToString(html)).toContain('&lt;i&gt;&amp;');
  });

  it('gives equal headings on a page distinct ids', () => {
    const { sections } = renderMarkdown(
      '# A page\n\n## `invalid_grant`\n\n## Who, what & when?\n\n## 0.1.0\n\n### MedicationRequest / MedicationOrder\n',
    );
    expect(sections.map(({ slug }) => slug)).toEqual([
      'a-page',
      'invalid_grant',
      'who-what-when',
      '0-1-0',
      'medicationrequest-medicationorder',
    ]);
  });

  it('rejects an unknown placeholder', () => {
    expect(() => fillPlaceholders('{{nothing}}', {})).toThrow('{{nothing}}');
    expect(fillPlaceholders('{{a}}b', { a: '$&' })).toBe('$&b');
  });
});
