import { Problem } from '../../kernel/index.ts';

/** Longest answer that is read: an attestation of the largest kind has a few thousand characters. */
const LONGEST = 20_000;

/** What an authenticator answered, as a form carries it: an object, and no more is sure of it yet. */
export type Answer = Readonly<Record<string, unknown>>;

/** Told for whatever is wrong with a passkey: which of its parts it was helps nobody but an attacker. */
export const refused = (cause?: unknown): Problem =>
  new Problem('access_denied', {
    status: 401,
    message: 'That passkey was not accepted. Try again, or use another way.',
    ...(cause === undefined ? {} : { cause }),
  });

export function readAnswer(text: string): Answer {
  const read = text.length > LONGEST ? undefined : parsed(text);
  if (typeof read !== 'object' || read === null || Array.isArray(read)) throw refused();
  return read as Answer;
}

/** WebAuthn L3 §5.8.1: the challenge that the browser says it signed. The signature is over it, and is verified later. */
export function challengeOf(answer: Answer): string {
  const { clientDataJSON } = (answer['response'] ?? {}) as { clientDataJSON?: unknown };
  const data = typeof clientDataJSON === 'string' ? parsed(Buffer.from(clientDataJSON, 'base64url').toString()) : null;
  const { challenge } = (data ?? {}) as { challenge?: unknown };
  if (typeof challenge !== 'string') throw refused();
  return challenge;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
