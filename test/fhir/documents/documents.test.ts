import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Resource } from '../../../src/fhir/index.ts';
import { patient } from '../../support/fhir/charts.ts';
import { BASE, type FhirServer, startFhir } from '../../support/fhir/fhir-server.ts';

const ANN = '0000000a-0000-4000-8000-000000000000';
const BOB = '0000000b-0000-4000-8000-000000000000';
const NOTE = '00000001-0000-4000-8000-000000000000';
const SCAN = '00000003-0000-4000-8000-000000000000';
const LETTER = '00000002-0000-4000-8000-000000000000';
const MISTYPED = '00000005-0000-4000-8000-000000000000';
const MEMO = '00000004-0000-4000-8000-000000000000';
const PAGE = '<script>alert(document.domain)</script>';
const base64 = (text: string) => Buffer.from(text).toString('base64');

const reference = (id: string, subject: string, ...attachments: object[]): Resource => ({
  resourceType: 'DocumentReference',
  id,
  status: 'current',
  subject: { reference: `Patient/${subject}` },
  category: [{ coding: [{ code: 'clinical-note' }] }],
  content: attachments.map((attachment) => ({ attachment })),
});

let server: FhirServer;
let token: string;
beforeAll(async () => {
  server = await startFhir();
  await server.load([
    patient(ANN, 'Ann'),
    patient(BOB, 'Bob'),
    reference(
      NOTE,
      ANN,
      { contentType: 'text/plain; charset=utf-8', data: base64('Ünder observation'), title: 'Note' },
      { contentType: 'application/pdf', url: 'https://elsewhere.example/x.pdf' },
      { contentType: 'text/html', data: base64(PAGE) },
      { contentType: 'text/plain\r\nset-cookie: a=b', data: base64('x') },
    ),
    {
      ...reference(SCAN, ANN, { contentType: 'image/png', data: base64('png') }),
      category: [{ coding: [{ code: 'imaging' }] }],
    },
    {
      ...reference(
        MISTYPED,
        ANN,
        { contentType: 'image/png', data: base64('%PDF-1.7 letter') },
        { contentType: 'application/pdf', data: base64(PAGE) },
      ),
      category: [{ coding: [{ code: 'other' }] }],
    },
    reference(LETTER, BOB, { contentType: 'application/pdf', data: base64('%PDF-1.7 letter') }),
  ]);
  token = await server.token(ANN);
});
afterAll(() => server.close());

interface Attachment {
  readonly url: string;
  readonly data?: string;
  readonly size?: number;
  readonly hash?: string;
  readonly contentType?: string;
  readonly title?: string;
}
const attachmentsOf = (resource: { content: { attachment: Attachment }[] }) =>
  resource.content.map(({ attachment }) => attachment);
const read = async (given: string, id: string) =>
  attachmentsOf((await server.get(given, `/DocumentReference/${id}`)).json());

