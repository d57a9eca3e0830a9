import { type DatedEntry, type DatedPosition, type Holder, isPosition, ownOfType } from '../../fhir/index.ts';
import type { AccountDeps } from '../deps.ts';
import { single } from '../place.ts';

type Db = AccountDeps['db'];

/** Rows fetched at a time when all of a type is read. */
const CHUNK = 500;

/** Yields all resources of a type in batches, newest first. */
export async function* everyOfType(db: Db, accountRecord: Holder, type: string): AsyncGenerator<readonly DatedEntry[]> {
  for (let after: DatedEntry | undefined; ; ) {
    const rows: readonly DatedEntry[] = await ownOfType(db, accountRecord, type, { after, limit: CHUNK });
    yield rows;
    after = rows.at(-1);
    if (rows.length < CHUNK) return;
  }
}

export interface PageRows {
  readonly rows: readonly DatedEntry[];
  /** Position at which older rows continue; undefined when there are none. */
  readonly older: DatedPosition | undefined;
}

/** Loads a page of rows, newest first. Reads one row more than the page holds to find out whether older rows exist. */
export async function pageRows(
  db: Db,
  accountRecord: Holder,
  type: string,
  { after, limit }: { readonly after: DatedPosition | undefined; readonly limit: number },
): Promise<PageRows> {
  const found = await ownOfType(db, accountRecord, type, { after, limit: limit + 1 });
  const rows = found.slice(0, limit);
  return { rows, older: found.length > limit ? rows.at(-1) : undefined };
}

/** Loads all rows after the instant by the type's main date, soonest first. */
export async function comingRows(db: Db, accountRecord: Holder, type: string, now: Date): Promise<PageRows> {
  const { position } = positionOf(now);
  const coming: DatedEntry[] = [];
  for await (const rows of everyOfType(db, accountRecord, type)) {
    // Positions have a fixed length, so their text order is their order in time. Infinite positions also sort
    // correctly.
    const after = rows.filter((row) => row.position > position);
    coming.push(...after);
    if (after.length < rows.length) break;
  }
  return { rows: coming.reverse(), older: undefined };
}

/** Position that excludes everything after this instant. @returns a position after every row of that instant */
export const positionOf = (at: Date): DatedPosition => ({
  position: at.toISOString().replace('T', ' ').replace('Z', '+00'),
  id: 'ffffffff-ffff-ffff-ffff-ffffffffffff',
});

export const beforeText = ({ position, id }: DatedPosition): string => `${position}/${id}`;

/** Parses a cursor from the address. Anything invalid counts as no cursor. */
export function readBefore(cursor: unknown): DatedPosition | undefined {
  const [position = '', id = ''] = (single(cursor) ?? '').split('/');
  return isPosition({ position, id }) ? { position, id } : undefined;
}
