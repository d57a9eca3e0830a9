import { AsyncLocalStorage } from 'node:async_hooks';
import type { FastifyRequest } from 'fastify';
import type { AccessGrant, TokenVerifier } from '../../../access/index.ts';
import { Problem, toPlainAscii } from '../../../kernel/index.ts';
import type { QueryParameter } from '../../search/search-request.ts';
import { requestPath } from './query.ts';

/** The grant of a request and the access token that the app presented for it. */
export interface AuthenticatedSender {
  readonly grant: AccessGrant;
  readonly token: string;
}

/** Sender of the batch whose entry is being run; undefined outside a batch. */
const batchSender = new AsyncLocalStorage<AuthenticatedSender>();

/**
 * Runs an entry of a batch with the grant of the batch. The entry can't present the DPoP proof of the batch again,
 * because a proof is valid once and only for the URL of the batch.
 */
export const runAsSender = <Result>(sender: AuthenticatedSender, work: () => Promise<Result>): Promise<Result> =>
  batchSender.run(sender, work);

/**
 * Verifies the access token of a request and returns its grant. The token is accepted only in the Authorization header
 * (RFC 6750 §2.1, RFC 9449 §7.1).
 * @throws Problem 400 if the URL contains a token, 401 without a valid token
 */
export async function authenticate(
  request: FastifyRequest,
  query: readonly QueryParameter[],
  tokens: TokenVerifier,
): Promise<AuthenticatedSender> {
  // URLs are logged, stored, and shared, so an access token in a URL has leaked (RFC 6750 §5.3). The request is
  // rejected, so that the developer notices.
  if (query.some(([name]) => name.toLowerCase() === 'access_token')) {
    throw new Problem('invalid_request', {
      status: 400,
      message:
        'Access tokens in the URL are not accepted. Send the token in the header "Authorization: Bearer …", and treat this token as leaked.',
    });
  }
  const inBatch = batchSender.getStore();
  if (inBatch !== undefined) {
    await tokens.requireStillValid(inBatch.token, inBatch.grant);
    return inBatch;
  }
  const [, , token] = CREDENTIALS.exec(request.headers.authorization ?? '') ?? [];
  if (token !== undefined) {
    const proof = dpopProof(request);
    const presented = {
      scheme: tokenScheme(request),
      token,
      proof,
      method: request.method,
      path: requestPath(request),
    };
    return { grant: await tokens.verify(presented), token };
  }
  throw new Problem('login-required', {
    status: 401,
    message:
      'The access token is missing. Send it in the header "Authorization: Bearer …". /metadata names the authorization endpoints.',
  });
}

const CREDENTIALS = /^(Bearer|DPoP) +([\w~+/.=-]+) *$/i;

const tokenScheme = (request: FastifyRequest): 'Bearer' | 'DPoP' =>
  /^dpop /i.test(request.headers.authorization ?? '') ? 'DPoP' : 'Bearer';

/**
 * Returns the DPoP header. RFC 9449 §4.3 step 1 allows one. Several headers arrive joined by commas, and a proof never
 * contains a comma.
 */
function dpopProof(request: FastifyRequest): string | undefined {
  const { dpop } = request.headers;
  const proof = dpop?.toString();
  if (proof === undefined || !proof.includes(',')) return proof;
  throw new Problem('invalid_dpop_proof', {
    status: 401,
    message: 'The request has more than one DPoP header. Send one, with a proof made for this request.',
  });
}

/**
 * Builds the WWW-Authenticate challenges (RFC 6750 §3, RFC 9449 §7.1). Returns an empty list if the problem has nothing
 * to do with the access token.
 */
export function authenticateChallenges(
  problem: Problem,
  request: FastifyRequest,
  dpopAlgs: readonly string[],
): string[] {
  const algs = dpopAlgs.length === 0 ? [] : [`algs="${dpopAlgs.join(' ')}"`];
  const dpopParameters = [REALM, ...algs].join(', ');
  if (problem.code === 'login-required')
    return [`Bearer ${REALM}`, ...(algs.length === 0 ? [] : [`DPoP ${dpopParameters}`])];
  const error = ERRORS[problem.code];
  if (error === undefined) return [];
  const errorParameters = `error="${error}", error_description="${toPlainAscii(problem.message)}"`;
  const isDpop = error === 'invalid_dpop_proof' || tokenScheme(request) === 'DPoP';
  return [isDpop ? `DPoP ${[REALM, errorParameters, ...algs].join(', ')}` : `Bearer ${REALM}, ${errorParameters}`];
}

const REALM = 'realm="Patient Access"';
const ERRORS: Readonly<Partial<Record<Problem['code'], string>>> = {
  invalid_token: 'invalid_token',
  invalid_dpop_proof: 'invalid_dpop_proof',
  invalid_request: 'invalid_request',
  'scope-denied': 'insufficient_scope',
};