describe('attachments of DocumentReference', () => {
  it('have URLs on the base of the request, in reads and searches', async () => {
    const [note, elsewhere] = await read(token, NOTE);
    expect(note).toEqual({
      contentType: 'text/plain; charset=utf-8',
      title: 'Note',
      url: expect.stringMatching(new RegExp(`^${BASE}/Binary/[0-9a-f-]{36}$`)),
      size: 18,
      hash: createHash('sha1').update('Ünder observation').digest('base64'),
    });
    expect(elsewhere).toEqual({ contentType: 'application/pdf', url: 'https://elsewhere.example/x.pdf' });
    const { entry } = (await server.get(token, '/DocumentReference?category=clinical-note')).json();
    expect(attachmentsOf(entry[0].resource)[0]).toEqual(note);
  });

  it('are sent unchanged as downloads, and never displayed in our origin', async () => {
    const [note, , page] = await read(token, NOTE);
    const answer = await server.get(token, note?.url ?? '');
    expect(answer.statusCode).toBe(200);
    expect(answer.body).toBe('Ünder observation');
    const web = await server.get(token, page?.url ?? '');
    expect(web.body).toBe(PAGE);
    expect(web.headers).toMatchObject({
      'content-type': 'text/html',
      'content-disposition': expect.stringMatching(/^attachment; filename="document-[0-9a-f-]{36}\.html"$/),
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; sandbox",
      'cache-control': 'no-store',
    });
  });

  it('whose bytes contradict their content type are sent unchanged, without that type', async () => {
    const [letter, page] = await read(token, MISTYPED);
    const disposition = (extension: string) =>
      expect.stringMatching(new RegExp(`^attachment; filename="document-[0-9a-f-]{36}\\.${extension}"$`));
    for (const [attachment, body, extension] of [
      [letter, '%PDF-1.7 letter', 'pdf'],
      [page, PAGE, 'bin'],
    ] as const) {
      const answer = await server.get(token, attachment?.url ?? '');
      expect(answer.body).toBe(body);
      expect(answer.headers).toMatchObject({
        'content-type': 'application/octet-stream',
        'content-disposition': disposition(extension),
        'x-content-type-options': 'nosniff',
      });
    }
    expect(letter?.contentType).toBe('image/png');
  });

  it.each(['txt-', 'pdf-', 'TXT-'])('are found at their earlier URL, %s and the id', async (kind) => {
    const [note] = await read(token, NOTE);
    const id = note?.url.slice(-36);
    expect((await server.get(token, `/document/${kind}${id}`)).body).toBe('Ünder observation');
  });

  it('have URLs with a resource type and id, as clients parse every URL under the base', async () => {
    const attachments = [...(await read(token, NOTE)), ...(await read(token, SCAN))];
    const own = attachments.filter(({ url }) => url.startsWith(`${BASE}/`));
    expect(own).toHaveLength(4);
    for (const { url, contentType } of own) {
      const [type, id, ...more] = url.slice(BASE.length + 1).split('/');
      expect(more).toEqual([]);
      for (const accept of ['application/json+fhir', 'application/fhir+json']) {
        const answer = await server.get(token, url, { accept });
        expect(answer.json()).toMatchObject({ resourceType: type, id, contentType, data: expect.any(String) });
      }
    }
  });

  it('have no media type that could inject another header', async () => {
    const odd = (await read(token, NOTE))[3];
    expect(odd?.contentType).toBe('application/octet-stream');
    const answer = await server.get(token, odd?.url ?? '');
    expect(answer.headers['content-type']).toBe('application/octet-stream');
    expect(answer.headers['set-cookie']).toBeUndefined();
  });

  it('need what their DocumentReference needs', async () => {
    const [note] = await read(token, NOTE);
    const url = note?.url ?? '';
    expect((await server.get(undefined, url)).statusCode).toBe(401);
    expect((await server.get(await server.token(ANN, { scope: 'patient/Observation.rs' }), url)).statusCode).toBe(403);
    expect(
      (await server.get(await server.token(ANN, { scope: 'patient/DocumentReference.rs?category=other' }), url))
        .statusCode,
    ).toBe(404);
    expect(
      (await server.get(await server.token(ANN, { scope: 'patient/DocumentReference.rs?category=clinical-note' }), url))
        .statusCode,
    ).toBe(200);
    expect((await server.get(await server.token(ANN, { apis: ['dstu2'] }), url)).statusCode).toBe(403);
  });

  it('outside the granted categories are 404, while others are found', async () => {
    const notes = await server.token(ANN, { scope: 'patient/DocumentReference.rs?category=clinical-note' });
    const [scan] = await read(token, SCAN);
    expect((await server.get(token, scan?.url ?? '')).body).toBe('png');
    expect((await server.get(notes, scan?.url ?? '')).statusCode).toBe(404);
  });

  it('of other patients are 404', async () => {
    const bob = await server.token(BOB);
    const [letter] = await read(bob, LETTER);
    expect((await server.get(bob, letter?.url ?? '')).body).toBe('%PDF-1.7 letter');
    expect((await server.get(token, letter?.url ?? '')).statusCode).toBe(404);
    for (const name of ['pdf', 'pdf-1', `pdf-${NOTE}`, "pdf-'", '..%2f..%2fetc']) {
      expect((await server.get(token, `/document/${name}`)).statusCode).toBe(404);
    }
  });

  it('are recorded as disclosures', async () => {
    const [note] = await read(token, NOTE);
    server.disclosures.length = 0;
    await server.get(token, note?.url ?? '');
    const id = note?.url.slice(-36);
    expect(server.disclosures).toEqual([
      expect.objectContaining({
        kind: 'document',
        type: 'DocumentReference',
        resources: 1,
        detail: { document: id, id: NOTE },
      }),
    ]);
  });

  it('are deleted with the version that they belong to', async () => {
    const load = (text: string) =>
      server.load([reference(MEMO, BOB, { contentType: 'text/plain', data: base64(text) })]);
    const bob = await server.token(BOB);
    await load('With an error');
    const [before] = await read(bob, MEMO);
    expect((await server.get(bob, before?.url ?? '')).body).toBe('With an error');
    await load('Corrected');
    const [after] = await read(bob, MEMO);
    expect((await server.get(bob, after?.url ?? '')).body).toBe('Corrected');
    expect((await server.get(bob, before?.url ?? '')).statusCode).toBe(404);
  });
});
