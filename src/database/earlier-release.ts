import { type Clock, seconds } from '../kernel/index.ts';
import { type Executor, statement } from './statement.ts';

const connected = statement(
  'database.earlier-release',
  { connected: 'bool' },
  `select exists (select from pg_stat_activity
     where datname = current_database() and application_name = any($1)) as connected`,
);

/** Time for which the answer is used again. */
const RECHECK_AFTER = seconds(5);

/**
 * Creates a function that tells whether a process of an earlier release uses the database, as in a rolling upgrade.
 * @param names the `application_name` of these releases
 */
export function createReleaseCheck(
  names: readonly string[],
): (deps: { readonly db: Executor; readonly clock: Clock }) => Promise<boolean> {
  const known = new WeakMap<Executor, { readonly at: number; readonly connected: Promise<boolean> }>();
  return ({ db, clock }) => {
    const now = clock.now().getTime();
    const last = known.get(db);
    if (last !== undefined && now >= last.at && now - last.at < RECHECK_AFTER) return last.connected;
    const asked = db.query(connected, [names]).then(([row]) => row?.connected === true);
    known.set(db, { at: now, connected: asked });
    asked.catch(() => known.delete(db));
    return asked;
  };
}
