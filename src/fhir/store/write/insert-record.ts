import { type Executor, statement } from '../../../database/index.ts';
import type { PracticeId } from '../../../kernel/index.ts';

/**
 * An empty record counts as indexed and converted by all later releases, so it starts with the largest number. Writing
 * resources lowers the number to the version of the writing release.
 */
const insert = statement(
  'intake.add-record',
  { record_id: 'int8' },
  `insert into record (record_id, practice_id, patient_id, indexed_by, converted_by)
   values ($1, $2, $3, 2147483647, 2147483647)
   on conflict do nothing returning record_id`,
);

/**
 * Inserts an empty patient record.
 * @returns false if the record id is taken, or if the patient already has a record at the practice
 */
export const insertRecord = async (
  tx: Executor,
  record: { readonly recordId: number; readonly practiceId: PracticeId; readonly patientId: string },
): Promise<boolean> => (await tx.query(insert, [record.recordId, record.practiceId, record.patientId])).length > 0;
