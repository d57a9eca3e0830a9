import { type Executor, statement } from '../../database/index.ts';
import { getMessages } from '../../i18n/index.ts';
import {
  createMfaResetLink,
  endStaffPosition,
  findAccountProfile,
  listStaffMembers,
  listStaffPositions,
  lockAccountById,
  lockAdministrators,
  type StaffMember,
  type StaffRole,
  saveStaffPosition,
  unlockAccountById,
} from '../../identity/index.ts';
import type { AccountId, PracticeId } from '../../kernel/index.ts';
import { Problem } from '../../kernel/index.ts';
import type { PracticeAdminDeps } from '../deps.ts';
import { notFound } from '../roles.ts';
import { requireStaffManager, type StaffManager } from './staff-manager.ts';

const lockPracticeStatement = statement(
  'desk.staff.lock-practice',
  { practice_id: 'int4' },
  'select practice_id from practice where practice_id = $1 for no key update',
);

export async function requireColleague(db: Executor, practiceId: PracticeId, accountId: string): Promise<StaffMember> {
  const found = (await listStaffMembers(db, practiceId)).find((one) => one.accountId === accountId);
  if (found === undefined) throw notFound();
  return found;
}

/**
 * Why a change was rejected. `last-administrator`: administrators can't remove their own role if they are the last
 * administrator of the practice.
 */
export type StaffChangeError = 'last-administrator';

/**
 * Runs a change to a staff member in a transaction. Changes of one practice run one at a time, and the manager's rights
 * and the colleague's position are checked again inside the transaction. Administrators of the installation also wait
 * for each other: if two of them locked each other at the same time, none would be left.
 * @throws {Problem} `not-changeable` for a shared sandbox account
 */
async function changeStaff<Result>(
  deps: PracticeAdminDeps,
  manager: StaffManager,
  accountId: AccountId,
  work: (tx: Executor, colleague: StaffMember) => Promise<Result>,
): Promise<Result> {
  const { practiceId } = manager.practice;
  return deps.db.transaction(async (tx) => {
    // Approvals lock in this order too: administrators, then a practice.
    if (manager.session.administrator) await lockAdministrators(tx);
    await tx.query(lockPracticeStatement, [practiceId]);
    await requireStaffManager(tx, manager.session, practiceId, manager.language);
    const colleague = await requireColleague(tx, practiceId, accountId);
    if (colleague.published)
      throw new Problem('not-changeable', {
        status: 403,
        language: manager.language,
        message: getMessages(manager.language).practicePortal.staff.member.sharedAccount,
      });
    return work(tx, colleague);
  });
}

/**
 * Whether the signed-in administrator would remove their own role as the last administrator of the practice. An
 * administrator of the installation may remove another person who is the last one, to replace them.
 */
async function wouldRemoveLastAdministrator(
  tx: Executor,
  { practice, session }: StaffManager,
  { accountId, roles }: StaffMember,
) {
  if (accountId !== session.accountId || !roles.includes('administrator')) return false;
  const others = (await listStaffMembers(tx, practice.practiceId)).filter(
    (one) => one.accountId !== accountId && one.roles.includes('administrator') && one.lockedAt === undefined,
  );
  return others.length === 0;
}

export interface StaffAssignment {
  readonly roles: readonly StaffRole[];
  readonly practitionerId: string | undefined;
}

export function changeAssignment(
  deps: PracticeAdminDeps,
  manager: StaffManager,
  accountId: AccountId,
  job: StaffAssignment,
): Promise<StaffChangeError | undefined> {
  return changeStaff(deps, manager, accountId, async (tx, colleague) => {
    const stays = job.roles.includes('administrator');
    if (!stays && (await wouldRemoveLastAdministrator(tx, manager, colleague))) return 'last-administrator';
    await saveStaffPosition(tx, { accountId, practiceId: manager.practice.practiceId, ...job });
    await auditStaffChange(deps, tx, manager, accountId, { action: 'change', ...job, before: colleague.roles });
    return undefined;
  });
}

/**
 * Removes a staff member from the practice. The person can no longer open the staff pages of this practice, and apps
 * lose the access that they had there through this person.
 */
