import type { Config } from '../../config/index.ts';
import type { Encryption } from '../../encryption/index.ts';
import { cancelInvitationsSince } from '../../enrollment/index.ts';
import { createAccountEmails } from '../../identity/index.ts';
import type { MergeNotifier } from '../../intake/index.ts';
import { systemClock as clock, systemRandom as random } from '../../kernel/index.ts';
import { createEmailQueue } from '../../mail/index.ts';

/**
 * Creates the functions that notify the people affected by a merge of two patient records. The
 * people get the same emails as if the server process had merged the records.
 */
export function createMergeNotifications(
  { mail, brandName }: Pick<Config, 'mail' | 'brandName'>,
  encryption: Encryption,
): MergeNotifier {
  const post = createEmailQueue({ clock, random, encryption, sends: mail !== undefined });
  return { ...createAccountEmails({ post, brandName }), cancelInvitationsSince };
}
