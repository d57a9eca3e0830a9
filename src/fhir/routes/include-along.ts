import type { Beside } from '../core/enforce.ts';
import type { ServedType } from '../core/version.ts';
import { storedHome } from '../store/index-table.ts';
import type { FoundRow } from '../store/search.ts';

/** A row, and what it was found as: a stored type may be shown as several. */
export interface RowOfForm {
  readonly row: FoundRow;
  readonly form: ServedType;
}

/** A row, and how it came. */
export interface Along extends RowOfForm {
  /** Those of the matches that led to it; undefined: they are of directories, which are about no patient. */
  readonly records: ReadonlySet<number> | undefined;
}

const isOfRecord = ({ type }: FoundRow): boolean => storedHome(type) === 'record';

export const matchOf = ({ row, form }: RowOfForm): Along => ({
  row,
  form,
  records: isOfRecord(row) ? new Set([row.home]) : undefined,
});

/** Where what comes along with the rows is looked for. @param rows all came by records, or all by directories */
export function besideOf(rows: readonly Along[]): Beside {
  const records = new Set(rows.flatMap(({ records: of = [] }) => [...of]));
  if (records.size > 0) return { kind: 'records', values: [...records] };
  return { kind: 'directories', values: [...new Set(rows.map(({ row }) => row.home))] };
}

/** The row, if it may come along with one of those that lead to it: in a record, with what came by that record alone. */
export function alongWith({ row, form }: RowOfForm, leads: readonly Along[]): readonly Along[] {
  const fitting = isOfRecord(row) ? leads.filter(({ records }) => records?.has(row.home) ?? true) : leads;
  if (fitting.length === 0) return [];
  if (isOfRecord(row)) return [{ row, form, records: new Set([row.home]) }];
  const records = fitting.flatMap(({ records: of = [] }) => [...of]);
  return [{ row, form, records: records.length === 0 ? undefined : new Set(records) }];
}
