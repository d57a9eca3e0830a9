import { type Executor, statement } from '../../database/index.ts';
import { type Clock, clientNetwork, later, minutes, Problem, sha256 } from '../../kernel/index.ts';

/**
 * Failed attempts are limited for the pair (username, network) and for a network over all usernames, never for a
 * username alone, so no one can lock out a patient from elsewhere. Shared sandbox accounts need no guessing, so their
 * attempts aren't counted.
 */
const MAX_PER_USERNAME = 10;
const MAX_PER_NETWORK = 100;
const WINDOW = minutes(15);

const incrementBothCounts = statement(
  'people.throttle.count',
  { key: 'bytea', failures: 'int4', window_ends: 'timestamptz' },
  `insert into throttle (key, failures, window_ends) values ($1, 1, $3), ($2, 1, $3)
   on conflict (key) do update set
     failures = case when throttle.window_ends > $4 then throttle.failures + 1 else 1 end,
     window_ends = case when throttle.window_ends > $4 then throttle.window_ends else excluded.window_ends end
   returning key, failures, window_ends`,
);
const decrementCount = statement(
  'people.throttle.take-back',
  {},
  'update throttle set failures = failures - 1 where key = $1',
);
const deleteCount = statement('people.throttle.forget', {}, 'delete from throttle where key = $1');
const incrementCount = statement(
  'people.throttle.count-one',
  { failures: 'int4', window_ends: 'timestamptz' },
  `insert into throttle (key, failures, window_ends) values ($1, 1, $2)
   on conflict (key) do update set
     failures = case when throttle.window_ends > $3 then throttle.failures + 1 else 1 end,
     window_ends = case when throttle.window_ends > $3 then throttle.window_ends else excluded.window_ends end
   returning failures, window_ends`,
);
const purge = statement('people.throttle.sweep', {}, 'delete from throttle where window_ends < $1');

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
  const now = clock.now();
  const rows = await db.query(incrementBothCounts, [pairKey(attempt), networkKey(attempt), later(now, WINDOW), now]);
  const exceeded = rows.filter(
    (row) => row.failures > (row.key.equals(pairKey(attempt)) ? MAX_PER_USERNAME : MAX_PER_NETWORK),
  );
  if (exceeded.length === 0) return;
  const wait = Math.max(...exceeded.map((row) => row.window_ends.getTime() - now.getTime())) / 1000;
  throw new Problem('too-many-attempts', {
    status: 429,
    message: `There were too many wrong passwords from here. Wait ${Math.ceil(wait / 60)} minutes, then try again.`,
    retryAfter: Math.ceil(wait),
  });
}

/**
 * Un-counts a correct attempt: clears the count of the pair, but subtracts only one from the network's, so that knowing
 * one account's password doesn't allow guessing others.
 */
export async function forgivePasswordAttempts(db: Executor, attempt: PasswordAttempt): Promise<void> {
  await db.query(deleteCount, [pairKey(attempt)]);
  await db.query(decrementCount, [networkKey(attempt)]);
}

/** Un-counts an attempt whose password could not be verified, for example because the server was busy. */
export async function uncountPasswordAttempt(db: Executor, attempt: PasswordAttempt): Promise<void> {
  await db.query(decrementCount, [pairKey(attempt)]);
  await db.query(decrementCount, [networkKey(attempt)]);
}

export interface UsageLimit {
  readonly most: number;
  /** Milliseconds. */
  readonly window: number;
}

/**
 * Counts one use against a limit, before the action happens.
 * @returns `undefined` while the action is allowed; otherwise the count so far and the time at which the window ends
 */
export async function countUse(
  db: Executor,
  clock: Clock,
  key: string,
  { most, window }: UsageLimit,
): Promise<{ readonly count: number; readonly until: Date } | undefined> {
  const now = clock.now();
  const [row] = await db.query(incrementCount, [sha256(key), later(now, window), now]);
  return row === undefined || row.failures <= most ? undefined : { count: row.failures, until: row.window_ends };
}

/** Resets the count of a key. */
export async function resetCount(db: Executor, key: string): Promise<void> {
  await db.query(deleteCount, [sha256(key)]);
}

/** Deletes counts whose window ended before `now`. */
export async function purgeExpiredCounts(db: Executor, now: Date): Promise<void> {
  await db.query(purge, [now]);
}

const pairKey = ({ username, address }: PasswordAttempt): Buffer =>
  sha256(`pair\u0000${username}\u0000${clientNetwork(address)}`);
const networkKey = ({ address }: PasswordAttempt): Buffer => sha256(`address\u0000${clientNetwork(address)}`);
