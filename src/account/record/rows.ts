import { type DatedEntry, type DatedPosition, type Holder, isPosition, ownOfType } from '../../fhir/index.ts';
import type { AccountDeps } from '../deps.ts';
import { single } from '../place.ts';

type Db = AccountDeps['db'];

/** Fetched together, where all of a type is looked through. */
const CHUNK = 500;

/** The newest first. */
export async function* everyOfType(db: Db, whose: Holder, type: string): AsyncGenerator<readonly DatedEntry[]> {
  for (let after: DatedEntry | undefined; ; ) {
    const rows: readonly DatedEntry[] = await ownOfType(db, whose, type, { after, limit: CHUNK });
    yield rows;
    after = rows.at(-1);
    if (rows.length < CHUNK) return;
  }
}

export interface PageRows {
  readonly rows: readonly DatedEntry[];
  /** Where the older ones go on; undefined: there are none. */
  readonly older: DatedPosition | undefined;
}

/** One more than the page has, which tells whether there are older ones. */
export async function pageRows(
  db: Db,
  whose: Holder,
  type: string,
  { after, limit }: { readonly after: DatedPosition | undefined; readonly limit: number },
): Promise<PageRows> {
  const found = await ownOfType(db, whose, type, { after, limit: limit + 1 });
  const rows = found.slice(0, limit);
  return { rows, older: found.length > limit ? rows.at(-1) : undefined };
}

/** All that is after this instant by the type's main date, the next one first. */
export async function comingRows(db: Db, whose: Holder, type: string, now: Date): Promise<PageRows> {
  const { position } = positionOf(now);
  const coming: DatedEntry[] = [];
  for await (const rows of everyOfType(db, whose, type)) {
    // Positions of one length are in the order of time as texts, and so are the infinite ones.
    const after = rows.filter((row) => row.position > position);
    coming.push(...after);
    if (after.length < rows.length) break;
  }
  return { rows: coming.reverse(), older: undefined };
}

/** Before all that is at this instant or earlier. */
export const positionOf = (at: Date): DatedPosition => ({
  position: at.toISOString().replace('T', ' ').replace('Z', '+00'),
  id: 'ffffffff-ffff-ffff-ffff-ffffffffffff',
});

export const beforeText = ({ position, id }: DatedPosition): string => `${position}/${id}`;

/** What came back in an address: whatever is no position is none. */
export function readBefore(given: unknown): DatedPosition | undefined {
  const [position = '', id = ''] = (single(given) ?? '').split('/');
  return isPosition({ position, id }) ? { position, id } : undefined;
}
