import type { FastifyRequest } from 'fastify';
import type { Executor } from '../../database/index.ts';
import { type AccountId, days, hours, Problem } from '../../kernel/index.ts';
import type { Changes } from '../changes.ts';
import type { PeopleDeps } from '../deps.ts';
import { endSession } from '../session.ts';
import { countOver, forgetCount, type Limit } from '../throttle.ts';
import type { Halfway } from './halfway.ts';

/** Wrong codes that end a sign-in that is half done. */
const PER_SIGN_IN: Limit = { most: 5, window: hours(1) };
/**
 * NIST SP 800-63B-4 §3.2.2: of three codes that are right at a time, ten guesses in an hour find one in four years or so.
 * Only who knows the password comes this far, and a new password starts the count anew; passkeys and recovery codes are
 * not counted here, so whoever guesses keeps nobody out.
 */
const PER_ACCOUNT: Limit = { most: 10, window: hours(1) };
/** The same, §3.2.2: no more than a hundred with none right between them. Then a new password is what helps. */
const IN_A_ROW: Limit = { most: 100, window: days(30) };
/** Wrong ones, in however many sign-ins, that may be slips of the person; after that they are told. */
const SLIPS: Limit = { most: 4, window: hours(24) };
/** Mails about it. */
const TOLD: Limit = { most: 1, window: hours(24) };

const ofSignIn = ({ sessionId }: Halfway): string => `codes\u0000${sessionId}`;
const ofAccount = (accountId: AccountId): string => `codes-of\u0000${accountId}`;
const inARow = (accountId: AccountId): string => `codes-in-a-row\u0000${accountId}`;
const slips = (accountId: AccountId): string => `codes-wrong\u0000${accountId}`;

type Deps = Pick<PeopleDeps, 'db' | 'clock'>;

export interface CodeLimit {
  /** Before a code is looked at, so that a hundred at once are a hundred. Throws `too-many-attempts`, or ends the sign-in: `over`. */
  count(request: FastifyRequest, halfway: Halfway, kind: 'app' | 'recovery'): Promise<'go-on' | 'over'>;
  /** The code of the app was not right, and never was. */
  wrong(request: FastifyRequest, halfway: Halfway): Promise<void>;
  /** It was right. */
  forgive(halfway: Halfway): Promise<void>;
}

export function openCodeLimit(deps: Deps, changes: Changes): CodeLimit {
  async function end(request: FastifyRequest, { cookie, accountId }: Halfway): Promise<void> {
    await deps.db.transaction(async (tx) => {
      if ((await endSession(tx, cookie)) !== undefined) await tell(tx, request, accountId);
    });
  }

  async function tell(tx: Executor, request: FastifyRequest, accountId: AccountId): Promise<void> {
    const told = await countOver(tx, deps.clock, `codes-told\u0000${accountId}`, TOLD);
    if (told === undefined) await changes.changed(tx, request, accountId, 'wrong-codes');
  }

  const overOf = (key: string, limit: Limit) => countOver(deps.db, deps.clock, key, limit);

  return {
    async count(request, halfway, kind) {
      if ((await countOver(deps.db, deps.clock, ofSignIn(halfway), PER_SIGN_IN)) !== undefined) {
        await end(request, halfway);
        return 'over';
      }
      if (kind === 'recovery') return 'go-on';
      const { accountId } = halfway;
      const over = (await overOf(ofAccount(accountId), PER_ACCOUNT)) ?? (await overOf(inARow(accountId), IN_A_ROW));
      if (over === undefined) return 'go-on';
      const retryAfter = Math.ceil((over.until.getTime() - deps.clock.now().getTime()) / 1000);
      throw new Problem('too-many-attempts', { status: 429, message: 'Too many wrong codes.', retryAfter });
    },
    async wrong(request, { accountId }) {
      if ((await overOf(slips(accountId), SLIPS)) === undefined) return;
      await deps.db.transaction((tx) => tell(tx, request, accountId));
    },
    forgive: ({ accountId }) => forgetCodes(deps.db, accountId),
  };
}

/** For a new password too: whoever guessed does not know it. */
export async function forgetCodes(db: Executor, accountId: AccountId): Promise<void> {
  for (const key of [ofAccount(accountId), inARow(accountId), slips(accountId)]) await forgetCount(db, key);
}
