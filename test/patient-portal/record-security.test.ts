import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Resource } from '../../src/fhir/index.ts';
import { codeIn, hasElement, linkIn, textOf } from '../support/browser/html.ts';
import { startServer, type TestServer } from '../support/servers/server.ts';
import { a1c, observation, openRecord } from './observations.ts';
import { addPatientWithRecord, signInBrowser, subject } from './patients.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

const recordOf = (resources: readonly Resource[], name?: object) => openRecord(server, resources, name);

describe('content of a record cannot run in our pages', () => {
  const evil = '<script>alert(1)</script><img src=x onerror=alert(1)>';
  const b64 = (text: string) => Buffer.from(text).toString('base64');
  const note = (id: string, attachment: object): Resource => ({
    resourceType: 'DocumentReference',
    id,
    status: 'current',
    subject,
    date: '2026-01-01T10:00:00Z',
    type: { text: `Note ${id}` },
    text: { status: 'generated', div: `<div xmlns="http://www.w3.org/1999/xhtml">${evil}narrative</div>` },
    content: [{ attachment }],
  });

  it('narratives are never displayed, and texts are escaped whatever their source', async () => {
    const { section, browser, base } = await recordOf(
      [
        {
          resourceType: 'Condition',
          id: 'c',
          subject,
          code: { text: evil },
          note: [{ text: evil }],
          text: { status: 'generated', div: `<div xmlns="http://www.w3.org/1999/xhtml">${evil}narrative</div>` },
        },
        observation({ code: { text: evil }, valueString: evil, effectiveDateTime: '2026-01-01' }),
        a1c(1, '2025-01-01', { valueQuantity: { value: 1, unit: '"><script>alert(1)</script>' } }),
        a1c(2, '2026-01-01', { valueQuantity: { value: 2, unit: '"><script>alert(1)</script>' } }),
        note('evil-note', { contentType: 'text/plain', data: b64('x'), title: evil }),
      ],
      { text: `Eve ${evil}` },
    );
    for (const name of ['problems', 'results', 'documents', 'about']) {
      const { body } = await section(name);
      expect(codeIn(body)).toEqual([]);
      expect(hasElement(body, 'img[src=x]')).toBe(false);
      expect(body).not.toContain('narrative');
    }
    for (const path of ['', '/summary', '/apps', '/log', '/downloads'])
      expect(codeIn(await browser.get(`${base}${path}`))).toEqual([]);
    expect((await section('problems')).body).toContain('&#60;script&#62;');
  });

  it.each([
    ['text/html', '<script>alert(document.domain)</script>', false],
    ['image/svg+xml', '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', false],
    ['application/xhtml+xml', '<html xmlns="http://www.w3.org/1999/xhtml"><script>alert(1)</script></html>', false],
    ['application/xml', '<?xml-stylesheet href="x"?><a/>', false],
    ['text/javascript', 'alert(1)', false],
    ['TEXT/HTML; charset=utf-8', '<script>alert(1)</script>', false],
    ['text/plain', '<script>alert(1)</script>', true],
    ['image/gif', 'GIF89a<script>', true],
    ['image/png', '<svg onload="alert(1)"/>', false],
    ['text/plain', 'MZ\u0000\u0003', false],
    ['application/pdf', '%PDF-1.4', false],
  ])(
    'a document of %s is sandboxed, is not sniffed, and is displayed only where nothing can run',
    async (contentType, text, shown) => {
      const { section, browser } = await recordOf([note('doc', { contentType, data: b64(text) })]);
      const page = await section('documents');
      const path = linkIn(page, '/record/documents/[0-9a-f-]{36}\\?save');
      for (const address of [path.replace('?save=yes', ''), path]) {
        const { status, headers, body } = await browser.get(address);
        expect({ status, body }).toEqual({ status: 200, body: text });
        expect(headers['content-security-policy']).toBe(
          "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; sandbox",
        );
        expect(headers['x-content-type-options']).toBe('nosniff');
        const opened = shown && !address.endsWith('save=yes');
        expect(headers['content-disposition']).toMatch(
          opened ? /^inline; filename="document\.\w+"$/ : /^attachment; filename="document\.\w+"$/,
        );
        if (!shown) expect(headers['content-type']).toBe('application/octet-stream');
      }
    },
  );

  it('URLs in the record are not linked', async () => {
    const { section } = await recordOf([
      note('js', { contentType: 'text/html', url: 'javascript:alert(1)' }),
      note('web', { contentType: 'application/pdf', url: 'https://evil.example/x.pdf' }),
      note('data', { contentType: 'text/html', url: 'data:text/html,<script>alert(1)</script>' }),
    ]);
    const page = await section('documents');
    expect(page.body).not.toMatch(/javascript:|evil\.example|data:text/);
    expect(textOf(page).match(/This document is stored in another place/g)).toHaveLength(3);
  });

  it('names that reverse the text direction or are endless stay in their place', async () => {
    const long = 'x'.repeat(20_000);
    const { section } = await recordOf(
      [
        { resourceType: 'Condition', id: 'rtl', subject, code: { text: 'before \u202eevil\u202c after' } },
        { resourceType: 'Condition', id: 'long', subject, code: { text: long }, note: [{ text: long }] },
      ],
      { text: 'Ana \u202eedispu' },
    );
    const { body } = await section('problems');
    expect(body).toContain('before evil after');
    expect(body).not.toMatch(/[\u202a-\u202e]/);
    expect(body.length).toBeLessThan(20_000);
    expect((await section('about')).body).not.toMatch(/[\u202a-\u202e]/);
  });

  it('numbers of any size and format cause no error and no broken layout', async () => {
    const odd = ['1e400', '-1e400', '123456789012345678901234567890.123', '0.000000000000000000001', '7.00'];
    const resources = odd.map((value, index) =>
      a1c(0, `2025-0${index + 1}-01`, { valueQuantity: { value: `@@${value}@@`, unit: '%' } }),
    );
    const raw = JSON.parse(JSON.stringify(resources)) as Resource[];
    const person = await addPatientWithRecord(server, raw);
    for (const value of odd) {
      await server.db.queryText(
        `update resource set content = replace(content, '"@@${value}@@"', '${value}') where type = 'Observation' and content like '%@@${value}@@%'`,
        [],
      );
    }
    const browser = await signInBrowser(server, person);
    const page = await browser.get(`/account/${person.key}/record/results`);
    expect(page.status).toBe(200);
    expect(page.body).not.toMatch(/NaN|Infinity/);
    expect(textOf(page)).toContain('7.00%');
  });

  it('malformed resources cause no error', async () => {
    const person = await addPatientWithRecord(server, [a1c(1, '2026-01-01')]);
    const browser = await signInBrowser(server, person);
    const odd = [
      '{"resourceType":"Observation"}',
      '{"resourceType":"Observation","code":5,"valueQuantity":[],"component":{},"referenceRange":"x","category":"laboratory"}',
      '{"resourceType":"Observation","category":[{"coding":[{"code":"laboratory"}]}],"code":{"coding":[null,7,{"code":{}}]},"valueQuantity":{"value":"NaN","unit":{}},"effectiveDateTime":"2026-99-99"}',
      '{"resourceType":"Observation","category":[{"coding":[{"code":"laboratory"}]}],"component":[null,{"valueQuantity":null}],"interpretation":[{"coding":[{"code":"constructor"}]}],"status":"__proto__"}',
    ];
    for (const content of odd) {
      await server.db.queryText(
        "update resource set content = $1 where type = 'Observation' and record_id = (select record_id from representation where account_id = $2)",
        [content, person.accountId],
      );
      for (const name of ['measurements', 'results', 'other'])
        expect((await browser.get(`/account/${person.key}/record/${name}`)).status).toBe(200);
      expect((await browser.get(`/account/${person.key}/summary`)).status).toBe(200);
    }
  });
});
