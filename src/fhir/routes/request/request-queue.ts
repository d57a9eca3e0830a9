import type { AccessGrant } from '../../../access/index.ts';
import { fairQueue, Problem } from '../../../kernel/index.ts';
import type { Disclosure } from '../../ports.ts';

/** Number of searches that run at once. One search may use a database core for seconds. */
const MAX_SEARCHES = 4;
/** Number of searches of one grant that run at once. */
const MAX_SEARCHES_PER_GRANT = 3;
/**
 * Number of reads by key that run at once. Together with the searches they need fewer connections than the pool has.
 */
const MAX_READS = 4;
/** Maximum number of waiting requests of one grant, and in total. */
const MAX_WAITING_PER_GRANT = 100;
const MAX_WAITING = 1000;
/** Default limits in milliseconds. */
const TURN_TIMEOUT_MS = 5000;
const STATEMENT_TIMEOUT_MS = 5000;

/** Time limits in milliseconds. */
interface QueueTimeouts {
  /** Maximum time that a request waits for its turn. */
  readonly turn: number;
  /** Maximum time of a statement in a search of one patient's record. */
  readonly statement: number;
}
const DEFAULT_TIMEOUTS: QueueTimeouts = { turn: TURN_TIMEOUT_MS, statement: STATEMENT_TIMEOUT_MS };

/** A queue of requests that read from the database. */
export interface RequestQueue {
  /**
   * Runs the work when it is the grant's turn.
   * @throws Problem 503 if too many requests are waiting or the wait is too long
   */
  run<Result>(
    grant: AccessGrant,
    kind: Disclosure['kind'],
    work: () => Promise<Result>,
    signal: AbortSignal,
  ): Promise<Result>;
  /** Maximum time of a statement in milliseconds; undefined for no limit. */
  statementTimeoutMs(grant: AccessGrant): number | undefined;
}

/**
 * Creates a fair queue in front of the connection pool. People and backend apps take turns, and so do the grants of one
 * person. Searches never use all slots, so reads by key, sign-in, and consent continue beside them.
 */
export function createRequestQueue({ turn, statement }: QueueTimeouts = DEFAULT_TIMEOUTS): RequestQueue {
  const limits = {
    maxWaitMs: turn,
    maxWaitingPerMember: MAX_WAITING_PER_GRANT,
    maxWaiting: MAX_WAITING,
    createFullError: busy,
  };
  const searches = fairQueue({ ...limits, concurrency: MAX_SEARCHES, concurrencyPerMember: MAX_SEARCHES_PER_GRANT });
  const reads = fairQueue({ ...limits, concurrency: MAX_READS });
  return {
    run({ accountId, clientId, grantId }, kind, work, signal) {
      const queue = kind === 'search' ? searches : reads;
      return queue.run({ group: accountId ?? clientId, member: grantId }, work, signal);
    },
    statementTimeoutMs: ({ record }) => (record === undefined ? undefined : statement),
  };
}

const busy = (): Problem =>
  new Problem('unavailable', {
    status: 503,
    message: 'Too many requests are waiting for the database at this moment. Try again in a few seconds.',
    retryAfter: 5,
  });
