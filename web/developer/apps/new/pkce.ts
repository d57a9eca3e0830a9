/** RFC 7636 */
export interface Pkce {
  readonly verifier: string;
  readonly challenge: string;
}

/** A fresh pair. RFC 7636 §4.1, §4.2. Throws where the page is neither from https nor from localhost: the browser has no SHA-256 for it then. */
export async function freshPkce(): Promise<Pkce> {
  const verifier = base64url(crypto.getRandomValues(new Uint8Array(32)));
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier));
  return { verifier, challenge: base64url(new Uint8Array(digest)) };
}

const base64url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
