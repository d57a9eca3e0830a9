import { cancelInvitationsSince } from '../../src/enrollment/index.ts';
import type { MergedPeople } from '../../src/intake/index.ts';
import { type Clock, systemRandom as random } from '../../src/kernel/index.ts';
import { openPost } from '../../src/mail/index.ts';
import { openCorrespondence } from '../../src/people/index.ts';

/** Notifies people about merged records. Emails stay in the outbox. */
export const mergedPeople = (clock: Clock): MergedPeople => ({
  ...openCorrespondence({ post: openPost({ clock, random, sends: false }), brandName: 'Patient Access' }),
  cancelInvitationsSince,
});
