import type { FastifyReply, FastifyRequest } from 'fastify';
import type { PresentedToken } from '../../access/index.ts';
import { DPOP_ALGS } from './dpop.ts';

/** The access token that a request carries in its header; undefined: it has none. RFC 6750 §2.1, RFC 9449 §7.1 */
export function presentedToken(request: FastifyRequest, origin: string): PresentedToken | undefined {
  const [, scheme, token = ''] = CREDENTIALS.exec(request.headers.authorization?.trim() ?? '') ?? [];
  if (scheme === undefined) return undefined;
  return {
    scheme: scheme.toLowerCase() === 'dpop' ? 'DPoP' : 'Bearer',
    token,
    proof: proofOf(request),
    method: request.method,
    path: pathOf(request, origin),
  };
}

/** Nobody has shown who they are yet: one pass over whatever came. */
const CREDENTIALS = /^(bearer|dpop)(?: +(\S.*))?$/i;

/** Node joins what is sent twice with a comma, which no proof has in it. */
export const proofOf = ({ headers: { dpop } }: FastifyRequest): string | undefined => dpop?.toString();

export const pathOf = ({ url }: FastifyRequest, origin: string): string => new URL(url, origin).pathname;

const REALM = 'realm="Patient Access"';
const OF_TOKENS = [`Bearer ${REALM}`, `DPoP ${REALM}, algs="${DPOP_ALGS.join(' ')}"`];

/**
 * RFC 9110 §11.6.1, RFC 9449 §7.1: who is refused for want of credentials is told of every scheme that is taken. Who sent
 * a token that is not good is told just that.
 */
export async function offerTokenSchemes(_request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const challenge = reply.getHeader('www-authenticate');
  if (typeof challenge !== 'string' || challenge.includes('error=')) return;
  const [scheme = ''] = challenge.split(' ');
  reply.header('www-authenticate', [challenge, ...OF_TOKENS.filter((other) => !other.startsWith(`${scheme} `))]);
}
