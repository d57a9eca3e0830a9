import type { EnrollmentRejection } from '../contract.ts';
import type { BulkMatchFailure } from './match-row.ts';

/**
 * The reason why the patient of a CSV row wasn't invited. `failed` means an internal error; staff can upload the file
 * again.
 */
export type BulkRejectionReason = EnrollmentRejection | BulkMatchFailure | 'already-invited' | 'failed';

/** The message that the practice portal shows for each reason why a patient wasn't invited. */
const MESSAGES: Readonly<Record<BulkRejectionReason, string>> = {
  'row-incomplete': 'The row doesn’t identify a patient. Add an MRN or patient ID, or a name and a full birth date.',
  'no-patient': 'No patient of this practice matches the row.',
  'several-patients': 'Several patients match. Use the patient ID.',
  'already-invited': 'The patient already has an open invitation. Send it again from the patient’s page.',
  'chart-incomplete': 'The chart has no name, birth date or ZIP code. Add what is missing.',
  'too-young': 'The patient is under 12. Invite a parent or guardian instead.',
  'already-enrolled': 'The patient already has an account.',
  declined: 'The patient declined an account.',
  'address-unusable': 'The email address isn’t valid.',
  'address-used': 'The email address belongs to another account or invitation.',
  'address-of-guardian':
    'The email address belongs to a parent or guardian. A patient aged 12 to 17 needs their own address, or a letter.',
  'address-is-invitation': 'The code can’t go to the same address as the invitation.',
  'no-contact': 'The chart has no other address.',
  over: 'The invitation is no longer valid.',
  failed: 'Something went wrong on our side. Invite this patient again.',
};

export const rejectionMessage = (reason: string): string => MESSAGES[reason as BulkRejectionReason] ?? MESSAGES.failed;
