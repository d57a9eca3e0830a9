import type { FastifyRequest } from 'fastify';
import type { Session } from '../../identity/index.ts';
import { Problem } from '../../kernel/index.ts';
import type { PortalGuard } from '../../portal-api/index.ts';

/**
 * Returns the session of an administrator who may change data. Throws `not-changeable` for sandbox
 * accounts, whose passwords are public.
 */
export async function requireWriter(guard: PortalGuard, request: FastifyRequest): Promise<Session> {
  const session = await guard.reviewer(request);
  if (!session.published) return session;
  throw new Problem('not-changeable', {
    status: 403,
    message: 'This is a shared sandbox account and can’t make decisions. Sign in with your own account.',
  });
}

/**
 * Returns the session of an administrator who may make decisions. This additionally requires a
 * recent authentication.
 */
export async function requireDecider(guard: PortalGuard, request: FastifyRequest): Promise<Session> {
  const session = await requireWriter(guard, request);
  guard.requireProof(session);
  return session;
}
