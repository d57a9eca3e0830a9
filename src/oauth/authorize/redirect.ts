import { type ProblemCode, plainAscii } from '../../kernel/index.ts';
import type { Parameters } from '../parameters.ts';
import type { Client } from '../ports.ts';
import { PersonProblem } from './person-problem.ts';

declare const verified: unique symbol;
/**
 * A redirect URI that the client has registered. Only `verifyRedirect` creates this type, and all redirects to apps
 * require it.
 */
export type VerifiedRedirect = string & { readonly [verified]: true };

/**
 * Verifies the redirect URI by exact string comparison (RFC 6749 §3.1.2.3, RFC 9700 §2.1). Throws `PersonProblem`,
 * which is shown on a page, because nothing may be redirected to an unverified URI (RFC 6749 §4.1.2.1).
 */
export function verifyRedirect(client: Client, uri: string | undefined): VerifiedRedirect {
  if (uri !== undefined && client.redirectUris.some((known) => known === uri || isSameLoopback(known, uri))) {
    return uri as VerifiedRedirect;
  }
  throw new PersonProblem('redirect-mismatch', {
    status: 400,
    tell: ({ noReturnAddress, wrongReturnAddress }) =>
      uri === undefined ? noReturnAddress(client.name) : wrongReturnAddress(client.name, uri),
    detail: uri === undefined ? 'redirect_uri is missing' : mismatch(client.redirectUris, uri),
  });
}

/**
 * RFC 8252 §7.3: a native app listens on any free loopback port. Everything except the port must match exactly, and
 * only IP literals count, because `localhost` may resolve elsewhere (§8.3).
 */
function isSameLoopback(registered: string, uri: string): boolean {
  const [, host, , rest] = LOOPBACK.exec(registered) ?? [];
  const [, askedHost, port, askedRest] = LOOPBACK.exec(uri) ?? [];
  if (host === undefined || host !== askedHost || rest !== askedRest) return false;
  return port === undefined || (Number(port) > 0 && Number(port) <= 65_535);
}

const LOOPBACK = /^http:\/\/(127\.0\.0\.1|\[::1\])(?::(\d{1,5}))?((?:[/?].*)?)$/;

/** Tells the app's developer where the URI differs from the most similar registered one. */
function mismatch(registered: readonly string[], uri: string): string {
  const best = Math.max(0, ...registered.map((known) => firstDifference(known, uri)));
  return `redirect_uri differs at character ${best} from every registered address`;
}

/** One-based position of the first difference between two texts. */
export function firstDifference(a: string, b: string): number {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at += 1;
  return at + 1;
}

/** An error that is sent to the client by redirect. RFC 6749 §4.1.2.1 */
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
  // OpenID Connect Core §3.1.2.6
  | 'login_required'
  | 'interaction_required'
  | 'request_not_supported'
  | 'request_uri_not_supported'
>;

/**
 * Redirect URL for the response: adds the parameters to the query of the registered URI. RFC 6749 §4.1.2
 * @param issuer value of `iss` (RFC 9207 §2), or undefined when the operator has not turned it on
 */
export function answerAddress(
  { redirect, state }: Pick<RedirectableProblem, 'redirect' | 'state'>,
  answer: Parameters,
  issuer: string | undefined,
): string {
  const parameters = new URLSearchParams(answer);
  if (state !== undefined) parameters.set('state', state);
  if (issuer !== undefined) parameters.set('iss', issuer);
  return `${redirect}${redirect.includes('?') ? '&' : '?'}${parameters}`;
}

export const errorAddress = (problem: RedirectableProblem, issuer: string | undefined): string =>
  answerAddress(problem, { error: problem.code, error_description: plainAscii(problem.message) }, issuer);
