import { type Executor, statement } from '../../database/index.ts';
import type { AccountId, PracticeId } from '../../kernel/index.ts';
import { Problem } from '../../kernel/index.ts';
import {
  type Colleague,
  colleaguesAt,
  endJob,
  findPerson,
  giveLostFactorLink,
  jobsOf,
  keepJob,
  lockAccountById,
  type Role,
  unlockAccountById,
} from '../../people/index.ts';
import { lockAdministrators } from '../administration/administrators.ts';
import type { OfficeDeps } from '../deps.ts';
import { notFound } from '../roles.ts';
import { type Keeper, requireKeeper } from './keeper.ts';

const lockPractice = statement(
  'desk.staff.lock-practice',
  { practice_id: 'int4' },
  'select practice_id from practice where practice_id = $1 for update',
);

export async function requireColleague(db: Executor, practiceId: PracticeId, accountId: string): Promise<Colleague> {
  const found = (await colleaguesAt(db, practiceId)).find((one) => one.accountId === accountId);
  if (found === undefined) throw notFound();
  return found;
}

/** Why a change was rejected: administrators can't remove their own last administrator role at a practice. */
export type Refusal = 'last-administrator';

/**
 * Runs a change to a staff member. Changes of one practice run one at a time, and the manager's rights and the
 * colleague's job are checked again inside the transaction. Administrators of the installation also wait for each
 * other, since two who lock one another would leave none.
 * @throws {Problem} `not-changeable` for a shared sandbox account
 */
async function change<Result>(
  deps: OfficeDeps,
  keeper: Keeper,
  accountId: AccountId,
  work: (tx: Executor, colleague: Colleague) => Promise<Result>,
): Promise<Result> {
  const { practiceId } = keeper.practice;
  return deps.db.transaction(async (tx) => {
    await tx.query(lockPractice, [practiceId]);
    if (keeper.session.administrator) await lockAdministrators(tx);
    await requireKeeper(tx, keeper.session, practiceId);
    const colleague = await requireColleague(tx, practiceId, accountId);
    if (colleague.published)
      throw new Problem('not-changeable', {
        status: 403,
        message: 'This is an account of the sandbox that everyone may use: it can’t be changed.',
      });
    return work(tx, colleague);
  });
}

/**
 * Whether the signed-in administrator would remove their own role as the last administrator of the practice. An
 * administrator of the installation may do so for another administrator, to replace them.
 */
async function isLastOfTheirOwn(tx: Executor, { practice, session }: Keeper, { accountId, roles }: Colleague) {
  if (accountId !== session.accountId || !roles.includes('administrator')) return false;
  const others = (await colleaguesAt(tx, practice.practiceId)).filter(
    (one) => one.accountId !== accountId && one.roles.includes('administrator') && one.lockedAt === undefined,
  );
  return others.length === 0;
}

export interface NewJob {
  readonly roles: readonly Role[];
  readonly practitionerId: string | undefined;
}

export function changeJob(
  deps: OfficeDeps,
  keeper: Keeper,
  accountId: AccountId,
  job: NewJob,
): Promise<Refusal | undefined> {
  return change(deps, keeper, accountId, async (tx, colleague) => {
    const stays = job.roles.includes('administrator');
    if (!stays && (await isLastOfTheirOwn(tx, keeper, colleague))) return 'last-administrator';
    await keepJob(tx, { accountId, practiceId: keeper.practice.practiceId, ...job });
    await record(deps, tx, keeper, accountId, { action: 'change', ...job, before: colleague.roles });
    return undefined;
  });
}

/**
 * Removes a staff member from the practice. This also ends their staff pages and the access of apps through them there.
 */
export function removeColleague(deps: OfficeDeps, keeper: Keeper, accountId: AccountId): Promise<Refusal | undefined> {
  return change(deps, keeper, accountId, async (tx, colleague) => {
    if (await isLastOfTheirOwn(tx, keeper, colleague)) return 'last-administrator';
    await endJob(tx, accountId, keeper.practice.practiceId);
    await record(deps, tx, keeper, accountId, { action: 'remove', before: colleague.roles });
    return undefined;
  });
}

export const lockColleague = (deps: OfficeDeps, keeper: Keeper, accountId: AccountId, reason: string): Promise<void> =>
  change(deps, keeper, accountId, async (tx) => {
    await requireOwn(tx, keeper, accountId);
    await lockAccountById(tx, deps.clock, accountId, reason);
    await record(deps, tx, keeper, accountId, { action: 'lock', reason });
  });

export const unlockColleague = (deps: OfficeDeps, keeper: Keeper, accountId: AccountId): Promise<void> =>
  change(deps, keeper, accountId, async (tx) => {
    await requireOwn(tx, keeper, accountId);
    await unlockAccountById(tx, accountId);
    await record(deps, tx, keeper, accountId, { action: 'unlock' });
  });

/** Makes a link to replace a lost second factor. @returns path of the link, to be handed over */
export const letInAgain = (deps: OfficeDeps, keeper: Keeper, accountId: AccountId, proofing: string): Promise<string> =>
  change(deps, keeper, accountId, async (tx) => {
    await requireOwn(tx, keeper, accountId);
    const { session, requestId } = keeper;
    const path = await giveLostFactorLink(tx, deps, accountId, { by: session.accountId, requestId, proofing });
    await record(deps, tx, keeper, accountId, { action: 'lost-factor-link', proofing });
    return path;
  });

/**
 * Whether the manager may lock and unlock the account: it isn't used at other practices, isn't an administrator of the
 * installation, and isn't the manager's own. An administrator of the installation may do so for any account but their
 * own.
 */
export async function isOwn(db: Executor, { session, practice }: Keeper, accountId: AccountId): Promise<boolean> {
  if (accountId === session.accountId) return false;
  if (session.administrator) return true;
  const jobs = await jobsOf(db, accountId);
  const person = await findPerson(db, accountId);
  return person?.administrator === false && jobs.every(({ practiceId }) => practiceId === practice.practiceId);
}

async function requireOwn(tx: Executor, keeper: Keeper, accountId: AccountId): Promise<void> {
  if (await isOwn(tx, keeper, accountId)) return;
  const message =
    'This account is your own, or is used elsewhere too: an administrator of the installation has to do that.';
  throw new Problem('role-missing', { status: 403, message });
}

const record = (
  deps: OfficeDeps,
  tx: Executor,
  { session, practice, requestId }: Keeper,
  accountId: AccountId,
  detail: Readonly<Record<string, unknown>>,
): Promise<void> =>
  deps.audit.recordWithin(tx, {
    kind: 'staff',
    outcome: 'success',
    requestId,
    accountId: session.accountId,
    detail: { ...detail, practice: practice.practiceId, whom: accountId },
  });
