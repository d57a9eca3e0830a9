import type { FastifyReply, FastifyRequest } from 'fastify';
import { hasRecentAuthentication, type Session } from '../identity/index.ts';
import type { Clock } from '../kernel/index.ts';

/**
 * Tells whether a staff member may change who has access: they used their second factor within the last five minutes. If
 * not, redirects to the page that asks for it. Shared sandbox accounts may open such forms; they can't submit them.
 * @param returnTo page to go to afterwards, if it isn't the requested one
 */
export const hasConfirmedIdentity = (
  deps: { readonly clock: Clock },
  session: Session,
  ...exchange: [request: FastifyRequest, reply: FastifyReply, returnTo?: string]
): boolean => session.published || hasRecentAuthentication(deps, session, ...exchange);
