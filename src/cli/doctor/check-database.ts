import { type Executor, getDiskSpace, statement } from '../../database/index.ts';
import { type DoctorFinding, okFinding, warningFinding } from './finding.ts';

const databaseFacts = statement(
  'doctor.database',
  { version: 'text', clock: 'timestamptz', connections: 'int4', most: 'int4', synchronous: 'text' },
  `select current_setting('server_version') as version, clock_timestamp() as clock,
     (select count(*)::int from pg_stat_activity where datname = current_database()) as connections,
     current_setting('max_connections')::int as most,
     current_setting('synchronous_commit') as synchronous`,
);

/** Tolerated difference between the clocks of server and database, in milliseconds. */
const MAX_CLOCK_DIFFERENCE_MS = 2000;
/** Tolerated duration of a round trip to the database, in milliseconds. */
const MAX_ROUND_TRIP_MS = 20;

export async function checkDatabase(db: Executor): Promise<readonly DoctorFinding[]> {
  const [row] = await db.query(databaseFacts);
  if (row === undefined) return [];
  const trip = await shortestRoundTrip(db);
  const apart = Math.abs(row.clock.getTime() - Date.now());
  const { version, connections, most, synchronous } = row;
  return [
    trip > MAX_ROUND_TRIP_MS
      ? warningFinding(
          'database',
          `PostgreSQL ${version} answers in ${trip.toFixed(0)} ms.`,
          'Move it closer to the server. Each request makes two or three queries.',
        )
      : okFinding('database', `PostgreSQL ${version} answers in ${trip.toFixed(1)} ms`),
    ...(synchronous === 'off'
      ? [
          warningFinding(
            'database',
            'synchronous_commit is off, so a crash can lose acknowledged changes.',
            'Turn it on for this database.',
          ),
        ]
      : []),
    ...(connections > most * 0.8
      ? [
          warningFinding(
            'database',
            `${connections} of ${most} connections are in use.`,
            'Raise max_connections, or use PgBouncer.',
          ),
        ]
      : []),
    apart > MAX_CLOCK_DIFFERENCE_MS
      ? warningFinding(
          'clock',
          `the clocks of this machine and the database differ by ${(apart / 1000).toFixed(1)} s.`,
          'Synchronize both with NTP. Tokens and codes expire by the clock.',
        )
      : okFinding('clock', 'same as the database clock'),
  ];
}

/**
 * Returns the shortest of several round trips to the database in milliseconds. A single one could be slowed by a busy
 * machine.
 */
async function shortestRoundTrip(db: Executor): Promise<number> {
  const trips: number[] = [];
  for (let n = 0; n < ROUND_TRIPS; n++) {
    const before = performance.now();
    await db.query(databaseFacts);
    trips.push(performance.now() - before);
  }
  return Math.min(...trips);
}
const ROUND_TRIPS = 5;

const GIGABYTE = 1e9;

/**
 * Checks the free disk space.
 * @param folder data folder of the embedded database; undefined for an external database, whose disk can't be checked
 */
export async function checkDisk(folder: string | undefined): Promise<readonly DoctorFinding[]> {
  if (folder === undefined) return [];
  const { free, isLow } = await getDiskSpace(folder);
  const message = `${(free / GIGABYTE).toFixed(1)} GB free at ${folder}`;
  return [
    isLow
      ? warningFinding('disk', `${message}.`, 'Free some space. The database stops if the disk is full.')
      : okFinding('disk', message),
  ];
}
