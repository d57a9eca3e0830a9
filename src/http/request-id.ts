import type { IncomingMessage } from 'node:http';
import { batchRequestId, type Random } from '../kernel/index.ts';

/**
 * Shape of a request id that is accepted from a proxy: 8 to 64 letters, digits and `-._:`. It covers UUIDs and the ids
 * of nginx, HAProxy, Caddy and Envoy, and can be written into logs, headers and pages as it is.
 */
const SAFE_ID = /^[\w.:-]{8,64}$/;

/**
 * Creates the function that gives each request its id. The entries of a batch have the id of the batch. The header
 * `X-Request-Id` counts only if a trusted proxy sent it, so that no app chooses what the logs say. Any other request
 * gets a random UUID.
 * @param isTrusted tells whether an address belongs to a trusted proxy
 */
export const createRequestIds =
  (random: Random, isTrusted: (address: string) => boolean) =>
  ({ headers, socket }: Pick<IncomingMessage, 'headers' | 'socket'>): string =>
    batchRequestId() ?? proxyRequestId(headers, socket.remoteAddress, isTrusted) ?? random.uuid();

function proxyRequestId(
  headers: IncomingMessage['headers'],
  address: string | undefined,
  isTrusted: (address: string) => boolean,
): string | undefined {
  // Several headers arrive joined by commas, which an id can't contain.
  const given = headers['x-request-id'];
  if (typeof given !== 'string' || !SAFE_ID.test(given)) return undefined;
  return address !== undefined && isTrusted(address) ? given : undefined;
}
