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
        expect([known.statusCode, known.body, known.headers['etag']]).toEqual([304, '', headers['etag']]);
        expect(server.disclosures.at(-1)).toMatchObject({
          outcome: 'success',
          resources: 0,
          detail: { notModified: true },
        });
      },
    );

    it('a document, for whoever asks for XML', async () => {
      const [entry] = (await server.get(token, '/DocumentReference', { accept: 'application/json' })).json().entry;
      const { url } = entry.resource.content[0].attachment;
      const { headers } = await server.get(token, url, { accept: xml });
      const known = await server.get(token, url, { accept: xml, 'if-none-match': String(headers['etag']) });
      expect([known.statusCode, known.body]).toEqual([304, '']);
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
    expect([known.statusCode, known.body, known.headers['etag']]).toEqual([304, '', 'W/"1"']);
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

  it('CapabilityStatement says so: conditionalRead not-match', async () => {
    const { rest } = (await server.get(undefined, '/metadata')).json();
    const types = rest[0].resource.filter(({ type }: { type: string }) => !['Group', 'Binary'].includes(type));
    for (const { type, conditionalRead } of types) expect([type, conditionalRead]).toEqual([type, 'not-match']);
  });
});
