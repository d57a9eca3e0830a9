import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Resource } from '../../../src/fhir/index.ts';
import { patient } from '../../support/fhir/charts.ts';
import { BASE, type FhirServer, startFhir } from '../../support/fhir/fhir-server.ts';
import { loadTexts } from '../../support/fhir/load-texts.ts';

const id = (number: number): string => `${String(number).padStart(8, '0')}-0000-4000-8000-000000000000`;
const [ANN, BOB, NOTE, EMPTY, PROGRAMS] = [id(901), id(902), id(1), id(2), id(3)];
const TEXT = '0123456789';
const SCRIPT = '<script xmlns="http://www.w3.org/1999/xhtml">fetch("/account")</script>';
/** Media types that browsers execute scripts in. */
const RUN = [
  ['text/html', SCRIPT],
  ['application/xhtml+xml', `<html xmlns="http://www.w3.org/1999/xhtml">${SCRIPT}</html>`],
  ['image/svg+xml', `<svg xmlns="http://www.w3.org/2000/svg">${SCRIPT}</svg>`],
  [
    'application/xml',
    `<?xml-stylesheet type="text/xsl" href="data:text/xsl,x"?><ClinicalDocument>${SCRIPT}</ClinicalDocument>`,
  ],
  ['text/xml', `<?xml-stylesheet href="#x"?><ClinicalDocument>${SCRIPT}</ClinicalDocument>`],
  ['text/javascript', 'fetch("/account")'],
  ['application/pdf', '%PDF-1.7'],
] as const;

const reference = (number: string, ...attachments: readonly (readonly [type: string, text: string])[]): Resource => ({
  resourceType: 'DocumentReference',
  id: number,
  status: 'current',
  subject: { reference: `Patient/${ANN}` },
  content: attachments.map(([contentType, text]) => ({
    attachment: { contentType, data: Buffer.from(text).toString('base64') },
  })),
});

let server: FhirServer;
let token: string;
let url: string;
let etag: string;
beforeAll(async () => {
  server = await startFhir();
  const { refused } = await server.load([
    patient(ANN, 'Ann'),
    patient(BOB, 'Bob'),
    reference(NOTE, ['text/plain', TEXT]),
    reference(EMPTY, ['text/plain', ' '.repeat(2000)]),
    reference(PROGRAMS, ...RUN),
  ]);
  expect(refused).toEqual([]);
  token = await server.token(ANN);
  [url = ''] = await urlsOf(NOTE);
  etag = String((await server.get(token, url)).headers['etag']);
});
afterAll(() => server.close());

async function urlsOf(document: string): Promise<readonly string[]> {
  const { content } = (await server.get(token, `/DocumentReference/${document}`)).json();
  return content.map(({ attachment }: { attachment: { url: string } }) => attachment.url);
}
/** Returns the URL that earlier releases gave to a document. */
const olderOf = (address: string): string => `/document/txt-${address.slice(-36)}`;

