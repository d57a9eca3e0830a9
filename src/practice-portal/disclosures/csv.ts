import { stringify } from 'csv-stringify/sync';
import { getMessages } from '../../i18n/index.ts';
import type { PatientDisclosure } from './store.ts';

/** The header is in English in every language, because programs read the columns by these names. */
const CSV_HEADER = [
  'patient',
  'birth_date',
  'patient_id',
  'type',
  'resources',
  'first_read',
  'last_read',
  'app',
  'client_id',
  'used_by',
  'used_by_role',
];

/**
 * Builds the CSV file of the report (RFC 4180), with one line for each patient, app, person and resource type. Times
 * are in UTC. Cells are escaped so that spreadsheets don't evaluate the name of a patient or app as a formula.
 */
export function disclosuresCsv(reads: readonly PatientDisclosure[]): string {
  const { noName, example } = getMessages('en').practicePortal.disclosures;
  const rows = reads.flatMap(
    ({ name = noName, birthDate = '', patientId, clientId, app, madeUp, reader, firstReadAt, lastReadAt, types }) =>
      types.map(({ type, resources }) => [
        name,
        birthDate,
        patientId,
        type,
        String(resources),
        firstReadAt.toISOString(),
        lastReadAt.toISOString(),
        madeUp ? example(app) : app,
        clientId,
        reader.name ?? '',
        reader.role,
      ]),
  );
  return stringify([CSV_HEADER, ...rows], { record_delimiter: 'windows', escape_formulas: true, bom: true });
}
