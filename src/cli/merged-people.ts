import type { Config } from '../config/index.ts';
import { cancelInvitationsSince } from '../enrollment/index.ts';
import type { MergedPeople } from '../intake/index.ts';
import { systemClock as clock, systemRandom as random } from '../kernel/index.ts';
import { openPost } from '../mail/index.ts';
import { openCorrespondence } from '../people/index.ts';

/** Notifies the people affected by a merge of records in the same way as the server does. */
export function mergedPeople({ mail, brandName }: Pick<Config, 'mail' | 'brandName'>): MergedPeople {
  const post = openPost({ clock, random, sends: mail !== undefined });
  return { ...openCorrespondence({ post, brandName }), cancelInvitationsSince };
}
