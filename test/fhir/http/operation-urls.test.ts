import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Resource } from '../../../src/fhir/index.ts';
import { type FhirServer, startFhir } from '../../support/fhir/fhir-server.ts';

const id = (number: number): string => `${String(number).padStart(8, '0')}-0000-4000-8000-000000000000`;
const ANN = id(901);
const PAIN = 'http://practice.example/ValueSet/pain';
const RESOURCES: readonly Resource[] = [
  { resourceType: 'Patient', id: ANN, name: [{ family: 'Ann' }], gender: 'female', birthDate: '1980-02-29' },
  {
    resourceType: 'DocumentReference',
    id: id(1),
    status: 'current',
    type: { coding: [{ system: 'http://loinc.org', code: '34133-9' }] },
    subject: { reference: `Patient/${ANN}` },
    content: [{ attachment: { contentType: 'text/plain', data: Buffer.from('a note').toString('base64') } }],
  },
  {
    resourceType: 'ValueSet',
    id: id(2),
    url: PAIN,
    status: 'active',
    compose: { include: [{ system: 'http://loinc.org', concept: [{ code: '72514-3' }] }] },
  },
];

/** Each URL of an operation, with one of its parameters and a value. */
const CALLS = [
  [`/Patient/${ANN}/$everything`, '_type', 'Patient'],
  ['/Patient/$everything', '_type', 'Patient'],
  [`/Patient/${ANN}/$summary`, 'profile', 'http://hl7.org/fhir/uv/ips/StructureDefinition/Bundle-uv-ips'],
  ['/Patient/$summary', 'profile', 'http://hl7.org/fhir/uv/ips/StructureDefinition/Bundle-uv-ips'],
  ['/DocumentReference/$docref', 'patient', ANN],
  [`/ValueSet/${id(2)}/$expand`, 'filter', '7'],
  ['/ValueSet/$expand', 'url', PAIN],
] as const;
const FORM = 'application/x-www-form-urlencoded';
const JSON_TYPE = 'application/fhir+json';

let server: FhirServer;
let token: string;
beforeAll(async () => {
  server = await startFhir();
  expect((await server.load(RESOURCES)).refused).toEqual([]);
  token = await server.token(ANN);
});
afterAll(() => server.close());

const call = (
  method: 'GET' | 'HEAD' | 'POST' | 'PUT',
  path: string,
  payload?: string,
  headers: Record<string, string> = {},
) =>
  server.app.inject({
    method,
    url: `/api/fhir/r4${path}`,
    headers: { authorization: `Bearer ${token}`, ...headers },
    ...(payload === undefined ? {} : { payload }),
  });

/** Removes values that are new in each response. */
const plain = (body: string): unknown =>
  JSON.parse(
    body
      .replaceAll(/urn:uuid:[0-9a-f-]{36}/g, 'urn:uuid')
      .replaceAll(/"(?:id|identifier)":"[0-9a-f-]{36}"/g, (one) =>
        one.includes('-0000-4000-8000-') ? one : '"id":""',
      ),
  );
const query = (name: string, value: string): string => new URLSearchParams({ [name]: value }).toString();
const parameters = (...pairs: readonly (readonly [string, string])[]): string =>
  JSON.stringify({
    resourceType: 'Parameters',
    parameter: pairs.map(([name, valueString]) => ({ name, valueString })),
  });

