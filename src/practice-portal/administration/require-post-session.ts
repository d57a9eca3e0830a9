import type { FastifyRequest } from 'fastify';
import { requireChangeableAccount, type Session } from '../../identity/index.ts';
import type { PracticeAdminDeps } from '../deps.ts';
import { formField } from '../form-fields.ts';

/**
 * Loads the session of the administrator who submits a form: checks the CSRF token, and that the person doesn't use a
 * shared sandbox account.
 */
export async function requirePostSession(
  { cookies, signedIn }: Pick<PracticeAdminDeps, 'cookies' | 'signedIn'>,
  request: FastifyRequest,
): Promise<Session> {
  cookies.requireCsrf(request, formField(request.body, 'csrf'));
  const session = await signedIn.administrator(request);
  requireChangeableAccount(session);
  return session;
}

/** Returns the fields of an audit event about an action of the administrator. */
export const toAuditEvent = (request: FastifyRequest, { accountId }: Session) =>
  ({ outcome: 'success', requestId: request.id, accountId }) as const;
