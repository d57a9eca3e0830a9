import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dstu2, dstu2Projection } from '../../../src/fhir/dstu2/index.ts';
import { negotiateFormat } from '../../../src/fhir/http/media-type.ts';
import { fromXml } from '../../../src/fhir/model/xml/from-xml.ts';
import { r4 } from '../../../src/fhir/r4/index.ts';
import { patient } from '../../support/fhir/charts.ts';
import { type FhirServer, startFhir } from '../../support/fhir/fhir-server.ts';
import { normalizeJson } from './compare.ts';

const ANN = '0000000a-0000-4000-8000-000000000000';
const id = (number: number) => `${String(number).padStart(8, '0')}-0000-4000-8000-000000000000`;
const observation = (number: number) => ({
  resourceType: 'Observation',
  id: id(number),
  status: 'final',
  subject: { reference: `Patient/${ANN}` },
  category: [
    { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'laboratory' }] },
  ],
  code: { coding: [{ system: 'http://loinc.org', code: '2339-0' }], text: 'Glucose <& "more">' },
  effectiveDateTime: `2024-05-0${number}`,
  valueQuantity: { value: 72.5, unit: 'mg/dL' },
});
const document = {
  resourceType: 'DocumentReference',
  id: id(7),
  status: 'current',
  subject: { reference: `Patient/${ANN}` },
  content: [{ attachment: { contentType: 'text/plain', data: Buffer.from('a note').toString('base64') } }],
};

const VERSIONS = [
  { name: 'R4', version: r4, projections: [], json: 'application/fhir+json', xml: 'application/fhir+xml' },
  {
    name: 'DSTU2',
    version: dstu2,
    projections: [dstu2Projection],
    json: 'application/json+fhir',
    xml: 'application/xml+fhir',
  },
] as const;

