import { cancelInvitationsSince } from '../../../src/enrollment/index.ts';
import { createAccountEmails } from '../../../src/identity/index.ts';
import type { MergeNotifier } from '../../../src/intake/index.ts';
import { type Clock, systemRandom as random } from '../../../src/kernel/index.ts';
import { createEmailQueue } from '../../../src/mail/index.ts';
import { inClear } from '../in-clear.ts';

/** Notifies people about merged records. The emails stay in the outbox. */
export const mergeNotifier = (clock: Clock): MergeNotifier => ({
  ...createAccountEmails({
    post: createEmailQueue({ clock, random, encryption: inClear, sends: false }),
    brandName: 'Patient Access',
  }),
  cancelInvitationsSince,
});
