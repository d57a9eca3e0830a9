import { type Executor, statement } from '../../../database/index.ts';
import type { PracticeId, RecordId } from '../../../kernel/index.ts';

const record = statement('fhir.lock-record', {}, 'select from record where record_id = $1 for update');
const practice = statement('fhir.lock-practice', {}, 'select from practice where practice_id = $1 for update');
const practiceOf = statement(
  'fhir.lock-practice-of',
  {},
  'select from practice where practice_id = (select practice_id from record where record_id = $1) for update',
);

/** Locks a patient record until the transaction ends, so that transactions write to a record one after the other. */
export async function lockRecord(tx: Executor, recordId: RecordId): Promise<void> {
  await tx.query(record, [recordId]);
}

/**
 * Locks a practice until the transaction ends. Without this lock, two concurrent transactions could store the same
 * resource in two patient records.
 */
export async function lockPractice(tx: Executor, practiceId: PracticeId): Promise<void> {
  await tx.query(practice, [practiceId]);
}

/**
 * Locks the practice of a patient record until the transaction ends. The practice must be locked before the record,
 * because imports use this order too. Otherwise transactions could deadlock.
 */
export async function lockPracticeOf(tx: Executor, recordId: RecordId): Promise<void> {
  await tx.query(practiceOf, [recordId]);
}
