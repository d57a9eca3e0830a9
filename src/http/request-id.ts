import { batchRequestId, type Random } from '../kernel/index.ts';
import type { ReceivedRequest, TrustedProxies } from './trusted-proxies.ts';

/**
 * Shape of a request id that is accepted from a proxy: 8 to 64 letters, digits and `-._:`. It covers UUIDs and the ids
 * of nginx, HAProxy, Caddy and Envoy, and can be written into logs, headers and pages as it is.
 */
const SAFE_ID = /^[\w.:-]{8,64}$/;

/**
 * Creates the function that gives each request its id. The entries of a batch have the id of the batch. The header
 * `X-Request-Id` counts only if a trusted proxy sent it, so that no app chooses what the logs say. Any other request
 * gets a random UUID.
 */
export const createRequestIds =
  (random: Random, proxies: TrustedProxies) =>
  (request: ReceivedRequest): string =>
    batchRequestId() ?? proxyRequestId(request, proxies) ?? random.uuid();

function proxyRequestId(request: ReceivedRequest, proxies: TrustedProxies): string | undefined {
  // Several headers arrive joined by commas, which an id can't contain.
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && SAFE_ID.test(given) && proxies.sent(request) ? given : undefined;
}
