import type { Config } from '../../config/index.ts';
import type { Executor } from '../../database/index.ts';
import { checkMailServer, getEmailHealth } from '../../mail/index.ts';
import { type DoctorFinding, errorFinding, okFinding, warningFinding } from './finding.ts';

/** Checks whether the email server accepts connections and whether queued email is delivered. */
export async function checkMail(db: Executor, { mail }: Config, now: Date): Promise<readonly DoctorFinding[]> {
  const { late, failed } = await getEmailHealth(db, now);
  const error = mail === undefined ? undefined : await checkMailServer(mail.smtpUrl);
  return [
    ...(mail === undefined ? [okFinding('mail', 'emails stay in the outbox, because SMTP_URL isn’t set')] : []),
    ...(mail !== undefined && error === undefined ? [okFinding('mail', 'the email server accepts connections')] : []),
    ...(error === undefined
      ? []
      : [
          errorFinding(
            'mail',
            `the email server can’t be used: ${error}`,
            'Check SMTP_URL: host, port, user and password.',
          ),
        ]),
    ...(late > 0
      ? [
          warningFinding(
            'mail',
            `emails waiting for more than an hour: ${late}.`,
            'They are retried automatically. For the reason, see /outbox.',
          ),
        ]
      : []),
    ...(failed > 0
      ? [
          warningFinding(
            'mail',
            `emails that couldn’t be delivered in the last week: ${failed}.`,
            'For recipients and reasons, see /outbox.',
          ),
        ]
      : []),
  ];
}
