/** A decoded id_token, with the results of the checks in OpenID Connect Core §3.1.3.7. */
export interface DecodedIdToken {
  readonly header: Record<string, unknown>;
  readonly claims: Record<string, unknown>;
  readonly checks: Readonly<Record<IdTokenCheck, boolean>>;
}

export const CHECKS = ['signature', 'issuer', 'audience', 'nonce', 'time'] as const;
export type IdTokenCheck = (typeof CHECKS)[number];

interface ExpectedIdToken {
  readonly jwks: string;
  readonly issuer: string;
  readonly clientId: string;
  readonly nonce: string;
}

export async function readIdToken(token: string, expected: ExpectedIdToken): Promise<DecodedIdToken> {
  const [head = '', body = '', signature = ''] = token.split('.');
  const header = decodeJson(head);
  const claims = decodeJson(body);
  const { keys } = (await (await fetch(expected.jwks, { credentials: 'omit' })).json()) as { keys: JwkWithId[] };
  const key = keys.find(({ kid }) => kid === header['kid']);
  const signed = new TextEncoder().encode(`${head}.${body}`);
  return {
    header,
    claims,
    checks: {
      signature: key !== undefined && (await isSignedBy(key, header['alg'], decodeBase64Url(signature), signed)),
      issuer: claims['iss'] === expected.issuer,
      audience: claims['aud'] === expected.clientId,
      // An id_token from a refresh may omit the nonce (OpenID Connect Core §12.2).
      nonce: claims['nonce'] === undefined || claims['nonce'] === expected.nonce,
      time: Number(claims['exp']) * 1000 > Date.now(),
    },
  };
}

type JwkWithId = JsonWebKey & { readonly kid?: string };

/** Web Crypto parameters of the signature algorithms, RFC 7518 §3.3 and §3.4. */
const ALGORITHMS = {
  RS256: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
  ES256: { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' },
} as const;

async function isSignedBy(key: JwkWithId, alg: unknown, signature: Uint8Array, signed: Uint8Array): Promise<boolean> {
  const algorithm = ALGORITHMS[alg as keyof typeof ALGORITHMS];
  if (algorithm === undefined) return false;
  const imported = await crypto.subtle.importKey('jwk', key, algorithm, false, ['verify']);
  return crypto.subtle.verify(algorithm, imported, signature as BufferSource, signed as BufferSource);
}

const decodeBase64Url = (text: string): Uint8Array =>
  Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (one) => one.charCodeAt(0));
const decodeJson = (text: string): Record<string, unknown> =>
  JSON.parse(new TextDecoder().decode(decodeBase64Url(text)));
