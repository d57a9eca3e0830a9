import { type Executor, statement } from '../../database/index.ts';
import type { RecordId } from '../../kernel/index.ts';
import type { EmailQueue, OutboxEmail } from '../../mail/index.ts';

const insert = statement(
  'enrollment.sandbox-email.insert',
  {},
  `insert into sandbox_email (mail_id, invitation_id, browser, created_at) values ($1, $2, $3, $4)`,
);
const ofRecord = statement(
  'enrollment.sandbox-email.of-record',
  { mail_id: 'uuid' },
  `select m.mail_id from sandbox_email m
   join invitation i on i.invitation_id = m.invitation_id
   join practice p on p.practice_id = i.practice_id and p.kind = 'sandbox'
   where i.record_id = $1 and m.browser = $2 order by m.created_at desc limit 20`,
);
const purge = statement('enrollment.sandbox-email.purge', {}, 'delete from sandbox_email where created_at < $1');

/** Records in which browser an email about a sandbox patient's invitation was caused. */
export async function saveVisitorEmail(
  tx: Executor,
  email: { readonly mailId: string; readonly invitationId: string; readonly visitor: Buffer; readonly now: Date },
): Promise<void> {
  await tx.query(insert, [email.mailId, email.invitationId, email.visitor, email.now]);
}

/**
 * Lists the emails about a sandbox patient's invitations that were caused in a browser, the newest first, at most 20.
 * They are in the outbox, because emails about sandbox patients are never sent.
 * @param visitor SHA-256 of the browser's cookie
 */
export async function listVisitorEmails(
  { db, post }: { readonly db: Executor; readonly post: EmailQueue },
  recordId: RecordId,
  visitor: Buffer,
): Promise<readonly OutboxEmail[]> {
  const rows = await db.query(ofRecord, [recordId, visitor]);
  return rows.length === 0
    ? []
    : post.findInOutbox(
        db,
        rows.map(({ mail_id }) => mail_id),
      );
}

/** Deletes what is recorded about emails that were created before the given time. */
export async function purgeVisitorEmails(db: Executor, before: Date): Promise<void> {
  await db.query(purge, [before]);
}
