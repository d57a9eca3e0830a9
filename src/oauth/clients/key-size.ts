/**
 * Maximum lengths of the modulus (4096 bits) and the exponent (32 bits) of an RSA key, in bytes. Nearly every key uses
 * the exponent 65537, which has 17 bits.
 */
const MAX_MODULUS_BYTES = 512;
const MAX_EXPONENT_BYTES = 4;

/**
 * Whether verifying with an untrusted key is fast. An exponent as long as the modulus makes verification as slow as
 * signing, and a long modulus makes it slower still. RFC 7518 §6.3.1 forbids leading zeros in both, so the number of
 * encoded bytes shows how long the number is.
 */
export function isCheapToVerify(jwk: Readonly<Record<string, unknown>>): boolean {
  if (jwk['kty'] !== 'RSA') return true;
  return base64urlLength(jwk['n']) <= MAX_MODULUS_BYTES && base64urlLength(jwk['e']) <= MAX_EXPONENT_BYTES;
}

const base64urlLength = (number: unknown): number =>
  typeof number === 'string' ? Buffer.byteLength(number, 'base64url') : Number.POSITIVE_INFINITY;
