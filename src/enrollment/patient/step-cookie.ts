// Types only: request.cookies and reply.setCookie come with the plugin.
import type {} from '@fastify/cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { minutes, sha256 } from '../../kernel/index.ts';

/** Time to choose a username and a password, with a call in between. */
export const STEP_GOOD_FOR = minutes(30);

/** Whose step it is: one cookie for each invitation, so that who sets up the accounts of two children has two. */
export interface StepPlace {
  readonly secure: boolean;
  /** Of the invitation's token. */
  readonly hash: Buffer;
}

/** `__Host-`: no sibling host can plant it. */
const nameOf = ({ secure, hash }: StepPlace): string =>
  `${secure ? '__Host-' : ''}enroll-${sha256(hash).toString('hex', 0, 6)}`;

const optionsOf = ({ secure }: StepPlace) => ({ path: '/', httpOnly: true, sameSite: 'lax', secure }) as const;

export const readStepCookie = (request: FastifyRequest, place: StepPlace): string | undefined =>
  request.cookies[nameOf(place)];

export const setStepCookie = (reply: FastifyReply, place: StepPlace, value: string): void =>
  void reply.setCookie(nameOf(place), value, { ...optionsOf(place), maxAge: STEP_GOOD_FOR / 1000 });

export const clearStepCookie = (reply: FastifyReply, place: StepPlace): void =>
  void reply.clearCookie(nameOf(place), optionsOf(place));
