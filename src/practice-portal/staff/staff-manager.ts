import type { FastifyRequest } from 'fastify';
import type { Executor } from '../../database/index.ts';
import { type Language, requestLanguage } from '../../i18n/index.ts';
import {
  findAccountProfile,
  listStaffPositions,
  requireChangeableAccount,
  type Session,
  type StaffPosition,
} from '../../identity/index.ts';
import type { PracticeId } from '../../kernel/index.ts';
import { findPracticeSettings, type PracticeSettings } from '../../practices/index.ts';
import type { PracticeAdminDeps } from '../deps.ts';
import { formField } from '../form-fields.ts';
import { hasRole, notFound, requireRole } from '../roles.ts';

/** Path of the page about the staff of a practice. All other pages about the staff are below it. */
export const STAFF_PATH = '/practice/:practiceId/staff';

/** A person who manages the staff of a practice: an administrator of the practice or of the installation. */
export interface StaffManager {
  readonly session: Session;
  readonly practice: PracticeSettings;
  /**
   * The person's position at the practice. undefined for an administrator of the installation who doesn't work there.
   */
  readonly job: StaffPosition | undefined;
  readonly requestId: string;
  /** Language of the request, for error messages. */
  readonly language: Language;
}

/**
 * Loads the signed-in staff manager. An administrator of the installation needs no role at the practice.
 * @throws an error that leads to the sign-in page if no one is signed in, and what `requireRole` throws
 */
export async function loadStaffManager(
  deps: Pick<PracticeAdminDeps, 'db' | 'signedIn'>,
  request: FastifyRequest,
): Promise<StaffManager> {
  const session = await deps.signedIn.staff(request);
  const practiceId = parsePracticeId(request);
  const language = requestLanguage(request.headers);
  const job = await requireStaffManager(deps.db, session, practiceId, language);
  const practice = await findPracticeSettings(deps.db, practiceId);
  if (practice === undefined) throw notFound();
  return { session, practice, job, requestId: request.id, language };
}

/**
 * Loads the manager who submits a form: checks the CSRF token, whether the person may manage the staff, and that the
 * person doesn't use a shared sandbox account.
 */
export async function requirePostManager(
  deps: Pick<PracticeAdminDeps, 'db' | 'signedIn' | 'cookies'>,
  request: FastifyRequest,
): Promise<StaffManager> {
  deps.cookies.requireCsrf(request, formField(request.body, 'csrf'));
  const manager = await loadStaffManager(deps, request);
  requireChangeableAccount(manager.session);
  return manager;
}

/**
 * Checks that the account may manage the staff. The check is repeated inside transactions, because the account may have
 * lost the role or been locked meanwhile.
 */
export async function requireStaffManager(
  db: Executor,
  { accountId }: Pick<Session, 'accountId'>,
  practiceId: PracticeId,
  language: Language,
): Promise<StaffPosition | undefined> {
  const person = await findAccountProfile(db, accountId);
  if (person === undefined || person.lockedAt !== undefined) throw notFound();
  if (!person.administrator) return requireRole(db, { accountId }, practiceId, language, 'administrator');
  return (await listStaffPositions(db, accountId)).find((job) => job.practiceId === practiceId);
}

/**
 * Whether the person is an administrator of the practice, and not only of the installation. The pages then have the
 * navigation of the practice.
 */
export const isPracticeAdministrator = (job: StaffPosition | undefined): job is StaffPosition =>
  job !== undefined && hasRole(job, 'administrator');

/**
 * Parses the practice id in the path.
 * @throws {Problem} `not-found` if it isn't a valid number
 */
export function parsePracticeId(request: FastifyRequest): PracticeId {
  const { practiceId = '' } = request.params as { practiceId?: string };
  if (!/^[1-9]\d{0,8}$/.test(practiceId)) throw notFound();
  return Number(practiceId) as PracticeId;
}
