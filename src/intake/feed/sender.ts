import { findApp } from '../../apps/index.ts';
import type { ClientId } from '../../kernel/index.ts';
import type { FeedDeps } from './feed-deps.ts';
import type { FeedSender } from './record-transmission.ts';

/**
 * Returns the name of an app as a source of resources. It contains a colon, so it never equals the name of an import.
 */
export const toSourceName = (clientId: ClientId): string => `app:${clientId}`;

/** Finds the app that sent a Bundle. Returns undefined if the app no longer exists. */
export async function findSender({ db, clock }: FeedDeps, clientId: ClientId): Promise<FeedSender | undefined> {
  const app = await findApp(db, clock, clientId);
  return app === undefined ? undefined : { clientId, name: app.name };
}
