import { stringify } from 'csv-stringify/sync';
import type { ReadPatient } from './store.ts';

const HEADER = ['patient', 'birth_date', 'patient_id', 'type', 'resources', 'first_read', 'last_read'];

/**
 * A line for each patient and type (RFC 4180), times in UTC. A name may begin as a formula does: a spreadsheet that opens
 * the file must not reckon with it.
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
