/** Position of the last entry of a page, for keyset pagination. */
export interface AuditLogPosition {
  readonly at: Date;
  readonly id: string;
}

/**
 * Number of events that one step of a search reads at most if an index gives them in the order of time. They are on
 * pages in random order.
 */
export const MAX_SCANNED = 2000;

/**
 * SQL: a number of rows that PostgreSQL doesn't know when it plans. It then expects to stop early, and reads events in the
 * order of an index. If it knew that the number is more than the usual record has, it would read all events to sort them,
 * of an unusual record too.
 */
export const plannedLimit = (count: number): string => `(select ${count})`;

/**
 * SQL: the newest events that match, without reading more than a number of events. The result also has the last event
 * that was read if the limit stopped the search, whether it matches or not.
 * @param events SQL of the events, with the columns `at` and `id` and in no particular order. An index has to give them
 * in the order of time
 * @param condition SQL condition of the matches, on the alias `e`
 * @param limit SQL of the number of rows
 */
export const boundedScanSql = (
  events: string,
  condition: string,
  { limit, maxScanned = MAX_SCANNED }: { readonly limit: string; readonly maxScanned?: number },
): string => `
     select * from (
       select e.*, (${condition}) is true as matches, row_number() over (order by e.at desc, e.id desc) = ${maxScanned} as is_stop
       from (${events} order by at desc, id desc limit ${plannedLimit(maxScanned)}) e) read
     where matches or is_stop order by at desc, id desc limit ${limit}`;

/** A page of events, newest first. */
export interface EventPage<Entry> {
  readonly entries: readonly Entry[];
  /** Position from which the search goes on; undefined if there are no more events. */
  readonly next: AuditLogPosition | undefined;
  /** Whether the search stopped at its limit: the page has fewer entries than asked for, and there may be more. */
  readonly isStopped: boolean;
}

type ScannedRow = AuditLogPosition & { readonly matches: boolean; readonly is_stop: boolean };

/**
 * Makes a page of the rows of a bounded scan.
 * @param rows at most `limit` + 1 rows
 */
export function toEventPage<Row extends ScannedRow>(rows: readonly Row[], limit: number): EventPage<Row> {
  const matches = rows.filter((row) => row.matches);
  const last = rows.at(-1);
  if (matches.length > limit) {
    const entries = matches.slice(0, limit);
    return { entries, next: toPosition(entries.at(-1)), isStopped: false };
  }
  const isStopped = last?.is_stop === true;
  return { entries: matches, next: isStopped ? toPosition(last) : undefined, isStopped };
}

/** Returns the position of an event. */
export const toPosition = (row: AuditLogPosition | undefined): AuditLogPosition | undefined =>
  row && { at: row.at, id: row.id };
