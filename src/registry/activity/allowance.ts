import { type ClientId, type Clock, minutes } from '../../kernel/index.ts';

/** Rows in a minute. Whoever knows a client_id can have an app refused, so each kind of refusal has its own. */
const MOST_REFUSALS = 60;
const MOST_ANSWERS = 240;
/** Of one app, whatever the kinds: whoever knows the client_id of one keeps nobody else's out. */
const MOST_CLAIMED = 300;
/** Of all apps together: more than these in a minute are counted, and not told one by one. */
const MOST_IN_ALL = { proved: 6000, claimed: 3000, granted: 1500 };

/**
 * `claimed`: caused by whoever knows a client_id. `granted`: tokens that apps got. These have shares of their own, and take
 * nothing from what apps asked for and were refused.
 */
export type Cause = keyof typeof MOST_IN_ALL;

/** Whether an app may have another row of a kind in this minute: no kind keeps another out. */
export function allowance(clock: Clock): (clientId: ClientId, kind: string | undefined, cause: Cause) => boolean {
  const counts = new Map<string, number>();
  let minute = 0;
  let all = { proved: 0, claimed: 0, granted: 0 };
  return (clientId, kind, cause) => {
    const now = Math.floor(clock.now().getTime() / minutes(1));
    if (now !== minute) {
      counts.clear();
      all = { proved: 0, claimed: 0, granted: 0 };
    }
    minute = now;
    if (all[cause] >= MOST_IN_ALL[cause]) return false;
    const shares = [
      { key: `${clientId}\n${kind ?? ''}`, most: kind === undefined ? MOST_ANSWERS : MOST_REFUSALS },
      ...(cause === 'claimed' ? [{ key: `${clientId}\n\n`, most: MOST_CLAIMED }] : []),
    ];
    if (shares.some(({ key, most }) => (counts.get(key) ?? 0) >= most)) return false;
    for (const { key } of shares) counts.set(key, (counts.get(key) ?? 0) + 1);
    all[cause] += 1;
    return true;
  };
}
