import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyBaseLogger } from 'fastify';
import { EMBEDDABLE, type ProblemCode, type Random } from '../kernel/index.ts';
import type { SentResponse } from './sent-response.ts';

interface Rejection {
  readonly status: number;
  readonly code: ProblemCode;
  readonly message: string;
}

const MALFORMED: Rejection = { status: 400, code: 'bad-request', message: 'The request isn’t valid HTTP.' };
/** Responses to what Node's parser rejects, by its error code. */
const REJECTIONS: ReadonlyMap<string | undefined, Rejection> = new Map([
  ['HPE_HEADER_OVERFLOW', { status: 431, code: 'too-large', message: 'The headers of the request are too long.' }],
  ['HPE_CHUNK_EXTENSIONS_OVERFLOW', { status: 413, code: 'too-large', message: 'The request is too large.' }],
  ['ERR_HTTP_REQUEST_TIMEOUT', { status: 408, code: 'bad-request', message: 'The request took too long to arrive.' }],
]);

/** Internal state of Node: the response that is being sent on a connection. Node's own handler looks at it too. */
type ConnectionWithResponse = Socket & { readonly _httpMessage?: { readonly headersSent: boolean } | null };

/**
 * Creates the handler of bytes that Node can't read as an HTTP request. No request exists and no hook runs, so the
 * handler writes the whole response: with the headers of all responses, a request id, and an error as problem details
 * (RFC 9457). It contains nothing that the client sent. Then the connection ends, because the parser can't find the next
 * request.
 * @param headers the security headers of all responses
 */
export function createMalformedRequestHandler({
  headers,
  random,
  log,
  observe,
}: {
  readonly headers: Readonly<Record<string, string>>;
  readonly random: Random;
  readonly log: () => FastifyBaseLogger;
  readonly observe: ((response: SentResponse) => void) | undefined;
}): (error: NodeJS.ErrnoException, socket: Socket) => void {
  return (error, socket) => {
    const { _httpMessage: response } = socket as ConnectionWithResponse;
    // A response that has begun can't be replaced. A connection without a request only was idle for too long.
    if (error.code === 'ECONNRESET' || !socket.writable || response?.headersSent === true || socket.bytesRead === 0) {
      socket.destroy();
      return;
    }
    const { status, code, message } = REJECTIONS.get(error.code) ?? MALFORMED;
    const id = random.uuid();
    log().info({ reqId: id, method: 'none', route: 'none', status, ms: 0 });
    observe?.({ method: 'other', surface: 'none', route: 'none', status, seconds: 0, problem: code });
    const title = STATUS_CODES[status] ?? '';
    const body = JSON.stringify({
      ...{ type: `/docs/errors#${code}`, title, status, detail: message, code, request_id: id },
    });
    const lines = Object.entries({
      ...headers,
      ...EMBEDDABLE,
      'x-request-id': id,
      'access-control-allow-origin': '*',
      'cache-control': 'no-store',
      'content-type': 'application/problem+json; charset=utf-8',
      'content-length': Buffer.byteLength(body),
      date: new Date().toUTCString(),
      connection: 'close',
    }).map(([name, value]) => `${name}: ${value}\r\n`);
    // The response is sent before the connection ends. A client that doesn't close its side doesn't hold it open.
    socket.end(`HTTP/1.1 ${status} ${title}\r\n${lines.join('')}\r\n${body}`, () => socket.destroy());
  };
}
