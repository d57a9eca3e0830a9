import { type Executor, statement } from '../../../database/index.ts';
import type { PracticeId } from '../../../kernel/index.ts';

/**
 * An empty record counts as indexed and converted by every version. Writing to it lowers the numbers to the versions of
 * the writer.
 */
const insert = statement(
  'intake.add-record',
  { record_id: 'int8' },
  `insert into record (record_id, practice_id, patient_id, indexed_by, converted_by)
   values ($1, $2, $3, 2147483647, 2147483647)
   on conflict do nothing returning record_id`,
);

/** Inserts an empty record. @returns false if the number is taken or the patient has a record at the practice */
export const insertRecord = async (
  tx: Executor,
  record: { readonly recordId: number; readonly practiceId: PracticeId; readonly patientId: string },
): Promise<boolean> => (await tx.query(insert, [record.recordId, record.practiceId, record.patientId])).length > 0;
