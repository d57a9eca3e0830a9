import type { Grant } from '../../access/index.ts';
import { fairLine, Problem } from '../../kernel/index.ts';
import type { Disclosure } from '../ports.ts';

/** Places for searches: what one may ask takes a core of the database for seconds. */
const SEARCHES_AT_ONCE = 4;
/** Of these, places for the searches of one grant. */
const SEARCHES_OF_A_GRANT = 3;
/** Places for what is found by its key. With those of searches they are fewer than the connections of the pool. */
const READS_AT_ONCE = 4;
/** Requests of one grant that wait, and of all. */
const WAITING_OF_A_GRANT = 100;
const WAITING_IN_ALL = 1000;
/** Milliseconds. */
const TURN_WITHIN = 5000;
const STATEMENT_WITHIN = 5000;

/** Milliseconds. */
interface Patience {
  /** That a request waits for its turn. */
  readonly turn: number;
  /** That a statement takes in a search of one patient's record. */
  readonly statement: number;
}
const PATIENCE: Patience = { turn: TURN_WITHIN, statement: STATEMENT_WITHIN };

/** Whose turn it is to read from the database. */
export interface Turns {
  inTurn<Result>(
    grant: Grant,
    kind: Disclosure['kind'],
    work: () => Promise<Result>,
    signal: AbortSignal,
  ): Promise<Result>;
  /** Milliseconds that a statement may take; undefined: as long as any. */
  statementTime(grant: Grant): number | undefined;
}

/**
 * A fair queue before the connection pool. People take turns, and so do backend apps; so do the grants of one person.
 * Searches never have all places, so that what is read by its key, signing in and consent go on beside them.
 */
export function openTurns({ turn, statement }: Patience = PATIENCE): Turns {
  const bounds = { patience: turn, each: WAITING_OF_A_GRANT, all: WAITING_IN_ALL, full: busy };
  const searches = fairLine({ ...bounds, atOnce: SEARCHES_AT_ONCE, atOnceOfLine: SEARCHES_OF_A_GRANT });
  const reads = fairLine({ ...bounds, atOnce: READS_AT_ONCE });
  return {
    inTurn({ accountId, clientId, grantId }, kind, work, signal) {
      const line = kind === 'search' ? searches : reads;
      return line.inTurn({ group: accountId ?? clientId, line: grantId }, work, signal);
    },
    statementTime: ({ record }) => (record === undefined ? undefined : statement),
  };
}

const busy = (): Problem =>
  new Problem('unavailable', {
    status: 503,
    message: 'Too many requests are waiting for the database at this moment. Try again in a few seconds.',
    retryAfter: 5,
  });
