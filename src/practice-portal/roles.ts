import type { FastifyRequest } from 'fastify';
import type { Executor } from '../database/index.ts';
import { getMessages } from '../i18n/index.ts';
import {
  listStaffPositions,
  type Session,
  type SessionGuard,
  type StaffPosition,
  type StaffRole,
} from '../identity/index.ts';
import { Problem } from '../kernel/index.ts';

/** English names of the staff roles, for error messages. */
export const ROLE_NAMES: Readonly<Record<StaffRole, string>> = getMessages('en').practicePortal.shared.roles;

/**
 * Returns the staff member's position at a practice (roles and directory entry), if it includes one of the given roles.
 * @param practiceId from the path, not yet validated
 * @param roles one of them is required; if none is given, any position at the practice is enough
 * @throws {Problem} `not-found` for a practice where the person doesn't work, as if it didn't exist; `role-missing` if
 * the person has none of the roles
 */
export async function requireRole(
  db: Executor,
  { accountId }: Pick<Session, 'accountId'>,
  practiceId: string | number,
  ...roles: readonly StaffRole[]
): Promise<StaffPosition> {
  const requestedId = String(practiceId);
  const job = (await listStaffPositions(db, accountId)).find((one) => String(one.practiceId) === requestedId);
  if (job === undefined) throw notFound();
  if (roles.length === 0 || hasRole(job, ...roles)) return job;
  const needed = roles.map((role) => ROLE_NAMES[role]).join(' or ');
  const message = `To open this page, you need the role ${needed} at ${job.practiceName}. Ask an administrator of the practice for access.`;
  throw new Problem('role-missing', { status: 403, message });
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
  return { session, job: await requireRole(db, session, practiceId, ...roles) };
}
