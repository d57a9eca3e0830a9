import type { EnrollmentRejection } from '../contract.ts';
import type { BulkMatchFailure } from './match-row.ts';

/**
 * The reason why the patient of a CSV row wasn't invited. `failed` means an internal error; staff can upload the file
 * again.
 */
export type BulkRejectionReason = EnrollmentRejection | BulkMatchFailure | 'already-invited' | 'failed';

/** The message that the practice portal shows for each reason why a patient wasn't invited. */
const MESSAGES: Readonly<Record<BulkRejectionReason, string>> = {
  'row-incomplete': 'The row does not say who it is: it needs an MRN or patient id, or a name and a whole birth date.',
  'no-patient': 'No patient of this practice fits what the row says.',
  'several-patients': 'Several patients fit. Use the patient id.',
  'already-invited': 'The patient has an open invitation. Send that again from the patient’s page.',
  'chart-incomplete': 'The chart lacks a name, a birth date or a ZIP code.',
  'too-young': 'The patient is under 12. Invite a parent or guardian instead.',
  'already-enrolled': 'The patient has an account.',
  declined: 'The patient declined an account.',
  'address-unusable': 'The e-mail address can’t be written to.',
  'address-used': 'The e-mail address belongs to another account or invitation.',
  'address-of-guardian':
    'The e-mail address is a parent’s or guardian’s. A patient of 12 to 17 needs their own, or a letter.',
  'address-is-invitation': 'The code can’t go where the invitation went.',
  'no-contact': 'The chart has no other address.',
  over: 'The invitation is over.',
  failed: 'Something went wrong on our side. Invite this patient again.',
};

export const rejectionMessage = (reason: string): string => MESSAGES[reason as BulkRejectionReason] ?? MESSAGES.failed;
