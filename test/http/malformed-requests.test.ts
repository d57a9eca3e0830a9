import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHECKOUT } from '../support/checkout.ts';
import { OAUTH, R4 } from '../support/people/patient.ts';
import { startListening } from '../support/servers/listening-server.ts';

let server: Awaited<ReturnType<typeof startListening>>;
beforeAll(async () => {
  server = await startListening({ LOG_LEVEL: 'info' });
});
afterAll(() => server.close());

/** Sends bytes on a connection of their own. @returns what the server sends until it ends the connection */
async function send(...texts: readonly string[]) {
  const socket = connect(Number(new URL(server.origin).port), '127.0.0.1');
  let received = '';
  socket.on('data', (bytes) => {
    received += bytes;
  });
  for (const text of texts) socket.write(text);
  await new Promise((resolve, reject) => socket.once('end', resolve).once('error', reject));
  socket.destroy();
  return parseResponse(received);
}

function parseResponse(text: string) {
  const [head = '', ...body] = text.split('\r\n\r\n');
  const [start = '', ...lines] = head.split('\r\n');
  const headers = new Map(
    lines.map((line): [string, string] => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  return { status: Number(start.split(' ')[1]), headers, body: body.join('\r\n\r\n') };
}

/** Headers that docs/security-headers.md names for every response, and the policy of API responses. */
function expectSafe({ headers }: Awaited<ReturnType<typeof send>>): void {
  const page = readFileSync(path.join(CHECKOUT, 'docs/security-headers.md'), 'utf8');
  const section = page.split('\n## On every response\n')[1]?.split('\n## ')[0] ?? '';
  const documented = [...section.matchAll(/^\| `(.+?)` \| `(.+?)` \|$/gm)].map(([, name = '', value]) => ({
    name,
    value,
  }));
  expect(documented).toHaveLength(5);
  // The test server has no https.
  for (const { name, value } of documented.filter((one) => one.name !== 'Strict-Transport-Security'))
    expect({ [name]: headers.get(name.toLowerCase()) }).toEqual({ [name]: value });
  expect(headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(headers.get('cache-control')).toBe('no-store');
  expect(headers.get('access-control-allow-origin')).toBe('*');
  expect(headers.get('x-request-id')).toMatch(/^[\da-f-]{36}$/);
  expect(headers.get('connection')).toBe('close');
}

describe('bytes that aren’t an HTTP request', () => {
  it.each([
    ['another protocol', 'SSH-2.0-client\r\n\r\n', 400, 'bad-request'],
    ['an invalid header', 'GET /secret HTTP/1.1\r\nHost: a\r\nBad Header: secret\r\n\r\n', 400, 'bad-request'],
    [
      'two lengths (request smuggling)',
      'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
      'bad-request',
    ],
    ['long headers', `GET / HTTP/1.1\r\nHost: a\r\nX: ${'a'.repeat(20_000)}\r\n\r\n`, 431, 'too-large'],
  ])(
    '%s: gets an error with the headers of all responses, and nothing of what it sent',
    async (_what, text, status, code) => {
      const response = await send(text);
      expectSafe(response);
      const { detail, request_id, ...body } = JSON.parse(response.body);
      expect(body).toMatchObject({ status, code, type: `/docs/errors#${code}` });
      expect(response).toMatchObject({ status });
      expect(response.body).not.toContain('secret');
      expect(request_id).toBe(response.headers.get('x-request-id'));
      expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
      const line = server.log.map((logged) => JSON.parse(logged)).find(({ reqId }) => reqId === request_id);
      expect(line).toMatchObject({ method: 'none', route: 'none', status });
    },
  );

  it('gets an error after the response to an earlier request on the connection', async () => {
    const socket = connect(Number(new URL(server.origin).port), '127.0.0.1');
    socket.write('GET /livez HTTP/1.1\r\nHost: a\r\n\r\n');
    const [first] = await once(socket, 'data');
    socket.write('BAD\r\n\r\n');
    const [second] = await once(socket, 'data');
    await once(socket, 'end');
    socket.destroy();
    expect({ first: parseResponse(String(first)).status, second: parseResponse(String(second)).status }).toEqual({
      first: 200,
      second: 400,
    });
  });
});

describe('a request that Node itself would reject', () => {
  it.each([
    ['a page', '/sign-in', 'text/html; charset=utf-8'],
    ['FHIR', `${R4}/Patient`, 'application/fhir+json; charset=utf-8'],
    ['OAuth', `${OAUTH}/token`, 'application/json; charset=utf-8'],
  ])('without Host: gets an error in the format of %s', async (_what, url, type) => {
    const response = await send(`GET ${url} HTTP/1.1\r\n\r\n`);
    expectSafe(response);
    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toBe(type);
  });

  it('without Host: is served in HTTP/1.0, which doesn’t have the header', async () => {
    expect((await send('GET /livez HTTP/1.0\r\n\r\n')).status).toBe(200);
  });

  it('with an unknown expectation: is served, as RFC 9110 §10.1.1 allows', async () => {
    const response = await send('GET /livez HTTP/1.1\r\nHost: a\r\nExpect: wonders\r\nConnection: close\r\n\r\n');
    expect(response.status).toBe(200);
  });
});
