import type { AccessGrant } from '../../../access/index.ts';
import { type FairQueue, fairQueue, Problem, type QueueState } from '../../../kernel/index.ts';

/** Maximum number of searches that run at once. One search may use a database core for seconds. */
const MAX_SEARCHES = 4;
/** Maximum number of searches of one grant that run at once. */
const MAX_SEARCHES_PER_GRANT = 3;
/**
 * Maximum number of documents and versions that are read at once. Reads and searches together need fewer connections
 * than the pool has.
 */
const MAX_READS = 4;
/**
 * Maximum number of lookups that run at once: reads of one current resource by its id. They share one connection, so
 * this limits how long a lookup waits for those before it.
 */
const MAX_LOOKUPS = 16;
/** Maximum number of requests that wait, of one grant and in total. */
const MAX_WAITING_PER_GRANT = 100;
const MAX_WAITING = 1000;
/** Default time limits in milliseconds: waiting for a turn, and one database statement. */
const TURN_TIMEOUT_MS = 5000;
export const STATEMENT_TIMEOUT_MS = 5000;

/** Time limits of the request queue, in milliseconds. */
interface QueueTimeouts {
  /** Maximum time in milliseconds that a request waits for its turn. */
  readonly turn: number;
  /** Maximum time in milliseconds of one statement in a search of one patient's record. */
  readonly statement: number;
}
/** Kind of work, by the connections that it uses. */
export type RequestLane = 'search' | 'read' | 'lookup';

const DEFAULT_TIMEOUTS: QueueTimeouts = { turn: TURN_TIMEOUT_MS, statement: STATEMENT_TIMEOUT_MS };

/** Queue of API requests that read from the database. */
export interface RequestQueue {
  /**
   * Runs the work of a request when it is the turn of its grant.
   * @throws Problem 503 if too many requests are waiting or the wait is too long
   */
  run<Result>(grant: AccessGrant, lane: RequestLane, work: () => Promise<Result>, signal: AbortSignal): Promise<Result>;
  /** Returns the maximum time of a database statement in milliseconds. undefined means that there is no limit. */
  statementTimeoutMs(grant: AccessGrant): number | undefined;
  /** Returns how many requests run and wait now. */
  state(): Readonly<Record<'searches' | 'reads' | 'lookups', QueueState>>;
}

/**
 * Creates a fair queue in front of the connection pool. People and backend apps take turns, and so do the grants of one
 * person. Searches never use all connections, so reads by id, sign-in, and consent continue beside them.
 */
export function createRequestQueue({ turn, statement }: QueueTimeouts = DEFAULT_TIMEOUTS): RequestQueue {
  const limits = {
    maxWaitMs: turn,
    maxWaitingPerMember: MAX_WAITING_PER_GRANT,
    maxWaiting: MAX_WAITING,
    createFullError: busy,
  };
  const queues: Readonly<Record<RequestLane, FairQueue>> = {
    search: fairQueue({ ...limits, concurrency: MAX_SEARCHES, concurrencyPerMember: MAX_SEARCHES_PER_GRANT }),
    read: fairQueue({ ...limits, concurrency: MAX_READS }),
    lookup: fairQueue({ ...limits, concurrency: MAX_LOOKUPS }),
  };
  return {
    run({ accountId, clientId, grantId }, lane, work, signal) {
      return queues[lane].run({ group: accountId ?? clientId, member: grantId }, work, signal);
    },
    state: () => ({
      searches: queues.search.state(),
      reads: queues.read.state(),
      lookups: queues.lookup.state(),
    }),
    statementTimeoutMs: ({ record }) => (record === undefined ? undefined : statement),
  };
}

const busy = (): Problem =>
  new Problem('unavailable', {
    status: 503,
    message: 'Too many requests are waiting for the database. Try again in a few seconds.',
    retryAfter: 5,
  });
