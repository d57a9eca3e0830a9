import { type ConnectionCounts, countConnections, type Database } from '../database/index.ts';
import type { countIntakeOfDay } from '../intake/index.ts';
import type { countJobs, JobCounts } from '../jobs/index.ts';
import { type Clock, type QueueState, seconds } from '../kernel/index.ts';
import type { GaugeSource, Samples } from './create-metrics.ts';

export interface GaugeDeps {
  readonly db: Database;
  readonly clock: Clock;
  /** State of the queues in this process, by name. */
  readonly queues: () => Readonly<Record<string, QueueState>>;
  readonly audit: { pendingEvents(): number };
  // The counts of other modules are passed, so that the parent process of workers doesn't load these modules.
  readonly countJobs: typeof countJobs;
  readonly countIntakeOfDay: typeof countIntakeOfDay;
}

/** Milliseconds after which the statements of a scrape are canceled. Prometheus waits 10 seconds by default. */
const TIME_LIMIT = seconds(3);

/** Returns the metrics that are read at a scrape: state of this process, and of the database for all processes. */
export function createGauges(deps: GaugeDeps): readonly GaugeSource[] {
  const { db, clock, queues, audit } = deps;
  const readDatabase = createDatabaseReader(deps);
  const jobs = (value: (counts: JobCounts) => Samples) => async () =>
    ((await readDatabase())?.jobs ?? []).flatMap(value);
  return [
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
      name: 'database_up',
      help: '1 if the database answered this scrape, otherwise 0.',
      aggregator: 'max',
      read: async () => [{ value: (await readDatabase()) === undefined ? 0 : 1 }],
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
          value:
            oldestReadyAt === undefined ? 0 : Math.max(0, (clock.now().getTime() - oldestReadyAt.getTime()) / 1000),
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
  ];
}

const toSamples = (label: string, counts: ConnectionCounts | undefined): Samples =>
  Object.entries(counts ?? {}).map(([state, value]) => ({ labels: { [label]: state }, value }));

/**
 * Returns a function that reads what the metrics need from the database. The gauges of one scrape share one read. It
 * returns undefined if the database doesn't answer, so that a scrape works without it.
 */
function createDatabaseReader({ db, clock, countJobs, countIntakeOfDay }: GaugeDeps) {
  const read = async () => {
    const limited = db.withLimits({ milliseconds: TIME_LIMIT, signal: AbortSignal.timeout(TIME_LIMIT) });
    const now = clock.now();
    return { jobs: await countJobs(limited, now), intake: await countIntakeOfDay(limited, now) };
  };
  let current: ReturnType<typeof read> | undefined;
  return () => {
    current ??= read().finally(() => setImmediate(() => (current = undefined)));
    return current.catch(() => undefined);
  };
}
