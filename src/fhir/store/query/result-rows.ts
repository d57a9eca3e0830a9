import type { EnforcedQuery } from '../../authorization/enforce.ts';

export interface ResourceRow {
  /** The stored (R4) type. */
  readonly type: string;
  readonly id: string;
  /** record_id, or practice_id for directory types. */
  readonly home: number;
  readonly content: string;
  /** Positions of Provenance targets, counted from 1, that the client may not see. */
  readonly unseen?: readonly number[];
}
export interface SearchMatchRow extends ResourceRow {
  /** The row's sort value as PostgreSQL prints it. Cursors contain it. */
  readonly position: string;
  /** Set if the query spans several practices. */
  readonly practice?: number;
}

/**
 * A row as the database returns it. Columns that are constant in a query over a single record are omitted;
 * `fillConstantColumns` adds them.
 */
export type RawRow<Row extends ResourceRow> = Omit<Row, 'type' | 'home'>;

/** Adds the columns that are constant in a query over a single record. */
export function fillConstantColumns<Row extends object>(
  { compartment, scope, type }: EnforcedQuery,
  rows: readonly Row[],
): readonly (Row & Pick<ResourceRow, 'type' | 'home'>)[] {
  if (compartment !== 'record' || scope?.kind !== 'record')
    return rows as readonly (Row & Pick<ResourceRow, 'type' | 'home'>)[];
  const home = scope.recordId;
  const constants = { type, home };
  for (const row of rows) Object.assign(row, constants);
  return rows as readonly (Row & typeof constants)[];
}
