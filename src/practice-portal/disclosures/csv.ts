import { stringify } from 'csv-stringify/sync';
import { getMessages } from '../../i18n/index.ts';
import type { DisclosedPatient } from './store.ts';

/** The header is in English in every language, because programs read the columns by these names. */
const CSV_HEADER = ['patient', 'birth_date', 'patient_id', 'type', 'resources', 'first_read', 'last_read'];

/**
 * Builds the CSV file of the report (RFC 4180), with one line for each patient and resource type. Times are in UTC.
 * Cells are escaped so that spreadsheets don't evaluate a name as a formula.
 */
export function disclosuresCsv(patients: readonly DisclosedPatient[]): string {
  const { noName } = getMessages('en').practicePortal.disclosures;
  const rows = patients.flatMap(({ name = noName, birthDate = '', patientId, firstReadAt, lastReadAt, types }) =>
    types.map(({ type, resources }) => [
      name,
      birthDate,
      patientId,
      type,
      String(resources),
      firstReadAt.toISOString(),
      lastReadAt.toISOString(),
    ]),
  );
  return stringify([CSV_HEADER, ...rows], { record_delimiter: 'windows', escape_formulas: true, bom: true });
}
