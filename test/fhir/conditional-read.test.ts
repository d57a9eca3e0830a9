import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dstu2, dstu2Projection } from '../../src/fhir/dstu2/index.ts';
import { r4 } from '../../src/fhir/r4/index.ts';
import { patient } from '../support/charts.ts';
import { type FhirServer, startFhir } from '../support/fhir-server.ts';

const ANN = '0000000a-0000-4000-8000-000000000000';
const WEIGHT = '00000001-0000-4000-8000-000000000000';
const NOTE = '00000002-0000-4000-8000-000000000000';
const RECORD = [
  patient(ANN, 'Ann'),
  {
    resourceType: 'Observation',
    id: WEIGHT,
    status: 'final',
    subject: { reference: `Patient/${ANN}` },
    code: { text: 'x' },
  },
  {
    resourceType: 'DocumentReference',
    id: NOTE,
    status: 'current',
    subject: { reference: `Patient/${ANN}` },
    content: [{ attachment: { contentType: 'text/plain', data: Buffer.from('a note').toString('base64') } }],
  },
];

const VERSIONS = [
  { name: 'R4', version: r4, projections: [], xml: 'application/fhir+xml' },
  { name: 'DSTU2', version: dstu2, projections: [dstu2Projection], xml: 'application/xml+fhir' },
] as const;

describe.each(VERSIONS)(
  'what is known already is 304 in every form (RFC 9110 §13.1.2): $name',
  ({ version, projections, xml }) => {
    let server: FhirServer;
    let token: string;
    beforeAll(async () => {
      server = await startFhir({ version, projections });
      await server.load(RECORD);
      token = await server.token(ANN);
    });
    afterAll(() => server.close());

    const FORMS = [
      { accept: xml },
      { accept: 'text/xml' },
      { accept: 'application/fhir+json', query: '?_format=xml' },
    ] as const;

    it.each(FORMS)(
      'a resource, for whoever asks for XML: %o',
      async ({ accept, query = '' }: { accept: string; query?: string }) => {
        const path = `/Observation/${WEIGHT}${query}`;
        const { headers, body } = await server.get(token, path, { accept });
        expect(body).toMatch(/^<\?xml/);
        const known = await server.get(token, path, { accept, 'if-none-match': String(headers['etag']) });
        expect({ status: known.statusCode, body: known.body, etag: known.headers['etag'] }).toEqual({
          status: 304,
          body: '',
          etag: headers['etag'],
        });
        expect(server.disclosures.at(-1)).toMatchObject({
          outcome: 'success',
          resources: 0,
          detail: { notModified: true },
        });
      },
    );

    /** When it was loaded, in the whole seconds of HTTP. */
    const CHANGED = 'Mon, 02 Nov 2026 09:00:00 GMT';
    const status = async (path: string, headers: Record<string, string>, method: 'GET' | 'HEAD' = 'GET') => {
      const authorization = `Bearer ${token}`;
      const url = `/api/fhir/r4${path}`;
      const answer = await server.app.inject({ method, url, headers: { authorization, ...headers } });
      return answer.statusCode;
    };

    it.each([
      [CHANGED, 304],
      ['Mon, 02 Nov 2026 09:00:01 GMT', 304],
      ['Mon, 02 Nov 2026 08:59:59 GMT', 200],
      ['Monday, 02-Nov-26 09:00:00 GMT', 304],
      ['Mon Nov  2 09:00:00 2026', 304],
      ['2026-11-02T10:00:00Z', 200],
      ['yesterday', 200],
      [`${CHANGED}, ${CHANGED}`, 200],
    ])('If-Modified-Since: %s is %i (RFC 9110 §13.1.3, FHIR R4 §3.1.0.1.3 cread)', async (time, expected) => {
      for (const method of ['GET', 'HEAD'] as const)
        expect(await status(`/Observation/${WEIGHT}`, { 'if-modified-since': time }, method)).toBe(expected);
    });

    it('is told when it changed, and that nothing of it left', async () => {
      const path = `/Observation/${WEIGHT}`;
      const { headers } = await server.get(token, path);
      const known = await server.get(token, path, { 'if-modified-since': String(headers['last-modified']) });
      expect({ status: known.statusCode, body: known.body, etag: known.headers['etag'] }).toEqual({
        status: 304,
        body: '',
        etag: headers['etag'],
      });
      expect(known.headers['last-modified']).toBe(CHANGED);
      expect(server.disclosures.at(-1)).toMatchObject({ resources: 0, detail: { notModified: true } });
    });

    it('If-None-Match wins (RFC 9110 §13.2.2)', async () => {
      const path = `/Observation/${WEIGHT}`;
      const tag = String((await server.get(token, path)).headers['etag']);
      const [earlier, later] = ['Mon, 02 Nov 2026 08:59:59 GMT', 'Mon, 02 Nov 2026 09:00:01 GMT'];
      expect(await status(path, { 'if-none-match': 'W/"none"', 'if-modified-since': later })).toBe(200);
      expect(await status(path, { 'if-none-match': tag, 'if-modified-since': earlier })).toBe(304);
    });

    it('a part of it is another thing, and is sent', async () => {
      expect(await status(`/Observation/${WEIGHT}?_elements=code`, { 'if-modified-since': CHANGED })).toBe(200);
    });

    it('whoever may not see it learns nothing by it', async () => {
      expect(await status(`/Observation/${ANN}`, { 'if-modified-since': CHANGED })).toBe(404);
    });

    it('a document, for whoever asks for XML', async () => {
      const [entry] = (await server.get(token, '/DocumentReference', { accept: 'application/json' })).json().entry;
      const { url } = entry.resource.content[0].attachment;
      const { headers } = await server.get(token, url, { accept: xml });
      const known = await server.get(token, url, { accept: xml, 'if-none-match': String(headers['etag']) });
      expect({ status: known.statusCode, body: known.body }).toEqual({ status: 304, body: '' });
    });
  },
);

