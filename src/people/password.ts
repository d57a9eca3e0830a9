import { hash, hashRaw, verify } from '@node-rs/argon2';
import { type Executor, statement } from '../database/index.ts';
import { type AccountId, fairLine, networkOf, Problem, sha256, siteOf } from '../kernel/index.ts';
import { normalized } from './password-faults.ts';

/** OWASP's argon2id floor: 19 MiB, two passes, one lane. About 20 ms of one core. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

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

export const hashPassword = (password: string): Promise<string> =>
  line.inTurn(OURS, () => hash(normalized(password), COST));

const set = statement(
  'people.password.set',
  { account_id: 'uuid' },
  `update account set password_hash = $2 where account_id = $1 and not published and closed_at is null
   returning account_id`,
);

/** Throws `not-changeable` for an account whose password everyone knows. Its sessions go on: ending them is the caller's. */
export async function setPassword(tx: Executor, accountId: AccountId, password: string): Promise<void> {
  const passwordHash = await hashPassword(password);
  if ((await tx.query(set, [accountId, passwordHash])).length > 0) return;
  throw new Problem('not-changeable', { status: 403, message: 'The password of this account can’t be changed.' });
}

/**
 * Whether the password is the one that was hashed. Without a hash (no such account) it takes as long and answers false,
 * so that time doesn't tell which usernames exist.
 * @param address whose turn it takes
 */
export async function isPassword(
  password: string,
  passwordHash: string | undefined,
  address: string,
): Promise<boolean> {
  const whose = { group: siteOf(address), line: networkOf(address) };
  const right = await line.inTurn(whose, () => verify(passwordHash ?? DECOY, normalized(password)));
  return right && passwordHash !== undefined;
}

/** Costs as much as any hash, and no password has it. Salt and digest are sixteen and thirty-two zeros. */
const DECOY = `$argon2id$v=19$m=${COST.memoryCost},t=${COST.timeCost},p=${COST.parallelism}$${'A'.repeat(22)}$${'A'.repeat(43)}`;

/**
 * For codes that are too short for a fast hash (NIST SP 800-63B-4 §3.1.2.2): one for each account and code, so that it
 * can be looked up.
 */
export const hashCode = (accountId: AccountId, code: string): Promise<Buffer> =>
  line.inTurn(OURS, () => hashRaw(code, { ...COST, salt: sha256(`recovery-code\u0000${accountId}`).subarray(0, 16) }));
