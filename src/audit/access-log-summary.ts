import { type Executor, statement } from '../database/index.ts';
import type { ClientId } from '../kernel/index.ts';
import {
  type AccessLogReader,
  forRecordEvents,
  MAY_OPEN_RECORD,
  READ_KINDS,
  type VisibleFamilyIds,
} from './access-log-query.ts';
import { MAX_SCANNED, plannedLimit } from './bounded-scan.ts';

/** How often an app read a record in the latest period, and when last. */
export interface AppReads {
  readonly clientId: ClientId;
  /** Name of the app; undefined if it is no longer registered. */
  readonly app: string | undefined;
  readonly reads: number;
  readonly last: Date;
  /** Whether the reads are made up, for users of shared sandbox accounts. */
  readonly madeUp: boolean;
}

/** The apps that read a record in a period, the one with the latest read first. */
export interface AppReadsSummary {
  readonly apps: readonly AppReads[];
  /** Whether the record has few enough events that all of the period were counted. */
  readonly isComplete: boolean;
}

/** Reads are counted among this many events of the record, the latest ones. */
export const MAX_COUNTED_EVENTS = MAX_SCANNED;

const COLUMNS = { client_id: 'text', app: 'text?', reads: 'int8', last_at: 'timestamptz' } as const;
const READS = `e.kind = any(${READ_KINDS}) and e.outcome = 'success' and e.client_id is not null`;

const selectSummary = forRecordEvents(({ name, events }) =>
  statement(
    `audit.reads.summary${name}`,
    { client_id: 'text?', app: 'text?', reads: 'int8?', last_at: 'timestamptz?', events: 'int8' },
    `with latest as materialized (
     select e.at, e.kind, e.outcome, e.client_id, e.family_id from (
       ${events(`${MAY_OPEN_RECORD} and e.at >= $3`)} order by at desc limit ${plannedLimit(MAX_COUNTED_EVENTS)}) e)
   select e.client_id, a.name as app, e.reads, e.last_at, c.events
   from (select count(*) as events from latest) c
   left join (
     select e.client_id, count(*) as reads, max(e.at) as last_at from latest e
     where ${READS} and ($4::text[] is null or e.family_id = any($4)) group by e.client_id) e on true
   left join app a on a.client_id = e.client_id order by e.last_at desc, e.client_id`,
  ),
);
const madeUpStatement = statement(
  'audit.made-up.summary',
  COLUMNS,
  `select e.client_id, e.app, count(*) as reads, max(e.at) as last_at
   from (
     select e.client_id, e.app, e.at from made_up_read e
     where e.record_id = $2 and ${MAY_OPEN_RECORD} and ${READS} and e.at >= $3
     order by e.at desc limit ${MAX_COUNTED_EVENTS}) e
   group by e.client_id, e.app order by last_at desc, e.client_id`,
);

/**
 * Counts the successful reads of a record by app, the app with the latest read first.
 * @param since start of the period
 */
export async function summarizeAppReads(
  db: Executor,
  { accountId, recordId }: AccessLogReader,
  since: Date,
  visibleFamilies: VisibleFamilyIds | undefined,
): Promise<AppReadsSummary> {
  const values = [accountId, recordId, since];
  const rows = await db.query(await selectSummary(db, recordId), [...values, visibleFamilies ?? null]);
  const madeUp = visibleFamilies === undefined ? [] : await db.query(madeUpStatement, values);
  const toReads =
    (isMadeUp: boolean) =>
    ({ client_id, app, reads, last_at }: Omit<(typeof rows)[number], 'events'>): readonly AppReads[] =>
      // A row without an app has only the number of events.
      client_id === null || reads === null || last_at === null
        ? []
        : [{ clientId: client_id as ClientId, app: app ?? undefined, reads, last: last_at, madeUp: isMadeUp }];
  const apps = [...rows.flatMap(toReads(false)), ...madeUp.flatMap(toReads(true))];
  return {
    apps: apps.sort((one, other) => other.last.getTime() - one.last.getTime()),
    isComplete: (rows[0]?.events ?? 0) < MAX_COUNTED_EVENTS,
  };
}
