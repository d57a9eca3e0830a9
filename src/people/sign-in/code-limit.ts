import type { FastifyRequest } from 'fastify';
import type { Executor } from '../../database/index.ts';
import { type AccountId, days, hours, Problem } from '../../kernel/index.ts';
import type { Changes } from '../changes.ts';
import type { PeopleDeps } from '../deps.ts';
import { endSession } from '../session.ts';
import { countOver, forgetCount, type Limit } from '../throttle.ts';
import type { Halfway } from './halfway.ts';

/** Wrong codes after which a pending MFA challenge ends. */
const PER_SIGN_IN: Limit = { most: 5, window: hours(1) };
/**
 * NIST SP 800-63B-4 §3.2.2: with three codes valid at a time, ten guesses an hour find one in about four years. Only
 * someone who knows the password gets this far, and a new password resets the count. Passkeys and recovery codes aren't
 * counted here, so an attacker can't lock anyone out.
 */
const PER_ACCOUNT: Limit = { most: 10, window: hours(1) };
/**
 * NIST SP 800-63B-4 §3.2.2: at most a hundred wrong codes without a correct one in between. After that the person needs
 * a new password.
 */
const IN_A_ROW: Limit = { most: 100, window: days(30) };
/**
 * Wrong codes, over all sign-ins, that count as the person's own mistakes. Beyond that the account's owner is informed.
 */
const SLIPS: Limit = { most: 4, window: hours(24) };
/** Limits the emails about wrong codes. */
const TOLD: Limit = { most: 1, window: hours(24) };

const ofSignIn = ({ sessionId }: Halfway): string => `codes\u0000${sessionId}`;
const ofAccount = (accountId: AccountId): string => `codes-of\u0000${accountId}`;
const inARow = (accountId: AccountId): string => `codes-in-a-row\u0000${accountId}`;
const slips = (accountId: AccountId): string => `codes-wrong\u0000${accountId}`;

type Deps = Pick<PeopleDeps, 'db' | 'clock'>;

export interface CodeLimit {
  /**
   * Counts a code before it is verified, so that concurrent guesses can't slip past the limit. Throws
   * `too-many-attempts`, or ends the pending challenge and returns `over`.
   */
  count(request: FastifyRequest, challenge: Halfway, kind: 'app' | 'recovery'): Promise<'go-on' | 'over'>;
  /** Records that an authenticator code was wrong. */
  wrong(request: FastifyRequest, challenge: Halfway): Promise<void>;
  /** Resets the counts after a correct code. */
  forgive(challenge: Halfway): Promise<void>;
}

export function openCodeLimit(deps: Deps, changes: Changes): CodeLimit {
  async function end(request: FastifyRequest, { cookie, accountId }: Halfway): Promise<void> {
    await deps.db.transaction(async (tx) => {
      if ((await endSession(tx, cookie)) !== undefined) await notify(tx, request, accountId);
    });
  }

  async function notify(tx: Executor, request: FastifyRequest, accountId: AccountId): Promise<void> {
    const exceeded = await countOver(tx, deps.clock, `codes-told\u0000${accountId}`, TOLD);
    if (exceeded === undefined) await changes.changed(tx, request, accountId, 'wrong-codes');
  }

  const countAgainst = (key: string, limit: Limit) => countOver(deps.db, deps.clock, key, limit);

  return {
    async count(request, challenge, kind) {
      if ((await countOver(deps.db, deps.clock, ofSignIn(challenge), PER_SIGN_IN)) !== undefined) {
        await end(request, challenge);
        return 'over';
      }
      if (kind === 'recovery') return 'go-on';
      const { accountId } = challenge;
      const exceeded =
        (await countAgainst(ofAccount(accountId), PER_ACCOUNT)) ?? (await countAgainst(inARow(accountId), IN_A_ROW));
      if (exceeded === undefined) return 'go-on';
      const retryAfter = Math.ceil((exceeded.until.getTime() - deps.clock.now().getTime()) / 1000);
      throw new Problem('too-many-attempts', { status: 429, message: 'Too many wrong codes.', retryAfter });
    },
    async wrong(request, { accountId }) {
      if ((await countAgainst(slips(accountId), SLIPS)) === undefined) return;
      await deps.db.transaction((tx) => notify(tx, request, accountId));
    },
    forgive: ({ accountId }) => forgetCodes(deps.db, accountId),
  };
}

/** Resets an account's counts. Also called for a new password, which an attacker doesn't know. */
export async function forgetCodes(db: Executor, accountId: AccountId): Promise<void> {
  for (const key of [ofAccount(accountId), inARow(accountId), slips(accountId)]) await forgetCount(db, key);
}
