import type { Executor } from '../../database/index.ts';
import { type Clock, clientNetwork, minutes, Problem } from '../../kernel/index.ts';
import { countUses, type LimitedUse, resetUses, type SharedRateLimit, uncountUse } from '../../rate-limit/index.ts';

/**
 * Limits on wrong passwords: for a username from one network, and for a network over all usernames. There is no limit
 * for a username alone, because with it anyone could lock out a patient from elsewhere. Attempts at shared sandbox
 * accounts aren't counted, because their passwords are public.
 */
const USERNAME_LIMIT: SharedRateLimit = { max: 10, window: minutes(15), name: 'pair' };
const NETWORK_LIMIT: SharedRateLimit = { max: 100, window: minutes(15), name: 'address' };

export interface PasswordAttempt {
  readonly username: string;
  /** IP address of the client. */
  readonly address: string;
}

/**
 * Counts a password attempt before the password is verified, so that concurrent guesses can't slip past the limit. The
 * caller un-counts a successful attempt. Throws `too-many-attempts` after too many failures within 15 minutes, either
 * for the username from this network or for the network.
 */
export async function countPasswordAttempt(db: Executor, clock: Clock, attempt: PasswordAttempt): Promise<void> {
  const exceeded = await countUses({ db, clock }, [usernameUse(attempt), networkUse(attempt)]);
  if (exceeded === undefined) return;
  const { retryAfter } = exceeded;
  throw new Problem('too-many-attempts', {
    status: 429,
    message: `There were too many wrong passwords from your network. Wait ${Math.ceil(retryAfter / 60)} minutes, then try again.`,
    retryAfter,
  });
}

/**
 * Un-counts a correct password. Resets the count for the username from this network, but subtracts only one from the
 * network's count, so that someone who knows one account's password can't reset the limit on guessing others.
 */
export async function forgivePasswordAttempts(db: Executor, attempt: PasswordAttempt): Promise<void> {
  await resetUses(db, USERNAME_LIMIT, usernameUse(attempt).key);
  await uncountUse(db, NETWORK_LIMIT, networkUse(attempt).key);
}

/** Un-counts a password attempt that could not be verified, for example because the server was busy. */
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
