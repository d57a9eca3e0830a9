import { type Executor, statement } from '../../database/index.ts';
import { type AccountId, type ClientId, days, later, type OrganisationId } from '../../kernel/index.ts';
import type { NotificationKind } from './notification.ts';

/**
 * Maximum number of notifications that are retained for one organization. All members of the organization have the
 * same ones.
 */
const MAX_PER_ORGANISATION = 500;
/** Milliseconds for which notifications are retained. */
const RETENTION = days(90);
/** Unread notifications are counted up to this number. */
const MAX_COUNTED = 100;

/**
 * SQL of the notifications that the account $1 may read: those about apps of its organizations since it joined. Readers
 * can't replace secrets, so they aren't notified of them. As everywhere, the condition is a part of the query. The
 * sandbox's developer is a member of an organization in the space of each visitor, so the statement joins the view.
 */
const VISIBLE = `from membership m
   join organisation o on o.organisation_id = m.organisation_id
   join account u on u.account_id = m.account_id and u.locked_at is null and u.closed_at is null
   join notification n on n.organisation_id = m.organisation_id and n.at >= m.joined_at
     and (m.role <> 'reader' or n.kind <> 'secret-expiring')
   left join notification_read r on r.account_id = m.account_id and r.notification_id = n.notification_id
   where m.account_id = $1`;

const list = statement(
  'registry.notification.list',
  {
    notification_id: 'uuid',
    organisation_id: 'uuid',
    client_id: 'text',
    app_name: 'text',
    kind: 'text',
    at: 'timestamptz',
    detail: 'jsonb',
    read: 'bool',
    found: 'int4',
  },
  `select v.*, a.name as app_name from (
     select n.notification_id, n.organisation_id, n.client_id, n.kind, n.at, n.detail, r.read_at is not null as read,
       count(*) over ()::int as found
     ${VISIBLE} order by n.at desc, n.notification_id desc limit $2 offset $3) v
   join app a on a.client_id = v.client_id
   order by v.at desc, v.notification_id desc`,
);
const countUnread = statement(
  'registry.notification.count-unread',
  { unread: 'int4' },
  `select count(*)::int as unread from (select ${VISIBLE} and r.read_at is null limit $2) unread`,
);
const markRead = statement(
  'registry.notification.mark-read',
  {},
  `insert into notification_read (account_id, notification_id, read_at)
   select m.account_id, n.notification_id, $2 ${VISIBLE} and r.read_at is null
     and ($3::uuid[] is null or n.notification_id = any($3))
   on conflict do nothing`,
);
const purge = statement(
  'registry.notification.sweep',
  {},
  `delete from notification n using (
     select notification_id, row_number() over (partition by organisation_id order by at desc, notification_id desc) as place
     from notification) ranked
   where ranked.notification_id = n.notification_id and (n.at < $1 or ranked.place > $2)`,
);

/** Something that changed about an app, for a member of its organization. */
export interface AppNotification {
  readonly notificationId: string;
  readonly organisationId: OrganisationId;
  readonly clientId: ClientId;
  readonly appName: string;
  readonly kind: NotificationKind;
  readonly at: Date;
  readonly detail: Readonly<Record<string, unknown>>;
  /** Whether the member has read it. */
  readonly read: boolean;
}

/** Returns a page of the notifications that an account may read, newest first, and how many there are on all pages. */
export async function listNotifications(
  db: Executor,
  accountId: AccountId,
  { limit, offset }: { readonly limit: number; readonly offset: number },
): Promise<{ readonly notifications: readonly AppNotification[]; readonly found: number }> {
  const rows = await db.query(list, [accountId, limit, offset]);
  const notifications = rows.map((row) => ({
    notificationId: row.notification_id,
    organisationId: row.organisation_id as OrganisationId,
    clientId: row.client_id as ClientId,
    appName: row.app_name,
    kind: row.kind as NotificationKind,
    at: row.at,
    detail: row.detail as AppNotification['detail'],
    read: row.read,
  }));
  return { notifications, found: rows[0]?.found ?? 0 };
}

/** Counts the unread notifications of an account, up to 100. */
export async function countUnreadNotifications(db: Executor, accountId: AccountId): Promise<number> {
  return (await db.query(countUnread, [accountId, MAX_COUNTED]))[0]?.unread ?? 0;
}

/**
 * Marks notifications of an account as read. Ignores those that the account may not read.
 * @param ids the notifications; undefined for all
 */
export async function markNotificationsRead(
  db: Executor,
  accountId: AccountId,
  now: Date,
  ids: readonly string[] | undefined,
): Promise<void> {
  await db.query(markRead, [accountId, now, ids ?? null]);
}

/** Deletes notifications that are too old or exceed the maximum of their organization. */
export async function purgeNotifications(db: Executor, now: Date): Promise<void> {
  await db.query(purge, [later(now, -RETENTION), MAX_PER_ORGANISATION]);
}
