import { type Executor, statement } from '../../database/index.ts';
import { formatLongDate, getMessages, type Language } from '../../i18n/index.ts';
import type { AccountId } from '../../kernel/index.ts';
import { ADULT_AGE } from '../chart/age.ts';
import { toPlainLine } from '../chart/names.ts';
import { queuePracticeEmail } from '../invitation/invitation-emails.ts';
import { maskName } from '../invitation/mask-name.ts';
import type { EnrollmentPageDeps } from './deps.ts';
import type { OpenedInvitation } from './opened-invitation.ts';

const selectOtherAccounts = statement(
  'enrollment.others-of-record',
  { relationship: 'text', email: 'text', language: 'text' },
  `select t.relationship, a.email, a.language from representation t
   join account a on a.account_id = t.account_id and a.closed_at is null and a.email is not null
   where t.record_id = $1 and t.account_id <> $2 and t.ended_at is null order by t.account_id`,
);

/**
 * Maximum number of email addresses from the patient's chart to which an email about the enrollment is sent. Further
 * addresses in the chart get no email.
 */
const MAX_CONTACTS = 3;

interface NotificationRecipient {
  readonly email: string;
  readonly language: Language;
}

/**
 * Informs people who can notice that the wrong person enrolled: the addresses in the chart and, if a representative
 * enrolled, the patient. If a patient of 12 to 17 enrolled, the guardians are informed too.
 */
export async function notifyOthers(
  tx: Executor,
  deps: EnrollmentPageDeps,
  opened: OpenedInvitation,
  accountId: AccountId,
): Promise<void> {
  const { chart, invitation } = opened;
  const rows = await tx.query(selectOtherAccounts, [invitation.recordId, accountId]);
  const accounts = rows.map(({ email, language, relationship }) => ({
    relationship,
    email,
    language: language as Language,
  }));
  const onChart = chart.emails.slice(0, MAX_CONTACTS).map((email) => ({ email, language: chart.language }));
  const patients = invitation.kind === 'patient' ? [] : accounts.filter((one) => one.relationship === 'self');
  for (const one of uniqueByEmail([...onChart, ...patients])) await notifyContact(tx, deps, opened, one);
  const young = invitation.kind === 'patient' && (chart.age ?? ADULT_AGE) < ADULT_AGE;
  const guardians = young ? accounts.filter((one) => one.relationship === 'representative') : [];
  for (const one of uniqueByEmail(guardians)) await notifyGuardian(tx, deps, opened, one);
}

const uniqueByEmail = (all: readonly NotificationRecipient[]): readonly NotificationRecipient[] => [
  ...new Map(all.map((one) => [one.email, one])).values(),
];

async function notifyContact(
  tx: Executor,
  deps: EnrollmentPageDeps,
  opened: OpenedInvitation,
  to: NotificationRecipient,
): Promise<void> {
  const { emailToContact } = getMessages(to.language).enrollment;
  const text = opened.invitation.kind === 'patient' ? emailToContact.own : emailToContact.other;
  const facts = notificationFacts(deps, opened, to);
  await queuePracticeEmail(tx, deps, opened.chart, {
    to: to.email,
    language: to.language,
    subject: emailToContact.subject(facts.practice),
    text: text(facts),
    reason: 'record',
  });
}

async function notifyGuardian(
  tx: Executor,
  deps: EnrollmentPageDeps,
  opened: OpenedInvitation,
  to: NotificationRecipient,
): Promise<void> {
  const { subject, text } = getMessages(to.language).enrollment.emailToGuardian;
  const facts = notificationFacts(deps, opened, to);
  await queuePracticeEmail(tx, deps, opened.chart, {
    to: to.email,
    language: to.language,
    subject: subject(facts.practice),
    text: text(facts),
    reason: 'account',
  });
}

function notificationFacts(
  { clock }: EnrollmentPageDeps,
  { chart, invitation }: OpenedInvitation,
  { language }: NotificationRecipient,
) {
  const person = chart.relatedPersons.find(({ id }) => id === invitation.relatedPersonId);
  const relationship = person === undefined || person.relationship === '' ? '' : ` (${person.relationship})`;
  return {
    practice: toPlainLine(chart.practiceName),
    patient: maskName(chart.name),
    who: `${maskName(invitation.name)}${relationship}`,
    day: formatLongDate(language, clock.now(), chart.timeZone),
    phone: chart.practicePhone,
  };
}
