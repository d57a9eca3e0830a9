// Imported for its types only: they declare `request.cookies` and `reply.setCookie`.
import type {} from '@fastify/cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { minutes, sha256 } from '../../kernel/index.ts';

/** Milliseconds. Time to choose a username and a password, with a phone call in between. */
export const STEP_GOOD_FOR = minutes(30);

/**
 * Identifies the cookie of an enrollment. There is one per invitation, so that a parent can enroll two children at
 * once.
 */
export interface StepPlace {
  readonly secure: boolean;
  /** SHA-256 of the invitation's token. */
  readonly hash: Buffer;
}

/** The `__Host-` prefix keeps sibling hosts from setting the cookie. */
const nameOf = ({ secure, hash }: StepPlace): string =>
  `${secure ? '__Host-' : ''}enroll-${sha256(hash).toString('hex', 0, 6)}`;

const optionsOf = ({ secure }: StepPlace) => ({ path: '/', httpOnly: true, sameSite: 'lax', secure }) as const;

export const readStepCookie = (request: FastifyRequest, scope: StepPlace): string | undefined =>
  request.cookies[nameOf(scope)];

export const setStepCookie = (reply: FastifyReply, scope: StepPlace, value: string): void =>
  void reply.setCookie(nameOf(scope), value, { ...optionsOf(scope), maxAge: STEP_GOOD_FOR / 1000 });

export const clearStepCookie = (reply: FastifyReply, scope: StepPlace): void =>
  void reply.clearCookie(nameOf(scope), optionsOf(scope));
