// Imported for its types only: they declare `request.cookies` and `reply.setCookie`.
import type {} from '@fastify/cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { minutes, sha256 } from '../../kernel/index.ts';

/** Milliseconds. Time to choose a username and a password, with a phone call in between. */
export const STEP_VALID_FOR = minutes(30);

/**
 * Identifies the cookie of an enrollment. There is one per invitation, so that a parent can enroll two children at
 * once.
 */
export interface StepCookieScope {
  readonly secure: boolean;
  /** SHA-256 of the invitation's token. */
  readonly hash: Buffer;
}

/** The `__Host-` prefix keeps sibling hosts from setting the cookie. */
const cookieName = ({ secure, hash }: StepCookieScope): string =>
  `${secure ? '__Host-' : ''}enroll-${sha256(hash).toString('hex', 0, 6)}`;

const cookieOptions = ({ secure }: StepCookieScope) =>
  ({ path: '/', httpOnly: true, sameSite: 'lax', secure }) as const;

export const readStepCookie = (request: FastifyRequest, scope: StepCookieScope): string | undefined =>
  request.cookies[cookieName(scope)];

export const setStepCookie = (reply: FastifyReply, scope: StepCookieScope, value: string): void =>
  void reply.setCookie(cookieName(scope), value, { ...cookieOptions(scope), maxAge: STEP_VALID_FOR / 1000 });

export const clearStepCookie = (reply: FastifyReply, scope: StepCookieScope): void =>
  void reply.clearCookie(cookieName(scope), cookieOptions(scope));
