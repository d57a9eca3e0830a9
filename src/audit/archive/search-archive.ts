import type { Executor } from '../../database/index.ts';
import { OperatorError, type RecordId } from '../../kernel/index.ts';
import { isRead } from '../event.ts';
import {
  type AuditLogEntry,
  type AuditLogFilter,
  collectAuditLog,
  describeArchivedEvents,
} from '../search-audit-log.ts';
import { archivePath, readArchive, splitLines } from './archive-files.ts';
import type { AuditSegment } from './segment.ts';
import { type DroppedMonth, isDropped, listDroppedMonths, listSegments } from './segment-store.ts';

/** An event of the archive, as far as a search looks at it. */
interface ArchivedEvent {
  readonly at: string;
  readonly id: string;
  readonly kind: string;
  readonly outcome: string;
  readonly request_id?: string;
  readonly record_id?: number;
  readonly account_id?: string;
  readonly client_id?: string;
  readonly resources?: number;
  readonly detail?: { readonly action?: unknown; readonly disclosed?: Readonly<Record<string, number>> };
}

/**
 * Searches the audit log in the database, and in the archive for the months that were dropped. Returns the newest events
 * first.
 * @param search.folder the archive; undefined if there is none
 * @throws OperatorError if the search needs files that are missing
 */
export async function searchWholeAuditLog(
  db: Executor,
  filter: AuditLogFilter,
  { folder, limit }: { readonly folder: string | undefined; readonly limit: number },
): Promise<readonly AuditLogEntry[]> {
  const { entries: stored } = await collectAuditLog(db, filter, { after: undefined, limit });
  const dropped = await listDroppedMonths(db);
  // Events of imported practices stay in the database, so it may have events that are older than the archive's.
  const oldest = stored.length === limit ? stored.at(-1)?.at : undefined;
  const segments = (await listSegments(db)).filter(
    (segment) =>
      segment.events > 0 &&
      isDropped(segment, dropped) &&
      overlaps(segment, filter) &&
      (oldest === undefined || new Date(segment.to) > oldest),
  );
  if (segments.length === 0) return stored;
  if (folder === undefined)
    throw new OperatorError(
      'A part of this period is only in the archive. Set AUDIT_ARCHIVE_DIR, or use --archive DIR.',
    );
  const found: ArchivedEvent[] = [];
  for (const segment of segments.reverse()) {
    const later = stored.filter(({ at }) => at >= new Date(segment.to)).length;
    const missing = limit - later - found.length;
    if (missing <= 0) break;
    found.push(...(await searchSegment(folder, segment, filter, missing)));
  }
  // A month that is dropped during the search may be found in both places.
  const known = new Set(stored.map(({ id }) => id));
  const archived = await describeArchivedEvents(
    db,
    found.filter(({ id }) => !known.has(id)),
  );
  return [...stored, ...archived].sort((one, other) => other.at.getTime() - one.at.getTime()).slice(0, limit);
}

/**
 * Returns the part of a period whose events are only in the archive, because their months were dropped from the database;
 * undefined if the database has all of them.
 */
export async function findArchivedPart(
  db: Executor,
  { from, to }: Pick<AuditLogFilter, 'from' | 'to'>,
): Promise<DroppedMonth | undefined> {
  const months = (await listDroppedMonths(db)).filter((month) => month.from < to && month.to > from);
  const [first, last] = [months.at(0), months.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  return { from: first.from > from ? first.from : from, to: last.to < to ? last.to : to };
}

const overlaps = ({ from, to }: AuditSegment, filter: AuditLogFilter): boolean =>
  new Date(from) < filter.to && new Date(to) > filter.from;

/** Returns the last events of a segment that match, the newest first. */
async function searchSegment(
  folder: string,
  segment: AuditSegment,
  filter: AuditLogFilter,
  limit: number,
): Promise<readonly ArchivedEvent[]> {
  const base = archivePath(folder, segment);
  const matches = createMatcher(filter);
  const found: ArchivedEvent[] = [];
  try {
    for await (const line of splitLines(readArchive(base))) {
      const event = matches(line);
      if (event === undefined) continue;
      found.push(event);
      // Only the latest events are kept, so memory doesn't grow with the matches of a day.
      if (found.length >= 2 * limit) found.splice(0, found.length - limit);
    }
  } catch (error) {
    throw new OperatorError(`${base}.ndjson.zst can't be read: ${String((error as NodeJS.ErrnoException).code)}.`);
  }
  return found.slice(-limit).reverse();
}

/** Returns a function that parses the line of an event that matches the filter. */
function createMatcher(filter: AuditLogFilter): (line: string) => ArchivedEvent | undefined {
  const { kinds, allReads = false, outcome, clientId, accountId, requestId, recordId } = filter;
  // A line that doesn't contain these texts can't match, and needn't be parsed.
  const texts = [clientId, accountId, requestId]
    .filter((value) => value !== undefined)
    .map((value) => JSON.stringify(value));
  return (line) => {
    if (!texts.every((text) => line.includes(text))) return undefined;
    const event = JSON.parse(line) as ArchivedEvent;
    const at = new Date(event.at);
    const isKind =
      (kinds === undefined && !allReads) ||
      kinds?.some((kind) => kind === event.kind) === true ||
      (allReads && isRead(event.kind, event.detail?.action));
    const isMatch =
      at >= filter.from &&
      at < filter.to &&
      isKind &&
      (outcome === undefined || event.outcome === outcome) &&
      (clientId === undefined || event.client_id === clientId) &&
      (accountId === undefined || event.account_id === accountId) &&
      (requestId === undefined || event.request_id === requestId);
    if (!isMatch) return undefined;
    return recordId === undefined ? event : toRecordEvent(event, recordId);
  };
}

/** Returns an event as one about a record, as `recordEventsSql` does; undefined if it isn't about this record. */
function toRecordEvent(event: ArchivedEvent, recordId: RecordId): ArchivedEvent | undefined {
  if (event.record_id !== undefined || event.detail?.disclosed === undefined)
    return event.record_id === recordId ? event : undefined;
  const { disclosed, ...detail } = event.detail;
  const resources = disclosed[recordId];
  return resources === undefined ? undefined : { ...event, record_id: recordId, resources, detail };
}
