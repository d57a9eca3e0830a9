import { type Executor, statement } from '../../database/index.ts';
import type { Language } from '../../i18n/index.ts';
import { type AccountId, days, later, type Random, type RecordId } from '../../kernel/index.ts';
import { readChart } from '../chart/chart.ts';
import { hashInvitationToken, hashVerificationCode } from '../invitation/codes.ts';
import { saveInvitation, saveVerificationCode } from '../invitation/store.ts';

interface PublishedLetter {
  readonly code: string;
  readonly verificationCode: string;
  /** The member of staff whom the practice portal names as the person who made the letter. */
  readonly createdBy: AccountId | undefined;
}

/** The start of a marked sandbox patient, besides its record. */
export interface SandboxStart {
  /** The published letter, for a patient who starts invited. */
  readonly letter?: PublishedLetter | undefined;
  /** Why the patient doesn't want an account, for a patient who starts with that decision. */
  readonly declined?: { readonly reason: string } | undefined;
  /** The locked account, for a patient who starts with one. */
  readonly accountId?: AccountId | undefined;
}

/** SQL condition: the row belongs to a marked patient of a sandbox practice. */
const OF_MARKED_PATIENT = `record_id = $1 and record_id in (
     select e.record_id from sandbox_enrollment e
     join practice p on p.practice_id = e.practice_id and p.kind = 'sandbox')`;
const deleteEmails = statement(
  'enrollment.sandbox.forget-emails',
  {},
  `delete from sandbox_email where invitation_id in (select invitation_id from invitation where ${OF_MARKED_PATIENT})`,
);
const deleteInvitations = statement(
  'enrollment.sandbox.delete-invitations',
  {},
  `delete from invitation where ${OF_MARKED_PATIENT} and kind in ('patient', 'representative')`,
);
const deleteDeclined = statement(
  'enrollment.sandbox.undecline',
  {},
  `delete from enrollment_declined where ${OF_MARKED_PATIENT}`,
);
const insertDeclined = statement(
  'enrollment.sandbox.decline',
  {},
  `insert into enrollment_declined (record_id, practice_id, at, reason)
   select e.record_id, e.practice_id, $2, $3 from sandbox_enrollment e
   join practice p on p.practice_id = e.practice_id and p.kind = 'sandbox' where e.record_id = $1`,
);
const markRestored = statement(
  'enrollment.sandbox.restored',
  {},
  `update sandbox_enrollment set changed_at = null, letter_hash = $2, account_id = $3 where ${OF_MARKED_PATIENT}`,
);

/** Milliseconds for which a published letter and its verification code are valid. They are renewed long before. */
const VALID_FOR = days(60);

/**
 * Gives a marked sandbox patient the invitations and the decision of its start, and forgets all others. Invitations are
 * deleted, not canceled, so that the next visitor sees the start and not the history of earlier visitors. The audit log
 * keeps that history. Call it after `lockRecordEnrollment`. It changes nothing for a record that isn't marked.
 */
export async function restoreSandboxStart(
  tx: Executor,
  { random, now }: { readonly random: Random; readonly now: Date },
  recordId: RecordId,
  { letter, declined, accountId }: SandboxStart,
): Promise<void> {
  for (const forget of [deleteEmails, deleteInvitations, deleteDeclined]) await tx.query(forget, [recordId]);
  if (declined !== undefined) await tx.query(insertDeclined, [recordId, now, declined.reason]);
  const hash = letter && (await saveLetter(tx, { random, now }, recordId, letter));
  await tx.query(markRestored, [recordId, hash, accountId]);
}

/** Stores the invitation of a published letter with its verification code. @returns the hash of the letter code */
async function saveLetter(
  tx: Executor,
  { random, now }: { readonly random: Random; readonly now: Date },
  recordId: RecordId,
  { code, verificationCode, createdBy }: PublishedLetter,
): Promise<Buffer | undefined> {
  const hash = hashInvitationToken(code);
  const chart = await readChart(tx, recordId, now);
  if (hash === undefined || chart?.practiceKind !== 'sandbox') return undefined;
  const invitationId = random.uuid();
  const expiresAt = later(now, VALID_FOR);
  const { practiceId, name } = chart;
  const language: Language = chart.language;
  await saveInvitation(tx, {
    invitationId,
    kind: 'patient',
    practiceId,
    recordId,
    relatedPersonId: undefined,
    name,
    email: undefined,
    hash,
    language,
    createdBy,
    now,
    expiresAt,
  });
  const codeHash = hashVerificationCode(invitationId, verificationCode);
  await saveVerificationCode(tx, { invitationId, hash: codeHash, channel: 'in-person', now, expiresAt });
  return hash;
}
