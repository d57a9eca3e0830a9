import type { EnrollmentRejection, MissingItem } from '../../../enrollment/index.ts';

const ENROLLMENT_ERROR_TEXTS: Readonly<Record<EnrollmentRejection, string>> = {
  'chart-incomplete': 'The chart lacks data that is needed to verify identity. Add it in your EHR, then try again.',
  'too-young': 'The patient is under 12. Invite a parent or guardian who is on the chart instead.',
  'already-enrolled':
    'This person already has an account that opens this record. You don’t need to send an invitation.',
  declined:
    'The patient doesn’t want an account. If that has changed, first allow invitations again on the patient’s page.',
  'address-unusable': 'This email address can’t receive email. Check the address, or print a letter.',
  'address-used':
    'Another person already uses this email address, and two people can’t share one. Ask for another address, or print a letter.',
  'address-of-guardian':
    'A parent or guardian uses this email address and could open the account. Ask the patient for their own address, or give them a letter.',
  'address-is-invitation':
    'The invitation went to the only email address on the chart. The code must not go there too. Give it in person or by phone.',
  'no-contact': 'The chart has no email address for the code. Give the code in person or by phone.',
  over: 'This invitation was used or canceled, or it has expired. Go back to the patient’s page to see its current status.',
};

/** Explains why an enrollment action isn't possible and what staff can do instead. */
export const enrollmentErrorText = (error: EnrollmentRejection): string => ENROLLMENT_ERROR_TEXTS[error];

export const MISSING_NAMES: Readonly<Record<MissingItem, string>> = {
  name: 'the name',
  'birth-date': 'the full birth date',
  'postal-code': 'the ZIP code of the home address',
};

/** Joins texts into a phrase, for example "the name and the whole birth date". */
export const formatList = (items: readonly string[]): string =>
  new Intl.ListFormat('en-US', { type: 'conjunction' }).format(items);
