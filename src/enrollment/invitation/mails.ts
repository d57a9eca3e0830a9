import type { Executor } from '../../database/index.ts';
import { isAddress } from '../../mail/index.ts';
import { dayOf, type Language, wordsIn } from '../../words/index.ts';
import { plain } from '../chart/names.ts';
import type { Chart } from '../contract.ts';
import type { EnrollmentDeps } from '../ports.ts';
import { masked } from './masked.ts';

type Deps = Pick<EnrollmentDeps, 'post' | 'publicUrl'>;

interface Content {
  readonly to: string;
  readonly language: Language;
  readonly subject: string;
  readonly text: string;
}

/** Queues an email in the practice's name, with its email address for replies if it has a valid one. */
export async function writeFor(tx: Executor, deps: Deps, chart: Chart, content: Content): Promise<void> {
  const senderName = plain(chart.practiceName);
  const email = chart.practiceEmail;
  await deps.post.queueWithin(tx, {
    to: content.to,
    subject: content.subject,
    text: `${content.text}\n\n-- \n${wordsIn(content.language).mail.signature(senderName)}\n`,
    senderName,
    replyTo: email !== undefined && isAddress(email) ? email : undefined,
    sandbox: chart.practiceKind === 'sandbox',
  });
}

interface Invited {
  readonly kind: 'patient' | 'representative';
  readonly to: string;
  readonly language: Language;
  readonly token: string;
  /** The last day on which the link is valid all day. */
  readonly lastDay: Date;
}

/** Emails an invitation. Names are masked, because the address may be mistyped and belong to someone else. */
export async function mailInvitation(tx: Executor, deps: Deps, chart: Chart, invited: Invited): Promise<void> {
  const { kind, to, language, token, lastDay } = invited;
  const { enrollment } = wordsIn(language);
  const facts = {
    practice: plain(chart.practiceName),
    patient: masked(chart.name),
    link: `${deps.publicUrl}/enroll/${token}`,
    until: dayOf(language, lastDay, chart.timeZone),
    phone: chart.practicePhone,
  };
  const { subject, text } = kind === 'patient' ? enrollment.mailToPatient : enrollment.mailToRepresentative;
  await writeFor(tx, deps, chart, { to, language, subject: subject(facts.practice), text: text(facts) });
}

interface Coded {
  readonly to: string;
  readonly language: Language;
  readonly code: string;
  /** The last day on which the code is valid all day. */
  readonly lastDay: Date;
}

/** Emails a verification code to an address in the chart. */
export async function mailCode(tx: Executor, deps: Deps, chart: Chart, coded: Coded): Promise<void> {
  const { to, language, code, lastDay } = coded;
  const { subject, text } = wordsIn(language).enrollment.mailWithCode;
  const practice = plain(chart.practiceName);
  const until = dayOf(language, lastDay, chart.timeZone);
  const phone = chart.practicePhone;
  const facts = { practice, patient: masked(chart.name), code, until, phone };
  await writeFor(tx, deps, chart, { to, language, subject: subject(practice), text: text(facts) });
}
