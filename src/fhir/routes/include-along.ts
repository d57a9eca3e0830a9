import type { Beside } from '../core/enforce.ts';
import type { ServedType } from '../core/version.ts';
import { storedHome } from '../store/index-table.ts';
import type { FoundRow } from '../store/search.ts';

/** A row with the variant in which it was found, because a stored type may be served as several types. */
export interface RowOfForm {
  readonly row: FoundRow;
  readonly form: ServedType;
}

/** A row and the records through which it was found. */
export interface Along extends RowOfForm {
  /**
   * Records of the matches that led to the row; undefined if only directory resources led to it, which are about no
   * patient.
   */
  readonly records: ReadonlySet<number> | undefined;
}

const isOfRecord = ({ type }: FoundRow): boolean => storedHome(type) === 'record';

export const matchOf = ({ row, form }: RowOfForm): Along => ({
  row,
  form,
  records: isOfRecord(row) ? new Set([row.home]) : undefined,
});

/**
 * Returns where resources linked to the rows are searched.
 * @param rows all found through records, or all found through directories only
 */
export function besideOf(rows: readonly Along[]): Beside {
  const records = new Set(rows.flatMap(({ records: of = [] }) => [...of]));
  if (records.size > 0) return { kind: 'records', values: [...records] };
  return { kind: 'directories', values: [...new Set(rows.map(({ row }) => row.home))] };
}

/**
 * Returns the row if it may be included with one of the rows that lead to it. A row of a record may only be included
 * with rows found through the same record.
 */
export function alongWith({ row, form }: RowOfForm, leads: readonly Along[]): readonly Along[] {
  const allowedLeads = isOfRecord(row) ? leads.filter(({ records }) => records?.has(row.home) ?? true) : leads;
  if (allowedLeads.length === 0) return [];
  if (isOfRecord(row)) return [{ row, form, records: new Set([row.home]) }];
  const records = allowedLeads.flatMap(({ records: of = [] }) => [...of]);
  return [{ row, form, records: records.length === 0 ? undefined : new Set(records) }];
}
