import { foldName, isEmailAddress } from '../../kernel/index.ts';
import { ADULT_AGE, MIN_ACCOUNT_AGE } from '../chart/age.ts';
import type { EnrollmentRejection, PatientChart, RelatedPersonInChart } from '../contract.ts';
import type { EmailInvitation, EmailUses, RecordEnrollmentStatus } from './enrollment-status.ts';

/** The person to be invited, as the patient's chart lists them. */
export type Invitee =
  | { readonly kind: 'patient' }
  | { readonly kind: 'representative'; readonly person: RelatedPersonInChart };

/**
 * Returns the reason why this person can be invited neither by email nor by letter; `undefined` if the person can be
 * invited.
 */
export function inviteeRejection(
  chart: PatientChart,
  invitee: Invitee,
  status: RecordEnrollmentStatus,
): EnrollmentRejection | undefined {
  if (chart.missing.length > 0) return 'chart-incomplete';
  if (invitee.kind === 'representative')
    return status.representatives.includes(invitee.person.id) ? 'already-enrolled' : undefined;
  if ((chart.age ?? 0) < MIN_ACCOUNT_AGE) return 'too-young';
  if (status.enrolled) return 'already-enrolled';
  return status.declined ? 'declined' : undefined;
}

/**
 * Returns the reason why the invitation can't be sent to this email address; `undefined` if it can be sent.
 * @param email normalized address
 */
export function emailRejection(
  chart: PatientChart,
  invitee: Invitee,
  email: string,
  uses: EmailUses,
): EnrollmentRejection | undefined {
  if (!isEmailAddress(email)) return 'address-unusable';
  return invitee.kind === 'patient'
    ? patientEmailRejection(chart, email, uses)
    : representativeEmailRejection(chart, invitee.person, uses);
}

/** Tells whether the patient is under 18, so that a guardian may represent the patient. */
export const isMinor = ({ age = 0 }: PatientChart): boolean => age < ADULT_AGE;

/**
 * Checks the email address for a patient's own invitation. Rejects a guardian's address for a patient of 12 to 17,
 * because a guardian who reads the patient's email could take over the patient's account.
 */
function patientEmailRejection(
  chart: PatientChart,
  email: string,
  { account, invitations }: EmailUses,
): EnrollmentRejection | undefined {
  const usedByGuardian =
    account?.relation === 'representative' || invitations.some((one) => isForRepresentative(chart, one));
  if (isMinor(chart) && (usedByGuardian || otherPeoplesEmails(chart).includes(email))) return 'address-of-guardian';
  const isOwnAccount = account === undefined || (!account.unusable && !usedByGuardian && isSamePatient(chart, account));
  const onlyPatients = invitations.every((one) =>
    isForRecord(chart, one) ? one.kind === 'patient' : isSamePatient(chart, one),
  );
  return isOwnAccount && onlyPatients ? undefined : 'address-used';
}

/** Returns the email addresses of other people in the patient's chart, such as parents. */
export const otherPeoplesEmails = ({ relatedPersons, contactEmails }: PatientChart): readonly string[] => [
  ...relatedPersons.flatMap(({ emails }) => emails),
  ...contactEmails,
];

const isForRecord = ({ recordId }: PatientChart, one: EmailInvitation): boolean => one.recordId === recordId;

const isForRepresentative = (chart: PatientChart, one: EmailInvitation): boolean =>
  isForRecord(chart, one) && one.kind === 'representative';

/**
 * Tells whether an account or invitation belongs to the patient, by name and birth date. The patient may have a record
 * at another practice, or represent another patient.
 */
const isSamePatient = (
  chart: PatientChart,
  one: { readonly name: string; readonly birthDate?: string | undefined },
): boolean => foldName(one.name) === foldName(chart.name) && (one.birthDate ?? chart.birthDate) === chart.birthDate;

/**
 * Tells whether an account represents the patient as this RelatedPerson. Returns `undefined` if the account doesn't
 * represent the patient, or the account's RelatedPerson is unknown.
 */
const representsAs = (account: EmailUses['account'], { id }: RelatedPersonInChart): boolean | undefined =>
  account?.relation === 'representative' && account.relatedPersonId !== undefined
    ? account.relatedPersonId === id
    : undefined;

/**
 * Checks the email address for a representative's invitation. If an account has the address, the record can be added to
 * that account. The account must not be the patient's own or belong to another RelatedPerson of the patient.
 */
function representativeEmailRejection(
  chart: PatientChart,
  person: RelatedPersonInChart,
  { account, invitations }: EmailUses,
): EnrollmentRejection | undefined {
  const belongsToPatient =
    account?.relation === 'self' || invitations.some((one) => isForRecord(chart, one) && one.kind === 'patient');
  const belongsToOther =
    representsAs(account, person) === false ||
    invitations.some((one) => isForRepresentative(chart, one) && one.relatedPersonId !== person.id);
  return account?.unusable === true || belongsToPatient || belongsToOther ? 'address-used' : undefined;
}