describe('a version that is known (FHIR R4 §3.1.0.3 vread, RFC 9110 §13.1.2)', () => {
  let server: FhirServer;
  let token: string;
  beforeAll(async () => {
    server = await startFhir();
    await server.load(RECORD);
    token = await server.token(ANN);
  });
  afterAll(() => server.close());
  const VERSION = `/Observation/${WEIGHT}/_history/1`;

  it.each(['W/"1"', '"1"', '*'])('If-None-Match: %s is 304, and nothing of it is told', async (tag) => {
    const known = await server.get(token, VERSION, { 'if-none-match': tag });
    expect({ status: known.statusCode, body: known.body, etag: known.headers['etag'] }).toEqual({
      status: 304,
      body: '',
      etag: 'W/"1"',
    });
    expect(server.disclosures.at(-1)).toMatchObject({
      outcome: 'success',
      resources: 0,
      detail: { notModified: true },
    });
  });

  it('another is sent whole, and one that is not there is not found', async () => {
    expect((await server.get(token, VERSION, { 'if-none-match': 'W/"2"' })).json()).toMatchObject({ id: WEIGHT });
    const other = await server.get(token, `/Observation/${WEIGHT}/_history/2`, { 'if-none-match': '*' });
    expect(other.statusCode).toBe(404);
  });

  it('so it is by its time', async () => {
    const known = await server.get(token, VERSION, { 'if-modified-since': 'Mon, 02 Nov 2026 09:00:00 GMT' });
    expect({ status: known.statusCode, body: known.body }).toEqual({ status: 304, body: '' });
    const earlier = await server.get(token, VERSION, { 'if-modified-since': 'Mon, 02 Nov 2026 08:59:59 GMT' });
    expect(earlier.statusCode).toBe(200);
  });

  it('CapabilityStatement says so: conditionalRead full-support', async () => {
    const { rest } = (await server.get(undefined, '/metadata')).json();
    const types = rest[0].resource.filter(({ type }: { type: string }) => !['Group', 'Binary'].includes(type));
    for (const { type, conditionalRead } of types) expect(conditionalRead, type).toBe('full-support');
  });
});
