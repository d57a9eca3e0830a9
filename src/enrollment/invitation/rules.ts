import { foldName } from '../../kernel/index.ts';
import { isAddress } from '../../mail/index.ts';
import { OF_AGE, YOUNGEST } from '../chart/age.ts';
import type { Chart, EnrollmentRefusal, RelatedPersonInChart } from '../contract.ts';
import type { EmailUses, InvitationToEmail, Standing } from './standing.ts';

/** The person to be invited, as the chart lists them. */
export type Invitee =
  | { readonly kind: 'patient' }
  | { readonly kind: 'representative'; readonly person: RelatedPersonInChart };

/** Returns why this person can't be invited by any channel; `undefined` if they can. */
export function personFault(chart: Chart, invitee: Invitee, status: Standing): EnrollmentRefusal | undefined {
  if (chart.missing.length > 0) return 'chart-incomplete';
  if (invitee.kind === 'representative')
    return status.representatives.includes(invitee.person.id) ? 'already-enrolled' : undefined;
  if ((chart.age ?? 0) < YOUNGEST) return 'too-young';
  if (status.enrolled) return 'already-enrolled';
  return status.declined ? 'declined' : undefined;
}

/** Returns why the invitation can't go to this address; `undefined` if it can. @param email normalized */
export function emailFault(
  chart: Chart,
  invitee: Invitee,
  email: string,
  uses: EmailUses,
): EnrollmentRefusal | undefined {
  if (!isAddress(email)) return 'address-unusable';
  return invitee.kind === 'patient'
    ? patientsEmailFault(chart, email, uses)
    : representativesEmailFault(chart, invitee.person, uses);
}

/** The patient is 12 to 17, with an account of their own and possibly a guardian. */
export const isYoung = ({ age = 0 }: Chart): boolean => age < OF_AGE;

/**
 * Checks an address for a patient's invitation. A guardian who reads the email of a patient of 12 to 17 could take over
 * the patient's account.
 */
function patientsEmailFault(
  chart: Chart,
  email: string,
  { account, invitations }: EmailUses,
): EnrollmentRefusal | undefined {
  const usedByGuardian = account?.relation === 'representative' || invitations.some((one) => actsFor(chart, one));
  if (isYoung(chart) && (usedByGuardian || othersEmails(chart).includes(email))) return 'address-of-guardian';
  const isOwnAccount = account === undefined || (!account.unusable && !usedByGuardian && isPatient(chart, account));
  const onlyPatients = invitations.every((one) =>
    isOfThis(chart, one) ? one.kind === 'patient' : isPatient(chart, one),
  );
  return isOwnAccount && onlyPatients ? undefined : 'address-used';
}

/** Addresses of other people in the patient's chart. */
export const othersEmails = ({ relatedPersons, contactEmails }: Chart): readonly string[] => [
  ...relatedPersons.flatMap(({ emails }) => emails),
  ...contactEmails,
];

const isOfThis = ({ recordId }: Chart, one: InvitationToEmail): boolean => one.recordId === recordId;

const actsFor = (chart: Chart, one: InvitationToEmail): boolean =>
  isOfThis(chart, one) && one.kind === 'representative';

/**
 * Tells whether it is the patient, for example with a record at another practice or as another patient's
 * representative.
 */
const isPatient = (chart: Chart, one: { readonly name: string; readonly birthDate?: string | undefined }): boolean =>
  foldName(one.name) === foldName(chart.name) && (one.birthDate ?? chart.birthDate) === chart.birthDate;

/**
 * Tells whether an account represents the patient as this RelatedPerson; `undefined` if it doesn't represent the
 * patient or its RelatedPerson is unknown.
 */
const actsAs = (account: EmailUses['account'], { id }: RelatedPersonInChart): boolean | undefined =>
  account?.relation === 'representative' && account.relatedPersonId !== undefined
    ? account.relatedPersonId === id
    : undefined;

/**
 * Checks an address for a representative's invitation. An existing account may get the record added. It must be neither
 * the patient's own account nor another RelatedPerson's.
 */
function representativesEmailFault(
  chart: Chart,
  person: RelatedPersonInChart,
  { account, invitations }: EmailUses,
): EnrollmentRefusal | undefined {
  const belongsToPatient =
    account?.relation === 'self' || invitations.some((one) => isOfThis(chart, one) && one.kind === 'patient');
  const belongsToOther =
    actsAs(account, person) === false ||
    invitations.some((one) => actsFor(chart, one) && one.relatedPersonId !== person.id);
  return account?.unusable === true || belongsToPatient || belongsToOther ? 'address-used' : undefined;
}
