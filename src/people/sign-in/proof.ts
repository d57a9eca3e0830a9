import type { FastifyRequest } from 'fastify';
import type { PasswordCost } from '../../config/index.ts';
import type { Database } from '../../database/index.ts';
import { type AccountId, type Clock, Problem } from '../../kernel/index.ts';
import { type Account, findAccountsNamed, foldUsername } from '../account.ts';
import { isPassword } from '../password.ts';
import { LONGEST_PASSWORD } from '../password-faults.ts';
import { type Attempt, countGuess, forgiveGuess, takeBackGuess } from '../throttle.ts';

export interface ProofDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly sandbox: boolean;
  readonly passwordCost: PasswordCost;
}

export interface Claimed {
  /** Username or email address. */
  readonly name: string;
  readonly password: string;
  /** If set, only this account's password is accepted. */
  readonly accountId?: AccountId;
}

type Failed = (accountId: AccountId | undefined) => Promise<void>;

/**
 * Finds the account that this name and password open. Throws `access_denied` if there is none (401) or it is locked
 * (403, which only someone who knows the password can see), `too-many-attempts`, and `unavailable` when too many hashes
 * are waiting.
 * @param failed is called for every failure, unless the password was not verified
 */
export async function provenByPassword(
  deps: ProofDeps,
  request: FastifyRequest,
  claimed: Claimed,
  failed: Failed,
): Promise<Account> {
  const attempt = { username: foldUsername(claimed.name), address: request.ip };
  const candidates = await findAccountsNamed(deps.db, attempt.username);
  const named = candidates.filter(
    ({ published, accountId }) => (deps.sandbox || !published) && (claimed.accountId ?? accountId) === accountId,
  );
  const counted = !named.some(({ published }) => published);
  const recordFailure = () => failed(named[0]?.accountId);
  if (counted) await countGuess(deps.db, deps.clock, attempt).catch(after(recordFailure));
  const account = await findMatchingAccount(deps, attempt, claimed.password, named);
  if (account === undefined) {
    await recordFailure();
    throw new Problem('access_denied', { status: 401, message: WRONG });
  }
  // When two accounts share a sign-in name, knowing one's password must not reset the limit on guessing the other's.
  if (counted) await (candidates.length > 1 ? takeBackGuess : forgiveGuess)(deps.db, attempt);
  if (account.lockedAt === null) return account;
  await failed(account.accountId);
  throw lockedProblem();
}

const WRONG = 'That username and password don’t belong together. Check both and try again.';

export const lockedProblem = (): Problem =>
  new Problem('access_denied', { status: 403, message: 'This account is locked. Ask your practice to unlock it.' });

/** Hashes the password even if there is no account, so that response times don't reveal which names exist. */
async function findMatchingAccount(
  deps: ProofDeps,
  attempt: Attempt,
  password: string,
  named: readonly Account[],
): Promise<Account | undefined> {
  for (const account of named.length === 0 ? [undefined] : named) {
    if (await isRight(deps, attempt, password, account)) return account;
  }
  return undefined;
}

/**
 * Throws `unavailable` when too many hashes are waiting. The password was not verified then, so the attempt is
 * un-counted.
 */
async function isRight(
  deps: ProofDeps,
  attempt: Attempt,
  password: string,
  account: Account | undefined,
): Promise<boolean> {
  if (password.length > LONGEST_PASSWORD * 2) return false;
  const verification = isPassword(password, account?.passwordHash, attempt.address, deps.passwordCost);
  return account?.published === true ? verification : verification.catch(after(() => takeBackGuess(deps.db, attempt)));
}

/** Runs `work` after an error, then throws the error again. */
const after =
  (work: () => Promise<void>) =>
  async (error: unknown): Promise<never> => {
    await work();
    throw error;
  };
