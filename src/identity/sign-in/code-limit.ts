import type { FastifyRequest } from 'fastify';
import type { Executor } from '../../database/index.ts';
import { type AccountId, days, hours, Problem } from '../../kernel/index.ts';
import type { IdentityDeps } from '../deps.ts';
import type { CredentialChanges } from '../emails/credential-changes.ts';
import { endSession } from '../sessions/session.ts';
import { countUse, resetCount, type UsageLimit } from './attempt-limits.ts';
import type { PendingChallenge } from './pending-challenge.ts';

/** Wrong codes after which a pending MFA challenge ends. */
const SIGN_IN_LIMIT: UsageLimit = { most: 5, window: hours(1) };
/**
 * NIST SP 800-63B-4 §3.2.2: with three codes valid at a time, ten guesses an hour find one in about four years. Only
 * someone who knows the password gets this far, and a new password resets the count. Passkeys and recovery codes aren't
 * counted here, so an attacker can't lock anyone out.
 */
const ACCOUNT_LIMIT: UsageLimit = { most: 10, window: hours(1) };
/**
 * NIST SP 800-63B-4 §3.2.2: at most a hundred wrong codes without a correct one in between. After that the person needs
 * a new password.
 */
const CONSECUTIVE_LIMIT: UsageLimit = { most: 100, window: days(30) };
/**
 * Wrong codes, over all sign-ins, that count as the person's own mistakes. Beyond that the account's owner is informed.
 */
const UNREPORTED_LIMIT: UsageLimit = { most: 4, window: hours(24) };
/** Limits the emails about wrong codes. */
const NOTICE_LIMIT: UsageLimit = { most: 1, window: hours(24) };

const signInKey = ({ sessionId }: PendingChallenge): string => `codes\u0000${sessionId}`;
const accountKey = (accountId: AccountId): string => `codes-of\u0000${accountId}`;
const consecutiveKey = (accountId: AccountId): string => `codes-in-a-row\u0000${accountId}`;
const unreportedKey = (accountId: AccountId): string => `codes-wrong\u0000${accountId}`;

type CodeLimitDeps = Pick<IdentityDeps, 'db' | 'clock'>;

export interface CodeLimit {
  /**
   * Counts a code before it is verified, so that concurrent guesses can't slip past the limit. Throws
   * `too-many-attempts`, or ends the pending challenge and returns `over`.
   */
  count(request: FastifyRequest, challenge: PendingChallenge, kind: 'app' | 'recovery'): Promise<'go-on' | 'over'>;
  /** Records that an authenticator code was wrong. */
  countWrong(request: FastifyRequest, challenge: PendingChallenge): Promise<void>;
  /** Resets the counts after a correct code. */
  reset(challenge: PendingChallenge): Promise<void>;
}

export function createCodeLimit(deps: CodeLimitDeps, changes: CredentialChanges): CodeLimit {
  async function end(request: FastifyRequest, { cookie, accountId }: PendingChallenge): Promise<void> {
    await deps.db.transaction(async (tx) => {
      if ((await endSession(tx, cookie)) !== undefined) await notify(tx, request, accountId);
    });
  }

  async function notify(tx: Executor, request: FastifyRequest, accountId: AccountId): Promise<void> {
    const exceeded = await countUse(tx, deps.clock, `codes-told\u0000${accountId}`, NOTICE_LIMIT);
    if (exceeded === undefined) await changes.recordChange(tx, request, accountId, 'wrong-codes');
  }

  const countAgainst = (key: string, limit: UsageLimit) => countUse(deps.db, deps.clock, key, limit);

  return {
    async count(request, challenge, kind) {
      if ((await countUse(deps.db, deps.clock, signInKey(challenge), SIGN_IN_LIMIT)) !== undefined) {
        await end(request, challenge);
        return 'over';
      }
      if (kind === 'recovery') return 'go-on';
      const { accountId } = challenge;
      const exceeded =
        (await countAgainst(accountKey(accountId), ACCOUNT_LIMIT)) ??
        (await countAgainst(consecutiveKey(accountId), CONSECUTIVE_LIMIT));
      if (exceeded === undefined) return 'go-on';
      const retryAfter = Math.ceil((exceeded.until.getTime() - deps.clock.now().getTime()) / 1000);
      throw new Problem('too-many-attempts', { status: 429, message: 'Too many wrong codes.', retryAfter });
    },
    async countWrong(request, { accountId }) {
      if ((await countAgainst(unreportedKey(accountId), UNREPORTED_LIMIT)) === undefined) return;
      await deps.db.transaction((tx) => notify(tx, request, accountId));
    },
    reset: ({ accountId }) => resetCodeLimit(deps.db, accountId),
  };
}

/** Resets an account's counts. Also called for a new password, which an attacker doesn't know. */
export async function resetCodeLimit(db: Executor, accountId: AccountId): Promise<void> {
  for (const key of [accountKey(accountId), consecutiveKey(accountId), unreportedKey(accountId)])
    await resetCount(db, key);
}
