import { stringify } from 'csv-stringify/sync';
import type { BulkReportRow } from '../../../enrollment/index.ts';

const COLUMNS = ['mrn', 'patient_id', 'name', 'birth_date', 'email'] as const;

/** What begins with = + - or @ would be worked out by a spreadsheet, and is told apart by a ' before it. */
const OPTIONS = { bom: true, record_delimiter: 'windows', escape_formulas: true } as const;

/** RFC 4180. A file to fill in, with a patient that is none. */
export const templateCsv = (): string =>
  stringify([COLUMNS, ['MRN-0001', '', 'Ann Example', '1974-07-04', 'ann@example.org']], OPTIONS);

/** What became of each line. */
export const reportCsv = (rows: readonly BulkReportRow[]): string =>
  stringify(
    [
      ['line', ...COLUMNS, 'outcome', 'reason'],
      ...rows.map((row) => [
        row.line,
        ...COLUMNS.map((column) => row.given[column] ?? ''),
        outcomeOf(row),
        row.reason ?? '',
      ]),
    ],
    OPTIONS,
  );

export function outcomeOf({ outcome, letter }: BulkReportRow): string {
  if (outcome === undefined) return 'waiting';
  if (outcome === 'refused') return 'not invited';
  return letter ? 'letter to print' : 'invited by e-mail';
}
