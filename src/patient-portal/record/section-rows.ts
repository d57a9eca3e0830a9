import {
  type DatedStoredEntry,
  isStoredEntryPosition,
  listRecordEntries,
  type RecordUser,
  type StoredEntryPosition,
} from '../../fhir/index.ts';
import type { PatientPortalDeps } from '../deps.ts';
import { singleValue } from '../portal-context.ts';

type PortalDatabase = PatientPortalDeps['db'];

/** Number of resources that are fetched at a time when all resources of a type are read. */
const BATCH_SIZE = 500;

/**
 * Yields all resources of a type in the record in batches, newest first.
 * @param batchSize number of resources in a batch, which bounds the memory
 */
export async function* readAllOfType(
  db: PortalDatabase,
  accountRecord: RecordUser,
  type: string,
  batchSize = BATCH_SIZE,
): AsyncGenerator<readonly DatedStoredEntry[]> {
  for (let after: DatedStoredEntry | undefined; ; ) {
    const rows: readonly DatedStoredEntry[] = await listRecordEntries(db, accountRecord, type, {
      after,
      limit: batchSize,
    });
    yield rows;
    after = rows.at(-1);
    if (rows.length < batchSize) return;
  }
}

export interface SectionRows {
  readonly rows: readonly DatedStoredEntry[];
  /** Position from which older rows continue. undefined if there are none. */
  readonly older: StoredEntryPosition | undefined;
}

/**
 * Loads the resources of one page, newest first. Reads one resource more than the page shows, to find out whether there
 * are older ones.
 */
export async function loadRowsPage(
  db: PortalDatabase,
  accountRecord: RecordUser,
  type: string,
  { after, limit }: { readonly after: StoredEntryPosition | undefined; readonly limit: number },
): Promise<SectionRows> {
  const found = await listRecordEntries(db, accountRecord, type, { after, limit: limit + 1 });
  const rows = found.slice(0, limit);
  return { rows, older: found.length > limit ? rows.at(-1) : undefined };
}

/** Loads all resources whose main date is after this instant, soonest first. */
export async function loadUpcomingRows(
  db: PortalDatabase,
  accountRecord: RecordUser,
  type: string,
  now: Date,
): Promise<SectionRows> {
  const { position } = toPosition(now);
  const coming: DatedStoredEntry[] = [];
  for await (const rows of readAllOfType(db, accountRecord, type)) {
    // A position is a timestamp as text of a fixed length, so comparing positions as text compares their times. The
    // positions `infinity` and `-infinity` also sort correctly, after and before all timestamps.
    const after = rows.filter((row) => row.position > position);
    coming.push(...after);
    if (after.length < rows.length) break;
  }
  return { rows: coming.reverse(), older: undefined };
}

/**
 * Returns the position just before the rows of this instant in a list that is ordered newest first. A list that
 * continues from this position contains rows of the instant itself and earlier ones, but none that are later.
 */
export const toPosition = (at: Date): StoredEntryPosition => ({
  position: at.toISOString().replace('T', ' ').replace('Z', '+00'),
  id: 'ffffffff-ffff-ffff-ffff-ffffffffffff',
});

export const formatCursor = ({ position, id }: StoredEntryPosition): string => `${position}/${id}`;

/** Parses a position in a list from the URL. Anything invalid counts as no position. */
export function parseCursor(cursor: unknown): StoredEntryPosition | undefined {
  const [position = '', id = ''] = (singleValue(cursor) ?? '').split('/');
  return isStoredEntryPosition({ position, id }) ? { position, id } : undefined;
}
