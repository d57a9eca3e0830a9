import { stringify } from 'csv-stringify/sync';
import type { ReadPatient } from './store.ts';

const HEADER = ['patient', 'birth_date', 'patient_id', 'type', 'resources', 'first_read', 'last_read'];

/**
 * RFC 4180 CSV with one line for each patient and type; times are in UTC. Cells are escaped so that spreadsheets don't
 * evaluate a name as a formula.
 */
export function csvOf(patients: readonly ReadPatient[]): string {
  const rows = patients.flatMap(({ name, birthDate = '', patientId, first, last, types }) =>
    types.map(({ type, resources }) => [
      name,
      birthDate,
      patientId,
      type,
      String(resources),
      first.toISOString(),
      last.toISOString(),
    ]),
  );
  return stringify([HEADER, ...rows], { record_delimiter: 'windows', escape_formulas: true, bom: true });
}
