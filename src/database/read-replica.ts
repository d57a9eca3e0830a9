import { setTimeout as pause } from 'node:timers/promises';
import { type DatabaseConnection, NOT_STANDBY } from './client.ts';
import { openDatabase } from './database.ts';
import {
  createTimelineError,
  OTHER_DATABASE,
  type PrimaryIdentity,
  readPrimaryIdentity,
  requireStandbyOf,
} from './standby-identity.ts';
import type { Database, SqlStatement } from './statement.ts';

/** How a read with the standby ended. */
export type ReplicaResult =
  /** The standby had everything. */
  | 'complete'
  /** The standby lacked something that has changed lately, which the primary had. */
  | 'partial'
  /** The standby couldn't run the statement, and the primary had everything. */
  | 'failed'
  /** The standby wasn't asked, because it doesn't work. */
  | 'skipped';

/** Why the standby isn't used. A code such as `ECONNREFUSED` or an SQLSTATE is possible too. */
type ReplicaProblem = 'not-a-standby' | 'other-database' | 'too-slow' | (string & {});

export interface ReadReplica {
  /**
   * Returns a reader for one request.
   * @param signal aborts when the request no longer waits for a result
   */
  withSignal(signal: AbortSignal): ReplicaReader;
  /** Whether the standby is used now. */
  isUsed(): boolean;
  close(): Promise<void>;
}

/** Reads from the standby for one request. Only contents may be read there, never what decides about access. */
export interface ReplicaReader {
  isUsed(): boolean;
  /**
   * Runs a statement on the standby.
   * @param timeline timeline of the primary that found what is read. After a failover, it is another one than that of a
   * standby which doesn't follow the new primary
   * @returns undefined if the standby isn't used or fails. The caller then reads from the primary
   */
  query<Row>(
    statement: SqlStatement<Row>,
    parameters: readonly unknown[],
    timeline: number,
  ): Promise<readonly Row[] | undefined>;
  /** Counts a read for the metrics. */
  count(result: ReplicaResult): void;
}

export interface ReadReplicaOptions {
  readonly connection: DatabaseConnection;
  /** Maximum number of connections in the pool. */
  readonly connections: number;
  /** The primary. */
  readonly primary: Database;
  /** Statement that reads from all tables that are read here, so that a missing right or a locked table is noticed. */
  readonly probe: SqlStatement<unknown>;
  /** Called when the standby is used from now on (undefined), and when it isn't. */
  readonly onChange: (problem: ReplicaProblem | undefined) => void;
  readonly onRead?: ((result: ReplicaResult) => void) | undefined;
  /** Milliseconds that a read may take. The default is a second. */
  readonly timeLimit?: number | undefined;
  /** Milliseconds between two checks of the standby. The default is five seconds. */
  readonly checkEvery?: number;
  /** Adds spans to statements on the standby. */
  readonly trace?: ((db: Database) => Database) | undefined;
}

/** Milliseconds that a read may take, with the wait for a connection. Then the primary answers. */
const TIME_LIMIT = 1000;
/** Milliseconds that each step of a check may take. No request waits for it. */
const CHECK_LIMIT = 5000;
/** Milliseconds between two checks of the standby. A standby that fails isn't used until the next one succeeds. */
const CHECK_EVERY = 5000;
/** SQLSTATE serialization_failure: replay of a change needed what the statement was reading. The standby works. */
const CONFLICT = '40001';

/**
 * Opens a streaming standby for reads. It is used while checks find that it is a standby of the primary and works. The
 * first failure ends its use at once, and the next check that succeeds begins it again.
 */
