/** In bytes: an RSA modulus of 4096 bits, and an exponent of 32; nearly every key has 65537, which is 17. */
const LONGEST_MODULUS = 512;
const LONGEST_EXPONENT = 4;

/**
 * Whether a key that somebody else made can be verified with in a moment: an exponent as long as the modulus makes each
 * verification as slow as a signature, and a long modulus makes it slower still. RFC 7518 §6.3.1: both are written
 * without leading zeros.
 */
export function isCheapToVerify(jwk: Readonly<Record<string, unknown>>): boolean {
  if (jwk['kty'] !== 'RSA') return true;
  return bytesOf(jwk['n']) <= LONGEST_MODULUS && bytesOf(jwk['e']) <= LONGEST_EXPONENT;
}

const bytesOf = (number: unknown): number =>
  typeof number === 'string' ? Buffer.byteLength(number, 'base64url') : Number.POSITIVE_INFINITY;