describe('a byte range of a document (RFC 9110 §14)', () => {
  it.each([
    ['bytes=0-3', '0123', '0-3'],
    ['bytes=4-', '456789', '4-9'],
    ['bytes=-3', '789', '7-9'],
    ['bytes=-99', TEXT, '0-9'],
    ['bytes=9-9', '9', '9-9'],
    ['bytes=5-99999999999999999999', '56789', '5-9'],
    ['Bytes=0-0', '0', '0-0'],
  ])('%s', async (range, body, contentRange) => {
    for (const address of [url, olderOf(url)]) {
      const answer = await server.get(token, address, { range });
      expect({ status: answer.statusCode, body: answer.body }).toEqual({ status: 206, body });
      expect(answer.headers).toMatchObject({
        'content-range': `bytes ${contentRange}/10`,
        'content-length': String(body.length),
        'accept-ranges': 'bytes',
        'content-type': expect.stringMatching(/^text\/plain/),
        'content-security-policy': "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; sandbox",
        'x-content-type-options': 'nosniff',
        'content-disposition': expect.stringMatching(/^attachment;/),
        etag,
      });
    }
  });

  it.each(['bytes=0-1,4-5', 'bytes=5-2', 'bytes=-', 'bytes=a-b', 'lines=0-3', 'bytes 0-3', 'bytes=0x1-2', ''])(
    '%s: the whole document is sent, because the range is invalid or has several parts',
    async (range) => {
      const answer = await server.get(token, url, { range });
      expect({ status: answer.statusCode, body: answer.body, contentRange: answer.headers['content-range'] }).toEqual({
        status: 200,
        body: TEXT,
        contentRange: undefined,
      });
    },
  );

  it.each(['bytes=10-', 'bytes=10-12', 'bytes=99999999999999999999-', 'bytes=-0'])('%s is 416', async (range) => {
    server.disclosures.length = 0;
    const answer = await server.get(token, url, { range });
    expect({ status: answer.statusCode, contentRange: answer.headers['content-range'] }).toEqual({
      status: 416,
      contentRange: 'bytes */10',
    });
    expect(answer.json().issue[0].details.text).toContain('10 bytes');
    expect(server.disclosures).toEqual([expect.objectContaining({ kind: 'document', resources: 0 })]);
  });

  it('is sent only if If-Range matches; otherwise the whole document is', async () => {
    const range = 'bytes=0-3';
    expect((await server.get(token, url, { range, 'if-range': etag })).statusCode).toBe(206);
    for (const other of [`W/${etag}`, '"other"', 'Mon, 02 Nov 2026 09:00:00 GMT', '*']) {
      const answer = await server.get(token, url, { range, 'if-range': other });
      expect({ status: answer.statusCode, body: answer.body }).toEqual({ status: 200, body: TEXT });
    }
  });

  it('is supported for GET alone; HEAD returns the full length', async () => {
    const headers = { authorization: `Bearer ${token}`, range: 'bytes=0-3' };
    const answer = await server.app.inject({ method: 'HEAD', url: new URL(url).pathname, headers });
    expect({ status: answer.statusCode, body: answer.body }).toEqual({ status: 200, body: '' });
    expect(answer.headers).toMatchObject({ 'content-length': '10', 'accept-ranges': 'bytes', etag });
  });

  it('is recorded once, with its size', async () => {
    server.disclosures.length = 0;
    await server.get(token, url, { range: 'bytes=2-4' });
    const detail = { document: url.slice(-36), id: NOTE, bytes: 3, of: 10 };
    expect(server.disclosures).toEqual([expect.objectContaining({ kind: 'document', resources: 1, detail })]);
  });

  it('needs the same access as the whole document', async () => {
    const range = 'bytes=0-3';
    const bob = await server.token(BOB);
    const few = await server.token(ANN, { scope: 'patient/Observation.rs' });
    for (const address of [url, olderOf(url)]) {
      expect((await server.get(undefined, address, { range })).statusCode).toBe(401);
      expect((await server.get(few, address, { range })).statusCode).toBe(403);
      for (const headers of [{ range }, { range: 'bytes=99-' }, { 'if-none-match': etag }, { 'if-none-match': '*' }]) {
        const answer = await server.get(bob, address, headers);
        expect({ status: answer.statusCode, etag: answer.headers['etag'] }).toEqual({ status: 404, etag: undefined });
      }
    }
  });

  it('is never compressed, because compressed bytes have other offsets', async () => {
    const [long = ''] = await urlsOf(EMPTY);
    for (const more of [{}, { range: 'bytes=0-1500' }]) {
      const answer = await server.get(token, long, { ...more, 'accept-encoding': 'gzip, br' });
      expect({ contentEncoding: answer.headers['content-encoding'], body: answer.body.trim() }).toEqual({
        contentEncoding: undefined,
        body: '',
      });
    }
  });
});

