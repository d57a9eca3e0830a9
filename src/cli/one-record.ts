import type { Executor } from '../database/index.ts';
import { OperatorFault } from '../kernel/index.ts';
import { type RecordSummary, recordsOfPatient } from '../practices/index.ts';

/**
 * Finds the record of a patient.
 * @param practice needed if several practices have a patient with this id
 * @throws OperatorError if there is no such record, or more than one
 */
export async function oneRecord(db: Executor, patientId: string, practice: string | undefined): Promise<RecordSummary> {
  const records = await recordsOfPatient(db, patientId.toLowerCase());
  const [only, ...others] = records.filter((record) => practice === undefined || record.practice === practice);
  if (only === undefined)
    throw new OperatorFault(`No patient with the id ${patientId} is loaded. "patients list" shows who is.`);
  if (others.length === 0) return only;
  const practices = records.map((record) => record.practice).join(', ');
  throw new OperatorFault(`That patient has records at several practices: ${practices}. Name one with --practice.`);
}
