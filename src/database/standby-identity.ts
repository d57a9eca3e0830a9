import { NOT_STANDBY } from './client.ts';
import { type Executor, statement } from './statement.ts';

/** Facts that a standby shares with its primary. */
export interface PrimaryIdentity {
  /** Id that `initdb` gave to the primary, and that its standbys have too. */
  readonly cluster: string;
  /** Number that each promotion raises. */
  readonly timeline: number;
}

/**
 * SQL for the timeline of the primary, as eight hexadecimal digits. A running primary never changes its timeline, so
 * PostgreSQL computes this once, when it plans the statement.
 */
export const TIMELINE_SQL = "left(pg_walfile_name('0/1'), 8)";

const primaryIdentity = statement(
  'database.primary-identity',
  { cluster: 'text', timeline: 'int4' },
  // After a promotion, the control file has the former timeline until the next checkpoint. The name of a WAL file has the
  // new one.
  `select (select system_identifier::text from pg_control_system()) as cluster,
     ('x' || ${TIMELINE_SQL})::bit(32)::int4 as timeline`,
);

const standbyIdentity = statement(
  'database.standby-identity',
  { is_standby: 'bool', cluster: 'text', timeline: 'int4' },
  // After a promotion elsewhere, the control file has the former timeline until the next checkpoint of the standby. The WAL
  // receiver is on the new one at once, and PostgreSQL starts it there only if the standby has replayed nothing that the
  // new primary lacks. Without the rights of pg_read_all_stats, its timeline is null.
  `select pg_is_in_recovery() as is_standby,
     (select system_identifier::text from pg_control_system()) as cluster,
     greatest((select timeline_id from pg_control_checkpoint()),
       (select min_recovery_end_timeline from pg_control_recovery()),
       (select received_tli from pg_stat_wal_receiver)) as timeline`,
);

/** @throws if the database isn't a primary */
export async function readPrimaryIdentity(primary: Executor): Promise<PrimaryIdentity> {
  const [row] = await primary.query(primaryIdentity);
  if (row === undefined) throw new Error('the primary has no identity');
  return row;
}

/** Error code of a database that isn't a standby of the primary, or that doesn't follow it. */
export const OTHER_DATABASE = 'OTHER_DATABASE';

/**
 * Throws unless a database is a standby of the primary and on its timeline. A standby that got changes from a former
 * primary which the promoted one lacks can't follow that one, and stays on the former timeline. So a standby on the same
 * timeline has no changes that the primary lacks.
 */
export async function requireStandbyOf({ cluster, timeline }: PrimaryIdentity, standby: Executor): Promise<void> {
  const [found] = await standby.query(standbyIdentity);
  if (found?.is_standby !== true) throw withCode('it is not a standby', NOT_STANDBY);
  if (found.cluster !== cluster) throw withCode('it is a standby of another database', OTHER_DATABASE);
  if (found.timeline !== timeline) throw createTimelineError(found.timeline, timeline);
}

/** Creates the error of a standby that is on another timeline than the primary. */
export const createTimelineError = (ofStandby: number, ofPrimary: number): Error =>
  withCode(`it is on timeline ${ofStandby}, the primary on ${ofPrimary}`, OTHER_DATABASE);

const withCode = (message: string, code: string): Error => Object.assign(new Error(message), { code });

const primaryPosition = statement(
  'database.primary-position',
  { position: 'text' },
  'select pg_current_wal_lsn()::text as position',
);
const bytesBehind = statement(
  'database.bytes-behind',
  { bytes: 'int8' },
  `select greatest(0, pg_wal_lsn_diff($1::pg_lsn, pg_last_wal_replay_lsn()))::int8 as bytes`,
);

/** Returns how many bytes of changes a standby hasn't replayed yet. */
export async function measureReplayLag(primary: Executor, standby: Executor): Promise<number> {
  const [now] = await primary.query(primaryPosition);
  const [behind] = await standby.query(bytesBehind, [now?.position]);
  return behind?.bytes ?? 0;
}
