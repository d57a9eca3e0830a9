const SECRET_PARTS = /^(d|p|q|dp|dq|qi|oth|k)$/;

/**
 * Parses a pasted JWK Set (RFC 7517 §5). A single key counts as a set of one. Returns `private` for text with a private
 * key.
 */
export function readKeySet(text: string): { readonly keys: readonly unknown[] } | 'private' | 'no-json' {
  if (/-----BEGIN [A-Z ]*PRIVATE KEY/.test(text)) return 'private';
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch {
    return 'no-json';
  }
  if (typeof read !== 'object' || read === null) return 'no-json';
  const keys = listKeys(read);
  if (keys.some((key) => isObject(key) && Object.keys(key).some((part) => SECRET_PARTS.test(part)))) return 'private';
  return { keys };
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** Returns the keys of a JWK Set or a single key. Returns an empty list for anything else. */
export function listKeys(set: unknown): readonly unknown[] {
  if (!isObject(set)) return [];
  return Array.isArray(set['keys']) ? set['keys'] : 'kty' in set ? [set] : [];
}
