import {
  type DatedStoredEntry,
  type EntryStateRow,
  listEntryStates,
  type StoredEntryPosition,
} from '../../../fhir/index.ts';
import type { PatientPortalDeps } from '../../deps.ts';
import type { PatientPortalContext } from '../../portal-context.ts';
import { findRecordResources } from '../record-queries.ts';
import type { SectionRows } from '../section-rows.ts';
import { type EntryState, entryState } from './entry-state.ts';

/** Maximum number of entries whose states are read for a page. */
const MAX_STATES = 3000;

export interface StatedEntry extends Omit<EntryStateRow, 'resource'> {
  readonly state: EntryState;
}

/** All entries of a section that can be current or past, newest first, without their contents. */
export interface StateIndex {
  readonly entries: readonly StatedEntry[];
  readonly counts: ReadonlyMap<EntryState, number>;
  /** Number of entries that were read, if the record has more. undefined if all were read. */
  readonly truncatedAt: number | undefined;
}

/** Finds out which entries of these types are current, planned or past. */
export async function loadStateIndex(
  { db, clock }: Pick<PatientPortalDeps, 'db' | 'clock'>,
  { accountRecord }: Pick<PatientPortalContext, 'accountRecord'>,
  types: readonly string[],
): Promise<StateIndex> {
  const rows = types.length === 0 ? [] : await listEntryStates(db, accountRecord, types, MAX_STATES + 1);
  const now = clock.now();
  const entries = rows.slice(0, MAX_STATES).map(({ type, id, position, resource }) => ({
    type,
    id,
    position,
    state: entryState(type, resource, now),
  }));
  const byState = Map.groupBy(entries, ({ state }) => state);
  return {
    entries,
    counts: new Map([...byState].map(([state, own]) => [state, own.length])),
    truncatedAt: rows.length > MAX_STATES ? MAX_STATES : undefined,
  };
}

/** Loads the contents of one page of entries that are in the index. */
export async function loadStatedRows(
  { db }: Pick<PatientPortalDeps, 'db'>,
  { accountRecord }: Pick<PatientPortalContext, 'accountRecord'>,
  entries: readonly StatedEntry[],
  { after, limit }: { readonly after: StoredEntryPosition | undefined; readonly limit: number },
): Promise<SectionRows> {
  const remaining = after === undefined ? entries : entries.filter((entry) => comesAfter(entry, after));
  const page = remaining.slice(0, pageEnd(remaining, limit));
  if (page.length === 0) return { rows: [], older: undefined };
  const found = await findRecordResources(
    db,
    accountRecord,
    page.map(({ type, id }) => `${type}/${id}`),
  );
  const contents = new Map(found.map(({ type, id, content }) => [`${type}/${id}`, content]));
  const rows = page.flatMap(({ type, id, position }): readonly DatedStoredEntry[] => {
    const content = contents.get(`${type}/${id}`);
    return content === undefined ? [] : [{ type, id, position, content }];
  });
  return { rows, older: page.length < remaining.length ? page.at(-1) : undefined };
}

/** Whether an entry comes after a position in a list that is sorted by position and id, both descending. */
const comesAfter = (entry: StoredEntryPosition, after: StoredEntryPosition): boolean =>
  entry.position < after.position || (entry.position === after.position && entry.id < after.id);

/**
 * Returns the number of entries on a page. Entries of two types can have the same id and date. They stay together,
 * because the position of the next page couldn't tell them apart.
 */
function pageEnd(entries: readonly StatedEntry[], limit: number): number {
  let end = Math.min(limit, entries.length);
  while (end > 0 && end < entries.length && entries[end]?.id === entries[end - 1]?.id) end += 1;
  return end;
}
