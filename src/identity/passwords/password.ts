import { hash, hashRaw, verify } from '@node-rs/argon2';
import type { PasswordCost } from '../../config/index.ts';
import { type Executor, statement } from '../../database/index.ts';
import { type AccountId, clientNetwork, clientSite, fairQueue, Problem, sha256 } from '../../kernel/index.ts';
import { normalizePassword } from './validate-password.ts';

const argonOptions = ({ memory, passes }: PasswordCost) => ({ memoryCost: memory, timeCost: passes, parallelism: 1 });

/**
 * argon2 runs on libuv's thread pool, which file and DNS work share: two hashes at a time leave two of its four threads
 * free. Guesses at shared sandbox accounts aren't counted, so a flood of them must be limited here: sites take turns,
 * networks within a site take turns, and each has a bounded queue.
 */
const hashQueue = fairQueue({
  concurrency: 2,
  maxWaitingPerMember: 50,
  // More than this many would wait for seconds.
  maxWaiting: 200,
  createFullError: () =>
    new Problem('unavailable', {
      status: 503,
      message: 'Too many people are signing in at this moment. Try again in a few seconds.',
      retryAfter: 3,
    }),
});

/**
 * Queue for hashes that no client's network waits for, such as those of accounts created by the server or an operator.
 */
const SERVER_QUEUE = { group: 'ours', member: 'ours' };

/**
 * Hashes a password with argon2id at the given cost. Waits for its turn; throws `unavailable` when too many hashes are
 * waiting.
 */
export const hashPassword = (password: string, cost: PasswordCost): Promise<string> =>
  hashQueue.run(SERVER_QUEUE, () => hash(normalizePassword(password), argonOptions(cost)));

const set = statement(
  'people.password.set',
  { account_id: 'uuid' },
  `update account set password_hash = $2 where account_id = $1 and not published and closed_at is null
   returning account_id`,
);

/**
 * Sets a new password. Throws `not-changeable` for a shared sandbox account or a closed one. Sessions stay; ending them
 * is up to the caller.
 */
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
 * Verifies a password against its hash, at whatever cost the hash was made with. Without a hash (no such account) it
 * takes as long as a hash of the current cost and returns false, so that response times don't reveal which usernames
 * exist. Throws `unavailable` when too many hashes are waiting.
 * @param address IP address of the client, in whose network's queue the hash waits
 */
export async function verifyPassword(
  password: string,
  passwordHash: string | undefined,
  address: string,
  cost: PasswordCost,
): Promise<boolean> {
  const queue = { group: clientSite(address), member: clientNetwork(address) };
  const isCorrect = await hashQueue.run(queue, () =>
    verify(passwordHash ?? decoyHash(cost), normalizePassword(password)),
  );
  return isCorrect && passwordHash !== undefined;
}

/**
 * A hash that takes as long to verify as a real one and matches no password: its salt and digest are all zeros (16 and
 * 32 bytes).
 */
const decoyHash = ({ memory, passes }: PasswordCost): string =>
  `$argon2id$v=19$m=${memory},t=${passes},p=1$${'A'.repeat(22)}$${'A'.repeat(43)}`;

/** Recovery codes are looked up by their hash, so their cost can't change. It is about 20 ms of one core. */
const CODE_COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/**
 * Hashes a code that is too short for a fast hash (NIST SP 800-63B-4 §3.1.2.2). The salt depends on the account only,
 * so the hash can be looked up.
 */
export const hashCode = (accountId: AccountId, code: string): Promise<Buffer> =>
  hashQueue.run(SERVER_QUEUE, () =>
    hashRaw(code, { ...CODE_COST, salt: sha256(`recovery-code\u0000${accountId}`).subarray(0, 16) }),
  );
