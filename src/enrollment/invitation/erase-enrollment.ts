import { type Executor, statement } from '../../database/index.ts';
import type { PracticeId, RecordId } from '../../kernel/index.ts';
import { updatePatientList } from '../patient-list/refresh-list.ts';

const deleteInvitations = statement(
  'enrollment.erase.invitation',
  { email: 'text?' },
  'delete from invitation where record_id = any($1::int8[]) returning email',
);
const deleteDeclined = statement(
  'enrollment.erase.enrollment_declined',
  { record_id: 'int8' },
  'delete from enrollment_declined where record_id = any($1::int8[]) returning record_id',
);
/** Deletes lines of uploaded files, also those that were rejected and name the patient by an id. */
const deleteLines = statement(
  'enrollment.erase.bulk_invitation_row',
  { line: 'int4' },
  `delete from bulk_invitation_row l using bulk_invitation b
   where b.bulk_id = l.bulk_id and b.practice_id = $2 and (l.record_id = any($1::int8[]) or exists (
     select from unnest($3::text[]) as v (value) where position('"' || v.value || '"' in l.given::text) > 0))
   returning l.line`,
);

/**
 * Deletes invitations to records, that their patients declined one, and their rows in the list of patients. Call it after
 * `eraseIntake`, which deletes what the rows are made of.
 * @param values ids of the patient, such as the medical record number
 * @returns numbers of removed rows by table, and the email addresses of the invitations
 */
export async function eraseEnrollment(
  tx: Executor,
  practiceId: PracticeId,
  recordIds: readonly RecordId[],
  values: readonly string[],
): Promise<{ readonly removed: Readonly<Record<string, number>>; readonly addresses: readonly string[] }> {
  const invitations = await tx.query(deleteInvitations, [recordIds]);
  const declined = await tx.query(deleteDeclined, [recordIds]);
  await updatePatientList(tx, recordIds);
  const lines = await tx.query(deleteLines, [recordIds, practiceId, values]);
  return {
    removed: {
      invitation: invitations.length,
      enrollment_declined: declined.length,
      bulk_invitation_row: lines.length,
    },
    addresses: invitations.flatMap(({ email }) => (email === null ? [] : [email])),
  };
}
