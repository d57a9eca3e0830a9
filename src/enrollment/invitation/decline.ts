import { type Executor, statement } from '../../database/index.ts';
import type { RecordId } from '../../kernel/index.ts';
import { readChart } from '../chart/chart.ts';
import { toPlainLine } from '../chart/names.ts';
import { type EnrollmentActor, EnrollmentError } from '../contract.ts';
import type { EnrollmentDeps } from '../ports.ts';
import { getRecordEnrollmentStatus, lockRecordEnrollment } from './enrollment-status.ts';

const insertDeclined = statement(
  'enrollment.decline',
  {},
  `insert into enrollment_declined (record_id, practice_id, at, reason) values ($1, $2, $3, $4)
   on conflict (record_id) do nothing`,
);
const cancelOpen = statement(
  'enrollment.decline.cancel',
  {},
  `update invitation set cancelled_at = $2
   where record_id = $1 and kind = 'patient' and used_at is null and cancelled_at is null`,
);
const deleteDeclined = statement('enrollment.decline.undo', {}, 'delete from enrollment_declined where record_id = $1');
/**
 * Makes invitations valid again that the patient declined on the invitation page. They stay valid until they expire.
 */
const reopen = statement(
  'enrollment.decline.reopen',
  {},
  "update invitation set declined_at = null where record_id = $1 and kind = 'patient' and declined_at is not null",
);

/** Records that the patient told the practice that they don't want an account. Cancels the patient's invitations. */
export async function declineInTransaction(
  tx: Executor,
  deps: EnrollmentDeps,
  by: EnrollmentActor,
  { recordId, reason }: { readonly recordId: RecordId; readonly reason: string },
): Promise<void> {
  const now = deps.clock.now();
  await lockRecordEnrollment(tx, recordId);
  const chart = await readChart(tx, recordId, now);
  if (chart === undefined) throw new EnrollmentError('chart-incomplete');
  if ((await getRecordEnrollmentStatus(tx, recordId)).enrolled) throw new EnrollmentError('already-enrolled');
  await tx.query(insertDeclined, [recordId, chart.practiceId, now, toPlainLine(reason)]);
  await tx.query(cancelOpen, [recordId, now]);
  await recordEvent(tx, deps, by, recordId, 'decline');
}

/** Deletes the recorded decision that the patient doesn't want an account. */
export async function undoDeclineInTransaction(
  tx: Executor,
  deps: EnrollmentDeps,
  by: EnrollmentActor,
  recordId: RecordId,
): Promise<void> {
  await lockRecordEnrollment(tx, recordId);
  await tx.query(deleteDeclined, [recordId]);
  await tx.query(reopen, [recordId]);
  await recordEvent(tx, deps, by, recordId, 'undo-decline');
}

const recordEvent = (
  tx: Executor,
  { audit }: EnrollmentDeps,
  by: EnrollmentActor,
  recordId: RecordId,
  action: string,
) =>
  audit.appendInTransaction(tx, {
    kind: 'enrollment',
    outcome: 'success',
    requestId: by.requestId,
    accountId: by.accountId,
    recordId,
    detail: { action },
  });
