import { setTimeout as pause } from 'node:timers/promises';
import type { readSealState } from '../audit/index.ts';
import type { readArchiveState } from '../backup/index.ts';
import {
  type ConnectionCounts,
  countConnections,
  type Database,
  type DatabaseProblem,
  type ReadReplica,
} from '../database/index.ts';
import type { countIntakeOfDay } from '../intake/index.ts';
import type { countJobs, JobCounts } from '../jobs/index.ts';
import { type Clock, type QueueState, seconds } from '../kernel/index.ts';
import type { listSigningKeys } from '../oauth/index.ts';
import type { GaugeSource, Samples } from './create-metrics.ts';

export interface GaugeDeps {
  readonly db: Database;
  readonly clock: Clock;
  /** The standby, if there is one. */
  readonly replica: Pick<ReadReplica, 'isUsed'> | undefined;
  /** State of the queues in this process, by name. */
  readonly queues: () => Readonly<Record<string, QueueState>>;
  readonly audit: { pendingEvents(): number };
  /** Number of processes that should share the port. */
  readonly workers: number;
  /** The check of `/readyz`, which has a connection of its own. */
  readonly findDatabaseProblem: () => Promise<DatabaseProblem | undefined>;
  // The counts of other modules are passed, so that the parent process of workers doesn't load these modules.
  readonly countJobs: typeof countJobs;
  readonly countIntakeOfDay: typeof countIntakeOfDay;
  readonly listSigningKeys: typeof listSigningKeys;
  readonly readSealState: typeof readSealState;
  /** Undefined if the write-ahead log of the database isn't archived by the server's settings. */
  readonly readArchiveState: typeof readArchiveState | undefined;
}

/**
 * Milliseconds after which a scrape goes on without the counts of the database, for example because the pool is busy.
 * Prometheus waits 10 seconds by default, and the parent process of workers 5.
 */
const TIME_LIMIT = seconds(3);

