import { type Executor, readNameComment, statement } from '../../database/index.ts';
import { formatShare } from './bytes.ts';
import { type DoctorFinding, okFinding, warningFinding } from './finding.ts';

const LISTED = 5;
/** Calls from which an average says something. */
const SOME_CALLS = 10;
/** Milliseconds and share of all time from which a statement is reported as slow. */
const SLOW_MS = 1000;
const LARGE_SHARE = 0.2;

const extension = statement(
  'doctor.statements-extension',
  { view: 'text', info: 'text' },
  `select format('%I.pg_stat_statements', nspname) as view, format('%I.pg_stat_statements_info', nspname) as info
   from pg_extension e join pg_namespace n on n.oid = e.extnamespace where extname = 'pg_stat_statements'`,
);

/** Statistics of one statement; times in milliseconds. */
interface StatementRow {
  readonly id: string | null;
  readonly query: string;
  readonly calls: number;
  readonly total: number;
  readonly mean: number;
  /** Time of all statements of the database. */
  readonly all: number;
  readonly by_total: number;
  readonly by_mean: number | null;
  readonly since: Date;
}

const statisticsSql = (view: string, info: string): string =>
  `select * from (
     select queryid::text as id, query, calls, total_exec_time as total, mean_exec_time as mean,
       sum(total_exec_time) over () as all, row_number() over (order by total_exec_time desc) as by_total,
       case when calls >= ${SOME_CALLS} then
         row_number() over (partition by calls >= ${SOME_CALLS} order by mean_exec_time desc) end as by_mean,
       (select stats_reset from ${info}) as since
     from ${view} where dbid = (select oid from pg_database where datname = current_database())) s
   where by_total <= ${LISTED} or by_mean <= ${LISTED} order by by_total`;

/** SQLSTATE object_not_in_prerequisite_state: the library isn't loaded. */
const NOT_LOADED = '55000';
const HOW = 'docs/operating.md, “Slow statements”, says how to turn it on';

/**
 * Lists the statements that take most of the database's time, and the slowest ones, if `pg_stat_statements` records
 * them. Only names and ids of statements are shown: texts that others sent could contain values.
 */
export async function checkStatements(db: Executor): Promise<readonly DoctorFinding[]> {
  const [found] = await db.query(extension);
  if (found === undefined) return [okFinding('statements', `not recorded without pg_stat_statements. ${HOW}`)];
  const rows = await db
    .queryText<StatementRow>(statisticsSql(found.view, found.info), [])
    .catch((error: { readonly code?: string }) => {
      if (error.code === NOT_LOADED) return undefined;
      throw error;
    });
  if (rows === undefined)
    return [okFinding('statements', `not recorded, because the library pg_stat_statements isn’t loaded. ${HOW}`)];
  const byMean = rows.filter(({ by_mean }) => by_mean !== null && by_mean <= LISTED);
  const slow = rows.filter(
    ({ calls, mean, total, all }) => calls >= SOME_CALLS && mean > SLOW_MS && total > all * LARGE_SHARE,
  );
  const since = rows[0]?.since.toISOString() ?? 'now';
  return [
    ...slow.map((row) =>
      warningFinding(
        'statements',
        `${describe(row)} takes ${formatShare(row.total, row.all)} of the time of all statements since ${since}: ${row.calls} calls with ${formatTime(row.mean)} each.`,
        'Fix what “indexes” and “vacuum” report, then see docs/operating.md, “Slow statements”.',
      ),
    ),
    okFinding(
      'statements',
      `most time since ${since}: ${rows
        .filter(({ by_total }) => by_total <= LISTED)
        .map((row) => `${describe(row)} ${formatShare(row.total, row.all)} (${row.calls} calls)`)
        .join(', ')}`,
    ),
    okFinding(
      'statements',
      `slowest on average: ${byMean
        .sort((a, b) => b.mean - a.mean)
        .map((row) => `${describe(row)} ${formatTime(row.mean)} (${row.calls} calls)`)
        .join(', ')}`,
    ),
  ];
}

const formatTime = (milliseconds: number): string => `${milliseconds.toFixed(milliseconds < 10 ? 2 : 0)} ms`;

const describe = ({ id, query }: StatementRow): string =>
  readNameComment(query) ?? (id === null ? 'a statement of another role' : `queryid ${id}`);
