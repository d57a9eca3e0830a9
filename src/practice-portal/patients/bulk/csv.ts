import { stringify } from 'csv-stringify/sync';
import type { BulkReportRow } from '../../../enrollment/index.ts';

const CSV_COLUMNS = ['mrn', 'patient_id', 'name', 'birth_date', 'email'] as const;

/**
 * A cell that starts with = + - or @ would be evaluated as a formula by spreadsheets, so it is escaped with a leading
 * apostrophe.
 */
const CSV_OPTIONS = { bom: true, record_delimiter: 'windows', escape_formulas: true } as const;

/** Builds a template file (CSV, RFC 4180) that staff can fill in, with one made-up patient. */
export const templateCsv = (): string =>
  stringify([CSV_COLUMNS, ['MRN-0001', '', 'Ann Example', '1974-07-04', 'ann@example.org']], CSV_OPTIONS);

/** Builds the report (CSV, RFC 4180) with the outcome of each line of the uploaded file. */
export const reportCsv = (rows: readonly BulkReportRow[]): string =>
  stringify(
    [
      ['line', ...CSV_COLUMNS, 'outcome', 'reason'],
      ...rows.map((row) => [
        row.line,
        ...CSV_COLUMNS.map((column) => row.given[column] ?? ''),
        formatOutcome(row),
        row.reason ?? '',
      ]),
    ],
    CSV_OPTIONS,
  );

export function formatOutcome({ outcome, letter }: BulkReportRow): string {
  if (outcome === undefined) return 'pending';
  if (outcome === 'refused') return 'not invited';
  return letter ? 'letter to print' : 'invited by email';
}