export function openReadReplica(options: ReadReplicaOptions): ReadReplica {
  const { connection, connections, primary, probe, onChange, onRead, trace = (db) => db } = options;
  const { timeLimit = TIME_LIMIT, checkEvery = CHECK_EVERY } = options;
  const checkLimit = Math.max(CHECK_LIMIT, timeLimit);
  const open = () => openDatabase(connection, connections, checkLimit, { standby: true });
  const closing = new AbortController();
  let pool = open();
  let traced = trace(pool);
  /** The primary that the standby follows. Undefined while the standby isn't used. */
  let followed: PrimaryIdentity | undefined;
  /** Undefined before the first check has ended. */
  let reported: { readonly problem: ReplicaProblem | undefined } | undefined;
  /** The primary, as it last answered. */
  let identity: PrimaryIdentity | undefined;
  const isUsed = (): boolean => followed !== undefined;

  function report(problem: ReplicaProblem | undefined): void {
    if (closing.signal.aborted) return;
    if (reported === undefined || reported.problem !== problem) onChange(problem);
    reported = { problem };
  }

  /** Stops the use of the standby. New connections may find another host, so the present ones are closed. */
  function giveUp(failed: Database, error: unknown): void {
    if (failed !== pool || closing.signal.aborted) return;
    followed = undefined;
    pool = open();
    traced = trace(pool);
    report(describeError(error));
    void failed.close().catch(() => {});
  }

  async function check(): Promise<void> {
    const checked = pool;
    try {
      identity = await within(checkLimit, readPrimaryIdentity(primary)).catch((error) => {
        // While the primary doesn't answer, such as during a failover, its latest answer counts.
        if (identity === undefined) throw error;
        return identity;
      });
      await within(checkLimit, requireStandbyOf(identity, checked));
      await within(checkLimit, checked.query(probe));
      if (checked !== pool) return;
      followed = identity;
      report(undefined);
    } catch (error) {
      giveUp(checked, error);
    }
  }

  async function checkRepeatedly(): Promise<void> {
    while (!closing.signal.aborted) {
      await check();
      await pause(checkEvery, undefined, { ref: false, signal: closing.signal }).catch(() => {});
    }
  }

  const checking = checkRepeatedly();
  return {
    isUsed,
    withSignal: (signal) => ({
      isUsed,
      count: (result) => onRead?.(result),
      async query(one, parameters, timeline) {
        if (followed === undefined) return undefined;
        const used = pool;
        if (timeline !== followed.timeline) {
          giveUp(used, createTimelineError(followed.timeline, timeline));
          return undefined;
        }
        const running = traced.withLimits({ milliseconds: timeLimit, signal }).query(one, parameters);
        try {
          return await within(timeLimit, running);
        } catch (error) {
          signal.throwIfAborted();
          if (codeOf(error) !== CONFLICT) giveUp(used, error);
          return undefined;
        }
      },
    }),
    async close() {
      closing.abort();
      // A standby that doesn't respond must not delay the stop of the server. Its connections end by their own limits.
      await within(
        timeLimit,
        checking.then(() => pool.close()),
      ).catch(() => {});
    },
  };
}

class TooSlowError extends Error {}

/** Waits for a result, but not longer than the limit. It may still arrive, or fail, after that. */
async function within<Result>(milliseconds: number, result: Promise<Result>): Promise<Result> {
  const isOver = new AbortController();
  result.catch(() => {});
  const limit = pause(milliseconds, undefined, { ref: false, signal: isOver.signal }).then(() => {
    throw new TooSlowError();
  });
  try {
    return await Promise.race([result, limit]);
  } finally {
    limit.catch(() => {});
    isOver.abort();
  }
}

/** SQLSTATE query_canceled: the time limit was over. */
const CANCELED = '57014';

function describeError(error: unknown): ReplicaProblem {
  const code = codeOf(error);
  if (error instanceof TooSlowError || code === CANCELED) return 'too-slow';
  if (code === OTHER_DATABASE) return 'other-database';
  return code === NOT_STANDBY ? 'not-a-standby' : code;
}

const codeOf = (error: unknown): string => String((error as { code?: unknown } | null)?.code ?? 'unknown');
