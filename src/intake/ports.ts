import type { Executor } from '../database/index.ts';
import type { RecordId } from '../kernel/index.ts';
import type { Correspondence } from '../people/index.ts';

/** Port to the people affected by a merge or its undoing. */
export interface MergedPeople extends Pick<Correspondence, 'tell'> {
  /** Cancels open invitations to the record that were made since a time. @returns ids of the cancelled invitations */
  cancelInvitationsSince(
    tx: Executor,
    ended: { readonly recordId: RecordId; readonly since: Date; readonly at: Date },
  ): Promise<readonly string[]>;
}
