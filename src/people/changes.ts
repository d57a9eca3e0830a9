import type { FastifyRequest } from 'fastify';
import type { Executor } from '../database/index.ts';
import type { AccountId, Clock } from '../kernel/index.ts';
import { minuteOf } from '../words/index.ts';
import { type Correspondence, openCorrespondence } from './correspondence.ts';
import { deviceOf } from './device.ts';
import type { PeopleAudit, PeoplePost } from './ports.ts';

/** Changes to an account's credentials. Each is recorded in the audit log and emailed to the account's owner. */
export type Change =
  | 'password'
  | 'passkey-added'
  | 'passkey-removed'
  | 'app-added'
  | 'app-removed'
  | 'codes-made'
  | 'code-used'
  | 'factors-removed'
  | 'wrong-codes';

export interface ChangeDeps {
  readonly clock: Clock;
  readonly audit: PeopleAudit;
  readonly post: PeoplePost;
  readonly brandName: string;
  readonly publicUrl: string;
}

export interface Changes extends Correspondence {
  /**
   * Records the change and queues the email in the transaction that makes the change, so both happen only if it
   * commits.
   */
  changed(tx: Executor, request: FastifyRequest, accountId: AccountId, change: Change): Promise<void>;
}

/** Creates the service that records and announces credential changes. */
export function openChanges(deps: ChangeDeps): Changes {
  const emails = openCorrespondence(deps);
  return {
    ...emails,
    async changed(tx, request, accountId, change) {
      const kind = change === 'password' ? 'account' : 'factor';
      const outcome = change === 'wrong-codes' ? 'failure' : 'success';
      const event = { kind, outcome, requestId: request.id, accountId } as const;
      await deps.audit.recordWithin(tx, { ...event, detail: { action: change } });
      const device = deviceOf(request.headers['user-agent']);
      await emails.tell(tx, accountId, (messages, person) =>
        messages.changed({
          what: messages.what[change],
          at: minuteOf(person.language, deps.clock.now(), person.timeZone),
          device,
          forgot: `${deps.publicUrl}/forgot`,
          whom: messages.whom[person.kind],
        }),
      );
    },
  };
}
