import type { Executor } from '../../database/index.ts';
import { OperatorError } from '../../kernel/index.ts';
import { findRecordsByPatientId, type RecordSummary } from '../../practices/index.ts';

/**
 * Finds the record of a patient.
 * @param practice name of the practice; needed if several practices have a patient with this id
 * @throws OperatorError if there is no such record, or more than one
 */
export async function findSingleRecord(
  db: Executor,
  patientId: string,
  practice: string | undefined,
): Promise<RecordSummary> {
  const records = await findRecordsByPatientId(db, patientId.toLowerCase());
  const [only, ...others] = records.filter((record) => practice === undefined || record.practice === practice);
  if (only === undefined)
    throw new OperatorError(`No patient with the id ${patientId} is loaded. To list patients, run patients list.`);
  if (others.length === 0) return only;
  const practices = records.map((record) => record.practice).join(', ');
  throw new OperatorError(`This patient has records at several practices: ${practices}. Choose one with --practice.`);
}
