import { Secret, TOTP } from 'otpauth';
import type { Random } from '../../kernel/index.ts';

/**
 * RFC 4226 §4, R6: 160 bits. The parameters are those that every authenticator app supports: SHA-1, six digits, thirty
 * seconds.
 */
const KEY_BYTES = 20;
const PERIOD = 30;
const SETTINGS = { algorithm: 'SHA1', digits: 6, period: PERIOD } as const;
/** RFC 6238 §5.2: accepts one time step before and after, for clock skew and slow typing. */
const STEP_TOLERANCE = 1;

export const generateKey = (random: Random): Buffer => random.bytes(KEY_BYTES);

const toSecret = (key: Buffer): Secret => new Secret({ buffer: new Uint8Array(key).buffer });

/** Key in Base32 (RFC 4648 §6), for typing it in. */
export const toBase32Key = (key: Buffer): string => toSecret(key).base32;

/** Key as an `otpauth:` URI, for a QR code. */
export const toOtpauthUri = (key: Buffer, named: { readonly issuer: string; readonly username: string }): string =>
  new TOTP({
    ...SETTINGS,
    issuer: named.issuer.replaceAll(':', ' '),
    label: named.username,
    secret: toSecret(key),
  }).toString();

/**
 * Returns the time step (RFC 6238 §4.2) of a code, or `undefined` if the code is valid in none of the accepted steps.
 */
export function findTimeStep(key: Buffer, code: string, now: Date): number | undefined {
  if (!/^\d{6}$/.test(code)) return undefined;
  const timestamp = now.getTime();
  const delta = TOTP.validate({ ...SETTINGS, secret: toSecret(key), token: code, timestamp, window: STEP_TOLERANCE });
  return delta === null ? undefined : Math.floor(timestamp / 1000 / PERIOD) + delta;
}

/** Normalizes a typed code: removes spaces and converts digits of other keyboards. */
export const normalizeCode = (text: string): string => text.normalize('NFKC').replaceAll(/\s/g, '');
