/**
 * Parses an untrusted address that becomes a link. Returns undefined unless it is an https address
 * without credentials.
 */
export function parseWebAddress(text: unknown): { readonly href: string; readonly host: string } | undefined {
  if (typeof text !== 'string' || !URL.canParse(text)) return undefined;
  const { protocol, href, host, username, password } = new URL(text);
  return protocol === 'https:' && username === '' && password === '' ? { href, host } : undefined;
}