describe('the format of a response', () => {
  const own = { json: 'j/j', xml: 'x/x', plain: ['text/xml'] };
  it.each([
    ['nothing', undefined, undefined, 'j/j'],
    ['anything', '*/*', undefined, 'j/j'],
    ['a browser, which gets JSON', 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', undefined, 'j/j'],
    ['an unknown type', 'application/pdf, text/turtle', undefined, 'j/j'],
    ['XML of R4', 'application/fhir+xml', undefined, 'x/x'],
    ['XML of DSTU2', 'application/xml+fhir', undefined, 'x/x'],
    ['XML', 'application/xml', undefined, 'x/x'],
    ['a type that is echoed', 'text/xml', undefined, 'text/xml'],
    ['a type in any case, with parameters', 'Application/FHIR+XML ; fhirVersion=4.0; charset=utf-8', undefined, 'x/x'],
    ['XML rather than JSON', 'application/fhir+json;q=0.5, application/fhir+xml', undefined, 'x/x'],
    ['JSON rather than XML', 'application/fhir+xml;q=0.5, application/fhir+json;q=0.9', undefined, 'j/j'],
    ['equal weights, so the first', 'application/fhir+xml, application/fhir+json', undefined, 'x/x'],
    ['an unknown type, else XML', 'text/turtle, application/fhir+xml;q=0.1', undefined, 'x/x'],
    ['XML excluded', 'application/fhir+xml;q=0', undefined, 'j/j'],
    ['a malformed header', 'application/fhir+xml;q=a;q=, ,;', undefined, 'x/x'],
    ['xml in the URL', undefined, 'xml', 'x/x'],
    ['the URL overriding the header', 'application/fhir+json', 'application/fhir+xml', 'x/x'],
    ['json in the URL', 'application/fhir+xml', 'json', 'j/j'],
    ['an unescaped plus sign', undefined, 'application/fhir xml', 'x/x'],
    ['text/xml in the URL', undefined, 'text/xml', 'text/xml'],
    ['an unknown type in the URL', 'application/fhir+xml', 'ttl', 'j/j'],
    ['an empty value in the URL', 'application/fhir+xml', '', 'x/x'],
  ])('for %s (FHIR R4 §3.1.0.1.9, RFC 9110 §12.5.1)', (_, accept, format, expected) => {
    expect(negotiateFormat(own, accept, format)).toEqual({
      mediaType: `${expected}; charset=utf-8`,
      isXml: !expected.startsWith('j'),
    });
  });
});

describe.each(VERSIONS)('XML of $name', ({ version, projections, json, xml }) => {
  let server: FhirServer;
  let token: string;
  beforeAll(async () => {
    server = await startFhir({ version, projections });
    const report = await server.load([patient(ANN, 'Ann'), ...[1, 2, 3].map(observation), document]);
    expect(report).toMatchObject({ refused: [] });
    token = await server.token(ANN);
  });
  afterAll(() => server.close());

  const typeOf = (answer: { headers: Record<string, unknown> }) => answer.headers['content-type'];
  const asJson = (body: string) => normalizeJson(fromXml(body, version.elements));
  const statement = version.api === 'r4' ? 'CapabilityStatement' : 'Conformance';

  const PLACES = [
    ['a read', `/Observation/${id(1)}`, 200, 'Observation'],
    ['a search', '/Observation?category=laboratory&_count=2&_sort=date', 200, 'Bundle'],
    ['a search that finds nothing', '/Observation?code=none', 200, 'Bundle'],
    ['metadata', '/metadata', 200, statement],
    ['what is not there', `/Observation/${id(9)}`, 404, 'OperationOutcome'],
    ['a type that is not served', '/Account', 404, 'OperationOutcome'],
    ['a search that is wrong', '/Observation?date=never', 400, 'OperationOutcome'],
    ['no address', '/Observation/1/2/3', 404, 'OperationOutcome'],
  ] as const;

  it.each(PLACES)('of %s has the content of its JSON', async (_, path, status, type) => {
    const asked = await server.get(token, path);
    const [inHeader, inAddress] = [
      await server.get(token, path, { accept: xml }),
      await server.get(token, `${path}${path.includes('?') ? '&' : '?'}_format=xml`, { accept: json }),
    ];
    expect({ status: asked.statusCode, type: typeOf(asked) }).toEqual({ status, type: `${json}; charset=utf-8` });
    for (const answer of [inHeader, inAddress]) {
      expect({ status: answer.statusCode, type: typeOf(answer) }).toEqual({ status, type: `${xml}; charset=utf-8` });
      expect(answer.body).toMatch(
        new RegExp(`^<\\?xml version="1.0" encoding="UTF-8"\\?><${type} xmlns="http://hl7.org/fhir">`),
      );
      expect(withoutRequest(asJson(answer.body))).toBe(withoutRequest(normalizeJson(asked.body)));
    }
    // The links don't include the format, so that a client can request each page in another one.
    expect(inAddress.body).not.toContain('_format');
  });

  it('also applies to responses without a token', async () => {
    const answer = await server.get(undefined, '/Observation', { accept: xml });
    expect({ status: answer.statusCode, type: typeOf(answer) }).toEqual({ status: 401, type: `${xml}; charset=utf-8` });
    expect(answer.headers['www-authenticate']).toBe('Bearer realm="Patient Access"');
    expect(JSON.parse(asJson(answer.body)).issue[0].details.coding[0].code).toBe('login-required');
  });

  it('also applies to methods that aren’t allowed', async () => {
    const headers = { authorization: `Bearer ${token}`, accept: xml, 'content-type': xml };
    const answer = await server.app.inject({
      method: 'POST',
      url: '/api/fhir/r4/Observation',
      headers,
      payload: '<a/>',
    });
    expect({ status: answer.statusCode, type: typeOf(answer) }).toEqual({ status: 405, type: `${xml}; charset=utf-8` });
  });

  it('has its own ETag, and Vary names the header (RFC 9110 §8.8.3, §12.5.5)', async () => {
    for (const accept of [json, xml]) {
      const path = `/api/fhir/r4/Observation/${id(1)}`;
      const headers = { authorization: `Bearer ${token}`, accept };
      const got = await server.app.inject({ method: 'GET', url: path, headers });
      const head = await server.app.inject({ method: 'HEAD', url: path, headers });
      expect(got.headers).toMatchObject({
        // The ETag is the version of the stored resource. In DSTU2 it includes the version of the converter.
        etag: expect.stringMatching(/^W\/"1(-\d+)?"$/),
        vary: 'Accept, accept-encoding',
        'cache-control': 'no-store',
      });
      expect({ status: head.statusCode, body: head.body }).toEqual({ status: 200, body: '' });
      for (const name of ['content-type', 'content-length', 'etag', 'last-modified', 'vary'])
        expect(head.headers[name], name).toBe(got.headers[name]);
      expect(Number(head.headers['content-length'])).toBe(Buffer.byteLength(got.body));
    }
  });

  it('is recorded like JSON', async () => {
    server.disclosures.length = 0;
    for (const accept of [json, xml]) await server.get(token, '/Observation?_count=2', { accept });
    const [one, other] = server.disclosures.map(({ requestId: _, ...rest }) => rest);
    expect(other).toEqual(one);
  });

  it('is named in the CapabilityStatement', async () => {
    const { format } = (await server.get(undefined, '/metadata')).json();
    expect(format).toEqual(expect.arrayContaining(['json', 'xml', json, xml]));
    const { paths } = version.openApi({ base: 'b', authorize: 'a', token: 't', revoke: 'r' }) as {
      paths: Record<string, { get: { responses: { 200: { content: object } } } }>;
    };
    for (const path of ['/Observation', '/Observation/{id}', '/metadata'])
      expect(Object.keys(paths[path]?.get.responses[200].content ?? {})).toEqual(expect.arrayContaining([json, xml]));
  });

  it.runIf(version.api === 'r4')('is ignored where the response isn’t FHIR: a document is raw bytes', async () => {
    const found = await server.get(token, '/DocumentReference', { accept: xml });
    const { attachment } = JSON.parse(asJson(found.body)).entry[0].resource.content[0];
    const answer = await server.get(token, attachment.url.replace('/Binary/', '/document/txt-'), { accept: xml });
    expect({ status: answer.statusCode, contentType: answer.headers['content-type'], body: answer.body }).toEqual({
      status: 200,
      contentType: 'text/plain',
      body: 'a note',
    });
    const missing = await server.get(token, `/Binary/${id(9)}?_format=xml`);
    expect({ status: missing.statusCode, type: typeOf(missing) }).toEqual({
      status: 404,
      type: `${xml}; charset=utf-8`,
    });
  });

  it('isn’t indented: _pretty is accepted and changes nothing', async () => {
    const [plain, pretty] = [
      await server.get(token, `/Patient/${ANN}?_format=xml`, { prefer: 'handling=strict' }),
      await server.get(token, `/Patient/${ANN}?_format=xml&_pretty=true`, { prefer: 'handling=strict' }),
    ];
    expect(pretty.body).toBe(plain.body);
  });
});

/** Removes the request id, which differs in each response. */
const withoutRequest = (json: string) => json.replace(/Request id: [^"]+/, 'Request id');
