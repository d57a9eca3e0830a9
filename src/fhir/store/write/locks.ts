import { type Executor, statement } from '../../../database/index.ts';
import type { PracticeId, RecordId } from '../../../kernel/index.ts';

const record = statement('fhir.lock-record', {}, 'select from record where record_id = $1 for update');
const practice = statement('fhir.lock-practice', {}, 'select from practice where practice_id = $1 for update');
const practiceOf = statement(
  'fhir.lock-practice-of',
  {},
  'select from practice where practice_id = (select practice_id from record where record_id = $1) for update',
);

/** Locks a record until the transaction ends. Writers of one record run one at a time. */
export async function lockRecord(tx: Executor, recordId: RecordId): Promise<void> {
  await tx.query(record, [recordId]);
}

/**
 * Locks a practice until the transaction ends. Without the lock, two concurrent writers could store one resource in two
 * records.
 */
export async function lockPractice(tx: Executor, practiceId: PracticeId): Promise<void> {
  await tx.query(practice, [practiceId]);
}

/**
 * Locks the practice of a record. Take this lock before the record's own, in the same order as imports do, to avoid
 * deadlocks.
 */
export async function lockPracticeOf(tx: Executor, recordId: RecordId): Promise<void> {
  await tx.query(practiceOf, [recordId]);
}
