import { isObject, Problem, tryParseJson } from '../../kernel/index.ts';

/** Maximum length of a response in characters. The largest attestations have a few thousand. */
const MAX_RESPONSE_LENGTH = 20_000;

/** An authenticator's response from a form field: an object that isn't validated further yet. */
export type PasskeyResponse = Readonly<Record<string, unknown>>;

/** The one error for any invalid passkey response. Saying which check failed would only help an attacker. */
export const passkeyRejected = (cause?: unknown): Problem =>
  new Problem('access_denied', {
    status: 401,
    message: 'That passkey was not accepted. Try again, or use another way.',
    ...(cause === undefined ? {} : { cause }),
  });

/** Parses a response. Throws `access_denied` if it isn't a JSON object or is too long. */
export function parsePasskeyResponse(text: string): PasskeyResponse {
  const read = text.length > MAX_RESPONSE_LENGTH ? undefined : tryParseJson(text);
  if (!isObject(read)) throw passkeyRejected();
  return read as PasskeyResponse;
}

/**
 * Returns the challenge that the browser claims to have signed (WebAuthn L3 §5.8.1). The signature over it is verified
 * later.
 */
export function readChallenge(answer: PasskeyResponse): string {
  const { clientDataJSON } = (answer['response'] ?? {}) as { clientDataJSON?: unknown };
  const data =
    typeof clientDataJSON === 'string' ? tryParseJson(Buffer.from(clientDataJSON, 'base64url').toString()) : null;
  const { challenge } = (data ?? {}) as { challenge?: unknown };
  if (typeof challenge !== 'string') throw passkeyRejected();
  return challenge;
}
