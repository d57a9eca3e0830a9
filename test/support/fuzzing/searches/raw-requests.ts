import { connect } from 'node:net';
import { DSTU2, R4 } from '../../people/patient.ts';

/** Request targets that no client library sends. They are written as they stand between `GET ` and ` HTTP/1.1`. */
const TARGETS: readonly string[] = [
  `${R4}/../../../../etc/passwd`,
  `${R4}/../r4/Observation`,
  `${R4}/./Observation`,
  `${R4}/Observation/../Patient`,
  `${R4}/Observation?code=\xff\xfe`,
  `${R4}/Observ\xe9tion`,
  `${R4}/Observation?code=\u0001`,
  `${R4}/Observation?code=a\\b`,
  `${R4}/Observation?code={}|^\``,
  `${R4}/Observation?${'a=b&'.repeat(3000)}`,
  `${R4}/${'a/'.repeat(3000)}`,
  `http://elsewhere.example${R4}/Observation`,
  `//elsewhere.example${R4}/Observation`,
  `${R4}\\Observation`,
  `${DSTU2}/../dstu2/Patient`,
  `*`,
  ``,
  `${R4}/Observation HTTP/1.1\r\nX: y`,
];

const HEADERS: readonly string[] = [
  '',
  'Accept: \xff',
  'Authorization: Bearer a\r\nAuthorization: Bearer b',
  `Accept: ${'x'.repeat(20_000)}`,
  'Content-Length: 5',
  'Transfer-Encoding: chunked',
  'If-None-Match: \x7f',
];

export interface RawResponse {
  readonly sent: string;
  readonly status: number;
  readonly text: string;
}

/**
 * Sends each request on a connection of its own. Status 0 means that the server closed the connection without a
 * response.
 */
export async function sendRawRequests(port: number, token: string): Promise<readonly RawResponse[]> {
  const heard: RawResponse[] = [];
  for (const target of TARGETS)
    for (const header of HEADERS) {
      const own = header === '' ? '' : `${header}\r\n`;
      const sent = `GET ${target} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${token}\r\n${own}Connection: close\r\n\r\n`;
      const text = await readResponse(port, sent);
      heard.push({ sent, text, status: Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0) });
    }
  return heard;
}

/** Milliseconds to wait for a response. A server may still wait for a body. */
const TIMEOUT_MS = 500;

const readResponse = (port: number, sent: string): Promise<string> =>
  new Promise((resolve) => {
    const parts: Buffer[] = [];
    const socket = connect(port, '127.0.0.1', () => socket.write(Buffer.from(sent, 'latin1')));
    socket.setTimeout(TIMEOUT_MS, () => socket.destroy());
    socket.on('data', (part: Buffer) => parts.push(part));
    socket.on('error', () => {});
    socket.on('close', () => resolve(Buffer.concat(parts).toString('latin1')));
  });
