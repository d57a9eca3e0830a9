import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dstu2, dstu2Projection } from '../../../src/fhir/dstu2/index.ts';
import { r4 } from '../../../src/fhir/r4/index.ts';
import { patient } from '../../support/fhir/charts.ts';
import { type FhirServer, startFhir } from '../../support/fhir/fhir-server.ts';

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
  'an unchanged resource is 304 in every format (RFC 9110 §13.1.2): $name',
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
      'a resource that is requested as XML: %o',
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

    /** Time of the load in whole seconds, as HTTP dates have it. */
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

    it('a 304 is recorded with the time of the change, and discloses nothing', async () => {
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

    it('If-None-Match takes precedence (RFC 9110 §13.2.2)', async () => {
      const path = `/Observation/${WEIGHT}`;
      const tag = String((await server.get(token, path)).headers['etag']);
      const [earlier, later] = ['Mon, 02 Nov 2026 08:59:59 GMT', 'Mon, 02 Nov 2026 09:00:01 GMT'];
      expect(await status(path, { 'if-none-match': 'W/"none"', 'if-modified-since': later })).toBe(200);
      expect(await status(path, { 'if-none-match': tag, 'if-modified-since': earlier })).toBe(304);
    });

    it('a subset has another ETag, and is sent', async () => {
      expect(await status(`/Observation/${WEIGHT}?_elements=code`, { 'if-modified-since': CHANGED })).toBe(200);
    });

    it('a client without access can’t probe for a resource', async () => {
      expect(await status(`/Observation/${ANN}`, { 'if-modified-since': CHANGED })).toBe(404);
    });

    it('a document that is requested as XML', async () => {
      const [entry] = (await server.get(token, '/DocumentReference', { accept: 'application/json' })).json().entry;
      const { url } = entry.resource.content[0].attachment;
      const { headers } = await server.get(token, url, { accept: xml });
      const known = await server.get(token, url, { accept: xml, 'if-none-match': String(headers['etag']) });
      expect({ status: known.statusCode, body: known.body }).toEqual({ status: 304, body: '' });
    });
  },
);

describe('a version that the client already has (FHIR R4 §3.1.0.3 vread, RFC 9110 §13.1.2)', () => {
  let server: FhirServer;
  let token: string;
  beforeAll(async () => {
    server = await startFhir();
    await server.load(RECORD);
    token = await server.token(ANN);
  });
  afterAll(() => server.close());
  const VERSION = `/Observation/${WEIGHT}/_history/1`;

  it.each(['W/"1"', '"1"', '*'])('If-None-Match: %s is 304 without any content', async (tag) => {
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

  it('another ETag gets the whole version, and a missing version is 404', async () => {
    expect((await server.get(token, VERSION, { 'if-none-match': 'W/"2"' })).json()).toMatchObject({ id: WEIGHT });
    const other = await server.get(token, `/Observation/${WEIGHT}/_history/2`, { 'if-none-match': '*' });
    expect(other.statusCode).toBe(404);
  });

  it('If-Modified-Since works for versions as well', async () => {
    const known = await server.get(token, VERSION, { 'if-modified-since': 'Mon, 02 Nov 2026 09:00:00 GMT' });
    expect({ status: known.statusCode, body: known.body }).toEqual({ status: 304, body: '' });
    const earlier = await server.get(token, VERSION, { 'if-modified-since': 'Mon, 02 Nov 2026 08:59:59 GMT' });
    expect(earlier.statusCode).toBe(200);
  });

  it('the CapabilityStatement declares conditionalRead full-support', async () => {
    const { rest } = (await server.get(undefined, '/metadata')).json();
    const types = rest[0].resource.filter(({ type }: { type: string }) => !['Group', 'Binary'].includes(type));
    for (const { type, conditionalRead } of types) expect(conditionalRead, type).toBe('full-support');
  });
});
