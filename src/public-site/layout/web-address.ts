/** Parses an untrusted address for use as a link; undefined unless it is https without credentials. */
export function parseWebAddress(text: unknown): { readonly href: string; readonly host: string } | undefined {
  if (typeof text !== 'string' || !URL.canParse(text)) return undefined;
  const { protocol, href, host, username, password } = new URL(text);
  return protocol === 'https:' && username === '' && password === '' ? { href, host } : undefined;
}
