import type { Config } from '../../config/index.ts';
import type { Executor } from '../../database/index.ts';
import { mailHealth, reachMailServer } from '../../mail/index.ts';
import { broken, type Finding, fine, look } from './checkup.ts';

/** Checks whether the mail server accepts connections and whether email is delivered. */
export async function checkMail(db: Executor, { mail }: Config, now: Date): Promise<readonly Finding[]> {
  const { late, failed } = await mailHealth(db, now);
  const error = mail === undefined ? undefined : await reachMailServer(mail.smtpUrl);
  return [
    ...(mail === undefined ? [fine('mail', 'stays in the outbox: there is no SMTP_URL')] : []),
    ...(mail !== undefined && error === undefined ? [fine('mail', 'the mail server takes us')] : []),
    ...(error === undefined
      ? []
      : [broken('mail', `the mail server does not: ${error}`, 'Check SMTP_URL: name, port, user and password.')]),
    ...(late > 0
      ? [
          look(
            'mail',
            `${late} wait for more than an hour.`,
            'They are tried again by themselves; see /outbox for why.',
          ),
        ]
      : []),
    ...(failed > 0
      ? [look('mail', `${failed} of the last week could not be delivered.`, 'See /outbox for whom, and why.')]
      : []),
  ];
}
