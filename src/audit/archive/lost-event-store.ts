import { type Executor, statement } from '../../database/index.ts';
import type { EventReference } from './missing-events.ts';

/**
 * Says how a lost event was handled. `reapplied`: its change was repeated. `not-needed`: it is in effect, or what it
 * concerned no longer exists. `by-hand`: an operator has to repeat it.
 */
export type LostEventResult = 'reapplied' | 'not-needed' | 'by-hand';

const notice = statement(
  'audit.lost.notice',
  { event_id: 'uuid' },
  `insert into lost_audit_event (event_id, at, found_at) select id, at, $2 from json_to_recordset($1) as x(at timestamptz, id uuid)
   on conflict do nothing returning event_id`,
);
const save = statement(
  'audit.lost.save',
  {},
  `insert into lost_audit_event (event_id, at, found_at, result) values ($1, $2, $3, $4)
   on conflict (event_id) do update set result = excluded.result`,
);
const handled = statement(
  'audit.lost.handled',
  { event_id: 'uuid', result: 'text' },
  'select event_id, result from lost_audit_event where result is not null',
);
const unhandled = statement(
  'audit.lost.any-noticed',
  { noticed: 'int8' },
  'select count(*) as noticed from lost_audit_event where result is null',
);

const settle = statement(
  'audit.lost.settle',
  {},
  "update lost_audit_event set result = 'not-needed' where result is null",
);

/**
 * Records that the database lost events.
 * @returns how many of them weren't recorded yet
 */
export const noticeLostEvents = async (tx: Executor, events: readonly EventReference[], now: Date): Promise<number> =>
  (await tx.query(notice, [JSON.stringify(events.map(({ at, id }) => ({ at, id }))), now])).length;

/** Records what was done about a lost event. */
export const saveLostEvent = async (
  tx: Executor,
  { id, at }: EventReference,
  result: LostEventResult,
  now: Date,
): Promise<void> => void (await tx.query(save, [id, at, now, result]));

/** Returns what was done about lost events, by their ids. */
export const listHandledEvents = async (db: Executor): Promise<ReadonlyMap<string, LostEventResult>> =>
  new Map((await db.query(handled)).map(({ event_id, result }) => [event_id, result as LostEventResult]));

/** Counts the lost events that were noticed, and about which nothing was done. */
export const countNoticedEvents = async (db: Executor): Promise<number> => (await db.query(unhandled))[0]?.noticed ?? 0;

/** Records that nothing has to be done about the events that were only noticed. */
export const settleNoticedEvents = async (tx: Executor): Promise<void> => void (await tx.query(settle));
