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

/** Somebody would take from themselves what nobody else there could give back. */
export type Refusal = 'last-administrator';

/**
 * One change at a time at a practice, by whoever may do it at that moment, to somebody who works there then. Administrators
 * of the installation wait for each other everywhere: two who lock each other would leave nobody.
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

/** The last administrator of a practice may be replaced by one of the installation, never by nobody. */
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

/** What stood on the job ends with it: the desk's pages, and what apps see through this person at the practice. */
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

/** @returns the link's path, to be handed over */
export const letInAgain = (deps: OfficeDeps, keeper: Keeper, accountId: AccountId, proofing: string): Promise<string> =>
  change(deps, keeper, accountId, async (tx) => {
    await requireOwn(tx, keeper, accountId);
    const { session, requestId } = keeper;
    const path = await giveLostFactorLink(tx, deps, accountId, { by: session.accountId, requestId, proofing });
    await record(deps, tx, keeper, accountId, { action: 'lost-factor-link', proofing });
    return path;
  });

/**
 * The account as a whole is this practice's to lock and to open again: it is good nowhere else, and not the installation's.
 * Nobody does so to their own.
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
  whom: AccountId,
  detail: Readonly<Record<string, unknown>>,
): Promise<void> =>
  deps.audit.recordWithin(tx, {
    kind: 'staff',
    outcome: 'success',
    requestId,
    accountId: session.accountId,
    detail: { ...detail, practice: practice.practiceId, whom },
  });
