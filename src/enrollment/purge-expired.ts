import { deleteInBatches, type Executor, ROWS_PER_DELETE, statement } from '../database/index.ts';
import { days, later } from '../kernel/index.ts';
import { purgeVisitorEmails } from './sandbox/visitor-emails.ts';

const clearExpiredSteps = statement(
  'enrollment.sweep.steps',
  {},
  'update invitation set step_hash = null, step_answers = null, step_expires_at = null where step_expires_at < $1',
);
/**
 * A patient's own decision against an account stays, because it decides about the next invitation. Invitations that were
 * canceled or used are deleted like those that nobody used.
 */
const deleteOldInvitations = statement(
  'enrollment.sweep.invitations',
  { deleted: 'int4' },
  `with gone as (
     delete from invitation where expires_at < $1 and declined_at is null and invitation_id in (
       select invitation_id from invitation where expires_at < $1 and declined_at is null limit ${ROWS_PER_DELETE})
     returning 1)
   select count(*)::int4 as deleted from gone`,
);
const deleteOldBulks = statement(
  'enrollment.sweep.bulks',
  {},
  `with old as (delete from bulk_invitation where finished_at < $1 returning bulk_id)
   delete from bulk_invitation_row where bulk_id in (select bulk_id from old)`,
);

/**
 * Milliseconds after the end of a bulk invitation until the rows of its file are deleted, because they contain names
 * and addresses. By that time staff have read the results, which are also in the audit log.
 */
const BULK_RETENTION = days(30);

/**
 * Milliseconds after the expiry of an invitation until it is deleted, because it contains a name and an address. Until
 * then, staff see who invited a patient, and when. The audit log has the enrollment.
 */
const INVITATION_RETENTION = days(365);

/** Milliseconds for which the outbox keeps emails, so that records about older ones lead nowhere. */
const EMAIL_RETENTION = days(30);

/**
 * Deletes stored choices of enrollments that weren't completed, old invitations, old bulk invitations, and records about
 * old emails.
 */
export async function purgeExpiredEnrollments(db: Executor, now: Date): Promise<void> {
  await db.query(clearExpiredSteps, [now]);
  await deleteInBatches(db, deleteOldInvitations, [later(now, -INVITATION_RETENTION)]);
  await db.query(deleteOldBulks, [later(now, -BULK_RETENTION)]);
  await purgeVisitorEmails(db, later(now, -EMAIL_RETENTION));
}
