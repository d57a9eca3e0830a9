import type { Executor } from '../../database/index.ts';
import { type Clock, clientNetwork, minutes, Problem } from '../../kernel/index.ts';
import { countUses, type LimitedUse, resetUses, type SharedRateLimit, uncountUse } from '../../rate-limit/index.ts';

/**
 * Failed attempts are limited for the pair (username, network) and for a network over all usernames, never for a
 * username alone, so no one can lock out a patient from elsewhere. Shared sandbox accounts need no guessing, so their
 * attempts aren't counted.
 */
const USERNAME_LIMIT: SharedRateLimit = { most: 10, window: minutes(15), name: 'pair' };
const NETWORK_LIMIT: SharedRateLimit = { most: 100, window: minutes(15), name: 'address' };

export interface PasswordAttempt {
  readonly username: string;
  /** IP address of the client. */
  readonly address: string;
}

/**
 * Counts the attempt before the password is verified, so that concurrent guesses can't slip past the limit; a
 * successful attempt is un-counted.
 * Throws `too-many-attempts` when this pair or network has failed too often within the last 15 minutes.
 */
export async function countPasswordAttempt(db: Executor, clock: Clock, attempt: PasswordAttempt): Promise<void> {
  const exceeded = await countUses({ db, clock }, [usernameUse(attempt), networkUse(attempt)]);
  if (exceeded === undefined) return;
  const { retryAfter } = exceeded;
  throw new Problem('too-many-attempts', {
    status: 429,
    message: `There were too many wrong passwords from here. Wait ${Math.ceil(retryAfter / 60)} minutes, then try again.`,
    retryAfter,
  });
}

/**
 * Un-counts a correct attempt: clears the count of the pair, but subtracts only one from the network's, so that knowing
 * one account's password doesn't allow guessing others.
 */
export async function forgivePasswordAttempts(db: Executor, attempt: PasswordAttempt): Promise<void> {
  await resetUses(db, USERNAME_LIMIT, usernameUse(attempt).key);
  await uncountUse(db, NETWORK_LIMIT, networkUse(attempt).key);
}

/** Un-counts an attempt whose password could not be verified, for example because the server was busy. */
export async function uncountPasswordAttempt(db: Executor, attempt: PasswordAttempt): Promise<void> {
  await uncountUse(db, USERNAME_LIMIT, usernameUse(attempt).key);
  await uncountUse(db, NETWORK_LIMIT, networkUse(attempt).key);
}

const usernameUse = ({ username, address }: PasswordAttempt): LimitedUse => ({
  limit: USERNAME_LIMIT,
  key: `${username}\u0000${clientNetwork(address)}`,
});
const networkUse = ({ address }: PasswordAttempt): LimitedUse => ({
  limit: NETWORK_LIMIT,
  key: clientNetwork(address),
});
