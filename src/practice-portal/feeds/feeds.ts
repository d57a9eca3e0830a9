import { findApp } from '../../apps/index.ts';
import type { Executor } from '../../database/index.ts';
import {
  listLatestRejectedEntries,
  listSources,
  type RejectedFeedEntry,
  type SourceHealth,
} from '../../intake/index.ts';
import { type ClientId, type Clock, days, later, type PracticeId } from '../../kernel/index.ts';

/** An app that sends data to a practice, with its activity of the last 14 days. */
export interface PracticeFeed extends SourceHealth {
  /** Name of the app; undefined if it is no longer registered. */
  readonly name: string | undefined;
}

export interface RejectedPracticeEntry extends RejectedFeedEntry {
  /** Name of the app that sent the entry; undefined if it is no longer registered. */
  readonly sender: string | undefined;
}

export interface PracticeFeeds {
  readonly feeds: readonly PracticeFeed[];
  /** The newest rejected entries. */
  readonly rejected: readonly RejectedPracticeEntry[];
}

const SOURCE_OF_APP = 'app:';
const PERIOD_DAYS = 14;

export interface FeedQuery {
  readonly practiceId: PracticeId;
  /** Maximum number of rejected entries. */
  readonly limit: number;
  /** Limits the feeds to those of one app. undefined: the feeds of all apps. */
  readonly clientId: ClientId | undefined;
}

/** Lists the apps that send data to a practice, and the newest of their entries that were rejected. */
export async function listPracticeFeeds(
  { db, clock }: { readonly db: Executor; readonly clock: Clock },
  { practiceId, limit, clientId }: FeedQuery,
): Promise<PracticeFeeds> {
  const isListed = (source: string): boolean =>
    clientId === undefined ? source.startsWith(SOURCE_OF_APP) : source === `${SOURCE_OF_APP}${clientId}`;
  const all = await listSources(db, later(clock.now(), -days(PERIOD_DAYS)));
  const sources = all.filter((one) => one.practiceId === practiceId && isListed(one.source));
  const names = new Map<string, string | undefined>();
  for (const { source } of sources) {
    const app = await findApp(db, clock, source.slice(SOURCE_OF_APP.length));
    names.set(source, app?.name);
  }
  const latest = await listLatestRejectedEntries(db, practiceId, { sources: [...names.keys()], limit });
  return {
    feeds: sources.map((one) => ({ ...one, name: names.get(one.source) })),
    rejected: latest.map((one) => ({ ...one, sender: names.get(one.source) })),
  };
}
