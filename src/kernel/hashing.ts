import { hash, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';

/**
 * Random values as a dependency, so that tests and generated data can be repeated with a seed. A server must never use
 * random values from a seed.
 */
export interface Random {
  bytes(count: number): Buffer;
  uuid(): string;
}

export const systemRandom: Random = { bytes: (count) => randomBytes(count), uuid: () => randomUUID() };

/** Returns the SHA-256 hash (32 bytes) of bytes, or of a text in UTF-8. */
export const sha256 = (value: string | Uint8Array): Buffer => hash('sha256', value, 'buffer');

/** Returns the SHA-256 hash of a text in UTF-8 as 43 characters of base64url. */
export const sha256Base64url = (text: string): string => hash('sha256', text, 'base64url');

/** Returns a new 256-bit secret as 43 characters of base64url. */
export const randomSecret = (random: Random): string => random.bytes(32).toString('base64url');

/** Compares two values in constant time. Values of different length are not equal. */
export const constantTimeEqual = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && timingSafeEqual(a, b);

/**
 * Returns a UUID (version 8, RFC 9562 §5.8) derived from the SHA-256 of the parts. The same parts always give the same
 * UUID.
 */
export function derivedUuid(...parts: readonly string[]): string {
  const bytes = sha256(parts.join('\u0000')).subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** Tells whether a text is a UUID of any version, in upper or lower case. */
export const isUuid = (text: string): boolean =>
  /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(text);
