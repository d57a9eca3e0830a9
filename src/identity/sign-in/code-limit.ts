import type { FastifyRequest } from 'fastify';
import type { Executor } from '../../database/index.ts';
import { type AccountId, days, hours, Problem } from '../../kernel/index.ts';
import { countUse, resetUses, type SharedRateLimit } from '../../rate-limit/index.ts';
import type { IdentityDeps } from '../deps.ts';
import type { CredentialChanges } from '../emails/credential-changes.ts';
import { endSession } from '../sessions/session.ts';
import type { PendingChallenge } from './pending-challenge.ts';

/**
 * Limit on authenticator and recovery codes in one sign-in. When a person enters more, the sign-in ends and the person
 * must enter the password again.
 */
const SIGN_IN_LIMIT: SharedRateLimit = { max: 5, window: hours(1), name: 'codes' };
/**
 * Limit on authenticator codes that are entered for one account, in all of its sign-ins together (NIST SP 800-63B-4
 * §3.2.2). Three codes are valid at a time, so an attacker with ten guesses an hour needs about four years to find one.
 * Only someone who knows the password can guess codes, and a new password resets the count. Sign-ins with a passkey or
 * a recovery code aren't counted, so the owner can still use them when an attacker has reached the limit.
 */
const ACCOUNT_LIMIT: SharedRateLimit = { max: 10, window: hours(1), name: 'codes-of' };
/**
 * Limit on wrong authenticator codes in a row: a hundred, as in NIST SP 800-63B-4 §3.2.2. A correct code resets the
 * count. A person who has reached the limit has to set a new password.
 */
const CONSECUTIVE_LIMIT: SharedRateLimit = { max: 100, window: days(30), name: 'codes-in-a-row' };
/**
 * Number of wrong authenticator codes within a day that are assumed to be the account owner's own mistakes. From the
 * next wrong code on, the owner is informed by email.
 */
const UNREPORTED_LIMIT: SharedRateLimit = { max: 4, window: hours(24), name: 'codes-wrong' };
/** Limits the emails that inform an account's owner about wrong codes. */
const NOTICE_LIMIT: SharedRateLimit = { max: 1, window: hours(24), name: 'codes-told' };

type CodeLimitDeps = Pick<IdentityDeps, 'db' | 'clock'>;

export interface CodeLimit {
  /**
   * Counts an entered authenticator or recovery code before the code is verified, so that concurrent guesses can't slip
   * past the limits. Throws `too-many-attempts` if the account has reached a limit on authenticator codes. If too many
   * codes of either kind were entered in this sign-in, ends the sign-in, informs the account's owner by email and
   * returns `over`.
   */
  count(request: FastifyRequest, challenge: PendingChallenge, kind: 'app' | 'recovery'): Promise<'go-on' | 'over'>;
  /**
   * Counts a wrong authenticator code. Informs the account's owner by email if there were more than `UNREPORTED_LIMIT`
   * allows.
   */
  countWrong(request: FastifyRequest, challenge: PendingChallenge): Promise<void>;
  /** Resets the counts of authenticator codes for the account. It is called after a correct code. */
  reset(challenge: PendingChallenge): Promise<void>;
}

export function createCodeLimit(deps: CodeLimitDeps, changes: CredentialChanges): CodeLimit {
  async function end(request: FastifyRequest, { cookie, accountId }: PendingChallenge): Promise<void> {
    await deps.db.transaction(async (tx) => {
      if ((await endSession(tx, cookie)) !== undefined) await notify(tx, request, accountId);
    });
  }

  async function notify(tx: Executor, request: FastifyRequest, accountId: AccountId): Promise<void> {
    const exceeded = await countUse({ db: tx, clock: deps.clock }, NOTICE_LIMIT, accountId);
    if (exceeded === undefined) await changes.recordChange(tx, request, accountId, 'wrong-codes');
  }

  return {
    async count(request, challenge, kind) {
      if ((await countUse(deps, SIGN_IN_LIMIT, challenge.sessionId)) !== undefined) {
        await end(request, challenge);
        return 'over';
      }
      if (kind === 'recovery') return 'go-on';
      const { accountId } = challenge;
      const exceeded =
        (await countUse(deps, ACCOUNT_LIMIT, accountId)) ?? (await countUse(deps, CONSECUTIVE_LIMIT, accountId));
      if (exceeded === undefined) return 'go-on';
      const { retryAfter } = exceeded;
      throw new Problem('too-many-attempts', { status: 429, message: 'There were too many wrong codes.', retryAfter });
    },
    async countWrong(request, { accountId }) {
      if ((await countUse(deps, UNREPORTED_LIMIT, accountId)) === undefined) return;
      await deps.db.transaction((tx) => notify(tx, request, accountId));
    },
    reset: ({ accountId }) => resetCodeLimit(deps.db, accountId),
  };
}

/**
 * Resets the counts of authenticator codes for an account. It is also called after a password change, because an
 * attacker who guessed codes with the old password doesn't know the new one.
 */
export async function resetCodeLimit(db: Executor, accountId: AccountId): Promise<void> {
  for (const limit of [ACCOUNT_LIMIT, CONSECUTIVE_LIMIT, UNREPORTED_LIMIT]) await resetUses(db, limit, accountId);
}
