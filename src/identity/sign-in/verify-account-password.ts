import type { FastifyRequest } from 'fastify';
import type { PasswordCost } from '../../config/index.ts';
import type { Database } from '../../database/index.ts';
import { type AccountId, type Clock, Problem } from '../../kernel/index.ts';
import { type Account, findAccountsBySignInName, normalizeUsername } from '../accounts/account.ts';
import { verifyPassword } from '../passwords/password.ts';
import { MAX_PASSWORD_LENGTH } from '../passwords/validate-password.ts';
import {
  countPasswordAttempt,
  forgivePasswordAttempts,
  type PasswordAttempt,
  uncountPasswordAttempt,
} from './attempt-limits.ts';

export interface PasswordVerificationDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly sandbox: boolean;
  readonly passwordCost: PasswordCost;
}

export interface ClaimedCredentials {
  /** Username or email address. */
  readonly name: string;
  readonly password: string;
  /** If set, only this account's password is accepted. */
  readonly accountId?: AccountId;
}

type RecordFailure = (accountId: AccountId | undefined) => Promise<void>;

/**
 * Finds the account that this name and password open. Throws `access_denied` if there is none (401) or it is locked
 * (403, which only someone who knows the password can see), `too-many-attempts`, and `unavailable` when too many hashes
 * are waiting.
 * @param failed is called for every failure, unless the password was not verified
 */
export async function verifyAccountPassword(
  deps: PasswordVerificationDeps,
  request: FastifyRequest,
  claimed: ClaimedCredentials,
  failed: RecordFailure,
): Promise<Account> {
  const attempt = { username: normalizeUsername(claimed.name), address: request.ip };
  const candidates = await findAccountsBySignInName(deps.db, attempt.username);
  const named = candidates.filter(
    ({ published, accountId }) => (deps.sandbox || !published) && (claimed.accountId ?? accountId) === accountId,
  );
  const counted = !named.some(({ published }) => published);
  const recordFailure = () => failed(named[0]?.accountId);
  if (counted) await countPasswordAttempt(deps.db, deps.clock, attempt).catch(runBeforeRethrow(recordFailure));
  const account = await findMatchingAccount(deps, attempt, claimed.password, named);
  if (account === undefined) {
    await recordFailure();
    throw new Problem('access_denied', { status: 401, message: WRONG_CREDENTIALS });
  }
  // When two accounts share a sign-in name, knowing one's password must not reset the limit on guessing the other's.
  if (counted) await (candidates.length > 1 ? uncountPasswordAttempt : forgivePasswordAttempts)(deps.db, attempt);
  if (account.lockedAt === null) return account;
  await failed(account.accountId);
  throw accountLockedProblem();
}

const WRONG_CREDENTIALS = 'That username and password don’t belong together. Check both and try again.';

export const accountLockedProblem = (): Problem =>
  new Problem('access_denied', { status: 403, message: 'This account is locked. Ask your practice to unlock it.' });

/** Hashes the password even if there is no account, so that response times don't reveal which names exist. */
async function findMatchingAccount(
  deps: PasswordVerificationDeps,
  attempt: PasswordAttempt,
  password: string,
  named: readonly Account[],
): Promise<Account | undefined> {
  for (const account of named.length === 0 ? [undefined] : named) {
    if (await verifyAttempt(deps, attempt, password, account)) return account;
  }
  return undefined;
}

/**
 * Throws `unavailable` when too many hashes are waiting. The password was not verified then, so the attempt is
 * un-counted.
 */
async function verifyAttempt(
  deps: PasswordVerificationDeps,
  attempt: PasswordAttempt,
  password: string,
  account: Account | undefined,
): Promise<boolean> {
  if (password.length > MAX_PASSWORD_LENGTH * 2) return false;
  const verification = verifyPassword(password, account?.passwordHash, attempt.address, deps.passwordCost);
  return account?.published === true
    ? verification
    : verification.catch(runBeforeRethrow(() => uncountPasswordAttempt(deps.db, attempt)));
}

/** Runs `work` after an error, then throws the error again. */
const runBeforeRethrow =
  (work: () => Promise<void>) =>
  async (error: unknown): Promise<never> => {
    await work();
    throw error;
  };
