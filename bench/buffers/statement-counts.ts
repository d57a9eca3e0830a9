import type { Executor } from '../../src/database/index.ts';

/** Work of PostgreSQL for one statement, or for several. */
export interface StatementCounts {
  readonly calls: number;
  /** Pages of 8 kB that were found in `shared_buffers` or read into it. */
  readonly buffers: number;
  /** Pages that were read into `shared_buffers`. */
  readonly read: number;
  readonly milliseconds: number;
}

export interface CountedStatement extends StatementCounts {
  readonly text: string;
}

/** Counts of all statements of this database so far, by the id of pg_stat_statements. */
type CountSnapshot = ReadonlyMap<string, CountedStatement>;

/** @throws Error with what to do, if PostgreSQL doesn't count statements */
export async function requireStatementCounts(db: Executor): Promise<void> {
  try {
    await db.queryText('create extension if not exists pg_stat_statements', []);
    await db.queryText('select pg_stat_statements_reset()', []);
  } catch (error) {
    throw new Error(
      "The bench needs pg_stat_statements: set shared_preload_libraries = 'pg_stat_statements', restart PostgreSQL, and connect as a superuser.",
      { cause: error },
    );
  }
}

/** The queues of jobs poll at times of their own, so their statements aren't counted. */
export async function readStatementCounts(db: Executor): Promise<CountSnapshot> {
  const rows = await db.queryText<CountedStatement & { readonly id: string }>(
    `select queryid::text as id, min(query) as text, sum(calls)::float8 as calls, sum(total_exec_time) as milliseconds,
       sum(shared_blks_hit + shared_blks_read)::float8 as buffers, sum(shared_blks_read)::float8 as read
     from pg_stat_statements where dbid = (select oid from pg_database where datname = current_database())
       and query !~ 'pg_stat_statements|pgboss' group by queryid`,
    [],
  );
  return new Map(rows.map(({ id, ...counts }) => [id, counts]));
}

/** Returns what each statement did between two snapshots, most buffers first. */
export function subtractCounts(before: CountSnapshot, after: CountSnapshot): readonly CountedStatement[] {
  const all = [...after].map(([id, now]) => {
    const then = before.get(id);
    return {
      text: now.text,
      calls: now.calls - (then?.calls ?? 0),
      buffers: now.buffers - (then?.buffers ?? 0),
      read: now.read - (then?.read ?? 0),
      milliseconds: now.milliseconds - (then?.milliseconds ?? 0),
    };
  });
  return all.filter(({ calls }) => calls > 0).sort((a, b) => b.buffers - a.buffers);
}

export const sumCounts = (statements: readonly StatementCounts[]): StatementCounts =>
  statements.reduce<StatementCounts>(
    (sum, one) => ({
      calls: sum.calls + one.calls,
      buffers: sum.buffers + one.buffers,
      read: sum.read + one.read,
      milliseconds: sum.milliseconds + one.milliseconds,
    }),
    { calls: 0, buffers: 0, read: 0, milliseconds: 0 },
  );
