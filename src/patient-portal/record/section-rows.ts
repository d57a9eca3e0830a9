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

/** Rows fetched at a time when all of a type is read. */
const BATCH_SIZE = 500;

/** Yields all resources of a type in batches, newest first. */
export async function* readAllOfType(
  db: PortalDatabase,
  accountRecord: RecordUser,
  type: string,
): AsyncGenerator<readonly DatedStoredEntry[]> {
  for (let after: DatedStoredEntry | undefined; ; ) {
    const rows: readonly DatedStoredEntry[] = await listRecordEntries(db, accountRecord, type, {
      after,
      limit: BATCH_SIZE,
    });
    yield rows;
    after = rows.at(-1);
    if (rows.length < BATCH_SIZE) return;
  }
}

export interface SectionRows {
  readonly rows: readonly DatedStoredEntry[];
  /** Position at which older rows continue; undefined when there are none. */
  readonly older: StoredEntryPosition | undefined;
}

/** Loads a page of rows, newest first. Reads one row more than the page holds to find out whether older rows exist. */
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

/** Loads all rows after the instant by the type's main date, soonest first. */
export async function loadUpcomingRows(
  db: PortalDatabase,
  accountRecord: RecordUser,
  type: string,
  now: Date,
): Promise<SectionRows> {
  const { position } = toPosition(now);
  const coming: DatedStoredEntry[] = [];
  for await (const rows of readAllOfType(db, accountRecord, type)) {
    // Positions have a fixed length, so their text order is their order in time. Infinite positions also sort
    // correctly.
    const after = rows.filter((row) => row.position > position);
    coming.push(...after);
    if (after.length < rows.length) break;
  }
  return { rows: coming.reverse(), older: undefined };
}

/** Position that excludes everything after this instant. @returns a position after every row of that instant */
export const toPosition = (at: Date): StoredEntryPosition => ({
  position: at.toISOString().replace('T', ' ').replace('Z', '+00'),
  id: 'ffffffff-ffff-ffff-ffff-ffffffffffff',
});

export const formatCursor = ({ position, id }: StoredEntryPosition): string => `${position}/${id}`;

/** Parses a cursor from the address. Anything invalid counts as no cursor. */
export function parseCursor(cursor: unknown): StoredEntryPosition | undefined {
  const [position = '', id = ''] = (singleValue(cursor) ?? '').split('/');
  return isStoredEntryPosition({ position, id }) ? { position, id } : undefined;
}
