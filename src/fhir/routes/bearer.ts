import type { FastifyRequest } from 'fastify';
import type { Grant, TokenVerifier } from '../../access/index.ts';
import { Problem } from '../../kernel/index.ts';
import type { Pair } from '../core/search-request.ts';

/** The grant behind the request's access token. RFC 6750 §2.1, the header alone */
export async function authenticate(
  request: FastifyRequest,
  query: readonly Pair[],
  tokens: TokenVerifier,
): Promise<Grant> {
  // An address is logged, kept and shared: RFC 6750 §5.3.
  if (query.some(([name]) => name.toLowerCase() === 'access_token')) {
    throw new Problem('invalid_request', {
      status: 400,
      message:
        'An access token in the address is not taken. Send it in the header "Authorization: Bearer …", and treat this one as leaked.',
    });
  }
  const [, token] = /^Bearer +([\w~+/.=-]+) *$/i.exec(request.headers.authorization ?? '') ?? [];
  if (token !== undefined) return tokens.verify(token);
  throw new Problem('login-required', {
    status: 401,
    message:
      'This needs an access token. Send it in the header "Authorization: Bearer …"; metadata names the endpoints that give one.',
  });
}

/** RFC 6750 §3: what the client should do about it. undefined: nothing about its token. */
export function challengeOf(problem: Problem): string | undefined {
  const realm = 'Bearer realm="Patient Access"';
  if (problem.code === 'login-required') return realm;
  const error = ERRORS[problem.code];
  return error === undefined ? undefined : `${realm}, error="${error}", error_description="${ascii(problem.message)}"`;
}

const ERRORS: Readonly<Partial<Record<Problem['code'], string>>> = {
  invalid_token: 'invalid_token',
  invalid_request: 'invalid_request',
  'scope-denied': 'insufficient_scope',
};

/** Within RFC 6750's error_description there is no quote and no backslash. */
const ascii = (text: string): string => text.replaceAll(/["\\]/g, "'").replaceAll(/[^\x20-\x7e]/g, '.');
