import type { Executor } from '../database/index.ts';
import type { RecordId } from '../kernel/index.ts';
import type { Correspondence } from '../people/index.ts';

/** Whom it concerns that two records become one, or are two again. */
export interface MergedPeople extends Pick<Correspondence, 'tell'> {
  /**
   * Nobody uses an invitation to the record any more that was made since an instant.
   * @returns the ids of those that were open
   */
  cancelInvitationsSince(
    tx: Executor,
    ended: { readonly recordId: RecordId; readonly since: Date; readonly at: Date },
  ): Promise<readonly string[]>;
}
