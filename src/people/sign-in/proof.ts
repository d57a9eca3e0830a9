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
  /** Username or address. */
  readonly name: string;
  readonly password: string;
  /** Only this account's password will do. */
  readonly accountId?: AccountId;
}

type Failed = (accountId: AccountId | undefined) => Promise<void>;

/**
 * The account that this password opens. Throws `access_denied` when there is none (401) or it is locked (403: told to
 * whoever knows the password, and to nobody else), `too-many-attempts`, and `unavailable` when too many wait.
 * @param failed is told of every failure, unless the password was not looked at
 */
export async function provenByPassword(
  deps: ProofDeps,
  request: FastifyRequest,
  claimed: Claimed,
  failed: Failed,
): Promise<Account> {
  const attempt = { username: foldUsername(claimed.name), address: request.ip };
  const all = await findAccountsNamed(deps.db, attempt.username);
  const named = all.filter(
    ({ published, accountId }) => (deps.sandbox || !published) && (claimed.accountId ?? accountId) === accountId,
  );
  const counted = !named.some(({ published }) => published);
  const about = () => failed(named[0]?.accountId);
  if (counted) await countGuess(deps.db, deps.clock, attempt).catch(after(about));
  const account = await opened(deps, attempt, claimed.password, named);
  if (account === undefined) {
    await about();
    throw new Problem('access_denied', { status: 401, message: WRONG });
  }
  // Of two accounts under one name, the password of one is no licence to guess the other's.
  if (counted) await (all.length > 1 ? takeBackGuess : forgiveGuess)(deps.db, attempt);
  if (account.lockedAt === null) return account;
  await failed(account.accountId);
  throw lockedProblem();
}

const WRONG = 'That username and password don’t belong together. Check both and try again.';

export const lockedProblem = (): Problem =>
  new Problem('access_denied', { status: 403, message: 'This account is locked. Ask your practice to unlock it.' });

/** Without an account a password is looked at all the same, so that time tells nobody which there are. */
async function opened(
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

/** Throws `unavailable` when too many wait: then the password was not looked at, and the guess does not count. */
async function isRight(
  deps: ProofDeps,
  attempt: Attempt,
  password: string,
  account: Account | undefined,
): Promise<boolean> {
  if (password.length > LONGEST_PASSWORD * 2) return false;
  const looked = isPassword(password, account?.passwordHash, attempt.address, deps.passwordCost);
  return account?.published === true ? looked : looked.catch(after(() => takeBackGuess(deps.db, attempt)));
}

/** Does something more about an error, and throws it on. */
const after =
  (work: () => Promise<void>) =>
  async (error: unknown): Promise<never> => {
    await work();
    throw error;
  };
