import type { ClientId } from '../../kernel/index.ts';
import { findApp } from '../../registry/index.ts';
import type { FeedDeps } from './feed-deps.ts';
import type { Sender } from './transmission.ts';

/** No other source has a colon in its name. */
export const sourceOf = (clientId: ClientId): string => `app:${clientId}`;

/** undefined: there is no such app any more. */
export async function senderOf({ db, clock }: FeedDeps, clientId: ClientId): Promise<Sender | undefined> {
  const app = await findApp(db, clock, clientId);
  return app === undefined ? undefined : { clientId, name: app.name };
}
