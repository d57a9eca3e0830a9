import { type Executor, statement } from '../../database/index.ts';
import type { ClientId, Clock, Random } from '../../kernel/index.ts';

/** Kinds of notifications that come from the review of an app. */
const REVIEW_KINDS = ['verified', 'approved', 'rejected', 'asked', 'suspended', 'resumed', 'retired'] as const;
/** Kind of a notification. It says what changed about an app. */
export type NotificationKind = (typeof REVIEW_KINDS)[number] | 'secret-expiring' | 'errors-rising';

const insert = statement(
  'registry.notification.insert',
  {},
  `insert into notification (notification_id, organisation_id, client_id, kind, at, detail)
   select $1, a.organisation_id, a.client_id, $3, $4, $5::jsonb from app a
   where a.client_id = $2 and a.organisation_id is not null`,
);

export interface NewNotification {
  readonly clientId: ClientId;
  readonly kind: NotificationKind;
  /** Details of the notification. They must never contain a secret, a token or anything about a patient. */
  readonly detail: Readonly<Record<string, string | number>>;
}

/**
 * Adds a notification for the members of the organization that develops an app. Does nothing if the app has no
 * organization.
 * @param tx the transaction of the change, which also queues the email about it
 */
export async function insertNotification(
  tx: Executor,
  { clock, random }: { readonly clock: Clock; readonly random: Random },
  { clientId, kind, detail }: NewNotification,
): Promise<void> {
  await tx.query(insert, [random.uuid(), clientId, kind, clock.now(), JSON.stringify(detail)]);
}

/** Returns the kind of notification that an event in the history of an app causes; undefined if it causes none. */
export const notificationKindOf = (eventKind: string): NotificationKind | undefined =>
  REVIEW_KINDS.find((kind) => kind === eventKind);
