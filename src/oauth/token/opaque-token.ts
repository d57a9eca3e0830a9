import { createCipheriv, createDecipheriv } from 'node:crypto';
import { type Random, randomSecret, sha256 } from '../../kernel/index.ts';

/**
 * A code, access token or refresh token as the client sends it: `family.secret`. The parts are 128 and 256 random bits
 * in base64url.
 */
export interface OpaqueToken {
  readonly familyId: string;
  readonly text: string;
  /** SHA-256 of the token. Only the hash is stored. */
  readonly hash: Buffer;
}

const TOKEN_PATTERN = /^([\w-]{22})\.[\w-]{43}$/;

export const newFamilyId = (random: Random): string => random.bytes(16).toString('base64url');

export function mintToken(random: Random, familyId: string): OpaqueToken {
  const text = `${familyId}.${randomSecret(random)}`;
  return { familyId, text, hash: sha256(text) };
}

/**
 * Parses a code or token. Returns undefined if the text can't be a token of this server, so that no lookup is needed.
 */
export function parseToken(text: string): OpaqueToken | undefined {
  const familyId = TOKEN_PATTERN.exec(text)?.[1];
  return familyId === undefined ? undefined : { familyId, text, hash: sha256(text) };
}

/**
 * Encrypts content with AES-256-GCM under a key derived from the token. Only the holder of the token can decrypt it.
 * The server can't, because it stores only a hash of the token.
 */
export function encryptWithToken(token: OpaqueToken, random: Random, content: string): Buffer {
  const iv = random.bytes(12);
  const cipher = createCipheriv('aes-256-gcm', deriveKey(token), iv);
  const body = Buffer.concat([cipher.update(content, 'utf8'), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), body]);
}

export function decryptWithToken(token: OpaqueToken, ciphertext: Buffer): string {
  const decipher = createDecipheriv('aes-256-gcm', deriveKey(token), ciphertext.subarray(0, 12));
  decipher.setAuthTag(ciphertext.subarray(12, 28));
  return Buffer.concat([decipher.update(ciphertext.subarray(28)), decipher.final()]).toString('utf8');
}

/**
 * Derives the encryption key from the token. The stored hash is SHA-256 of the token alone, so the key can't be derived
 * from that hash.
 */
const deriveKey = (token: OpaqueToken): Buffer => sha256(`successor\u0000${token.text}`);
