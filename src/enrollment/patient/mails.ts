import { type Executor, statement } from '../../database/index.ts';
import type { AccountId } from '../../kernel/index.ts';
import { dayOf, type Language, wordsIn } from '../../words/index.ts';
import { OF_AGE } from '../chart/age.ts';
import { plain } from '../chart/names.ts';
import { writeFor } from '../invitation/mails.ts';
import { masked } from '../invitation/masked.ts';
import type { EnrollDeps } from './deps.ts';
import type { Opened } from './opened.ts';

const others = statement(
  'enrollment.others-of-record',
  { relationship: 'text', email: 'text', language: 'text' },
  `select t.relationship, a.email, a.language from representation t
   join account a on a.account_id = t.account_id and a.closed_at is null and a.email is not null
   where t.record_id = $1 and t.account_id <> $2 and t.ended_at is null order by t.account_id`,
);

/** Maximum addresses of a chart that are informed. */
const MOST_CONTACTS = 3;

interface Recipient {
  readonly email: string;
  readonly language: Language;
}

/**
 * Informs people who can tell whether the right person enrolled: the addresses in the chart and, for a representative,
 * the patient. The guardians of a patient of 12 to 17 are informed that the patient has an account.
 */
export async function tellOthers(tx: Executor, deps: EnrollDeps, opened: Opened, accountId: AccountId): Promise<void> {
  const { chart, invitation } = opened;
  const rows = await tx.query(others, [invitation.recordId, accountId]);
  const accounts = rows.map(({ email, language, relationship }) => ({
    relationship,
    email,
    language: language as Language,
  }));
  const onChart = chart.emails.slice(0, MOST_CONTACTS).map((email) => ({ email, language: chart.language }));
  const patients = invitation.kind === 'patient' ? [] : accounts.filter((one) => one.relationship === 'self');
  for (const one of uniqueByEmail([...onChart, ...patients])) await tellContact(tx, deps, opened, one);
  const young = invitation.kind === 'patient' && (chart.age ?? OF_AGE) < OF_AGE;
  const guardians = young ? accounts.filter((one) => one.relationship === 'representative') : [];
  for (const one of uniqueByEmail(guardians)) await tellGuardian(tx, deps, opened, one);
}

const uniqueByEmail = (all: readonly Recipient[]): readonly Recipient[] => [
  ...new Map(all.map((one) => [one.email, one])).values(),
];

async function tellContact(tx: Executor, deps: EnrollDeps, opened: Opened, to: Recipient): Promise<void> {
  const { mailToContact } = wordsIn(to.language).enrollment;
  const text = opened.invitation.kind === 'patient' ? mailToContact.own : mailToContact.other;
  const facts = factsFor(deps, opened, to);
  await writeFor(tx, deps, opened.chart, {
    to: to.email,
    language: to.language,
    subject: mailToContact.subject(facts.practice),
    text: text(facts),
  });
}

async function tellGuardian(tx: Executor, deps: EnrollDeps, opened: Opened, to: Recipient): Promise<void> {
  const { subject, text } = wordsIn(to.language).enrollment.mailToGuardian;
  const facts = factsFor(deps, opened, to);
  const content = { to: to.email, language: to.language, subject: subject(facts.practice), text: text(facts) };
  await writeFor(tx, deps, opened.chart, content);
}

function factsFor({ clock }: EnrollDeps, { chart, invitation }: Opened, { language }: Recipient) {
  const person = chart.relatedPersons.find(({ id }) => id === invitation.relatedPersonId);
  const relationship = person === undefined || person.relationship === '' ? '' : ` (${person.relationship})`;
  return {
    practice: plain(chart.practiceName),
    patient: masked(chart.name),
    who: `${masked(invitation.name)}${relationship}`,
    day: dayOf(language, clock.now(), chart.timeZone),
    phone: chart.practicePhone,
  };
}
