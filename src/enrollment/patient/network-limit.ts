import { type Executor, statement } from '../../database/index.ts';
import { countUse } from '../../identity/index.ts';
import { type Clock, clientNetwork, minutes, sha256 } from '../../kernel/index.ts';

/** Limits wrong answers from one network over all invitations: enough for a waiting room, too few for guessing. */
const NETWORK_LIMIT = { most: 30, window: minutes(15) };

/** Undoes one count of `countUse`. */
const decrementCount = statement(
  'enrollment.network.take-back',
  {},
  'update throttle set failures = failures - 1 where key = $1 and failures > 0',
);

const networkKey = (address: string): string => `enrollment from ${clientNetwork(address)}`;

/**
 * Counts an answer before it is checked, so that concurrent guesses can't slip past the limit.
 * @param address IP address of the client
 * @returns `undefined` while the answer may be checked; otherwise the end of the window
 */
export async function countAnswer(
  { db, clock }: { readonly db: Executor; readonly clock: Clock },
  address: string,
): Promise<Date | undefined> {
  return (await countUse(db, clock, networkKey(address), NETWORK_LIMIT))?.until;
}

/** Un-counts an answer that wasn't wrong, so that others in the same network aren't affected. */
export async function uncountAnswer(db: Executor, address: string): Promise<void> {
  await db.query(decrementCount, [sha256(networkKey(address))]);
}
