import { type Executor, type RowOf, statement } from '../../database/index.ts';
import { CANONICAL_EVENT, PAGE_EVENTS, timeSql } from './canonical-event.ts';
import type { EventPosition } from './segment.ts';

/** SQL: a page of the events from `$1` until `$2`, after the position `$3`, `$4`. */
const PAGE = `select e.at, e.id, ${CANONICAL_EVENT} || chr(10) as line from audit_event e
     where e.at >= $1 and e.at < $2 and (e.at, e.id) > ($3::timestamptz, $4::uuid)
     order by e.at, e.id limit ${PAGE_EVENTS}`;
/** SQL: the lines of a page `p` in their order. */
const LINES = "string_agg(p.line, '' order by p.at, p.id)";

const hashedPage = statement(
  'audit.archive.hashed-page',
  { events: 'int4', state: 'bytea', first_at: 'text?', first_id: 'uuid?', last_at: 'text?', last_id: 'uuid?' },
  `select q.events, case when q.events = 0 then $5::bytea else sha256($5::bytea || convert_to(q.lines, 'UTF8')) end as state,
     ${timeSql('q.first_at')} as first_at, q.ids[1] as first_id, ${timeSql('q.last_at')} as last_at,
     q.ids[q.events] as last_id
   from (
     select count(*)::int4 as events, ${LINES} as lines, min(p.at) as first_at, max(p.at) as last_at,
       array_agg(p.id order by p.at, p.id) as ids
     from (${PAGE}) p) q`,
);
const LINES_COLUMNS = { events: 'int4', lines: 'text?', last_at: 'text?', last_id: 'uuid?' } as const;
const pageLines = statement(
  'audit.archive.page-lines',
  LINES_COLUMNS,
  `select q.events, q.lines, ${timeSql('q.last_at')} as last_at, q.ids[q.events] as last_id
   from (
     select count(*)::int4 as events, ${LINES} as lines, max(p.at) as last_at,
       array_agg(p.id order by p.at, p.id) as ids
     from (${PAGE}) p) q`,
);

/** A period of the audit log, in ISO 8601. */
export interface Period {
  readonly from: string;
  /** An event at this time isn't included. */
  readonly to: string;
}

/** How far the digest of a period has been computed. */
export interface DigestProgress {
  readonly events: number;
  readonly first: EventPosition | null;
  readonly last: EventPosition | null;
  readonly state: Buffer;
}

/**
 * Returns the parameters of a page. The page begins at the time of the last event before it, as PostgreSQL may not use a
 * comparison of time and id together to find its place in the index.
 */
const pageParameters = ({ from, to }: Period, after: EventPosition | null): readonly unknown[] =>
  after === null ? [from, to, '-infinity', NO_ID] : [after.at, to, after.at, after.id];
const NO_ID = '00000000-0000-0000-0000-000000000000';

const toPosition = (at: string | null, id: string | null): EventPosition | null =>
  at === null || id === null ? null : { at, id };

/**
 * Adds the next page of events to a digest. PostgreSQL computes the digest, so the events don't leave it.
 * @returns undefined after the last event
 */
export async function hashNextPage(
  db: Executor,
  period: Period,
  progress: DigestProgress,
): Promise<DigestProgress | undefined> {
  const [page] = await db.query(hashedPage, [...pageParameters(period, progress.last), progress.state]);
  if (page === undefined || page.events === 0) return undefined;
  return {
    events: progress.events + page.events,
    first: progress.first ?? toPosition(page.first_at, page.first_id),
    last: toPosition(page.last_at, page.last_id),
    state: page.state,
  };
}

/** Reads the lines of all events of a period, a page at a time. Each line ends in a line feed. */
export async function* readLines(db: Executor, period: Period): AsyncGenerator<Buffer, void, undefined> {
  let after: EventPosition | null = null;
  do {
    const [page]: readonly RowOf<typeof LINES_COLUMNS>[] = await db.query(pageLines, pageParameters(period, after));
    if (page === undefined || page.lines === null) return;
    yield Buffer.from(page.lines);
    after = page.events < PAGE_EVENTS ? null : toPosition(page.last_at, page.last_id);
  } while (after !== null);
}
