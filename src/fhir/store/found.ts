import type { EnforcedQuery } from '../core/enforce.ts';

export interface FoundRow {
  /** As stored. */
  readonly type: string;
  readonly id: string;
  /** Its record; in the directory, its practice. */
  readonly home: number;
  readonly content: string;
  /** The places of targets, from 1, that are to be left out. */
  readonly unseen?: readonly number[];
}
export interface FoundMatch extends FoundRow {
  /** Its place in the order, as PostgreSQL prints it: what a cursor holds. */
  readonly position: string;
  /** Where there are rows of several practices. */
  readonly practice?: number;
}

/** As it comes: of one record nothing is asked that is the same for each row. */
export type Bare<Row extends FoundRow> = Omit<Row, 'type' | 'home'>;

/** With what is the same for each row. */
export function completed<Row extends object>(
  { kept, place, type }: EnforcedQuery,
  rows: readonly Row[],
): readonly (Row & Pick<FoundRow, 'type' | 'home'>)[] {
  if (kept !== 'record' || place?.kind !== 'record') return rows as readonly (Row & Pick<FoundRow, 'type' | 'home'>)[];
  const home = place.recordId;
  const same = { type, home };
  for (const row of rows) Object.assign(row, same);
  return rows as readonly (Row & typeof same)[];
}
