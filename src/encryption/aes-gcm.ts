import { createCipheriv, createDecipheriv, type KeyObject } from 'node:crypto';
import { systemRandom } from '../kernel/index.ts';

/** Length of the keys of AES-256 in bytes. */
export const KEY_BYTES = 32;
const ALGORITHM = 'aes-256-gcm';
/** NIST SP 800-38D §8.2.2: with random nonces of 96 bits, a key may encrypt 2^32 values. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Encrypts bytes with AES-256-GCM.
 * @param context text that isn't stored but has to be the same for decryption
 * @returns nonce, authentication tag and ciphertext
 */
export function seal(key: KeyObject, plaintext: Uint8Array, context: string): Buffer {
  const nonce = systemRandom.bytes(NONCE_BYTES);
  const cipher = createCipheriv(ALGORITHM, key, nonce).setAAD(Buffer.from(context));
  const body = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), body]);
}

/** Decrypts what `seal` returned. Throws if the key or the context differs, or if a bit has changed. */
export function unseal(key: KeyObject, sealed: Buffer, context: string): Buffer {
  const nonce = sealed.subarray(0, NONCE_BYTES);
  const decipher = createDecipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES }).setAAD(Buffer.from(context));
  decipher.setAuthTag(sealed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
  return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]);
}
