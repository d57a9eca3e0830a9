import { Secret, TOTP } from 'otpauth';
import type { Random } from '../../kernel/index.ts';

/**
 * Length of a TOTP key: 160 bits, as RFC 4226 §4, R6 recommends. Codes use SHA-1, six digits and 30-second steps, the
 * only parameters that every authenticator app supports.
 */
const KEY_BYTES = 20;
const PERIOD = 30;
const SETTINGS = { algorithm: 'SHA1', digits: 6, period: PERIOD } as const;
/**
 * RFC 6238 §5.2: codes of one time step before and after the current one are accepted, because clocks differ and people
 * type slowly.
 */
const STEP_TOLERANCE = 1;

export const generateKey = (random: Random): Buffer => random.bytes(KEY_BYTES);

const toSecret = (key: Buffer): Secret => new Secret({ buffer: new Uint8Array(key).buffer });

/** Returns a TOTP key in Base32 (RFC 4648 §6), which a person can type into an authenticator app. */
export const toBase32Key = (key: Buffer): string => toSecret(key).base32;

/** Returns a TOTP key as an `otpauth:` URI, which a QR code passes to an authenticator app. */
export const toOtpauthUri = (key: Buffer, named: { readonly issuer: string; readonly username: string }): string =>
  new TOTP({
    ...SETTINGS,
    issuer: named.issuer.replaceAll(':', ' '),
    label: named.username,
    secret: toSecret(key),
  }).toString();

/**
 * Returns the time step (RFC 6238 §4.2) for which a code is valid; `undefined` if none of the accepted steps has this
 * code.
 */
export function findTimeStep(key: Buffer, code: string, now: Date): number | undefined {
  if (!/^\d{6}$/.test(code)) return undefined;
  const timestamp = now.getTime();
  const delta = TOTP.validate({ ...SETTINGS, secret: toSecret(key), token: code, timestamp, window: STEP_TOLERANCE });
  return delta === null ? undefined : Math.floor(timestamp / 1000 / PERIOD) + delta;
}

/** Normalizes a typed code: removes spaces and replaces digits of other scripts, such as Arabic, by ASCII digits. */
export const normalizeCode = (text: string): string => text.normalize('NFKC').replaceAll(/\s/g, '');
