// A type-only import: it adds `request.cookies` and `reply.setCookie` to the types of Fastify.
import type {} from '@fastify/cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { minutes, sha256 } from '../../kernel/index.ts';

/**
 * Milliseconds for which correct answers to the identity questions are valid. The person chooses a username and a
 * password in that time, perhaps with a phone call in between.
 */
export const STEP_VALID_FOR = minutes(30);

/**
 * Identifies the cookie of one enrollment in a browser. Each invitation has its own cookie, so that a parent can enroll
 * two children at the same time.
 */
export interface StepCookieScope {
  readonly secure: boolean;
  /** SHA-256 of the token in the invitation link. */
  readonly hash: Buffer;
}

/** Returns the name of the enrollment cookie. The `__Host-` prefix prevents sibling hosts from setting the cookie. */
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
