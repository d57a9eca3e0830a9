import { type Executor, statement } from '../database/index.ts';
import { type Clock, seconds } from '../kernel/index.ts';

const connected = statement(
  'intake.earlier-release',
  { connected: 'bool' },
  `select exists (select from pg_stat_activity
     where datname = current_database() and application_name = 'patient-access') as connected`,
);

/** Time for which the answer is used again. */
const RECHECK_AFTER = seconds(5);

const known = new WeakMap<Executor, { readonly at: number; readonly connected: Promise<boolean> }>();

/**
 * Tells whether a process of an earlier release uses the database, as in a rolling upgrade. Its searches expect that
 * changes of a practice are committed in the order of their times.
 */
export function hasEarlierRelease({ db, clock }: { readonly db: Executor; readonly clock: Clock }): Promise<boolean> {
  const now = clock.now().getTime();
  const last = known.get(db);
  if (last !== undefined && now >= last.at && now - last.at < RECHECK_AFTER) return last.connected;
  const asked = db.query(connected).then(([row]) => row?.connected === true);
  known.set(db, { at: now, connected: asked });
  asked.catch(() => known.delete(db));
  return asked;
}
