import { hash, hashRaw, verify } from '@node-rs/argon2';
import type { PasswordCost } from '../config/index.ts';
import { type Executor, statement } from '../database/index.ts';
import { type AccountId, fairLine, networkOf, Problem, sha256, siteOf } from '../kernel/index.ts';
import { normalized } from './password-faults.ts';

const optionsOf = ({ memory, passes }: PasswordCost) => ({ memoryCost: memory, timeCost: passes, parallelism: 1 });

/**
 * argon2 runs on the pool that file and DNS work share: two at a time leave it two of its four threads. Guesses at
 * published accounts are not counted, so a flood of them must find its end here: sites take turns, and networks within a
 * site; each has a bounded number waiting.
 */
const line = fairLine({
  atOnce: 2,
  each: 50,
  // More than this many would wait for seconds.
  all: 200,
  full: () =>
    new Problem('unavailable', {
      status: 503,
      message: 'Too many people are signing in at this moment. Try again in a few seconds.',
      retryAfter: 3,
    }),
});

/** What waits in no network's line: accounts that the server or an operator makes. */
const OURS = { group: 'ours', line: 'ours' };

export const hashPassword = (password: string, cost: PasswordCost): Promise<string> =>
  line.inTurn(OURS, () => hash(normalized(password), optionsOf(cost)));

const set = statement(
  'people.password.set',
  { account_id: 'uuid' },
  `update account set password_hash = $2 where account_id = $1 and not published and closed_at is null
   returning account_id`,
);

/** Throws `not-changeable` for an account whose password everyone knows. Its sessions go on: ending them is the caller's. */
export async function setPassword(
  tx: Executor,
  accountId: AccountId,
  password: string,
  cost: PasswordCost,
): Promise<void> {
  const passwordHash = await hashPassword(password, cost);
  if ((await tx.query(set, [accountId, passwordHash])).length > 0) return;
  throw new Problem('not-changeable', { status: 403, message: 'The password of this account can’t be changed.' });
}

/**
 * Whether the password is the one that was hashed, at whatever cost. Without a hash (no such account) it takes as long as
 * one of today's cost and answers false, so that time doesn't tell which usernames exist.
 * @param address whose turn it takes
 */
export async function isPassword(
  password: string,
  passwordHash: string | undefined,
  address: string,
  cost: PasswordCost,
): Promise<boolean> {
  const whose = { group: siteOf(address), line: networkOf(address) };
  const right = await line.inTurn(whose, () => verify(passwordHash ?? decoy(cost), normalized(password)));
  return right && passwordHash !== undefined;
}

/** Costs as much as any hash, and no password has it. Salt and digest are sixteen and thirty-two zeros. */
const decoy = ({ memory, passes }: PasswordCost): string =>
  `$argon2id$v=19$m=${memory},t=${passes},p=1$${'A'.repeat(22)}$${'A'.repeat(43)}`;

/** Codes are looked up by their hash, so their cost can't change. About 20 ms of one core. */
const CODE_COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/**
 * For codes that are too short for a fast hash (NIST SP 800-63B-4 §3.1.2.2): one for each account and code, so that it
 * can be looked up.
 */
export const hashCode = (accountId: AccountId, code: string): Promise<Buffer> =>
  line.inTurn(OURS, () =>
    hashRaw(code, { ...CODE_COST, salt: sha256(`recovery-code\u0000${accountId}`).subarray(0, 16) }),
  );
