// Types only: request.cookies and reply.setCookie come with the plugin.
import type {} from '@fastify/cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Problem, type Random, sameBytes, secretText, sha256 } from '../kernel/index.ts';

/**
 * Cookies of a browser: one that tells it apart until it is closed, one that holds its session, one that knows it again
 * after somebody signed in there.
 */
export interface BrowserCookies {
  session(request: FastifyRequest): string | undefined;
  /** SHA-256 of what tells this browser apart, whoever is signed in. */
  browser(request: FastifyRequest): Buffer | undefined;
  /** SHA-256 of what this browser is known by for good; it is given that when it has none. */
  known(request: FastifyRequest, reply: FastifyReply): Buffer;
  setSession(reply: FastifyReply, value: string): void;
  clearSession(reply: FastifyReply): void;
  /** A session that was put aside for a while, which opens nothing meanwhile. */
  waiting(request: FastifyRequest): Waiting | undefined;
  setWaiting(reply: FastifyReply, waiting: Waiting): void;
  clearWaiting(reply: FastifyReply): void;
  /** The token that this browser's forms must carry; gives the browser a cookie when it has none. */
  csrf(request: FastifyRequest, reply: FastifyReply): string;
  /** Throws `form-expired` unless the form came from a page that this browser was given. */
  requireCsrf(request: FastifyRequest, token: string | undefined): void;
}

/** @see BrowserCookies.waiting */
interface Waiting {
  /** Value of the session's cookie; undefined: nobody was signed in. */
  readonly session: string | undefined;
  readonly since: Date;
}

/** Seconds: browsers keep no cookie for longer than 400 days (RFC 6265bis §5.5). */
const LONGEST = 400 * 86_400;
const KNOWN = /^[\w-]{43}$/;
const WAITING = /^(\d{13})\.([\w-]*)$/;

/**
 * The form token is a hash of an HttpOnly cookie, which no other site can read; the `__Host-` name keeps a sibling host
 * from planting one. Signing in changes the cookie, and so the token.
 */
export function browserCookies(deps: { random: Random; secure: boolean }): BrowserCookies {
  const name = (plain: string): string => (deps.secure ? `__Host-${plain}` : plain);
  const options = { path: '/', httpOnly: true, sameSite: 'lax', secure: deps.secure } as const;
  const read = (request: FastifyRequest, plain: string) => request.cookies[name(plain)];
  const tokenOf = (cookie: string): string => sha256(`form\u0000${cookie}`).toString('base64url');
  const anchor = (request: FastifyRequest) => read(request, 'session') ?? read(request, 'browser');
  return {
    session: (request) => read(request, 'session'),
    browser(request) {
      const known = read(request, 'browser');
      return known === undefined ? undefined : sha256(known);
    },
    known(request, reply) {
      const had = read(request, 'known');
      const value = had !== undefined && KNOWN.test(had) ? had : secretText(deps.random);
      // Anew each time: whoever comes now and then stays known.
      reply.setCookie(name('known'), value, { ...options, maxAge: LONGEST });
      return sha256(value);
    },
    setSession: (reply, value) => void reply.setCookie(name('session'), value, options),
    clearSession: (reply) => void reply.clearCookie(name('session'), options),
    waiting(request) {
      const [, since, session] = WAITING.exec(read(request, 'waiting') ?? '') ?? [];
      return since === undefined ? undefined : { session: session || undefined, since: new Date(Number(since)) };
    },
    // Goes when the browser is closed, as the session does: an age of its own would outlast that.
    setWaiting: (reply, { session = '', since }) =>
      void reply.setCookie(name('waiting'), `${since.getTime()}.${session}`, options),
    clearWaiting: (reply) => void reply.clearCookie(name('waiting'), options),
    csrf(request, reply) {
      const known = anchor(request);
      if (known !== undefined) return tokenOf(known);
      const fresh = secretText(deps.random);
      reply.setCookie(name('browser'), fresh, options);
      return tokenOf(fresh);
    },
    requireCsrf(request, token) {
      const cookie = anchor(request);
      if (cookie !== undefined && token !== undefined && sameBytes(Buffer.from(tokenOf(cookie)), Buffer.from(token)))
        return;
      throw new Problem('form-expired', {
        status: 403,
        message:
          'This page was open for too long, or cookies are turned off. Go back, load the page again and try once more.',
      });
    },
  };
}
