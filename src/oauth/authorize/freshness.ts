import { minutes } from '../../kernel/index.ts';
import type { Parameters } from '../parameters.ts';
import type { Visitor } from '../ports.ts';

/**
 * Parameter that we add to a request that waits for a new sign-in: when it was first received, in milliseconds since
 * 1970. An app that sends it itself only weakens its own requirement, and `auth_time` still tells it when the person
 * really signed in.
 */
const ASKED_AT = '_asked_at';
/** Time to sign in and decide. A request that comes back later requires another sign-in. */
const MARK_LASTS = minutes(30);

/** Whether the person's sign-in is recent enough for `prompt` and `max_age`. OpenID Connect Core §3.1.2.1 */
export function isFresh(parameters: Parameters, carried: Parameters, user: Visitor, now: Date): boolean {
  const signedIn = user.signedInAt.getTime();
  const askedAt = askedBefore(carried, now);
  if (askedAt !== undefined && signedIn >= askedAt) return true;
  if (wantsSignIn(parameters)) return false;
  const maxAge = parameters['max_age'];
  return maxAge === undefined || signedIn + Number(maxAge) * 1000 >= now.getTime();
}

/** The request as it comes back after sign-in. */
export function whenAsked(parameters: Parameters, carried: Parameters, now: Date): Parameters {
  if (!wantsSignIn(parameters) && parameters['max_age'] === undefined) return carried;
  return { ...carried, [ASKED_AT]: String(askedBefore(carried, now) ?? now.getTime()) };
}

function askedBefore(carried: Parameters, now: Date): number | undefined {
  const at = Number(carried[ASKED_AT]);
  return at <= now.getTime() && at > now.getTime() - MARK_LASTS ? at : undefined;
}

export const wantsNobody = (parameters: Parameters): boolean => parameters['prompt'] === 'none';

const wantsSignIn = (parameters: Parameters): boolean =>
  /(^| )(login|select_account)( |$)/.test(parameters['prompt'] ?? '');
