import type { EnrollmentRejection, MissingItem } from '../../../enrollment/index.ts';

const ENROLLMENT_ERROR_TEXTS: Readonly<Record<EnrollmentRejection, string>> = {
  'chart-incomplete': 'Something that has to be proved is missing on the chart. Add it in your EHR, then try again.',
  'too-young':
    'The patient is under 12. Invite who acts for the child instead: a parent or guardian who is on the chart.',
  'already-enrolled': 'This person has an account that opens the record already. Nothing has to be sent.',
  declined: 'The patient said that they want no account. If that has changed, undo it first on the patient’s page.',
  'address-unusable': 'Nobody can be written to at this e-mail address. Check it, or print a letter.',
  'address-used':
    'Somebody else uses this e-mail address here, and two people can’t share one. Ask for another address, or print a letter.',
  'address-of-guardian':
    'A parent or guardian uses this e-mail address, and would open the account. Ask the patient for an address of their own, or hand them a letter.',
  'address-is-invitation':
    'The chart has no other e-mail address than the one the invitation went to: whoever reads that would have both. Give the code in person or by phone.',
  'no-contact': 'The chart has no e-mail address that the code could go to. Give it in person or by phone.',
  over: 'This invitation was used, cancelled, or has run out in the meantime. Go back to the patient to see how it stands.',
};

/** Explains why an enrollment action isn't possible and what staff can do instead. */
export const enrollmentErrorText = (error: EnrollmentRejection): string => ENROLLMENT_ERROR_TEXTS[error];

export const MISSING_NAMES: Readonly<Record<MissingItem, string>> = {
  name: 'the name',
  'birth-date': 'the whole birth date',
  'postal-code': 'the ZIP code of the home address',
};

/** Joins texts into a phrase, for example "the name and the whole birth date". */
export const formatList = (items: readonly string[]): string =>
  new Intl.ListFormat('en-US', { type: 'conjunction' }).format(items);
