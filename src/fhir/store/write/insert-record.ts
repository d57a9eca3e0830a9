import { type Executor, statement } from '../../../database/index.ts';
import type { PracticeId } from '../../../kernel/index.ts';

/**
 * An empty record has nothing that a later release must index or convert again, so `indexed_by` and
 * `conversion_version` start with the largest number. Writing resources lowers them to the version numbers of the release that writes.
 */
const insert = statement(
  'intake.add-record',
  { record_id: 'int8' },
  `insert into record (record_id, practice_id, patient_id, indexed_by, conversion_version)
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
