import type { Executor } from '../../database/index.ts';
import { formatLongDate, getMessages, type Language } from '../../i18n/index.ts';
import { isEmailAddress } from '../../kernel/index.ts';
import { toPlainLine } from '../chart/names.ts';
import type { PatientChart } from '../contract.ts';
import type { EnrollmentDeps } from '../ports.ts';
import { saveVisitorEmail } from '../sandbox/visitor-emails.ts';
import { maskName } from './mask-name.ts';

type PracticeEmailDeps = Pick<EnrollmentDeps, 'post' | 'publicUrl' | 'random' | 'clock'>;

/** The invitation that an email is about, and the browser of the shared sandbox account in which it was caused. */
export interface EmailCause {
  readonly invitationId: string;
  readonly visitor: Buffer | undefined;
}

interface PracticeEmail {
  readonly to: string;
  readonly language: Language;
  readonly subject: string;
  readonly text: string;
  readonly button?: { readonly label: string; readonly url: string };
  readonly reason: 'account' | 'invitation' | 'record';
  readonly cause?: EmailCause;
}

/** Queues an email in the practice's name. Replies go to the practice's email address, if it has a valid one. */
export async function queuePracticeEmail(
  tx: Executor,
  deps: PracticeEmailDeps,
  chart: PatientChart,
  content: PracticeEmail,
): Promise<void> {
  const senderName = toPlainLine(chart.practiceName);
  const email = chart.practiceEmail;
  const sandbox = chart.practiceKind === 'sandbox';
  const mailId = deps.random.uuid();
  await deps.post.queueInTransaction(tx, {
    mailId,
    to: content.to,
    subject: content.subject,
    text: content.text,
    language: content.language,
    button: content.button,
    senderName,
    practiceId: chart.practiceId,
    contact: { phone: chart.practicePhone, email },
    reason: content.reason,
    replyTo: email !== undefined && isEmailAddress(email) ? email : undefined,
    sandbox,
  });
  const { invitationId, visitor } = content.cause ?? {};
  if (sandbox && invitationId !== undefined && visitor !== undefined)
    await saveVisitorEmail(tx, { mailId, invitationId, visitor, now: deps.clock.now() });
}

interface InvitationEmail {
  readonly kind: 'patient' | 'representative';
  readonly to: string;
  readonly language: Language;
  readonly token: string;
  /** The last day on which the invitation link is valid all day. */
  readonly lastDay: Date;
  readonly cause: EmailCause;
}

/**
 * Queues the email with an invitation link. Names are masked, because the address may be mistyped and belong to another
 * person.
 */
export async function queueInvitationEmail(
  tx: Executor,
  deps: PracticeEmailDeps,
  chart: PatientChart,
  invited: InvitationEmail,
): Promise<void> {
  const { kind, to, language, token, lastDay, cause } = invited;
  const { enrollment } = getMessages(language);
  const facts = {
    practice: toPlainLine(chart.practiceName),
    patient: maskName(chart.name),
    link: `${deps.publicUrl}/enroll/${token}`,
    until: formatLongDate(language, lastDay, chart.timeZone),
    phone: chart.practicePhone,
  };
  const { subject, text, button } = kind === 'patient' ? enrollment.emailToPatient : enrollment.emailToRepresentative;
  await queuePracticeEmail(tx, deps, chart, {
    to,
    language,
    subject: subject(facts.practice),
    text: text(facts),
    button: { label: button, url: facts.link },
    reason: 'invitation',
    cause,
  });
}

interface VerificationCodeEmail {
  readonly to: string;
  readonly language: Language;
  readonly code: string;
  /** The last day on which the verification code is valid all day. */
  readonly lastDay: Date;
  readonly cause: EmailCause;
}

/** Queues an email with a verification code to an address in the patient's chart. */
export async function queueCodeEmail(
  tx: Executor,
  deps: PracticeEmailDeps,
  chart: PatientChart,
  coded: VerificationCodeEmail,
): Promise<void> {
  const { to, language, code, lastDay, cause } = coded;
  const { subject, text } = getMessages(language).enrollment.emailWithCode;
  const practice = toPlainLine(chart.practiceName);
  const until = formatLongDate(language, lastDay, chart.timeZone);
  const phone = chart.practicePhone;
  const facts = { practice, patient: maskName(chart.name), code, until, phone };
  const content = { to, language, subject: subject(practice), text: text(facts), reason: 'record', cause } as const;
  await queuePracticeEmail(tx, deps, chart, content);
}
