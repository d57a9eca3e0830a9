import { Secret, TOTP } from 'otpauth';
import type { Random } from '../../kernel/index.ts';

/** RFC 4226 §4, R6: 160 bits. What every authenticator app can do: SHA-1, six digits, thirty seconds. */
const KEY_BYTES = 20;
const PERIOD = 30;
const SETTINGS = { algorithm: 'SHA1', digits: 6, period: PERIOD } as const;
/** RFC 6238 §5.2: one step either way, for clocks that differ and for codes that take a while to type. */
const STEPS_EITHER_WAY = 1;

export const newKey = (random: Random): Buffer => random.bytes(KEY_BYTES);

const secretOf = (key: Buffer): Secret => new Secret({ buffer: new Uint8Array(key).buffer });

/** Base32 (RFC 4648 §6), for people to type in. */
export const keyText = (key: Buffer): string => secretOf(key).base32;

/** `otpauth:` address, for apps to read from a picture. */
export const keyAddress = (key: Buffer, named: { readonly issuer: string; readonly username: string }): string =>
  new TOTP({
    ...SETTINGS,
    issuer: named.issuer.replaceAll(':', ' '),
    label: named.username,
    secret: secretOf(key),
  }).toString();

/** RFC 6238 §4.2: the step of time whose code this is; undefined: of none that is near. */
export function stepOf(key: Buffer, code: string, now: Date): number | undefined {
  if (!/^\d{6}$/.test(code)) return undefined;
  const timestamp = now.getTime();
  const delta = TOTP.validate({ ...SETTINGS, secret: secretOf(key), token: code, timestamp, window: STEPS_EITHER_WAY });
  return delta === null ? undefined : Math.floor(timestamp / 1000 / PERIOD) + delta;
}

/** As people type them: with spaces, or in the digits of their keyboard. */
export const foldCode = (text: string): string => text.normalize('NFKC').replaceAll(/\s/g, '');
