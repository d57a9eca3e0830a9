import type { MatchLocation } from '../../authorization/enforce.ts';
import type { ServedType } from '../../model/fhir-version.ts';
import { getStoredCompartment } from '../../store/index/index-definitions.ts';
import type { ResourceRow } from '../../store/query/search.ts';

/** A stored row, and the type under which a search found it. DSTU2 may show one R4 resource as several types. */
export interface VariantRow {
  readonly row: ResourceRow;
  readonly variant: ServedType;
}

/** A row of a search result or include, and the patient records through which it was found. */
export interface TracedRow extends VariantRow {
  /**
   * Patient records of the search matches that led to this row. undefined if only directory resources led to it, which
   * are about no patient.
   */
  readonly records: ReadonlySet<number> | undefined;
}

const isOfRecord = ({ type }: ResourceRow): boolean => getStoredCompartment(type) === 'record';

export const traceMatch = ({ row, variant }: VariantRow): TracedRow => ({
  row,
  variant,
  records: isOfRecord(row) ? new Set([row.home]) : undefined,
});

/**
 * Returns where to search for resources that the rows refer to, or that refer to the rows: in the patient records
 * through which the rows were found, or else in the directories that contain the rows.
 * @param rows rows that were all found through patient records, or all through directories only
 */
export function includeScope(rows: readonly TracedRow[]): MatchLocation {
  const records = new Set(rows.flatMap(({ records: of = [] }) => [...of]));
  if (records.size > 0) return { kind: 'records', values: [...records] };
  return { kind: 'directories', values: [...new Set(rows.map(({ row }) => row.home))] };
}

/**
 * Returns the included row if it may be included with at least one of the rows that led to it; otherwise nothing. A row
 * of a patient record may only be included because of rows found through the same record.
 */
export function traceIncluded({ row, variant }: VariantRow, leads: readonly TracedRow[]): readonly TracedRow[] {
  const allowedLeads = isOfRecord(row) ? leads.filter(({ records }) => records?.has(row.home) ?? true) : leads;
  if (allowedLeads.length === 0) return [];
  if (isOfRecord(row)) return [{ row, variant, records: new Set([row.home]) }];
  const records = allowedLeads.flatMap(({ records: of = [] }) => [...of]);
  return [{ row, variant, records: records.length === 0 ? undefined : new Set(records) }];
}
