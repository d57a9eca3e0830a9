import type { Executor } from '../database/index.ts';
import type { AccountEmails } from '../identity/index.ts';
import type { RecordId } from '../kernel/index.ts';

/** Port to the people affected by a merge or its undoing. */
export interface MergedPeople extends Pick<AccountEmails, 'send'> {
  /** Cancels open invitations to the record that were made since a time. @returns ids of the cancelled invitations */
  cancelInvitationsSince(
    tx: Executor,
    ended: { readonly recordId: RecordId; readonly since: Date; readonly at: Date },
  ): Promise<readonly string[]>;
}
