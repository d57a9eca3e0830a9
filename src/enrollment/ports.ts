import type { Executor } from '../database/index.ts';
import type { AccountId, Clock, Random, RecordId } from '../kernel/index.ts';
import type { EmailQueue } from '../mail/index.ts';

/** An audit event of enrollment. It never contains an email address, a name, a token or a code. */
export interface EnrollmentEvent {
  readonly kind: 'enrollment';
  readonly outcome: 'success' | 'failure';
  readonly requestId: string;
  readonly accountId?: AccountId | undefined;
  readonly recordId?: RecordId | undefined;
  readonly detail: Readonly<Record<string, string>>;
}

export interface EnrollmentAuditLog {
  appendInTransaction(tx: Executor, event: EnrollmentEvent): Promise<void>;
}

export interface EnrollmentDeps {
  readonly clock: Clock;
  readonly random: Random;
  readonly audit: EnrollmentAuditLog;
  readonly post: EmailQueue;
  /** Public origin of the server. It comes from the configuration, never from a request. */
  readonly publicUrl: string;
}
