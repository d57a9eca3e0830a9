import type { Config } from '../config/index.ts';
import type { Database } from '../database/index.ts';
import type { Encryption } from '../encryption/index.ts';
import { type BackgroundWork, HOURLY } from '../jobs/index.ts';
import { type Clock, days, type Random } from '../kernel/index.ts';
import { createEmailDelivery } from './email-delivery.ts';
import { createEmailQueue, type ServerEmailQueue } from './email-queue.ts';
import { purgeOldEmails, queueUnsentEmails } from './email-store.ts';

export interface MailModuleDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly random: Random;
  readonly encryption: Encryption;
  readonly config: Pick<Config, 'mail' | 'publicUrl'>;
}

export interface MailModule extends ServerEmailQueue, BackgroundWork {
  /** Sends all due emails. Does nothing if no mail server is configured. */
  deliver(): Promise<void>;
  close(): void;
}

/** Creates the email queue and, if a mail server is configured, the service that sends the queued emails. */
export function createMail({ db, clock, random, encryption, config }: MailModuleDeps): MailModule {
  const delivery =
    config.mail === undefined
      ? undefined
      : createEmailDelivery({ db, clock, encryption, publicUrl: config.publicUrl, ...config.mail });
  return {
    ...createEmailQueue({ clock, random, encryption, sends: delivery !== undefined }),
    handlers: delivery === undefined ? {} : { email: delivery.send },
    queueMissingJobs: async () => {
      if (delivery !== undefined) await queueUnsentEmails(db);
    },
    tasks: [{ name: 'purge-emails', cron: HOURLY, keptFor: days(30), run: (before) => purgeOldEmails(db, before) }],
    deliver: async () => delivery?.deliver(),
    close: () => delivery?.close(),
  };
}
