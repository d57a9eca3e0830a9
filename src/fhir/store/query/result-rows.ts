import { type EnforcedQuery, onlyRecord } from '../../authorization/enforce.ts';

export interface ResourceRow {
  /** R4 type of the resource, under which it is stored. */
  readonly type: string;
  readonly id: string;
  /** Compartment of the resource: record_id or, for a resource of a practice's directory, practice_id. */
  readonly home: number;
  readonly content: string;
  /** Only for Provenance: positions of the targets that the client may not see, counted from 1. */
  readonly unseen?: readonly number[];
}
/** A fetched resource. The compartment id isn't selected, because it is the same for all resources of a batch. */
export type BatchRow = Omit<ResourceRow, 'home'>;
export interface SearchMatchRow extends ResourceRow {
  /** Sort value of the resource, in the text format of PostgreSQL. Page cursors contain it. */
  readonly position: string;
  /** Practice of the resource. Set if the query covers several practices. */
  readonly practice?: number;
}

/**
 * A result row as PostgreSQL returns it. A query that searches one patient record doesn't select the type and the
 * record, which are the same for all rows. `fillConstantColumns` adds them.
 */
export type RawRow<Row extends ResourceRow> = Omit<Row, 'type' | 'home'>;

/**
 * Adds type and record to the result rows of a query that searches one patient record, in place. Rows of other queries
 * already have both.
 */
export function fillConstantColumns<Row extends object>(
  query: EnforcedQuery,
  rows: readonly (Row & Partial<ConstantColumns>)[],
): readonly (Row & ConstantColumns)[] {
  const recordId = onlyRecord(query);
  if (recordId !== undefined) {
    for (const row of rows) {
      row.type = query.type;
      row.home = recordId;
    }
  }
  return rows as readonly (Row & ConstantColumns)[];
}

interface ConstantColumns {
  type: ResourceRow['type'];
  home: ResourceRow['home'];
}
