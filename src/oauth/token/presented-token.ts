import type { FastifyReply, FastifyRequest } from 'fastify';
import type { PresentedToken } from '../../access/index.ts';
import { DPOP_ALGS } from './dpop.ts';

/** Reads the access token from the Authorization header. Undefined when there is none. RFC 6750 §2.1, RFC 9449 §7.1 */
export function readPresentedToken(request: FastifyRequest, origin: string): PresentedToken | undefined {
  const [, scheme, token = ''] = AUTHORIZATION_PATTERN.exec(request.headers.authorization?.trim() ?? '') ?? [];
  if (scheme === undefined) return undefined;
  return {
    scheme: scheme.toLowerCase() === 'dpop' ? 'DPoP' : 'Bearer',
    token,
    proof: readDpopHeader(request),
    method: request.method,
    path: requestPath(request, origin),
  };
}

/**
 * Matches the Authorization header in linear time, so that a sender who isn't authenticated yet can't keep the server
 * busy with a long header.
 */
const AUTHORIZATION_PATTERN = /^(bearer|dpop)(?: +(\S.*))?$/i;

/**
 * Returns the DPoP header. Node joins repeated headers with a comma. No valid proof contains a comma, so repeated
 * headers are rejected later.
 */
export const readDpopHeader = ({ headers: { dpop } }: FastifyRequest): string | undefined => dpop?.toString();

export const requestPath = ({ url }: FastifyRequest, origin: string): string => new URL(url, origin).pathname;

const REALM = 'realm="Patient Access"';
const TOKEN_CHALLENGES = [`Bearer ${REALM}`, `DPoP ${REALM}, algs="${DPOP_ALGS.join(' ')}"`];

/**
 * Adds WWW-Authenticate challenges for all supported schemes if a request lacks credentials (RFC 9110 §11.6.1, RFC 9449
 * §7.1). A request with an invalid token gets only the challenge that describes its error.
 */
export async function addTokenChallenges(_request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const challenge = reply.getHeader('www-authenticate');
  if (typeof challenge !== 'string' || challenge.includes('error=')) return;
  const [scheme = ''] = challenge.split(' ');
  reply.header('www-authenticate', [challenge, ...TOKEN_CHALLENGES.filter((other) => !other.startsWith(`${scheme} `))]);
}
