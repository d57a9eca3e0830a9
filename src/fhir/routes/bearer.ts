import { AsyncLocalStorage } from 'node:async_hooks';
import type { FastifyRequest } from 'fastify';
import type { Grant, TokenVerifier } from '../../access/index.ts';
import { Problem, plainAscii } from '../../kernel/index.ts';
import type { Pair } from '../core/search-request.ts';
import { pathOf } from './query.ts';

/** A grant, and the token that it was proved by. */
export interface Authenticated {
  readonly grant: Grant;
  readonly token: string;
}

/** Whose batch the entry is of that is being answered. */
const sender = new AsyncLocalStorage<Authenticated>();

/**
 * Answers an entry of a batch: its requests are those of whoever sent the batch. A proof of possession is for the address of
 * the batch, and good once, so that an entry can't present it.
 */
export const asSentBy = <Result>(who: Authenticated, work: () => Promise<Result>): Promise<Result> =>
  sender.run(who, work);

/** The grant behind the request's access token. RFC 6750 §2.1, the header alone; RFC 9449 §7.1 */
export async function authenticate(
  request: FastifyRequest,
  query: readonly Pair[],
  tokens: TokenVerifier,
): Promise<Authenticated> {
  // An address is logged, kept and shared: RFC 6750 §5.3.
  if (query.some(([name]) => name.toLowerCase() === 'access_token')) {
    throw new Problem('invalid_request', {
      status: 400,
      message:
        'An access token in the address is not taken. Send it in the header "Authorization: Bearer …", and treat this one as leaked.',
    });
  }
  const ofBatch = sender.getStore();
  if (ofBatch !== undefined) {
    await tokens.requireStill(ofBatch.token, ofBatch.grant);
    return ofBatch;
  }
  const [, , token] = CREDENTIALS.exec(request.headers.authorization ?? '') ?? [];
  if (token !== undefined) {
    const proof = proofOf(request);
    const presented = { scheme: schemeOf(request), token, proof, method: request.method, path: pathOf(request) };
    return { grant: await tokens.verify(presented), token };
  }
  throw new Problem('login-required', {
    status: 401,
    message:
      'This needs an access token. Send it in the header "Authorization: Bearer …"; metadata names the endpoints that give one.',
  });
}

const CREDENTIALS = /^(Bearer|DPoP) +([\w~+/.=-]+) *$/i;

const schemeOf = (request: FastifyRequest): 'Bearer' | 'DPoP' =>
  /^dpop /i.test(request.headers.authorization ?? '') ? 'DPoP' : 'Bearer';

/** RFC 9449 §4.3, 1: one header at most. Several arrive joined by commas, which no proof has. */
function proofOf(request: FastifyRequest): string | undefined {
  const { dpop } = request.headers;
  const proof = dpop?.toString();
  if (proof === undefined || !proof.includes(',')) return proof;
  throw new Problem('invalid_dpop_proof', {
    status: 401,
    message: 'The request has more than one DPoP header. Send one, with a proof made for this request.',
  });
}

/** RFC 6750 §3, RFC 9449 §7.1: what the client should do about it. Empty: nothing about its token. */
export function challengesOf(problem: Problem, request: FastifyRequest, dpopAlgs: readonly string[]): string[] {
  const algs = dpopAlgs.length === 0 ? [] : [`algs="${dpopAlgs.join(' ')}"`];
  const ofDpop = [REALM, ...algs].join(', ');
  if (problem.code === 'login-required') return [`Bearer ${REALM}`, ...(algs.length === 0 ? [] : [`DPoP ${ofDpop}`])];
  const error = ERRORS[problem.code];
  if (error === undefined) return [];
  const what = `error="${error}", error_description="${plainAscii(problem.message)}"`;
  const byDpop = error === 'invalid_dpop_proof' || schemeOf(request) === 'DPoP';
  return [byDpop ? `DPoP ${[REALM, what, ...algs].join(', ')}` : `Bearer ${REALM}, ${what}`];
}

const REALM = 'realm="Patient Access"';
const ERRORS: Readonly<Partial<Record<Problem['code'], string>>> = {
  invalid_token: 'invalid_token',
  invalid_dpop_proof: 'invalid_dpop_proof',
  invalid_request: 'invalid_request',
  'scope-denied': 'insufficient_scope',
};
