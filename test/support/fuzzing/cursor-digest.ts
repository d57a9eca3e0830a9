/** Stands for the search digest in a forged cursor, because clients can't compute the digest. */
export const DIGEST_PLACEHOLDER = 'AAAAAAAAAAAA';

const CURSOR = /(^|[?&])_cursor=([\w-]+)/;

/**
 * Replaces the placeholder with the digest from the server's own next link. With a wrong digest, the server would
 * reject the cursor before it looks at anything else.
 * @param ask requests a URL and returns the text of the response
 */
export async function withValidDigest(url: string, ask: (url: string) => Promise<string>): Promise<string> {
  const [whole, before, text = ''] = CURSOR.exec(url) ?? [];
  const parts = whole === undefined ? undefined : partsOf(text);
  if (whole === undefined || parts === undefined || parts[5] !== DIGEST_PLACEHOLDER) return url;
  const [, , given = ''] = /([?&;])_cursor=([\w-]+)/.exec(await ask(url.replace(whole, `${before}_count=1`))) ?? [];
  const own = partsOf(given)?.[5];
  return own === undefined ? url : url.replace(whole, `${before}_cursor=${written(parts.with(5, own))}`);
}

const written = (parts: readonly unknown[]): string => Buffer.from(JSON.stringify(parts)).toString('base64url');

function partsOf(text: string): unknown[] | undefined {
  try {
    const parts: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
    return Array.isArray(parts) && parts.length > 5 ? parts : undefined;
  } catch {
    return undefined;
  }
}
