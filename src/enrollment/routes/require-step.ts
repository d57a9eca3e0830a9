import type { FastifyReply } from 'fastify';
import type { EnrollmentPageDeps } from '../patient/deps.ts';
import { type EnrollmentStep, findEnrollmentStep } from '../patient/step.ts';
import { readStepCookie } from '../patient/step-cookie.ts';
import type { InvitationVisit } from './invitation-routes.ts';

/**
 * Returns the enrollment that this browser may continue. Returns `undefined` if the person has to answer the identity
 * questions first, or again.
 */
export const findOpenStep = async (
  deps: EnrollmentPageDeps,
  { request, opened }: InvitationVisit,
): Promise<EnrollmentStep | undefined> =>
  opened.invitation.state === 'open' ? findEnrollmentStep(deps, request, opened.hash) : undefined;

/** Redirects to the identity questions, or to the first page of the invitation if the invitation isn't open. */
export function redirectToProof(
  { secure }: EnrollmentPageDeps,
  { request, reply, opened }: InvitationVisit,
): FastifyReply {
  if (opened.invitation.state !== 'open') return reply.redirect(opened.path, 303);
  const wasHere = readStepCookie(request, { secure, hash: opened.hash }) !== undefined;
  return reply.redirect(`${opened.path}/proof${wasHere ? '?again=1' : ''}`, 303);
}