/** Returns the metrics that are read at a scrape: state of this process, and of the database for all processes. */
export function createGauges(deps: GaugeDeps): readonly GaugeSource[] {
  const { db, replica, clock, queues, audit, workers, findDatabaseProblem } = deps;
  const readDatabase = createDatabaseReader(deps);
  const jobs = (value: (counts: JobCounts) => Samples) => async () =>
    ((await readDatabase())?.jobs ?? []).flatMap(value);
  const age = (since: Date): number => Math.max(0, (clock.now().getTime() - since.getTime()) / 1000);
  return [
    { name: 'processes', help: 'Server processes that answered this scrape.', read: () => [{ value: 1 }] },
    {
      name: 'processes_expected',
      help: 'Server processes that should share the port (WORKERS).',
      aggregator: 'max',
      read: () => [{ value: workers }],
    },
    {
      name: 'database_connections',
      help: 'Connections of the pool by state. `waiting` counts statements that wait for a connection.',
      labels: ['state'],
      read: () => toSamples('state', countConnections(db)),
    },
    {
      name: 'queue_requests',
      help: 'Requests in the queues of this process, by queue and state.',
      labels: ['queue', 'state'],
      read: () =>
        Object.entries(queues()).flatMap(([queue, { running, waiting }]) => [
          { labels: { queue, state: 'running' }, value: running },
          { labels: { queue, state: 'waiting' }, value: waiting },
        ]),
    },
    {
      name: 'audit_pending_events',
      help: 'Audit events that wait for their insert. Their responses wait too.',
      read: () => [{ value: audit.pendingEvents() }],
    },
    {
      name: 'audit_problems',
      help: 'Segments of the audit log in which the last check found a change.',
      aggregator: 'max',
      read: async () => toSample((await readDatabase())?.audit.problems),
    },
    {
      name: 'audit_lost_events',
      help: 'Events of the audit log that the database lost in a restore and that were not dealt with.',
      aggregator: 'max',
      read: async () => toSample((await readDatabase())?.audit.lost),
    },
    {
      name: 'audit_unsealed_seconds',
      help: 'Age of the oldest event of the audit log that is not sealed.',
      aggregator: 'max',
      read: async () => {
        const state = (await readDatabase())?.audit;
        return state === undefined ? [] : [{ value: state.unsealedSince === undefined ? 0 : age(state.unsealedSince) }];
      },
    },
    {
      name: 'wal_archive_waiting_files',
      help: 'Files of the embedded database’s write-ahead log that are not archived yet.',
      aggregator: 'max',
      read: async () => toSample((await readDatabase())?.walArchive?.waiting),
    },
    {
      name: 'wal_archive_failing',
      help: '1 if the latest attempt to archive the write-ahead log failed, or if it is not archived, otherwise 0.',
      aggregator: 'max',
      read: async () => {
        const state = (await readDatabase())?.walArchive;
        return state === undefined ? [] : [{ value: !state.isOn || state.failedAt !== undefined ? 1 : 0 }];
      },
    },
    {
      name: 'database_up',
      help: '1 if every process reaches the database within 1.5 seconds, otherwise 0.',
      aggregator: 'min',
      read: async () => [{ value: (await findDatabaseProblem()) === 'unreachable' ? 0 : 1 }],
    },
    {
      name: 'replica_up',
      help: '1 if every process uses the standby (DATABASE_READ_URL), 0 if one reads everything from the primary.',
      aggregator: 'min',
      read: () => (replica === undefined ? [] : [{ value: replica.isUsed() ? 1 : 0 }]),
    },
    {
      name: 'migrations_pending',
      help: '1 if the database lacks migrations of this release, otherwise 0.',
      aggregator: 'max',
      read: async () => [{ value: (await findDatabaseProblem()) === 'migrations-pending' ? 1 : 0 }],
    },
    {
      name: 'jobs',
      help: 'Jobs in the database by queue and state. `failed` counts those of the last 24 hours, or fewer.',
      labels: ['queue', 'state'],
      aggregator: 'max',
      read: jobs(({ name, ready, later, running, failed }) =>
        Object.entries({ ready, later, running, failed }).map(([state, value]) => ({
          labels: { queue: name, state },
          value,
        })),
      ),
    },
    {
      name: 'job_oldest_seconds',
      help: 'How long the oldest job that could run has waited, by queue.',
      labels: ['queue'],
      aggregator: 'max',
      read: jobs(({ name, oldestReadyAt }) => [
        {
          labels: { queue: name },
          value: oldestReadyAt === undefined ? 0 : age(oldestReadyAt),
        },
      ]),
    },
    {
      name: 'intake_resources_today',
      help: 'Resources that feeds and loads sent since midnight (UTC), by result.',
      labels: ['via', 'result'],
      aggregator: 'max',
      read: async () =>
        ((await readDatabase())?.intake ?? []).flatMap(({ via, ...counts }) =>
          Object.entries(counts).map(([result, value]) => ({ labels: { via, result }, value })),
        ),
    },
    {
      name: 'signing_key_age_seconds',
      help: 'Time for which the present key has signed id_tokens, by algorithm.',
      labels: ['alg'],
      aggregator: 'max',
      read: async () =>
        ((await readDatabase())?.keys ?? [])
          .filter(({ status }) => status === 'signs')
          .map(({ alg, activeFrom }) => ({ labels: { alg }, value: age(activeFrom) })),
    },
  ];
}

const toSample = (value: number | undefined): Samples => (value === undefined ? [] : [{ value }]);

const toSamples = (label: string, counts: ConnectionCounts | undefined): Samples =>
  Object.entries(counts ?? {}).map(([state, value]) => ({ labels: { [label]: state }, value }));

/**
 * Returns a function that reads what the metrics need from the database. The gauges of one scrape share one read. It
 * returns undefined if the database doesn't answer in time, so that a scrape works without it.
 */
function createDatabaseReader({ db, clock, ...counts }: GaugeDeps) {
  const { countJobs, countIntakeOfDay, listSigningKeys, readSealState, readArchiveState } = counts;
  const read = async () => {
    const limited = db.withLimits({ milliseconds: TIME_LIMIT, signal: AbortSignal.timeout(TIME_LIMIT) });
    const now = clock.now();
    return {
      jobs: await countJobs(limited, now),
      intake: await countIntakeOfDay(limited, now),
      keys: await listSigningKeys(limited, clock),
      audit: await readSealState(limited),
      walArchive: await readArchiveState?.(limited),
    };
  };
  let current: Promise<Awaited<ReturnType<typeof read>> | undefined> | undefined;
  return () => {
    // The limit of a statement doesn't include its wait for a connection.
    current ??= Promise.race([read(), pause(TIME_LIMIT, undefined, { ref: false })])
      .catch(() => undefined)
      .finally(() => setImmediate(() => (current = undefined)));
    return current;
  };
}
