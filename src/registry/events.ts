import { type Executor, statement } from '../database/index.ts';
import type { AccountId, ClientId, Clock, Random } from '../kernel/index.ts';

/** What became of an app, as its developers are told. */
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
  /** Never a secret: developers and administrators read it. */
  readonly detail?: Readonly<Record<string, unknown>> | undefined;
}

export interface AppEvent extends Omit<NewAppEvent, 'clientId' | 'detail'> {
  readonly at: Date;
  /** Name of who it was; undefined: a command, the server, or an account that is gone. */
  readonly who: string | undefined;
  readonly detail: Readonly<Record<string, unknown>>;
}

const insert = statement(
  'registry.app-event.insert',
  {},
  `insert into app_event (client_id, at, id, kind, by_side, account_id, version, detail)
   values ($1, $2, $3, $4, $5, $6, $7, $8)`,
);
/** Of one moment in the order of what they tell: registered, submitted, verified, approved. */
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

/** Whether an administrator ever stopped an app, whatever became of it since. */
export async function wasSuspended(db: Executor, clientId: ClientId): Promise<boolean> {
  return ((await db.query(suspensions, [clientId]))[0]?.suspensions ?? 0) > 0;
}

/** `tx`: the transaction of what it tells. */
export async function recordAppEvent(
  tx: Executor,
  { clock, random }: { readonly clock: Clock; readonly random: Random },
  { clientId, kind, bySide, accountId, version, detail = {} }: NewAppEvent,
): Promise<void> {
  const id = random.uuid();
  const told = JSON.stringify(detail);
  await tx.query(insert, [clientId, clock.now(), id, kind, bySide, accountId ?? null, version ?? null, told]);
}

/** The newest first, at most 500, one for each act. */
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
  return actsOf(events);
}

/** Of what was handed in, a part may hold at once: that is told with the version that the rest made. */
function actsOf(events: readonly AppEvent[]): readonly AppEvent[] {
  const isPart = ({ kind, version }: AppEvent): boolean => kind === 'changed' && version !== undefined;
  const parts = events.filter(isPart);
  const isTold = (part: AppEvent): boolean =>
    isPart(part) && events.some(({ kind, version }) => kind === 'submitted' && version === part.version);
  return events
    .filter((event) => !isTold(event))
    .map((event) => {
      const part = event.kind === 'submitted' ? parts.find(({ version }) => version === event.version) : undefined;
      return part === undefined ? event : { ...event, detail: { ...event.detail, ...part.detail } };
    });
}
