import { type Executor, statement } from '../database/index.ts';
import type { AccountId, ClientId, Clock, Random } from '../kernel/index.ts';
import { insertNotification, notificationKindOf } from './notifications/notification.ts';

/** Kind of an event in the history of an app, which its developers can read. */
export type AppEventKind =
  | 'registered'
  | 'submitted'
  | 'verified'
  | 'asked'
  | 'answered'
  | 'approved'
  | 'approved-first'
  | 'rejected'
  | 'withdrawn'
  | 'suspended'
  | 'resumed'
  | 'retired'
  | 'secret-made'
  | 'secret-ended'
  | 'changed';

export interface NewAppEvent {
  readonly clientId: ClientId;
  readonly kind: AppEventKind;
  readonly bySide: 'developer' | 'operator' | 'server';
  readonly accountId?: AccountId | undefined;
  readonly version?: number | undefined;
  /** Details of the event. They must never contain a secret, because developers and administrators read them. */
  readonly detail?: Readonly<Record<string, unknown>> | undefined;
}

export interface AppEvent extends Omit<NewAppEvent, 'clientId' | 'detail'> {
  readonly at: Date;
  /** Name of the person who caused the event. undefined for a command, the server, or a deleted account. */
  readonly who: string | undefined;
  readonly detail: Readonly<Record<string, unknown>>;
}

const insert = statement(
  'registry.app-event.insert',
  {},
  `insert into app_event (client_id, at, id, kind, by_side, account_id, version, detail)
   values ($1, $2, $3, $4, $5, $6, $7, $8)`,
);
/**
 * Lists the events of an app, newest first. Among events at the same instant, `registered`
 * counts as the oldest, followed by `submitted`, `verified` and then all others.
 */
const list = statement(
  'registry.app-event.list',
  {
    at: 'timestamptz',
    kind: 'text',
    by_side: 'text',
    account_id: 'uuid?',
    who: 'text?',
    version: 'int4?',
    detail: 'jsonb',
  },
  `select e.at, e.kind, e.by_side, e.account_id, u.display_name as who, e.version, e.detail
   from app_event e left join account u on u.account_id = e.account_id
   where e.client_id = $1 order by e.at desc, e.kind = 'registered', e.kind = 'submitted', e.kind = 'verified', e.id limit 500`,
);

const suspensions = statement(
  'registry.app-event.suspensions',
  { suspensions: 'int4' },
  "select count(*)::int as suspensions from app_event where client_id = $1 and kind = 'suspended'",
);

/** Returns how many times the app was suspended, even if it was resumed since. */
export const countSuspensions = async (db: Executor, clientId: ClientId): Promise<number> =>
  (await db.query(suspensions, [clientId]))[0]?.suspensions ?? 0;

/** Returns whether an administrator ever suspended the app, even if it was resumed since. */
export const wasSuspended = async (db: Executor, clientId: ClientId): Promise<boolean> =>
  (await countSuspensions(db, clientId)) > 0;

/**
 * Appends an event to the history of an app. If the reviewers or the server made a decision, also notifies the
 * developers in their portal.
 * @param tx the transaction of the change that the event reports
 */
export async function appendAppEvent(
  tx: Executor,
  deps: { readonly clock: Clock; readonly random: Random },
  { clientId, kind, bySide, accountId, version, detail = {} }: NewAppEvent,
): Promise<void> {
  const { clock, random } = deps;
  const id = random.uuid();
  const detailJson = JSON.stringify(detail);
  await tx.query(insert, [clientId, clock.now(), id, kind, bySide, accountId ?? null, version ?? null, detailJson]);
  const notified = bySide === 'developer' ? undefined : notificationKindOf(kind);
  if (notified === undefined) return;
  await insertNotification(tx, deps, { clientId, kind: notified, detail: version === undefined ? {} : { version } });
}

/** Returns the history of an app, newest first and at most 500 events. Each submission is one event. */
export async function listAppEvents(db: Executor, clientId: string): Promise<readonly AppEvent[]> {
  const rows = await db.query(list, [clientId]);
  const events = rows.map((row) => ({
    at: row.at,
    kind: row.kind as AppEventKind,
    bySide: row.by_side as AppEvent['bySide'],
    accountId: (row.account_id ?? undefined) as AccountId | undefined,
    who: row.who ?? undefined,
    version: row.version ?? undefined,
    detail: row.detail as AppEvent['detail'],
  }));
  return mergeSubmissionEvents(events);
}

/**
 * Merges the events of a submission into one. A submission stores a `submitted` event for the new
 * version and, if some of its changes take effect at once, a `changed` event of the same version.
 */
function mergeSubmissionEvents(events: readonly AppEvent[]): readonly AppEvent[] {
  const isPart = ({ kind, version }: AppEvent): boolean => kind === 'changed' && version !== undefined;
  const parts = events.filter(isPart);
  const isMerged = (part: AppEvent): boolean =>
    isPart(part) && events.some(({ kind, version }) => kind === 'submitted' && version === part.version);
  return events
    .filter((event) => !isMerged(event))
    .map((event) => {
      const part = event.kind === 'submitted' ? parts.find(({ version }) => version === event.version) : undefined;
      return part === undefined ? event : { ...event, detail: { ...event.detail, ...part.detail } };
    });
}
