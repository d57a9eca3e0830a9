import type { FastifyRequest } from 'fastify';
import type { Executor } from '../../database/index.ts';
import { formatLongDateTime } from '../../i18n/index.ts';
import type { AccountId, Clock } from '../../kernel/index.ts';
import type { IdentityAuditLog, IdentityEmailQueue } from '../ports.ts';
import { describeDevice } from '../sessions/describe-device.ts';
import { type AccountEmails, createAccountEmails } from './account-emails.ts';

/** Changes to an account's credentials. Each is recorded in the audit log and emailed to the account's owner. */
export type CredentialChange =
  | 'password'
  | 'passkey-added'
  | 'passkey-removed'
  | 'app-added'
  | 'app-removed'
  | 'codes-made'
  | 'code-used'
  | 'factors-removed'
  | 'wrong-codes';

export interface CredentialChangeDeps {
  readonly clock: Clock;
  readonly audit: IdentityAuditLog;
  readonly post: IdentityEmailQueue;
  readonly brandName: string;
  readonly publicUrl: string;
}

export interface CredentialChanges extends AccountEmails {
  /**
   * Records the change in the audit log and queues an email to the account's owner. Both happen in the caller's
   * transaction, so they happen only if the change is committed.
   * @param detail what else the audit event says
   */
  recordChange(
    tx: Executor,
    request: FastifyRequest,
    accountId: AccountId,
    change: CredentialChange,
    detail?: Readonly<Record<string, unknown>>,
  ): Promise<void>;
}

/** Creates the service that records changes of credentials and informs the account's owner by email. */
export function createCredentialChanges(deps: CredentialChangeDeps): CredentialChanges {
  const emails = createAccountEmails(deps);
  return {
    ...emails,
    async recordChange(tx, request, accountId, change, detail) {
      const kind = change === 'password' ? 'account' : 'factor';
      const outcome = change === 'wrong-codes' ? 'failure' : 'success';
      const event = { kind, outcome, requestId: request.id, accountId } as const;
      await deps.audit.appendInTransaction(tx, { ...event, detail: { action: change, ...detail } });
      const device = describeDevice(request.headers['user-agent']);
      await emails.send(tx, accountId, (messages, person) =>
        messages.changed({
          what: messages.changes[change],
          at: formatLongDateTime(person.language, deps.clock.now(), person.timeZone),
          device,
          forgot: `${deps.publicUrl}/forgot`,
          whom: messages.helpContacts[person.kind],
        }),
      );
    },
  };
}
