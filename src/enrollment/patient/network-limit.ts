import { type Executor, statement } from '../../database/index.ts';
import { type Clock, minutes, networkOf, sha256 } from '../../kernel/index.ts';
import { countOver } from '../../people/index.ts';

/** Limits wrong answers from one network over all invitations: enough for a waiting room, too few for guessing. */
const FROM_NETWORK = { most: 30, window: minutes(15) };

/** Undoes one count of `countUse`. */
const takeBack = statement(
  'enrollment.network.take-back',
  {},
  'update throttle set failures = failures - 1 where key = $1 and failures > 0',
);

const keyFor = (address: string): string => `enrollment from ${networkOf(address)}`;

/**
 * Counts an answer before it is checked, so that concurrent guesses can't slip past the limit.
 * @param address IP address of the client
 * @returns `undefined` while the answer may be checked; otherwise the end of the window
 */
export async function countAnswer(
  { db, clock }: { readonly db: Executor; readonly clock: Clock },
  address: string,
): Promise<Date | undefined> {
  return (await countOver(db, clock, keyFor(address), FROM_NETWORK))?.until;
}

/** Un-counts an answer that wasn't wrong, so that others in the same network aren't affected. */
export async function forgiveAnswer(db: Executor, address: string): Promise<void> {
  await db.query(takeBack, [sha256(keyFor(address))]);
}