export function removeColleague(
  deps: PracticeAdminDeps,
  manager: StaffManager,
  accountId: AccountId,
): Promise<StaffChangeError | undefined> {
  return changeStaff(deps, manager, accountId, async (tx, colleague) => {
    if (await wouldRemoveLastAdministrator(tx, manager, colleague)) return 'last-administrator';
    await endStaffPosition(tx, accountId, manager.practice.practiceId);
    await auditStaffChange(deps, tx, manager, accountId, { action: 'remove', before: colleague.roles });
    return undefined;
  });
}

export const lockColleague = (
  deps: PracticeAdminDeps,
  manager: StaffManager,
  accountId: AccountId,
  reason: string,
): Promise<void> =>
  changeStaff(deps, manager, accountId, async (tx, colleague) => {
    await requireManageableAccount(tx, manager, accountId);
    await lockAccountById(tx, deps.clock, accountId, reason);
    await auditStaffChange(deps, tx, manager, accountId, { action: 'lock', reason });
    if (!(await isAdministratorAccount(tx, accountId))) return;
    const event = { kind: 'at-once', who: manager.session.displayName } as const;
    const { displayName: subject } = colleague;
    await deps.approvals.announce(tx, { action: 'lock-administrator', subject, reason, event });
  });

export const unlockColleague = (deps: PracticeAdminDeps, manager: StaffManager, accountId: AccountId): Promise<void> =>
  changeStaff(deps, manager, accountId, async (tx) => {
    await requireManageableAccount(tx, manager, accountId);
    await requireOtherThanAdministrator(tx, manager, accountId);
    await unlockAccountById(tx, accountId);
    await auditStaffChange(deps, tx, manager, accountId, { action: 'unlock' });
  });

/**
 * Makes a link with which a colleague can replace a lost second factor.
 * @returns path of the link, to be handed over
 */
export const createSecondFactorLink = (
  deps: PracticeAdminDeps,
  manager: StaffManager,
  accountId: AccountId,
  proofing: string,
): Promise<string> =>
  changeStaff(deps, manager, accountId, async (tx) => {
    await requireManageableAccount(tx, manager, accountId);
    await requireOtherThanAdministrator(tx, manager, accountId);
    const { session, requestId } = manager;
    const path = await createMfaResetLink(tx, deps, accountId, { by: session.accountId, requestId, proofing });
    await auditStaffChange(deps, tx, manager, accountId, { action: 'lost-factor-link', proofing });
    return path;
  });

/**
 * Whether the manager may lock and unlock the account. An administrator of the practice may if the account isn't used
 * at other practices, isn't an administrator of the installation, and isn't their own. An administrator of the
 * installation may for any account but their own.
 */
export async function canManageAccount(
  db: Executor,
  { session, practice }: StaffManager,
  accountId: AccountId,
): Promise<boolean> {
  if (accountId === session.accountId) return false;
  if (session.administrator) return true;
  const jobs = await listStaffPositions(db, accountId);
  const person = await findAccountProfile(db, accountId);
  return person?.administrator === false && jobs.every(({ practiceId }) => practiceId === practice.practiceId);
}

async function requireManageableAccount(tx: Executor, manager: StaffManager, accountId: AccountId): Promise<void> {
  if (await canManageAccount(tx, manager, accountId)) return;
  const { language } = manager;
  const message = getMessages(language).practicePortal.staff.member.notManageable;
  throw new Problem('role-missing', { status: 403, language, message });
}

/** Returns whether an account is that of an administrator of the installation. */
export const isAdministratorAccount = async (db: Executor, accountId: AccountId): Promise<boolean> =>
  (await findAccountProfile(db, accountId))?.administrator === true;

/**
 * Rejects a change that would let another administrator act with this account. An administrator could otherwise be
 * their own second administrator.
 */
async function requireOtherThanAdministrator(
  tx: Executor,
  { language }: StaffManager,
  accountId: AccountId,
): Promise<void> {
  if (!(await isAdministratorAccount(tx, accountId))) return;
  const message = getMessages(language).practicePortal.staff.member.administratorAccount;
  throw new Problem('role-missing', { status: 403, language, message });
}

const auditStaffChange = (
  deps: PracticeAdminDeps,
  tx: Executor,
  { session, practice, requestId }: StaffManager,
  accountId: AccountId,
  detail: Readonly<Record<string, unknown>>,
): Promise<void> =>
  deps.audit.appendInTransaction(tx, {
    kind: 'staff',
    outcome: 'success',
    requestId,
    accountId: session.accountId,
    detail: { ...detail, practice: practice.practiceId, whom: accountId },
  });
