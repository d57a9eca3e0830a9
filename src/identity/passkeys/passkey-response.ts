import { isObject, Problem, tryParseJson } from '../../kernel/index.ts';

/** Maximum length of a passkey response in characters. The largest attestations have a few thousand. */
const MAX_RESPONSE_LENGTH = 20_000;

/** A WebAuthn authenticator's response from a form field: an object whose members aren't validated yet. */
export type PasskeyResponse = Readonly<Record<string, unknown>>;

/**
 * Creates the error for any invalid passkey response. It doesn't say which check failed, because that would only help
 * an attacker.
 */
export const passkeyRejected = (cause?: unknown): Problem =>
  new Problem('access_denied', {
    status: 401,
    message: 'That passkey wasn’t accepted. Try again, or sign in another way.',
    ...(cause === undefined ? {} : { cause }),
  });

/** Parses a passkey response. Throws `access_denied` if the text isn't a JSON object or is too long. */
export function parsePasskeyResponse(text: string): PasskeyResponse {
  const read = text.length > MAX_RESPONSE_LENGTH ? undefined : tryParseJson(text);
  if (!isObject(read)) throw passkeyRejected();
  return read as PasskeyResponse;
}

/**
 * Returns the challenge that the browser claims to have signed (WebAuthn L3 §5.8.1). The signature is verified later.
 */
export function readChallenge(answer: PasskeyResponse): string {
  const { clientDataJSON } = (answer['response'] ?? {}) as { clientDataJSON?: unknown };
  const data =
    typeof clientDataJSON === 'string' ? tryParseJson(Buffer.from(clientDataJSON, 'base64url').toString()) : null;
  const { challenge } = (data ?? {}) as { challenge?: unknown };
  if (typeof challenge !== 'string') throw passkeyRejected();
  return challenge;
}
