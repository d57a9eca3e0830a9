import type { Executor } from '../../database/index.ts';
import { type Clock, clientNetwork, minutes } from '../../kernel/index.ts';
import { countUse, type SharedRateLimit, uncountUse } from '../../rate-limit/index.ts';

/**
 * Limits wrong answers to identity questions from one network over all invitations: enough for a waiting room, too few
 * for guessing.
 */
const NETWORK_LIMIT: SharedRateLimit = { max: 30, window: minutes(15), name: 'enrollment from', separator: ' ' };

/**
 * Counts an attempt at the identity questions before it is checked, so that concurrent guesses can't slip past the
 * limit.
 * @param address IP address of the client
 * @returns `undefined` if the attempt may be checked; otherwise the end of the window
 */
export async function countAnswer(
  deps: { readonly db: Executor; readonly clock: Clock },
  address: string,
): Promise<Date | undefined> {
  return (await countUse(deps, NETWORK_LIMIT, clientNetwork(address)))?.until;
}

/** Un-counts an attempt that wasn't wrong, so that other people in the same network aren't affected. */
export const uncountAnswer = (db: Executor, address: string): Promise<void> =>
  uncountUse(db, NETWORK_LIMIT, clientNetwork(address));
