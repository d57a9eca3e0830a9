import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { entryResponses, feedToken, makeBundle, putEntry, sendBundle } from '../../support/fhir/feed.ts';
import { type FhirServer, startFhir } from '../../support/fhir/fhir-server.ts';

let server: FhirServer;
let token: string;
beforeAll(async () => {
  server = await startFhir();
  token = await feedToken(server);
});
afterAll(() => server.close());

const bundle = (family: string) =>
  JSON.stringify(makeBundle('batch', putEntry({ resourceType: 'Patient', id: 'p', name: [{ family }] } as never)));
const sendBytes = (payload: Buffer, headers: Record<string, string> = {}) =>
  server.app.inject({
    method: 'POST',
    url: '/api/fhir/r4',
    headers: { 'content-type': 'application/fhir+json', authorization: `Bearer ${token}`, ...headers },
    payload,
  });
const families = async () => {
  const rows = await server.db.queryText<{ content: string }>(
    "select content from resource where type = 'Patient'",
    [],
  );
  return rows.map(({ content }) => JSON.parse(content).name[0].family);
};

describe('a Bundle is UTF-8 (FHIR R4 §2.6.2)', () => {
  it('invalid bytes are rejected, and never stored as other characters', async () => {
    const answer = await sendBytes(Buffer.from(bundle('F\xe4rber'), 'latin1'));
    expect({ status: answer.statusCode, text: answer.json().issue[0].details.text }).toEqual({
      status: 400,
      text: expect.stringContaining('UTF-8'),
    });
    expect(await families()).not.toContainEqual(expect.stringMatching(/^F.+rber$/));
  });

  it.each(['iso-8859-1', '"windows-1252"', 'utf-16'])('charset=%s is rejected', async (charset) => {
    const answer = await sendBytes(Buffer.from(bundle('Latin')), {
      'content-type': `application/fhir+json; charset=${charset}`,
    });
    expect({ status: answer.statusCode, text: answer.json().issue[0].details.text }).toEqual({
      status: 415,
      text: expect.stringContaining('UTF-8'),
    });
  });

  it.each(['utf-8', '"UTF-8"', 'utf8'])('charset=%s is accepted', async (charset) => {
    const type = `application/fhir+json; fhirVersion=4.0; charset=${charset}`;
    const answer = await sendBundle(server, token, bundle('Müller'), { 'content-type': type });
    expect(answer.statusCode, answer.body).toBe(200);
    expect(await families()).toContain('Müller');
  });

  it('a byte order mark is ignored (RFC 8259 §8.1)', async () => {
    const answer = await sendBytes(Buffer.from(`\uFEFF${bundle('Mark')}`));
    expect(answer.statusCode, answer.body).toBe(200);
    expect(entryResponses(answer)[0]?.status).toMatch(/^20/);
  });
});

describe('a Bundle is FHIR R4 (http.html#version-parameter)', () => {
  it.each(['1.0', '3.0', '"4.3"', '5.0', ''])(
    'fhirVersion=%s is rejected, with the supported version',
    async (version) => {
      const type = `application/fhir+json; fhirVersion=${version}`;
      const answer = await sendBundle(server, token, bundle('Versioned'), { 'content-type': type });
      expect({ status: answer.statusCode, text: answer.json().issue[0].details.text }).toEqual({
        status: 415,
        text: expect.stringContaining('fhirVersion=4.0'),
      });
      expect(await families()).not.toContain('Versioned');
    },
  );

  it.each(['4.0', '"4.0"', '4.0.1'])('fhirVersion=%s is accepted', async (version) => {
    const type = `application/fhir+json;FHIRVersion=${version}`;
    const answer = await sendBundle(server, token, bundle('Four'), { 'content-type': type });
    expect(answer.statusCode, answer.body).toBe(200);
  });
});

it('a compressed body is rejected with an explanation', async () => {
  const answer = await sendBytes(Buffer.from('x'), { 'content-encoding': 'gzip' });
  expect({ status: answer.statusCode, text: answer.json().issue[0].details.text }).toEqual({
    status: 415,
    text: expect.stringContaining('uncompressed'),
  });
});

it('a body that is too long is rejected with the limit', async () => {
  const answer = await sendBytes(Buffer.alloc(33 * 1024 * 1024, ' '));
  expect({ status: answer.statusCode, text: answer.json().issue[0].details.text }).toEqual({
    status: 413,
    text: expect.stringContaining('32 MB'),
  });
});
