import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { R4 } from '../support/people/patient.ts';
import { startListening } from '../support/servers/listening-server.ts';

let server: Awaited<ReturnType<typeof startListening>>;
beforeAll(async () => {
  server = await startListening({});
});
afterAll(() => server.close());

interface SentResponse {
  readonly head: string;
  readonly body: Buffer;
}

/** Sends requests on one connection. @returns the responses, cut by their `Content-Length` */
async function sendOnOneConnection(requests: readonly { readonly method: string; readonly path: string }[]) {
  const socket = connect(Number(new URL(server.origin).port), '127.0.0.1');
  const chunks: Buffer[] = [];
  socket.on('data', (bytes: Buffer) => chunks.push(bytes));
  requests.forEach(({ method, path }, i) => {
    const connection = i + 1 < requests.length ? 'keep-alive' : 'close';
    socket.write(`${method} ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: ${connection}\r\n\r\n`);
  });
  await new Promise((resolve, reject) => socket.once('end', resolve).once('error', reject));
  let rest: Buffer = Buffer.concat(chunks);
  const responses: SentResponse[] = [];
  for (const { method } of requests) {
    const start = rest.indexOf('\r\n\r\n') + 4;
    const head = rest.toString('latin1', 0, start);
    const length = method === 'HEAD' ? 0 : Number(/^content-length: (\d+)/im.exec(head)?.[1]);
    responses.push({ head, body: rest.subarray(start, start + length) });
    rest = rest.subarray(start + length);
  }
  return { responses, rest };
}

describe('long responses', () => {
  // The page has characters outside of ASCII. The JSON document has none.
  const paths = ['/docs/errors', `${R4}/metadata`];

  it('arrive whole, each with its length in bytes, on one connection (RFC 9112 §6.3)', async () => {
    const { responses, rest } = await sendOnOneConnection(paths.map((path) => ({ method: 'GET', path })));
    expect(rest).toHaveLength(0);
    for (const [i, path] of paths.entries()) {
      const { payload } = await server.app.inject({ url: path, headers: { host: 'localhost' } });
      expect(payload.length).toBeGreaterThan(16_384);
      expect(withoutNonce(responses[i]?.body.toString())).toBe(withoutNonce(payload));
    }
  });

  it('have no content for HEAD (RFC 9110 §9.3.2)', async () => {
    const path = `${R4}/metadata`;
    const { responses, rest } = await sendOnOneConnection([
      { method: 'HEAD', path },
      { method: 'GET', path },
    ]);
    expect(rest).toHaveLength(0);
    const [first, second] = responses.map((one) => /^content-length: \d+/im.exec(one.head)?.[0]);
    expect(first).toBe(second);
  });
});

const withoutNonce = (text = ''): string => text.replaceAll(/nonce="[^"]*"|"date":"[^"]*"/g, '');
