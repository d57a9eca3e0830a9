import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXPLORER_APP } from '../../support/apps/explorer.ts';
import { connectApp, DSTU2, R4 } from '../../support/people/patient.ts';
import { startServer, type TestServer } from '../../support/servers/server.ts';

let server: TestServer;
let token: string;
beforeAll(async () => {
  server = await startServer();
  token = (await connectApp(server.app, EXPLORER_APP.client(server), EXPLORER_APP.ask())).access_token;
});
afterAll(() => server.close());

const UNPACK = { gzip: gunzipSync, br: brotliDecompressSync } as const;
type Encoding = keyof typeof UNPACK;
const get = (url: string, headers: Record<string, string> = {}, method: 'GET' | 'HEAD' = 'GET') =>
  server.app.inject({ method, url, headers: { authorization: `Bearer ${token}`, ...headers } });
const accept = (encodings: string) => ({ 'accept-encoding': encodings });

const LONG = [
  `${R4}/metadata`,
  `${DSTU2}/metadata`,
  `${R4}/Observation?_count=20`,
  `${DSTU2}/Observation?_count=20`,
  `${R4}/Observation?_count=20&_format=xml`,
  `${R4}/Patient/$everything`,
  `${R4}/Patient/$everything?_format=xml`,
];

describe('responses with FHIR data', () => {
  it.each(LONG)(
    '%s: are compressed for clients that accept it, and decompress to the same bytes (RFC 9110 §8.4)',
    async (url) => {
      const plain = await get(url);
      expect(plain.headers['content-encoding']).toBeUndefined();
      for (const encoding of ['gzip', 'br'] as const satisfies readonly Encoding[]) {
        const packed = await get(url, accept(encoding));
        expect({ status: packed.statusCode, contentEncoding: packed.headers['content-encoding'] }).toEqual({
          status: 200,
          contentEncoding: encoding,
        });
        expect(packed.headers['content-type']).toBe(plain.headers['content-type']);
        expect(packed.rawPayload.length).toBeLessThan(plain.rawPayload.length / 3);
        expect(UNPACK[encoding](packed.rawPayload).toString()).toBe(plain.body);
      }
    },
  );

  it.each([
    ['gzip, deflate, br, zstd', 'br'],
    ['gzip, deflate', 'gzip'],
    ['br;q=0, gzip;q=0.5', 'gzip'],
    ['identity', undefined],
    ['deflate', undefined],
    ['zstd', undefined],
    ['gzip;q=0', undefined],
    ['', undefined],
    ['nonsense', undefined],
  ])('for "%s" are sent as %s', async (encodings, expected) => {
    const answer = await get(`${R4}/Observation?_count=20`, accept(encodings));
    expect({ status: answer.statusCode, contentEncoding: answer.headers['content-encoding'] }).toEqual({
      status: 200,
      contentEncoding: expected,
    });
  });

  it('always send Vary: Accept-Encoding (RFC 9110 §12.5.5)', async () => {
    for (const url of [...LONG, `${R4}/Patient/no-such`, `${R4}/NoSuchType`]) {
      for (const encodings of ['gzip', 'identity']) {
        const vary = String((await get(url, accept(encodings))).headers['vary']).toLowerCase();
        expect(vary.split(', ').sort(), url).toEqual(['accept', 'accept-encoding']);
      }
    }
  });

  it('that are short are sent uncompressed', async () => {
    const answer = await get(`${R4}/Observation?_count=0`, accept('gzip'));
    expect({ contentEncoding: answer.headers['content-encoding'], resourceType: answer.json().resourceType }).toEqual({
      contentEncoding: undefined,
      resourceType: 'Bundle',
    });
  });

  it('by POST are compressed as well', async () => {
    const answer = await server.app.inject({
      method: 'POST',
      url: `${R4}/Observation/_search`,
      payload: '_count=20',
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/x-www-form-urlencoded',
        ...accept('br'),
      },
    });
    expect(answer.headers['content-encoding']).toBe('br');
    expect(JSON.parse(brotliDecompressSync(answer.rawPayload).toString()).entry).toHaveLength(20);
  });

  it('have the same ETag as uncompressed ones, and are 304 when it matches', async () => {
    const { entry } = (await get(`${R4}/Patient`)).json();
    const url = `${R4}/Patient/${entry[0].resource.id}`;
    const { etag } = (await get(url)).headers;
    const packed = await get(url, accept('gzip'));
    expect({ contentEncoding: packed.headers['content-encoding'], etag: packed.headers['etag'] }).toEqual({
      contentEncoding: 'gzip',
      etag,
    });
    const known = await get(url, { ...accept('gzip'), 'if-none-match': String(etag) });
    expect({
      status: known.statusCode,
      contentEncoding: known.headers['content-encoding'],
      rawPayload: known.rawPayload.length,
    }).toEqual({ status: 304, contentEncoding: undefined, rawPayload: 0 });
    expect(known.headers['etag']).toBe(etag);
  });

  it('have the headers of GET for HEAD, and no body', async () => {
    for (const url of [`${R4}/Observation?_count=3`, `${R4}/Observation?_count=200`, `${R4}/Patient/$everything`]) {
      for (const encodings of ['gzip', 'br', 'identity']) {
        const [head, got] = [await get(url, accept(encodings), 'HEAD'), await get(url, accept(encodings))];
        expect({ status: head.statusCode, rawPayload: head.rawPayload.length }).toEqual({ status: 200, rawPayload: 0 });
        for (const name of ['content-encoding', 'content-type', 'vary'])
          expect(head.headers[name], name).toEqual(got.headers[name]);
        const length = head.headers['content-length'];
        if (length !== undefined) expect(length).toBe(String(got.rawPayload.length));
      }
    }
  });
});

describe('pages and files without secrets', () => {
  it.each(['/docs', '/docs/data', '/nge/prod/fhir-api/openapi/r4.json'])('%s is compressed', async (url) => {
    const [plain, packed] = [await get(url), await get(url, accept('br'))];
    expect(packed.headers).toMatchObject({ 'content-encoding': 'br', vary: 'accept-encoding' });
    expect(brotliDecompressSync(packed.rawPayload).toString()).toBe(plain.body);
  });
});

describe('responses that may hold secrets', () => {
  it('are never compressed: their length would reveal the secret beside text that an attacker chooses (BREACH)', async () => {
    const oauth = '/nge/prod/patient-oauth';
    const form = { 'content-type': 'application/x-www-form-urlencoded', ...accept('gzip, br') };
    const long = 'x'.repeat(3000);
    const answers = [
      await get('/sign-in', accept('gzip, br')),
      await get(`${oauth}/authorize?client_id=${long}`, accept('gzip, br')),
      await get('/account', accept('gzip, br')),
      await get('/api/session', accept('gzip, br')),
      await get('/developer', accept('gzip, br')),
      await server.app.inject({ method: 'POST', url: `${oauth}/token`, headers: form, payload: `grant_type=${long}` }),
      await server.app.inject({ method: 'POST', url: `${oauth}/introspect`, headers: form, payload: `token=${long}` }),
    ];
    for (const { headers } of answers) expect(headers['content-encoding']).toBeUndefined();
    expect(answers[0]?.rawPayload.length).toBeGreaterThan(1024);
  });
});
