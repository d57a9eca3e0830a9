import {
  calculateJwkThumbprint,
  EmbeddedJWK,
  errors,
  type JWK,
  type JWTPayload,
  type JWTVerifyGetKey,
  jwtVerify,
} from 'jose';
import type { Executor } from '../../database/index.ts';
import { type Clock, later, Problem, seconds, sha256Base64url } from '../../kernel/index.ts';
import { isCheapToVerify } from '../clients/key-size.ts';
import { consumeOneTimeId } from '../clients/one-time-ids.ts';

/** Signature algorithms of DPoP proofs. RFC 9449 §4.2 allows asymmetric algorithms only. */
export const DPOP_ALGS = ['ES256', 'ES384', 'RS256', 'RS384', 'PS256', 'EdDSA'] as const;
/** Maximum difference in seconds between the proof's `iat` and our clock. RFC 9449 §11.1 */
const MAX_AGE_SECONDS = 60;
const MAX_PROOF_LENGTH = 4000;

/** The parts of a request that a DPoP proof covers. */
export interface DpopRequest {
  /** Value of the `DPoP` header. Undefined if the request has none. */
  readonly proof: string | undefined;
  readonly method: string;
  /** Absolute URL of the request as the client knows it, without the query. */
  readonly url: string;
  /** The access token sent with the proof. Undefined at the token endpoint. */
  readonly accessToken?: string;
}

export interface DpopDeps {
  readonly db: Executor;
  readonly clock: Clock;
}

/**
 * Verifies a DPoP proof and returns the thumbprint of its key. Returns undefined if the request has no proof. Throws
 * `invalid_dpop_proof`. The checks are those of RFC 9449 §4.3. The replay check comes last, so that only a valid proof
 * uses up its `jti`.
 */
export async function verifyDpopProof(deps: DpopDeps, request: DpopRequest): Promise<string | undefined> {
  const { proof } = request;
  if (proof === undefined) return undefined;
  if (proof.length > MAX_PROOF_LENGTH) throw invalidProof('the proof is too long');
  const { payload, jwk } = await verifyProofJwt(proof, deps.clock);
  if (payload['htm'] !== request.method) throw invalidProof(`htm must be ${request.method}`);
  if (typeof payload['htu'] !== 'string' || normalizeUrl(payload['htu']) !== normalizeUrl(request.url)) {
    throw invalidProof(`htu must be ${request.url}`);
  }
  const { iat, jti } = payload;
  const now = deps.clock.now();
  if (typeof iat !== 'number' || Math.abs(now.getTime() / 1000 - iat) > MAX_AGE_SECONDS) {
    throw invalidProof(`iat must be the time of the request, within ${MAX_AGE_SECONDS} seconds of this server's clock`);
  }
  if (request.accessToken !== undefined && payload['ath'] !== sha256Base64url(request.accessToken)) {
    throw invalidProof('ath must be the SHA-256 of the access token in base64url');
  }
  const thumbprint = await calculateJwkThumbprint(jwk);
  if (typeof jti !== 'string' || jti === '' || jti.length > 200) throw invalidProof('jti is missing or too long');
  const fresh = await consumeOneTimeId(deps.db, {
    parts: ['proof', thumbprint, jti],
    expires: later(new Date(iat * 1000), seconds(2 * MAX_AGE_SECONDS)),
    now,
  });
  if (!fresh) throw invalidProof('this proof was already used; make a new one for each request');
  return thumbprint;
}

async function verifyProofJwt(proof: string, clock: Clock): Promise<{ payload: JWTPayload; jwk: JWK }> {
  try {
    const options = { typ: 'dpop+jwt', algorithms: [...DPOP_ALGS], currentDate: clock.now() };
    const { payload, protectedHeader } = await jwtVerify(proof, embeddedKey, options);
    if (protectedHeader.jwk === undefined) throw invalidProof('the header has no public key (jwk)');
    return { payload, jwk: protectedHeader.jwk as JWK };
  } catch (error) {
    if (error instanceof Problem) throw error;
    throw invalidProof(describeJoseError(error));
  }
}

/**
 * Returns the public key that the proof contains (RFC 9449 §4.2). The key is untrusted, so an RSA key that is slow to
 * verify with is rejected.
 */
const embeddedKey: JWTVerifyGetKey = (header, token) => {
  if (header.jwk !== undefined && !isCheapToVerify(header.jwk)) {
    throw invalidProof('an RSA key must have at most 4096 bits and an exponent of at most 32 bits, such as 65537');
  }
  return EmbeddedJWK(header, token);
};

function describeJoseError(error: unknown): string {
  if (error instanceof errors.JWSSignatureVerificationFailed)
    return 'the signature doesn’t match the key in the header';
  if (error instanceof errors.JOSEAlgNotAllowed) return `alg must be one of ${DPOP_ALGS.join(', ')}`;
  if (error instanceof errors.JWTClaimValidationFailed) return `${error.claim} is invalid`;
  return 'it isn’t a signed JWT with the public key in its header';
}

/** RFC 9449 §4.3: URLs are compared without query and fragment, after normalization. */
function normalizeUrl(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  return `${url.origin}${url.pathname}`;
}

const invalidProof = (cause: string): Problem =>
  new Problem('invalid_dpop_proof', { status: 400, message: `Invalid DPoP proof: ${cause}.` });
