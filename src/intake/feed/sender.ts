import { findApp } from '../../apps/index.ts';
import type { ClientId } from '../../kernel/index.ts';
import type { FeedDeps } from './feed-deps.ts';
import type { FeedSender } from './record-transmission.ts';

/** Source name of an app's feed. No other source name contains a colon. */
export const toSourceName = (clientId: ClientId): string => `app:${clientId}`;

/** undefined when the app no longer exists. */
export async function findSender({ db, clock }: FeedDeps, clientId: ClientId): Promise<FeedSender | undefined> {
  const app = await findApp(db, clock, clientId);
  return app === undefined ? undefined : { clientId, name: app.name };
}
