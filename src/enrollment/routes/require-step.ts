import type { FastifyReply } from 'fastify';
import type { EnrollDeps } from '../patient/deps.ts';
import { type Step, stepOf } from '../patient/step.ts';
import { readStepCookie } from '../patient/step-cookie.ts';
import type { Visit } from './surface.ts';

/** Returns this browser's proof; `undefined` if the person has to answer first, or again. */
export const requireStep = async (deps: EnrollDeps, { request, opened }: Visit): Promise<Step | undefined> =>
  opened.invitation.state === 'open' ? stepOf(deps, request, opened.hash) : undefined;

/** Redirects to the questions, or to the invitation's first page if it isn't open. */
export function backToProof({ secure }: EnrollDeps, { request, reply, opened }: Visit): FastifyReply {
  if (opened.invitation.state !== 'open') return reply.redirect(opened.path, 303);
  const wasHere = readStepCookie(request, { secure, hash: opened.hash }) !== undefined;
  return reply.redirect(`${opened.path}/proof${wasHere ? '?again=1' : ''}`, 303);
}
