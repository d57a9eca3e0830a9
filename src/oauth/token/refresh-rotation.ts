import { type Executor, isErrorOfRow } from '../../database/index.ts';
import { type Clock, groupCommit } from '../../kernel/index.ts';
import {
  consumeRefresh,
  consumeRefreshes,
  MAX_REFRESHES,
  type MintedTokens,
  type RefreshExchange,
} from './consume-tokens.ts';

/**
 * Exchanges a refresh token for the tokens that replace it. Returns undefined if the refresh token isn't valid for this
 * client and DPoP key.
 * @param now when the request arrived
 */
export type RefreshRotator = (now: Date, exchange: RefreshExchange) => Promise<MintedTokens | undefined>;

/** Milliseconds for which refreshes wait for a shared statement. After that, new ones run alone. */
const GROUP_PATIENCE = 1000;

/**
 * Creates the rotator of this process. Refresh tokens that come while another one is being exchanged share a statement
 * and its commit. A shared statement waits for no row, so no refresh waits for another one's token. A token that it
 * couldn't exchange, whose row may be locked, gets a statement of its own, which waits for the row.
 */
export function createRefreshRotator({ db, clock }: { readonly db: Executor; readonly clock: Clock }): RefreshRotator {
  /** When the shared statement that runs was sent. Undefined if none runs. */
  let sharedSince: number | undefined;
  const consumeTogether = groupCommit<RefreshExchange, MintedTokens | undefined>({
    maxItems: MAX_REFRESHES,
    async commit(exchanges) {
      sharedSince = performance.now();
      try {
        return await consumeRefreshes(db, clock.now(), exchanges);
      } finally {
        sharedSince = undefined;
      }
    },
    isCausedByItem: isErrorOfRow,
  });
  /** Hashes of the refresh tokens that are being exchanged, as text. */
  const running = new Set<string>();
  const isStuck = (): boolean => sharedSince !== undefined && performance.now() - sharedSince > GROUP_PATIENCE;

  return async (now, exchange) => {
    const hash = exchange.old.hash.toString('latin1');
    // A token that is sent twice at the same time must not be in a shared statement twice.
    if (running.has(hash)) return consumeRefresh(db, now, exchange);
    const isShared = running.size > 0 && !isStuck();
    running.add(hash);
    try {
      const minted = isShared ? await consumeTogether(exchange) : undefined;
      return minted ?? (await consumeRefresh(db, now, exchange));
    } finally {
      running.delete(hash);
    }
  };
}
