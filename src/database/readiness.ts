import { setTimeout as pause } from 'node:timers/promises';
import { migrationNames } from './migrate.ts';
import { type Database, type Executor, statement } from './statement.ts';

const countMigrations = statement(
  'database.count-migrations',
  { count: 'int4' },
  'select count(*)::int4 as count from schema_migration where name = any($1)',
);

/** Milliseconds for which the result of a check is used again, so that many requests cost one statement. */
const CACHED_FOR = 500;
/** Milliseconds after which the database counts as unreachable. Load balancers often wait two seconds or longer. */
const TIME_LIMIT = 1500;

/** Why the database can't be used. */
export type DatabaseProblem = 'unreachable' | 'migrations-pending';

/**
 * Creates a function that checks whether the database can be reached and has all migrations of this release, and returns
 * undefined if so. A newer schema is fine, because each migration keeps the previous release working. The check has a
 * connection of its own, so a busy pool doesn't make the server look broken.
 * @param onChange called when the result differs from the previous one
 */
export function createReadinessCheck(
  db: Database,
  onChange: (problem: DatabaseProblem | undefined) => void,
): () => Promise<DatabaseProblem | undefined> {
  const own: Executor = db.dedicatedConnection();
  let latest: { readonly at: number; readonly problem: Promise<DatabaseProblem | undefined> } | undefined;
  let running: Promise<DatabaseProblem | undefined> | undefined;
  let reported: DatabaseProblem | undefined;

  async function check(): Promise<DatabaseProblem | undefined> {
    // A database that doesn't respond gets no further statements.
    running ??= findProblem(own).finally(() => {
      running = undefined;
    });
    const problem = await Promise.race([running, pause(TIME_LIMIT, 'unreachable' as const, { ref: false })]);
    if (problem !== reported) onChange(problem);
    reported = problem;
    return problem;
  }

  return () => {
    const now = performance.now();
    if (latest === undefined || now - latest.at > CACHED_FOR) latest = { at: now, problem: check() };
    return latest.problem;
  };
}

async function findProblem(db: Executor): Promise<DatabaseProblem | undefined> {
  try {
    const names = await migrationNames();
    const [row] = await db.query(countMigrations, [names]);
    return row?.count === names.length ? undefined : 'migrations-pending';
  } catch {
    return 'unreachable';
  }
}
