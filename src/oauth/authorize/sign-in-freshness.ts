import type { SessionUser } from '../../domain/index.ts';
import { minutes } from '../../kernel/index.ts';
import type { OAuthParameters } from '../parameters.ts';

/**
 * Parameter that we add to a request while the person signs in again: the time at which the request was first received,
 * in milliseconds since 1970. An app that sends this parameter only weakens its own requirement, and `auth_time` in its
 * id_token still tells when the person really signed in.
 */
const REQUESTED_AT = '_asked_at';
/** Maximum time for a person to sign in and decide. A request that comes back later requires another sign-in. */
const MAX_SIGN_IN_TIME = minutes(30);

/** Whether the person's sign-in is recent enough for `prompt` and `max_age`. OpenID Connect Core §3.1.2.1 */
export function isFresh(parameters: OAuthParameters, carried: OAuthParameters, user: SessionUser, now: Date): boolean {
  const signedIn = user.signedInAt.getTime();
  const requestedAt = parseRequestTime(carried, now);
  if (requestedAt !== undefined && signedIn >= requestedAt) return true;
  if (requiresSignIn(parameters)) return false;
  const maxAge = parameters['max_age'];
  return maxAge === undefined || signedIn + Number(maxAge) * 1000 >= now.getTime();
}

/**
 * Adds the time at which the request was first received, if the request requires a recent sign-in.
 * @returns the parameters that come back after sign-in
 */
export function withRequestTime(parameters: OAuthParameters, carried: OAuthParameters, now: Date): OAuthParameters {
  if (!requiresSignIn(parameters) && parameters['max_age'] === undefined) return carried;
  return { ...carried, [REQUESTED_AT]: String(parseRequestTime(carried, now) ?? now.getTime()) };
}

function parseRequestTime(carried: OAuthParameters, now: Date): number | undefined {
  const at = Number(carried[REQUESTED_AT]);
  return at <= now.getTime() && at > now.getTime() - MAX_SIGN_IN_TIME ? at : undefined;
}

export const forbidsInteraction = (parameters: OAuthParameters): boolean => parameters['prompt'] === 'none';

const requiresSignIn = (parameters: OAuthParameters): boolean =>
  /(^| )(login|select_account)( |$)/.test(parameters['prompt'] ?? '');
