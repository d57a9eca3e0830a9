import { type Executor, statement } from '../../database/index.ts';
import { type Clock, minutes, networkOf, sha256 } from '../../kernel/index.ts';
import { countOver } from '../../people/index.ts';

/** Wrong answers from one network, over all invitations: a waiting room may give as many, a guesser gives more. */
const FROM_NETWORK = { most: 30, window: minutes(15) };

/** What `countOver` counted under a key is one less. */
const takeBack = statement(
  'enrollment.network.take-back',
  {},
  'update throttle set failures = failures - 1 where key = $1 and failures > 0',
);

const keyFor = (address: string): string => `enrollment from ${networkOf(address)}`;

/**
 * Counts an answer before it is looked at, so that a hundred at once are a hundred.
 * @param address of the network @returns undefined while it may be looked at; else until when none is
 */
export async function countAnswer(
  { db, clock }: { readonly db: Executor; readonly clock: Clock },
  address: string,
): Promise<Date | undefined> {
  return (await countOver(db, clock, keyFor(address), FROM_NETWORK))?.until;
}

/** An answer that was not wrong: whoever has the same network has lost nothing. */
export async function forgiveAnswer(db: Executor, address: string): Promise<void> {
  await db.query(takeBack, [sha256(keyFor(address))]);
}
