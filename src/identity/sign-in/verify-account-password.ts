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
  /** Username or email address that the person entered. */
  readonly name: string;
  readonly password: string;
  /** If set, only the password of this account is accepted. */
  readonly accountId?: AccountId;
}

type RecordFailure = (accountId: AccountId | undefined) => Promise<void>;

/**
 * Finds the account to which an entered name and password belong. Throws `access_denied` with 401 if there is none.
 * Throws `access_denied` with 403 if the password is correct but the account is locked; only someone who knows the
 * password therefore learns that the account is locked. Throws `too-many-attempts` beyond the limit, and `unavailable`
 * if too many password hashes are waiting.
 * @param failed records a failed attempt; not called if the password could not be verified
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
  // Two accounts can share a sign-in name. In that case only this attempt is un-counted and the limit isn't reset.
  // Otherwise someone who knows the password of one account could guess the other's password without limit.
  if (counted) await (candidates.length > 1 ? uncountPasswordAttempt : forgivePasswordAttempts)(deps.db, attempt);
  if (account.lockedAt === null) return account;
  await failed(account.accountId);
  throw accountLockedProblem();
}

const WRONG_CREDENTIALS = 'That username or password isn’t right. Check both and try again.';

export const accountLockedProblem = (): Problem =>
  new Problem('access_denied', { status: 403, message: 'This account is locked. Ask your practice to unlock it.' });

/**
 * Returns the account that the password belongs to. Hashes the password even if no account has the name, so that
 * response times don't reveal which names exist.
 */
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
 * Verifies a password and un-counts the attempt if it couldn't be verified. Throws `unavailable` if too many hashes are
 * waiting.
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

/** Returns an error handler that runs `work` and then throws the error again. */
const runBeforeRethrow =
  (work: () => Promise<void>) =>
  async (error: unknown): Promise<never> => {
    await work();
    throw error;
  };
