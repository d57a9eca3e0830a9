// Types only: request.cookies and reply.setCookie come with the plugin.
import type {} from '@fastify/cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Problem, type Random, sameBytes, secretText, sha256 } from '../kernel/index.ts';

/** Cookies of a browser: one that tells it apart before sign-in, one that holds its session. */
export interface BrowserCookies {
  session(request: FastifyRequest): string | undefined;
  setSession(reply: FastifyReply, value: string): void;
  clearSession(reply: FastifyReply): void;
  /** The token that this browser's forms must carry; gives the browser a cookie when it has none. */
  csrf(request: FastifyRequest, reply: FastifyReply): string;
  /** Throws `form-expired` unless the form came from a page that this browser was given. */
  requireCsrf(request: FastifyRequest, token: string | undefined): void;
}

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
    setSession: (reply, value) => void reply.setCookie(name('session'), value, options),
    clearSession: (reply) => void reply.clearCookie(name('session'), options),
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
