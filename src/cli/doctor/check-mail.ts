import type { Config } from '../../config/index.ts';
import type { Executor } from '../../database/index.ts';
import { checkMailServer, getEmailHealth } from '../../mail/index.ts';
import { type DoctorFinding, errorFinding, okFinding, warningFinding } from './finding.ts';

/** Checks whether the email server accepts connections and whether queued email is delivered. */
export async function checkMail(db: Executor, { mail }: Config, now: Date): Promise<readonly DoctorFinding[]> {
  const { late, failed } = await getEmailHealth(db, now);
  const error = mail === undefined ? undefined : await checkMailServer(mail.smtpUrl);
  return [
    ...(mail === undefined ? [okFinding('mail', 'stays in the outbox: there is no SMTP_URL')] : []),
    ...(mail !== undefined && error === undefined ? [okFinding('mail', 'the mail server takes us')] : []),
    ...(error === undefined
      ? []
      : [errorFinding('mail', `the mail server does not: ${error}`, 'Check SMTP_URL: name, port, user and password.')]),
    ...(late > 0
      ? [
          warningFinding(
            'mail',
            `${late} wait for more than an hour.`,
            'They are tried again by themselves; see /outbox for why.',
          ),
        ]
      : []),
    ...(failed > 0
      ? [warningFinding('mail', `${failed} of the last week could not be delivered.`, 'See /outbox for whom, and why.')]
      : []),
  ];
}
