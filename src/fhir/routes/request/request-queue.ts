import type { AccessGrant } from '../../../access/index.ts';
import { createGroupShares, type FairQueue, fairQueue, Problem, type QueueState } from '../../../kernel/index.ts';

/** Maximum number of searches that run at once. One search may use a database core for seconds. */
const MAX_SEARCHES = 4;
/** Maximum number of searches of one person with one app that run at once. */
const MAX_SEARCHES_PER_PERSON = 3;
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
/**
 * Maximum numbers of requests of one app that run at once while other apps send requests too. Without them, slow requests
 * of one app could hold all slots.
 */
const MAX_SEARCHES_PER_APP = 2;
const MAX_READS_PER_APP = 2;
const MAX_LOOKUPS_PER_APP = 4;
/** Maximum number of requests that wait, of one person with one app and in total. */
const MAX_WAITING_PER_PERSON = 100;
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
   * Runs the work of a request when it is the turn of its app, and of its person among those of the app.
   * @throws Problem 503 if too many requests are waiting or the wait is too long
   */
  run<Result>(grant: AccessGrant, lane: RequestLane, work: () => Promise<Result>, signal: AbortSignal): Promise<Result>;
  /**
   * Counts a request among those of its app, until the returned function is called. Apps with more requests wait for it
   * while its response is recorded and sent too.
   */
  enter(grant: AccessGrant): () => void;
  /** Returns the maximum time of a database statement in milliseconds. undefined means that there is no limit. */
  statementTimeoutMs(grant: AccessGrant): number | undefined;
  /** Returns how many requests run and wait now. */
  state(): Readonly<Record<'searches' | 'reads' | 'lookups', QueueState>>;
}

/**
 * Creates a fair queue in front of the connection pool. Apps take turns, however many people use them, and so do the
 * people of one app. While several apps send requests, those with many wait for those with few, because an event loop and
 * a database that are busy for one app are slow for all. Searches never use all connections, so reads by id, sign-in, and
 * consent continue beside them.
 */
export function createRequestQueue({ turn, statement }: QueueTimeouts = DEFAULT_TIMEOUTS): RequestQueue {
  const shares = createGroupShares();
  const limits = {
    maxWaitMs: turn,
    maxWaitingPerMember: MAX_WAITING_PER_PERSON,
    maxWaiting: MAX_WAITING,
    createFullError: busy,
    shares,
  };
  const queues: Readonly<Record<RequestLane, FairQueue>> = {
    search: fairQueue({
      ...limits,
      concurrency: MAX_SEARCHES,
      concurrencyPerGroup: MAX_SEARCHES_PER_APP,
      concurrencyPerMember: MAX_SEARCHES_PER_PERSON,
    }),
    read: fairQueue({ ...limits, concurrency: MAX_READS, concurrencyPerGroup: MAX_READS_PER_APP }),
    lookup: fairQueue({ ...limits, concurrency: MAX_LOOKUPS, concurrencyPerGroup: MAX_LOOKUPS_PER_APP }),
  };
  return {
    run({ accountId, clientId }, lane, work, signal) {
      return queues[lane].run({ group: clientId, member: accountId ?? clientId }, work, signal);
    },
    enter: ({ clientId }) => shares.enter(clientId),
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
