import type { FastifyRequest } from 'fastify';
import type { Executor } from '../database/index.ts';
import { formatList, getMessages, type Language, requestLanguage } from '../i18n/index.ts';
import {
  listStaffPositions,
  type Session,
  type SessionGuard,
  type StaffPosition,
  type StaffRole,
} from '../identity/index.ts';
import { Problem } from '../kernel/index.ts';

/**
 * Returns the staff member's position at a practice (roles and directory entry), if it includes one of the given roles.
 * @param practiceId from the path, not yet validated
 * @param language language of the error message
 * @param roles one of them is required; if none is given, any position at the practice is enough
 * @throws {Problem} `not-found` for a practice where the person doesn't work, as if it didn't exist; `role-missing` if
 * the person has none of the roles
 */
export async function requireRole(
  db: Executor,
  { accountId }: Pick<Session, 'accountId'>,
  practiceId: string | number,
  language: Language,
  ...roles: readonly StaffRole[]
): Promise<StaffPosition> {
  const requestedId = String(practiceId);
  const job = (await listStaffPositions(db, accountId)).find((one) => String(one.practiceId) === requestedId);
  if (job === undefined) throw notFound();
  if (roles.length === 0 || hasRole(job, ...roles)) return job;
  const { access, shared } = getMessages(language).practicePortal;
  const names = roles.map((role) => shared.roles[role]);
  const message = access.roleMissing(formatList(language, names, 'disjunction'), job.practiceName);
  throw new Problem('role-missing', { status: 403, language, message });
}

export const hasRole = (job: Pick<StaffPosition, 'roles'>, ...roles: readonly StaffRole[]): boolean =>
  roles.some((role) => job.roles.includes(role));

/**
 * Creates the error for a practice where the person doesn't work. It is the same as for an unknown practice, so that it
 * doesn't reveal which practices exist.
 */
export const notFound = (): Problem =>
  new Problem('not-found', {
    status: 404,
    message: 'We couldn’t find that page. Check the address, or go to the home page.',
  });

/** A signed-in staff member and their position at the practice whose id is in the path, `/practice/:practiceId`. */
export interface StaffContext {
  readonly session: Session;
  readonly job: StaffPosition;
}

/**
 * Loads the signed-in staff member and their position at the practice whose id is in the path.
 * @throws an error that leads to the sign-in page if no one is signed in, `Problem` for accounts that aren't staff, and
 * what `requireRole` throws
 */
export async function loadStaffContext(
  { db, signedIn }: { readonly db: Executor; readonly signedIn: SessionGuard },
  request: FastifyRequest,
  ...roles: readonly StaffRole[]
): Promise<StaffContext> {
  const session = await signedIn.staff(request);
  const { practiceId = '' } = request.params as { practiceId?: string };
  const language = requestLanguage(request.headers);
  return { session, job: await requireRole(db, session, practiceId, language, ...roles) };
}
