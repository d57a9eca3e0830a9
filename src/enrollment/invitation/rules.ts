import { foldName } from '../../kernel/index.ts';
import { isAddress } from '../../mail/index.ts';
import { OF_AGE, YOUNGEST } from '../chart/age.ts';
import type { Chart, EnrollmentRefusal, RelatedPersonInChart } from '../contract.ts';
import type { EmailUses, InvitationToEmail, Standing } from './standing.ts';

/** Whom an invitation is for, as the chart has them. */
export type Invitee =
  | { readonly kind: 'patient' }
  | { readonly kind: 'representative'; readonly person: RelatedPersonInChart };

/** Why this person can't be invited, wherever the invitation goes; undefined: they can. */
export function personFault(chart: Chart, invitee: Invitee, standing: Standing): EnrollmentRefusal | undefined {
  if (chart.missing.length > 0) return 'chart-incomplete';
  if (invitee.kind === 'representative')
    return standing.representatives.includes(invitee.person.id) ? 'already-enrolled' : undefined;
  if ((chart.age ?? 0) < YOUNGEST) return 'too-young';
  if (standing.enrolled) return 'already-enrolled';
  return standing.declined ? 'declined' : undefined;
}

/** Why the invitation can't go to this address; undefined: it can. @param email folded */
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

/** Of 12 to 17: has an account of their own, and a guardian. */
export const isYoung = ({ age = 0 }: Chart): boolean => age < OF_AGE;

/** A guardian who reads the mail of a patient of 12 to 17 would have their account. */
function patientsEmailFault(
  chart: Chart,
  email: string,
  { account, invitations }: EmailUses,
): EnrollmentRefusal | undefined {
  const acting = account?.relation === 'representative' || invitations.some((one) => actsFor(chart, one));
  if (isYoung(chart) && (acting || othersEmails(chart).includes(email))) return 'address-of-guardian';
  const accountsOwn = account === undefined || (!account.unusable && !acting && isPatient(chart, account));
  const ours = invitations.every((one) => (isOfThis(chart, one) ? one.kind === 'patient' : isPatient(chart, one)));
  return accountsOwn && ours ? undefined : 'address-used';
}

/** Of people with the patient, who are not the patient. */
export const othersEmails = ({ relatedPersons, contactEmails }: Chart): readonly string[] => [
  ...relatedPersons.flatMap(({ emails }) => emails),
  ...contactEmails,
];

const isOfThis = ({ recordId }: Chart, one: InvitationToEmail): boolean => one.recordId === recordId;

const actsFor = (chart: Chart, one: InvitationToEmail): boolean =>
  isOfThis(chart, one) && one.kind === 'representative';

/** The patient themselves: with a record at another practice, or as somebody who acts for others. */
const isPatient = (chart: Chart, one: { readonly name: string; readonly birthDate?: string | undefined }): boolean =>
  foldName(one.name) === foldName(chart.name) && (one.birthDate ?? chart.birthDate) === chart.birthDate;

/** Whether an account that acts for the patient does so as this person; undefined: it does not act, or nobody knows as whom. */
const actsAs = (account: EmailUses['account'], { id }: RelatedPersonInChart): boolean | undefined =>
  account?.relation === 'representative' && account.relatedPersonId !== undefined
    ? account.relatedPersonId === id
    : undefined;

/** They may have an account: the record is added to it. Nobody represents themselves, and two people have two addresses. */
function representativesEmailFault(
  chart: Chart,
  person: RelatedPersonInChart,
  { account, invitations }: EmailUses,
): EnrollmentRefusal | undefined {
  const patients =
    account?.relation === 'self' || invitations.some((one) => isOfThis(chart, one) && one.kind === 'patient');
  const anothers =
    actsAs(account, person) === false ||
    invitations.some((one) => actsFor(chart, one) && one.relatedPersonId !== person.id);
  return account?.unusable === true || patients || anothers ? 'address-used' : undefined;
}
