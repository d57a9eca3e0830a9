import { hash, hashRaw, verify } from '@node-rs/argon2';
import type { PasswordCost } from '../../config/index.ts';
import { type Executor, statement } from '../../database/index.ts';
import {
  type AccountId,
  clientNetwork,
  clientSite,
  fairQueue,
  Problem,
  type QueueState,
  sha256,
} from '../../kernel/index.ts';
import { normalizePassword } from './validate-password.ts';

const argonOptions = ({ memory, passes }: PasswordCost) => ({ memoryCost: memory, timeCost: passes, parallelism: 1 });

/**
 * Queue for password hashes. argon2 runs on libuv's thread pool, which file and DNS work share: two hashes at a time
 * leave two of the pool's four threads free. Attempts at shared sandbox accounts aren't rate-limited, so this queue
 * must limit a flood of them: sites (IPv6 /48) take turns, networks within a site take turns, and each has a bounded
 * queue.
 */
const hashQueue = fairQueue({
  concurrency: 2,
  maxWaitingPerMember: 50,
  // If 200 hashes are already waiting, one hash is rejected, because a new one would wait for seconds.
  maxWaiting: 200,
  createFullError: () =>
    new Problem('unavailable', {
      status: 503,
      message: 'Too many people are signing in right now. Try again in a few seconds.',
      retryAfter: 3,
    }),
});

/** Returns how many hashes run and wait in this process. */
export const hashQueueState = (): QueueState => hashQueue.state();

/**
 * Queue for hashes that belong to no client's network, such as passwords of accounts that the server or an operator
 * creates.
 */
const SERVER_QUEUE = { group: 'ours', member: 'ours' };

/**
 * Hashes a password with argon2id at the given cost. The computation may wait in a queue. Throws `unavailable` if too
 * many hashes are waiting.
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
 * Sets a new password. Throws `not-changeable` if the account is a shared sandbox account or closed. The account's
 * sessions continue, unless the caller ends them.
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
 * Verifies a password against a hash of any cost. If there is no such account and therefore no hash, the check takes as
 * long as for a hash of the current cost and returns false. Response times then don't reveal which usernames exist.
 * Throws `unavailable` if too many hashes are waiting.
 * @param address IP address of the client, whose network has its own queue for hashes
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
 * Returns a hash that takes as long to verify as a real one and matches no password: its salt (16 bytes) and digest (32
 * bytes) are zeros.
 */
const decoyHash = ({ memory, passes }: PasswordCost): string =>
  `$argon2id$v=19$m=${memory},t=${passes},p=1$${'A'.repeat(22)}$${'A'.repeat(43)}`;

/**
 * Cost of hashing recovery codes, about 20 ms of one core. It can't change, because a recovery code is looked up by its
 * hash.
 */
const CODE_COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/**
 * Hashes a recovery code, which is too short for a fast hash function (NIST SP 800-63B-4 §3.1.2.2). The salt depends
 * only on the account, so that a code can be looked up by its hash.
 */
export const hashCode = (accountId: AccountId, code: string): Promise<Buffer> =>
  hashQueue.run(SERVER_QUEUE, () =>
    hashRaw(code, { ...CODE_COST, salt: sha256(`recovery-code\u0000${accountId}`).subarray(0, 16) }),
  );