describe('a document that the client already has (RFC 9110 §13.1.2)', () => {
  it('is not sent again', async () => {
    server.disclosures.length = 0;
    for (const known of [etag, `"other", ${etag}`, '*', `W/${etag}`]) {
      const answer = await server.get(token, url, { 'if-none-match': known, range: 'bytes=0-3' });
      expect({ status: answer.statusCode, body: answer.body, etag: answer.headers['etag'] }).toEqual({
        status: 304,
        body: '',
        etag,
      });
    }
    expect(server.disclosures.map(({ resources, detail }) => [resources, detail['notModified']])).toEqual(
      Array.from({ length: 4 }, () => [0, true]),
    );
    expect((await server.get(token, url, { 'if-none-match': '"other"' })).body).toBe(TEXT);
  });
});

describe('Binary (FHIR R4, "Serving Binary Resources using the RESTful API")', () => {
  it('is a resource if the client accepts a FHIR media type', async () => {
    const binary = url;
    const resource = {
      resourceType: 'Binary',
      id: url.slice(-36),
      contentType: 'text/plain',
      securityContext: { reference: `DocumentReference/${NOTE}` },
      data: Buffer.from(TEXT).toString('base64'),
    };
    for (const accept of ['application/fhir+json', 'application/fhir+json, */*;q=0.1', 'application/json+fhir']) {
      const answer = await server.get(token, binary, { accept, range: 'bytes=0-3' });
      expect({ status: answer.statusCode, body: answer.json() }).toEqual({ status: 200, body: resource });
      expect(answer.headers).toMatchObject({
        'content-type': 'application/fhir+json; charset=utf-8',
        vary: expect.stringContaining('Accept'),
        etag: 'W/"1"',
      });
    }
    expect((await server.get(token, `${binary}?_format=json`)).json()).toEqual(resource);
    expect((await server.get(token, binary, { accept: 'application/fhir+xml' })).body).toContain(
      `<data value="${resource.data}"/></Binary>`,
    );
    const known = await server.get(token, binary, { accept: 'application/fhir+json', 'if-none-match': 'W/"1"' });
    expect(known.statusCode).toBe(304);
  });

  it.each([
    undefined,
    '*/*',
    'text/plain',
    'application/pdf, application/fhir+json;q=0.5',
    'application/json',
    'application/fhir+json;q=0',
  ])('is raw bytes for Accept: %s', async (accept) => {
    const answer = await server.get(token, url, accept === undefined ? {} : { accept });
    expect({ body: answer.body, vary: answer.headers['vary'] }).toEqual({
      body: TEXT,
      vary: expect.stringContaining('Accept'),
    });
  });

  it('is raw bytes at the document’s older URL, and never a resource there', async () => {
    expect((await server.get(token, olderOf(url), { accept: 'application/fhir+json' })).body).toBe(TEXT);
  });

  it('is recorded as the document that it belongs to', async () => {
    server.disclosures.length = 0;
    await server.get(token, url, { accept: 'application/fhir+json' });
    expect(server.disclosures).toEqual([
      expect.objectContaining({ kind: 'document', resources: 1, detail: { document: url.slice(-36), id: NOTE } }),
    ]);
  });
});

