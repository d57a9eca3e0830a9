// A type-only import: it adds `request.cookies` and `reply.setCookie` to the types of Fastify.
import type {} from '@fastify/cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { constantTimeEqual, Problem, type Random, randomSecret, sha256, sha256Base64url } from '../../kernel/index.ts';

/**
 * The cookies of one browser. `session` holds the signed-in session. `browser` identifies the browser until it is
 * closed. `known` recognizes the browser across sign-ins, for the email about a sign-in from a new browser.
 */
export interface BrowserCookies {
  session(request: FastifyRequest): string | undefined;
  /**
   * Returns the SHA-256 of the cookie that identifies the browser until it is closed, regardless of who is signed in;
   * `undefined` if the browser has no such cookie.
   */
  browser(request: FastifyRequest): Buffer | undefined;
  /**
   * Returns the SHA-256 of the long-lived cookie that recognizes the browser across sign-ins. Sets the cookie if the
   * browser has none.
   */
  knownBrowser(request: FastifyRequest, reply: FastifyReply): Buffer;
  setSession(reply: FastifyReply, value: string): void;
  clearSession(reply: FastifyReply): void;
  /**
   * Clears the session, and has the browser delete what pages of this host stored, such as the tokens and searches of
   * the API explorer.
   */
  clearSessionAndStorage(reply: FastifyReply): void;
  /**
   * Returns the session of a developer that was set aside when the developer signed in as a test patient. The session
   * grants no access until it is restored.
   */
  suspendedSession(request: FastifyRequest): SuspendedSession | undefined;
  suspendSession(reply: FastifyReply, suspendedSession: SuspendedSession): void;
  clearSuspendedSession(reply: FastifyReply): void;
  /** Returns the CSRF token for forms in this browser. Sets a cookie if the browser has none. */
  csrf(request: FastifyRequest, reply: FastifyReply): string;
  /** Throws `form-expired` if the CSRF token of a form doesn't belong to the browser's cookie. */
  requireCsrf(request: FastifyRequest, token: string | undefined): void;
}

interface SuspendedSession {
  /** Value of the session cookie that was set aside; `undefined` if no one was signed in. */
  readonly session: string | undefined;
  readonly suspendedAt: Date;
}

/**
 * Lifetime of the cookie that recognizes a browser, in seconds. Browsers cap cookies at 400 days (RFC 6265bis §5.5).
 */
const MAX_COOKIE_AGE_SECONDS = 400 * 86_400;
const KNOWN_BROWSER_VALUE = /^[\w-]{43}$/;
const SUSPENDED_SESSION_VALUE = /^(\d{13})\.([\w-]*)$/;

/**
 * Creates the service that reads and sets browser cookies. The CSRF token is a hash of an HttpOnly cookie, which other
 * sites can't read. The `__Host-` prefix prevents sibling hosts from setting that cookie. Signing in replaces the
 * cookie and therefore the token.
 */
export function createBrowserCookies(deps: { random: Random; secure: boolean }): BrowserCookies {
  const name = (plain: string): string => (deps.secure ? `__Host-${plain}` : plain);
  const options = { path: '/', httpOnly: true, sameSite: 'lax', secure: deps.secure } as const;
  const clearSession = (reply: FastifyReply) => void reply.clearCookie(name('session'), options);
  const read = (request: FastifyRequest, plain: string) => request.cookies[name(plain)];
  const csrfTokenFor = (cookie: string): string => sha256Base64url(`form\u0000${cookie}`);
  const anchor = (request: FastifyRequest) => read(request, 'session') ?? read(request, 'browser');
  return {
    session: (request) => read(request, 'session'),
    browser(request) {
      const cookie = read(request, 'browser');
      return cookie === undefined ? undefined : sha256(cookie);
    },
    knownBrowser(request, reply) {
      const current = read(request, 'known');
      const value = current !== undefined && KNOWN_BROWSER_VALUE.test(current) ? current : randomSecret(deps.random);
      // Each visit sets the cookie again, so that a browser which is used from time to time stays known.
      reply.setCookie(name('known'), value, { ...options, maxAge: MAX_COOKIE_AGE_SECONDS });
      return sha256(value);
    },
    setSession: (reply, value) => void reply.setCookie(name('session'), value, options),
    clearSession,
    clearSessionAndStorage(reply) {
      clearSession(reply);
      reply.header('clear-site-data', '"storage"');
    },
    suspendedSession(request) {
      const [, since, session] = SUSPENDED_SESSION_VALUE.exec(read(request, 'waiting') ?? '') ?? [];
      return since === undefined ? undefined : { session: session || undefined, suspendedAt: new Date(Number(since)) };
    },
    // The cookie has no Max-Age, so that it ends when the browser is closed, as the session cookie does.
    suspendSession: (reply, { session = '', suspendedAt }) =>
      void reply.setCookie(name('waiting'), `${suspendedAt.getTime()}.${session}`, options),
    clearSuspendedSession: (reply) => void reply.clearCookie(name('waiting'), options),
    csrf(request, reply) {
      const cookie = anchor(request);
      if (cookie !== undefined) return csrfTokenFor(cookie);
      const value = randomSecret(deps.random);
      reply.setCookie(name('browser'), value, options);
      return csrfTokenFor(value);
    },
    requireCsrf(request, token) {
      const cookie = anchor(request);
      if (
        cookie !== undefined &&
        token !== undefined &&
        constantTimeEqual(Buffer.from(csrfTokenFor(cookie)), Buffer.from(token))
      )
        return;
      throw new Problem('form-expired', {
        status: 403,
        message: 'This page was open too long, or cookies are turned off. Go back, reload the page and try again.',
      });
    },
  };
}
