import type { ClientId } from '../../kernel/index.ts';
import { findApp } from '../../registry/index.ts';
import type { FeedDeps } from './feed-deps.ts';
import type { Sender } from './transmission.ts';

/** Source name of an app's feed. No other source name contains a colon. */
export const sourceOf = (clientId: ClientId): string => `app:${clientId}`;

/** undefined when the app no longer exists. */
export async function senderOf({ db, clock }: FeedDeps, clientId: ClientId): Promise<Sender | undefined> {
  const app = await findApp(db, clock, clientId);
  return app === undefined ? undefined : { clientId, name: app.name };
}
