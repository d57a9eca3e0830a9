import type { EnforcedQuery } from '../core/enforce.ts';

export interface FoundRow {
  /** The stored (R4) type. */
  readonly type: string;
  readonly id: string;
  /** record_id, or practice_id for directory types. */
  readonly home: number;
  readonly content: string;
  /** Positions of Provenance targets, counted from 1, that the client may not see. */
  readonly unseen?: readonly number[];
}
export interface FoundMatch extends FoundRow {
  /** The row's sort value as PostgreSQL prints it. Cursors contain it. */
  readonly position: string;
  /** Set if the query spans several practices. */
  readonly practice?: number;
}

/**
 * A row as the database returns it. Columns that are constant in a query over a single record are omitted;
 * `fillConstantColumns` adds them.
 */
export type Bare<Row extends FoundRow> = Omit<Row, 'type' | 'home'>;

/** Adds the columns that are constant in a query over a single record. */
export function completed<Row extends object>(
  { kept, place, type }: EnforcedQuery,
  rows: readonly Row[],
): readonly (Row & Pick<FoundRow, 'type' | 'home'>)[] {
  if (kept !== 'record' || place?.kind !== 'record') return rows as readonly (Row & Pick<FoundRow, 'type' | 'home'>)[];
  const home = place.recordId;
  const constants = { type, home };
  for (const row of rows) Object.assign(row, constants);
  return rows as readonly (Row & typeof constants)[];
}