describe('documents of reports and media', () => {
  const [REPORT, IMAGE, TWIN, CHANGED] = [id(11), id(12), id(13), id(14)];
  const pointing = { contentType: 'application/pdf', url: 'Binary/scan', title: 'Scan' };
  const inline = { contentType: 'text/plain', data: Buffer.from('inline').toString('base64') };
  const report = (number: string, presentedForm: readonly object[]): Resource => ({
    resourceType: 'DiagnosticReport',
    id: number,
    status: 'final',
    code: { text: 'Imaging' },
    subject: { reference: `Patient/${ANN}` },
    presentedForm,
  });
  const scan: Resource = {
    resourceType: 'Binary',
    id: 'scan',
    contentType: 'application/pdf',
    data: Buffer.from('%PDF-1.7 scan').toString('base64'),
  };
  beforeAll(async () => {
    const entry = [
      { resource: patient(ANN, 'Ann') },
      { resource: scan },
      { resource: report(REPORT, [pointing, inline]) },
      { resource: report(TWIN, [pointing]) },
      { resource: reference(TWIN, ['text/plain', 'of the twin']) },
      { resource: report(CHANGED, [pointing]) },
      { resource: reference(CHANGED, ['text/plain', 'stays']) },
      {
        resource: {
          resourceType: 'Media',
          id: IMAGE,
          status: 'completed',
          subject: { reference: `Patient/${ANN}` },
          content: pointing,
        },
      },
    ];
    const bundle = { resourceType: 'Bundle', type: 'collection', entry };
    expect((await loadTexts(server, { 'a.json': JSON.stringify(bundle) })).refused).toEqual([]);
  });

  it('are at the absolute URLs in their attachments; nested attachments stay unchanged', async () => {
    const { presentedForm } = (await server.get(token, `/DiagnosticReport/${REPORT}`)).json();
    const { content } = (await server.get(token, `/Media?_id=${IMAGE}`)).json().entry[0].resource;
    expect(presentedForm[1]).toEqual(inline);
    for (const attachment of [presentedForm[0], content]) {
      expect(attachment).toMatchObject({
        title: 'Scan',
        size: 13,
        url: expect.stringMatching(`^${BASE}/Binary/[0-9a-f-]{36}$`),
      });
      expect((await server.get(token, attachment.url)).body).toBe('%PDF-1.7 scan');
    }
    const accept = 'application/fhir+json';
    const binary = (await server.get(token, presentedForm[0].url, { accept })).json();
    expect(binary.securityContext).toEqual({ reference: `DiagnosticReport/${REPORT}` });
  });

  it('need the scope of their report, and no other type’s scope is enough', async () => {
    const { presentedForm } = (await server.get(token, `/DiagnosticReport/${TWIN}`)).json();
    const [own = ''] = await urlsOf(TWIN);
    const reports = await server.token(ANN, { scope: 'patient/DiagnosticReport.r' });
    const documents = await server.token(ANN, { scope: 'patient/DocumentReference.r' });
    const searching = await server.token(ANN, { scope: 'patient/DiagnosticReport.s' });
    const statuses = async (given: string) =>
      Promise.all([presentedForm[0].url, own].map(async (address) => (await server.get(given, address)).statusCode));
    expect(await statuses(reports)).toEqual([200, 404]);
    expect(await statuses(documents)).toEqual([404, 200]);
    expect(await statuses(searching)).toEqual([403, 403]);
    expect(await statuses(await server.token(BOB))).toEqual([404, 404]);
  });

  it('are deleted with their last reference, while another resource’s with the same id stay', async () => {
    const { presentedForm } = (await server.get(token, `/DiagnosticReport/${CHANGED}`)).json();
    await server.load([report(CHANGED, [inline])]);
    expect((await server.get(token, presentedForm[0].url)).statusCode).toBe(404);
    expect(
      await server.db.queryText('select id from document where id = $1', [presentedForm[0].url.slice(-36)]),
    ).toEqual([]);
    const [own = ''] = await urlsOf(CHANGED);
    expect((await server.get(token, own)).body).toBe('stays');
  });
});

describe('documents with active content', () => {
  it.each(RUN.map(([type], index) => [type, index] as const))(
    '%s is sent as an attachment, and never runs in our origin',
    async (type, index) => {
      const address = (await urlsOf(PROGRAMS))[index] ?? '';
      expect(address).toMatch(new RegExp(`^${BASE}/Binary/[0-9a-f-]{36}$`));
      for (const [path, headers] of [
        [address, {}],
        [address, { accept: type }],
        [olderOf(address), {}],
        [address, { range: 'bytes=0-' }],
      ] as const) {
        const answer = await server.get(token, path, headers);
        expect(answer.body).toBe(RUN[index]?.[1]);
        expect(answer.headers).toMatchObject({
          'content-type': type,
          'content-disposition': expect.stringMatching(/^attachment; filename="document-[0-9a-f-]{36}\.[a-z]+"$/),
          'x-content-type-options': 'nosniff',
          'content-security-policy': "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; sandbox",
          'cache-control': 'no-store',
        });
      }
    },
  );
});
