import { type Executor, type RowOf, statement } from '../../database/index.ts';
import { formatBytes, formatShare } from './bytes.ts';
import { type DoctorFinding, okFinding, warningFinding } from './finding.ts';

/** Rows below which a table isn't reported, since reading all of it is cheap. */
const FEW_ROWS = 10_000;
/** Bytes below which an index or table isn't reported. */
const SMALL = 100_000_000;
/** Number of findings of one kind. */
const MAX_LISTED = 5;

/** SQL: the value of a setting of autovacuum for the table `c`. */
const setting = (name: string): string =>
  `coalesce((select option_value from pg_options_to_table(c.reloptions) where option_name = '${name}'),
     current_setting('${name}'))::float8`;

const DEAD_ROWS = {
  name: 'text',
  dead: 'int8',
  live: 'int8',
  changed: 'int8',
  vacuumed: 'timestamptz?',
  is_off: 'bool',
  due: 'bool',
  is_outdated: 'bool',
} as const;
/** A table is due if it has twice the dead rows at which autovacuum begins. */
const deadRows = statement(
  'doctor.dead-rows',
  DEAD_ROWS,
  `select * from (
     select relid::regclass::text as name, n_dead_tup as dead, n_live_tup as live, n_mod_since_analyze as changed,
       greatest(last_vacuum, last_autovacuum) as vacuumed, 'autovacuum_enabled=false' = any(c.reloptions) is true as is_off,
       n_dead_tup > greatest(${FEW_ROWS},
         2 * (${setting('autovacuum_vacuum_threshold')} + ${setting('autovacuum_vacuum_scale_factor')} * n_live_tup)) as due,
       n_mod_since_analyze > greatest(${FEW_ROWS},
         2 * (${setting('autovacuum_analyze_threshold')} + ${setting('autovacuum_analyze_scale_factor')} * n_live_tup)) as is_outdated
     from pg_stat_user_tables s join pg_class c on c.oid = s.relid) t
   where is_off or due or is_outdated order by dead desc, name`,
);

const autovacuum = statement(
  'doctor.autovacuum',
  { is_on: 'bool', dead: 'int8', live: 'int8' },
  `select current_setting('autovacuum')::bool and current_setting('track_counts')::bool as is_on,
     coalesce(sum(n_dead_tup), 0)::int8 as dead, coalesce(sum(n_live_tup), 0)::int8 as live from pg_stat_user_tables`,
);

/**
 * Estimates from statistics how large tables and B-tree indexes would be without free space: the average width of their
 * columns, the number of rows, and what each row and page needs besides. It reads no table. `pg_stats` has only tables
 * that the role may read.
 */
const freeSpace = statement(
  'doctor.free-space',
  { name: 'text', kind: 'text', bytes: 'int8', free: 'int8' },
  `with widths as materialized (
     select a.attrelid, a.attnum, (1 - s.null_frac) * s.avg_width as width
     from pg_stats s join pg_class c on c.relname = s.tablename
     join pg_namespace n on n.oid = c.relnamespace and n.nspname = s.schemaname
     join pg_attribute a on a.attrelid = c.oid and a.attname = s.attname
     where s.schemaname in ('public', 'pgboss') and not s.inherited),
   large as (
     select c.oid, 'table' as kind, pg_relation_size(c.oid) as bytes, c.reltuples,
       (select sum(width) + 28 + 8 from widths where attrelid = c.oid) as row_bytes, 0.95 as filled
     from pg_class c where c.relkind = 'r' and c.reltuples >= 0 and c.relpages > ${SMALL / 8192}
     union all
     select c.oid, 'index', pg_relation_size(c.oid), c.reltuples,
       (select case when count(*) = i.indnkeyatts then sum(width) + 8 + 4 + 4 end from widths
        where attrelid = i.indrelid and attnum = any(i.indkey::int2[])), 0.9
     from pg_class c join pg_index i on i.indexrelid = c.oid join pg_am m on m.oid = c.relam and m.amname = 'btree'
     where c.reltuples >= 0 and c.relpages > ${SMALL / 8192} and i.indisvalid)
   select oid::regclass::text as name, kind, bytes, (bytes - least(bytes, reltuples * row_bytes / filled))::int8 as free
   from large where row_bytes is not null order by 4 desc`,
);

/** Part of a table or index that may be free: random inserts leave up to a third of a B-tree free. */
const MAX_FREE = 0.5;

/** Checks whether autovacuum removes dead rows in time, and estimates the free space in tables and indexes. */
export async function checkVacuum(db: Executor): Promise<readonly DoctorFinding[]> {
  const [counts] = await db.query(autovacuum);
  const tables = await db.query(deadRows);
  const { is_on = true, dead = 0, live = 0 } = counts ?? {};
  const problems = [
    ...(is_on
      ? []
      : [
          warningFinding(
            'vacuum',
            'autovacuum or track_counts is off, so the database grows with each change.',
            'Turn both on: alter system set autovacuum = on; alter system set track_counts = on; select pg_reload_conf();',
          ),
        ]),
    ...tables.filter(({ is_off }) => is_off).map(describeOff),
    ...tables
      .filter(({ due }) => due)
      .slice(0, MAX_LISTED)
      .map(describeDead),
    ...tables
      .filter(({ is_outdated, due }) => is_outdated && !due)
      .slice(0, MAX_LISTED)
      .map(({ name, changed }) =>
        warningFinding(
          'vacuum',
          `${name} has ${changed} changed rows since its statistics were made, so PostgreSQL may choose slow plans.`,
          `Run as its owner: analyze ${name};`,
        ),
      ),
    ...(await findFreeSpace(db)),
  ];
  return problems.length > 0
    ? problems
    : [okFinding('vacuum', `autovacuum keeps up; dead rows: ${formatShare(dead, dead + live)}`)];
}

type DeadRows = RowOf<typeof DEAD_ROWS>;

const describeOff = ({ name }: DeadRows): DoctorFinding =>
  warningFinding(
    'vacuum',
    `autovacuum is off for ${name}.`,
    `Run as its owner: alter table ${name} reset (autovacuum_enabled);`,
  );

const describeDead = ({ name, dead, live, vacuumed }: DeadRows): DoctorFinding =>
  warningFinding(
    'vacuum',
    `${name} has ${dead} dead rows and ${live} live ones. ${vacuumed === null ? 'It has never been vacuumed' : `It was last vacuumed at ${vacuumed.toISOString()}`}.`,
    `Autovacuum doesn’t keep up. End long transactions (see “transactions”), raise autovacuum_vacuum_cost_limit, and run as its owner: vacuum (analyze) ${name};`,
  );

async function findFreeSpace(db: Executor): Promise<readonly DoctorFinding[]> {
  const found = (await db.query(freeSpace)).filter(({ bytes, free }) => free > bytes * MAX_FREE);
  return found
    .slice(0, MAX_LISTED)
    .map(({ name, kind, bytes, free }) =>
      warningFinding(
        'vacuum',
        `about ${formatShare(free, bytes)} of the ${kind} ${name} is free: ${formatBytes(free)} of ${formatBytes(bytes)}.`,
        kind === 'index'
          ? `Run as its owner: reindex index concurrently ${name}; It needs the space of the index meanwhile.`
          : `New rows use the free space. To return it to the disk, run pg_repack, or in a maintenance window as its owner: vacuum full ${name}; That locks the table.`,
      ),
    );
}
