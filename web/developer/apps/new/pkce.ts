import { base64url } from '../../base64url.ts';

/** Code verifier and code challenge for PKCE, RFC 7636 §4.1 and §4.2. */
export interface Pkce {
  readonly verifier: string;
  readonly challenge: string;
}

/**
 * Creates a code verifier and its S256 challenge (RFC 7636 §4.1, §4.2). Throws if the page is neither on https nor
 * localhost, where browsers have no SHA-256.
 */
export async function createPkce(): Promise<Pkce> {
  const verifier = base64url(crypto.getRandomValues(new Uint8Array(32)));
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier));
  return { verifier, challenge: base64url(new Uint8Array(digest)) };
}
