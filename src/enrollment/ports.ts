import type { Executor } from '../database/index.ts';
import type { AccountId, Clock, Random, RecordId } from '../kernel/index.ts';
import type { Post } from '../mail/index.ts';

/** What enrollment tells the audit trail. Never an address, a name, a token or a code. */
export interface EnrollmentEvent {
  readonly kind: 'enrollment';
  readonly outcome: 'success' | 'failure';
  readonly requestId: string;
  readonly accountId?: AccountId | undefined;
  readonly recordId?: RecordId | undefined;
  readonly detail: Readonly<Record<string, string>>;
}

export interface EnrollmentAudit {
  recordWithin(tx: Executor, event: EnrollmentEvent): Promise<void>;
}

/** What everything here is made of. */
export interface EnrollmentDeps {
  readonly clock: Clock;
  readonly random: Random;
  readonly audit: EnrollmentAudit;
  readonly post: Post;
  /** Origin that people reach the server at: never taken from what a request says. */
  readonly publicUrl: string;
}
