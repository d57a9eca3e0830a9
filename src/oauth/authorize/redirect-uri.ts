import type { App } from '../../domain/index.ts';
import { type ProblemCode, toPlainAscii } from '../../kernel/index.ts';
import type { OAuthParameters } from '../parameters.ts';
import { findFirstDifference } from '../text-difference.ts';
import { PersonProblem } from './person-problem.ts';

declare const verified: unique symbol;
/**
 * A redirect URI that the client has registered. Only `verifyRedirect` creates values of this type, and every redirect
 * to an app needs one.
 */
export type VerifiedRedirect = string & { readonly [verified]: true };

/**
 * Verifies the redirect URI by exact string comparison (RFC 6749 §3.1.2.3, RFC 9700 §2.1). Throws `PersonProblem`,
 * which is shown on a page, because nothing may be redirected to an unverified URI (RFC 6749 §4.1.2.1).
 */
export function verifyRedirect(client: App, uri: string | undefined): VerifiedRedirect {
  if (uri !== undefined && client.redirectUris.some((known) => known === uri || isSameLoopback(known, uri))) {
    return uri as VerifiedRedirect;
  }
  throw new PersonProblem('redirect-mismatch', {
    status: 400,
    message: ({ noReturnAddress, wrongReturnAddress }) =>
      uri === undefined ? noReturnAddress(client.name) : wrongReturnAddress(client.name, uri),
    detail: uri === undefined ? 'redirect_uri is missing' : describeMismatch(client.redirectUris, uri),
  });
}

/**
 * Whether both URIs are the same loopback address, except for the port: a native app listens on any free loopback port
 * (RFC 8252 §7.3). Only IP literals count, because `localhost` may resolve elsewhere (§8.3).
 */
function isSameLoopback(registered: string, uri: string): boolean {
  const [, host, , rest] = LOOPBACK.exec(registered) ?? [];
  const [, requestedHost, port, requestedRest] = LOOPBACK.exec(uri) ?? [];
  if (host === undefined || host !== requestedHost || rest !== requestedRest) return false;
  return port === undefined || (Number(port) > 0 && Number(port) <= 65_535);
}

const LOOPBACK = /^http:\/\/(127\.0\.0\.1|\[::1\])(?::(\d{1,5}))?((?:[/?].*)?)$/;

/** Tells the app's developer at which character the redirect URI differs from the most similar registered one. */
function describeMismatch(registered: readonly string[], uri: string): string {
  const best = Math.max(0, ...registered.map((known) => findFirstDifference(known, uri)));
  return `redirect_uri matches no registered redirect URI. First difference: character ${best}`;
}

/** An authorization error that is sent to the app by redirect. RFC 6749 §4.1.2.1 */
export class RedirectableProblem extends Error {
  readonly redirect: VerifiedRedirect;
  readonly code: AuthorizeErrorCode;
  readonly state: string | undefined;

  constructor(redirect: VerifiedRedirect, state: string | undefined, code: AuthorizeErrorCode, message: string) {
    super(message);
    this.redirect = redirect;
    this.state = state;
    this.code = code;
  }
}

export type AuthorizeErrorCode = Extract<
  ProblemCode,
  | 'invalid_request'
  | 'unauthorized_client'
  | 'access_denied'
  | 'unsupported_response_type'
  | 'invalid_scope'
  // The following error codes are those of OpenID Connect Core §3.1.2.6.
  | 'login_required'
  | 'interaction_required'
  | 'request_not_supported'
  | 'request_uri_not_supported'
>;

/**
 * Builds the URL that takes the browser back to the app, with the response parameters in its query. RFC 6749 §4.1.2
 * @param issuer value of the parameter `iss` (RFC 9207 §2); undefined if the operator has not turned on `iss`
 */
export function buildRedirectUrl(
  { redirect, state }: Pick<RedirectableProblem, 'redirect' | 'state'>,
  answer: OAuthParameters,
  issuer: string | undefined,
): string {
  const parameters = new URLSearchParams(answer);
  if (state !== undefined) parameters.set('state', state);
  if (issuer !== undefined) parameters.set('iss', issuer);
  return `${redirect}${redirect.includes('?') ? '&' : '?'}${parameters}`;
}

export const buildErrorRedirectUrl = (problem: RedirectableProblem, issuer: string | undefined): string =>
  buildRedirectUrl(problem, { error: problem.code, error_description: toPlainAscii(problem.message) }, issuer);
