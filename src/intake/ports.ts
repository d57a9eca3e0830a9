import type { Executor } from '../database/index.ts';
import type { AccountEmails } from '../identity/index.ts';
import type { RecordId } from '../kernel/index.ts';

/** Port to the modules that inform people about a merge of patient records and cancel their invitations. */
export interface MergeNotifier extends Pick<AccountEmails, 'send'> {
  /**
   * Cancels open invitations to a record that were made since a time.
   * @returns ids of the cancelled invitations
   */
  cancelInvitationsSince(
    tx: Executor,
    ended: { readonly recordId: RecordId; readonly since: Date; readonly at: Date },
  ): Promise<readonly string[]>;
}
