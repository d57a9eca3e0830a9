import { type Executor, statement } from '../database/index.ts';
import { days, later } from '../kernel/index.ts';
import { purgeVisitorEmails } from './sandbox/visitor-emails.ts';

const clearExpiredSteps = statement(
  'enrollment.sweep.steps',
  {},
  'update invitation set step_hash = null, step_answers = null, step_expires_at = null where step_expires_at < $1',
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

/** Milliseconds for which the outbox keeps emails, so that records about older ones lead nowhere. */
const EMAIL_RETENTION = days(30);

/** Deletes stored choices of enrollments that weren't completed, old bulk invitations, and records about old emails. */
export async function purgeExpiredEnrollments(db: Executor, now: Date): Promise<void> {
  await db.query(clearExpiredSteps, [now]);
  await db.query(deleteOldBulks, [later(now, -BULK_RETENTION)]);
  await purgeVisitorEmails(db, later(now, -EMAIL_RETENTION));
}
