import { type Executor, statement } from '../../database/index.ts';
import type { PracticeId, RecordId } from '../../kernel/index.ts';

const record = statement('fhir.lock-record', {}, 'select from record where record_id = $1 for update');
const practice = statement('fhir.lock-practice', {}, 'select from practice where practice_id = $1 for update');
const practiceOf = statement(
  'fhir.lock-practice-of',
  {},
  'select from practice where practice_id = (select practice_id from record where record_id = $1) for update',
);

/** One intake at a time works on a record. */
export async function lockRecord(tx: Executor, recordId: RecordId): Promise<void> {
  await tx.query(record, [recordId]);
}

/** One intake at a time writes at a practice: two at once could put one resource in two records. */
export async function lockPractice(tx: Executor, practiceId: PracticeId): Promise<void> {
  await tx.query(practice, [practiceId]);
}

/** The same of a record's practice; before the lock of the record, as intake takes them. */
export async function lockPracticeOf(tx: Executor, recordId: RecordId): Promise<void> {
  await tx.query(practiceOf, [recordId]);
}
