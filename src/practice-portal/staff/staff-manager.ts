import type { FastifyRequest } from 'fastify';
import type { Executor } from '../../database/index.ts';
import { findAccountProfile, listStaffPositions, type Session, type StaffPosition } from '../../identity/index.ts';
import type { PracticeId } from '../../kernel/index.ts';
import { findPracticeSettings, type PracticeSettings } from '../../practices/index.ts';
import type { PracticeAdminDeps } from '../deps.ts';
import { hasRole, notFound, requireRole } from '../roles.ts';

/** Person who manages the staff of a practice: an administrator of the practice or of the installation. */
export interface StaffManager {
  readonly session: Session;
  readonly practice: PracticeSettings;
  /** undefined for an administrator of the installation who doesn't work at the practice. */
  readonly job: StaffPosition | undefined;
  /** Request id for the audit log. */
  readonly requestId: string;
}

/**
 * Loads the staff manager. An administrator of the installation needs no role at the practice.
 * @throws what leads to sign-in, and what `requireRole` throws
 */
export async function loadStaffManager(
  deps: Pick<PracticeAdminDeps, 'db' | 'signedIn'>,
  request: FastifyRequest,
): Promise<StaffManager> {
  const session = await deps.signedIn.staff(request);
  const practiceId = parsePracticeId(request);
  const job = await requireStaffManager(deps.db, session, practiceId);
  const practice = await findPracticeSettings(deps.db, practiceId);
  if (practice === undefined) throw notFound();
  return { session, practice, job, requestId: request.id };
}

/**
 * Checks that the account may manage the staff. It is repeated inside transactions, because the account may have lost
 * the role or been locked meanwhile.
 */
export async function requireStaffManager(
  db: Executor,
  { accountId }: Pick<Session, 'accountId'>,
  practiceId: PracticeId,
): Promise<StaffPosition | undefined> {
  const person = await findAccountProfile(db, accountId);
  if (person === undefined || person.lockedAt !== undefined) throw notFound();
  if (!person.administrator) return requireRole(db, { accountId }, practiceId, 'administrator');
  return (await listStaffPositions(db, accountId)).find((job) => job.practiceId === practiceId);
}

/** Whether the person has the practice's own navigation. */
export const isPracticeAdministrator = (job: StaffPosition | undefined): job is StaffPosition =>
  job !== undefined && hasRole(job, 'administrator');

/** @throws {Problem} `not-found` when the address contains no valid practice number */
export function parsePracticeId(request: FastifyRequest): PracticeId {
  const { practiceId = '' } = request.params as { practiceId?: string };
  if (!/^[1-9]\d{0,8}$/.test(practiceId)) throw notFound();
  return Number(practiceId) as PracticeId;
}