describe.each(CALLS)('the operation at %s', (path, name, value) => {
  it('is found in any case of its URL, and with a trailing slash', async () => {
    const { statusCode, body } = await call('GET', `${path}?${query(name, value)}`);
    expect(statusCode, body).toBe(200);
    for (const spelled of [path.toUpperCase(), path.toLowerCase(), `${path}/`]) {
      const again = await call('GET', `${spelled}?${query(name, value)}`);
      expect({ status: again.statusCode, plain: plain(again.body) }, spelled).toEqual({
        status: 200,
        plain: plain(body),
      });
    }
  });

  it('answers HEAD as GET, without a body, and records it (RFC 9110 §9.3.2)', async () => {
    const got = await call('GET', `${path}?${query(name, value)}`);
    server.disclosures.length = 0;
    const head = await call('HEAD', `${path}?${query(name, value)}`);
    expect({ status: head.statusCode, body: head.body, contentType: head.headers['content-type'] }).toEqual({
      status: 200,
      body: '',
      contentType: got.headers['content-type'],
    });
    expect(head.headers['cache-control']).toBe('no-store');
    expect(server.disclosures.length).toBeGreaterThan(0);
    expect((await call('HEAD', path, undefined, { authorization: 'Bearer none' })).statusCode).toBe(401);
  });

  it('is written as XML when the URL, the header or a form requests it', async () => {
    const requests = [
      call('GET', `${path}?_format=xml&${query(name, value)}`),
      call('GET', `${path}?${query(name, value)}`, undefined, { accept: 'application/fhir+xml' }),
      call('POST', path, `_format=xml&${query(name, value)}`, { 'content-type': FORM }),
      call('POST', path, parameters(['_format', 'xml'], [name, value]), { 'content-type': JSON_TYPE }),
    ];
    for (const { statusCode, headers, body } of await Promise.all(requests)) {
      expect({ statusCode, contentType: headers['content-type'] }).toEqual({
        statusCode: 200,
        contentType: 'application/fhir+xml; charset=utf-8',
      });
      expect(body).toMatch(/^<\?xml version="1.0" encoding="UTF-8"\?><(Bundle|ValueSet) /);
    }
  });

  it('takes _format and _pretty, and rejects other unknown parameters with strict handling', async () => {
    const strict = { prefer: 'handling=strict' };
    const bare = await call('GET', `${path}?${query(name, value)}`, undefined, strict);
    const dressed = await call('GET', `${path}?${query(name, value)}&_pretty=true&_format=json`, undefined, strict);
    expect({ bare: bare.statusCode, dressed: dressed.statusCode }).toEqual({ bare: 200, dressed: 200 });
    expect(plain(dressed.body)).toEqual(plain(bare.body));
    const rejected = await call('GET', `${path}?colour=blue&${query(name, value)}`, undefined, strict);
    expect({ status: rejected.statusCode, code: rejected.json().issue[0].details.coding[0].code }).toEqual({
      status: 400,
      code: 'parameter-unknown',
    });
  });

  it('takes by POST, as a form or as Parameters, what it takes by GET (FHIR R4 §3.2.0.1)', async () => {
    const { body } = await call('GET', `${path}?${query(name, value)}`);
    const strict = { prefer: 'handling=strict' };
    for (const [contentType, payload] of [
      [FORM, query(name, value)],
      [`${FORM}; charset=utf-8`, query(name, value)],
      [JSON_TYPE, parameters([name, value], ['_pretty', 'true'])],
      ['application/json', parameters([name, value])],
    ] as const) {
      const posted = await call('POST', path, payload, { 'content-type': contentType, ...strict });
      expect({ contentType, status: posted.statusCode, body: posted.body && plain(posted.body) }).toEqual({
        contentType,
        status: 200,
        body: plain(body),
      });
    }
  });

  it('rejects other methods and other bodies with an OperationOutcome', async () => {
    const put = await call('PUT', path, '{}', { 'content-type': JSON_TYPE });
    expect({ status: put.statusCode, allow: put.headers['allow'] }).toEqual({ status: 405, allow: 'GET, HEAD, POST' });
    for (const [contentType, payload] of [
      ['application/fhir+xml', '<Parameters xmlns="http://hl7.org/fhir"/>'],
      [JSON_TYPE, '{'],
      [JSON_TYPE, '{"resourceType":"Patient"}'],
    ] as const) {
      const rejected = await call('POST', path, payload, { 'content-type': contentType });
      expect({ status: rejected.statusCode, resourceType: rejected.json().resourceType }, contentType).toEqual({
        status: 400,
        resourceType: 'OperationOutcome',
      });
    }
  });
});

it('ignores parameters inside a value of Parameters', async () => {
  const payload = parameters(['filter', '7&_format=xml&access_token=x']);
  const answer = await call('POST', `/ValueSet/${id(2)}/$expand`, payload, { 'content-type': JSON_TYPE });
  expect({ status: answer.statusCode, contentType: answer.headers['content-type'] }).toEqual({
    status: 200,
    contentType: 'application/fhir+json; charset=utf-8',
  });
});

it('a token in a form is rejected like one in a URL (RFC 6750 §2.2)', async () => {
  const answer = await call('POST', '/Patient/$everything', 'access_token=x', { 'content-type': FORM });
  expect({ status: answer.statusCode, code: answer.json().issue[0].details.coding[0].code }).toEqual({
    status: 400,
    code: 'invalid_request',
  });
});

it.each([
  ['/Patient/$everything', JSON_TYPE],
  ['/Patient/_search', FORM],
])('%s: a value that is too long is reported as too long', async (path, contentType) => {
  const answer = await call('POST', path, 'x'.repeat(3 * 1024 * 1024), { 'content-type': contentType });
  expect({ status: answer.statusCode, code: answer.json().issue[0].details.coding[0].code }).toEqual({
    status: 413,
    code: 'too-large',
  });
});
