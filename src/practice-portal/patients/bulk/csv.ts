import { stringify } from 'csv-stringify/sync';
import type { BulkRejectionReason, BulkReportRow } from '../../../enrollment/index.ts';
import type { Messages } from '../../../i18n/index.ts';

const CSV_COLUMNS = ['mrn', 'patient_id', 'name', 'birth_date', 'email'] as const;

/**
 * A cell that starts with = + - or @ would be evaluated as a formula by spreadsheets, so it is escaped with a leading
 * apostrophe.
 */
const CSV_OPTIONS = { bom: true, record_delimiter: 'windows', escape_formulas: true } as const;

/** Builds a template file (CSV, RFC 4180) that staff can fill in, with one made-up patient. */
export const templateCsv = (): string =>
  stringify([CSV_COLUMNS, ['MRN-0001', '', 'Ann Example', '1974-07-04', 'ann@example.org']], CSV_OPTIONS);

type BulkMessages = Messages['practicePortal']['bulkInvitations'];

/**
 * Builds the report (CSV, RFC 4180) with the outcome of each line of the uploaded file. The column names are English in
 * every language, as in the uploaded file, so that staff can correct the report and upload it again. The outcome and
 * the reason are in the reader's language.
 */
export const reportCsv = (messages: BulkMessages, rows: readonly BulkReportRow[]): string =>
  stringify(
    [
      ['line', ...CSV_COLUMNS, 'outcome', 'reason'],
      ...rows.map((row) => [
        row.line,
        ...CSV_COLUMNS.map((column) => row.given[column] ?? ''),
        formatOutcome(messages, row),
        formatReason(messages, row) ?? '',
      ]),
    ],
    CSV_OPTIONS,
  );

export function formatOutcome({ report: { outcomes } }: BulkMessages, { outcome, letter }: BulkReportRow): string {
  if (outcome === undefined) return outcomes.pending;
  if (outcome === 'refused') return outcomes.refused;
  return letter ? outcomes.letter : outcomes.email;
}

/** Explains why the patient of a line wasn't invited. undefined if the patient was invited. */
export function formatReason({ rejections }: BulkMessages, { reason }: BulkReportRow): string | undefined {
  if (reason === undefined) return undefined;
  return Object.hasOwn(rejections, reason) ? rejections[reason as BulkRejectionReason] : rejections.failed;
}
