import { createCipheriv, createDecipheriv } from 'node:crypto';
import { type Random, randomSecret, sha256 } from '../../kernel/index.ts';

/** A code, access token or refresh token as sent: `family.secret`, 128 and 256 random bits in base64url. */
export interface OpaqueToken {
  readonly familyId: string;
  readonly text: string;
  /** SHA-256 of the token. Only this is stored. */
  readonly hash: Buffer;
}

const TOKEN_PATTERN = /^([\w-]{22})\.[\w-]{43}$/;

export const newFamilyId = (random: Random): string => random.bytes(16).toString('base64url');

export function mintToken(random: Random, familyId: string): OpaqueToken {
  const text = `${familyId}.${randomSecret(random)}`;
  return { familyId, text, hash: sha256(text) };
}

/** Returns undefined when the text can't be a token of this server, so that no lookup is needed. */
export function parseToken(text: string): OpaqueToken | undefined {
  const familyId = TOKEN_PATTERN.exec(text)?.[1];
  return familyId === undefined ? undefined : { familyId, text, hash: sha256(text) };
}

/**
 * Encrypts with AES-256-GCM under a key derived from the token, so only the holder of the token can decrypt it; the
 * server can't.
 */
export function encryptWithToken(token: OpaqueToken, random: Random, content: string): Buffer {
  const iv = random.bytes(12);
  const cipher = createCipheriv('aes-256-gcm', deriveKey(token), iv);
  const body = Buffer.concat([cipher.update(content, 'utf8'), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), body]);
}

export function decryptWithToken(token: OpaqueToken, sealed: Buffer): string {
  const decipher = createDecipheriv('aes-256-gcm', deriveKey(token), sealed.subarray(0, 12));
  decipher.setAuthTag(sealed.subarray(12, 28));
  return Buffer.concat([decipher.update(sealed.subarray(28)), decipher.final()]).toString('utf8');
}

/** The stored hash is SHA-256 of the token alone, so this key can't be derived from it. */
const deriveKey = (token: OpaqueToken): Buffer => sha256(`successor\u0000${token.text}`);
