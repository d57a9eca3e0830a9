import { hash, verify } from '@node-rs/argon2';
import { Problem } from '../kernel/index.ts';

/** OWASP's argon2id floor: 19 MiB, two passes, one lane. About 20 ms of one core. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
/** argon2 runs on the pool that file and DNS work share: two at a time leave it two of its four threads. */
const AT_ONCE = 2;
/** More than this many waiting would wait for seconds. */
const WAITING = 50;

let running = 0;
const queue: (() => void)[] = [];

export const hashPassword = (password: string): Promise<string> => inTurn(() => hash(password, COST));

/**
 * Whether the password is the one that was hashed. Without a hash (no such account) it takes as long and answers false,
 * so that time doesn't tell which usernames exist.
 */
export async function isPassword(password: string, passwordHash: string | undefined): Promise<boolean> {
  const against = passwordHash ?? (await decoy());
  const right = await inTurn(() => verify(against, password));
  return right && passwordHash !== undefined;
}

let decoyHash: Promise<string> | undefined;
function decoy(): Promise<string> {
  decoyHash ??= hashPassword('no account has this password');
  return decoyHash;
}

async function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
  if (queue.length >= WAITING) {
    const message = 'Too many people are signing in at this moment. Try again in a few seconds.';
    throw new Problem('unavailable', { status: 503, message, retryAfter: 3 });
  }
  if (running >= AT_ONCE) await new Promise<void>((resolve) => queue.push(resolve));
  else running += 1;
  try {
    return await work();
  } finally {
    // The place is handed on rather than given back, so nobody can slip in between.
    const next = queue.shift();
    if (next === undefined) running -= 1;
    else next();
  }
}
