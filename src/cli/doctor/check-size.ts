import { type Executor, statement } from '../../database/index.ts';
import { formatBytes, formatShare } from './bytes.ts';
import { type DoctorFinding, okFinding } from './finding.ts';

/** Number of tables that are listed. */
const LARGEST = 5;

/** Partitions count as their table. The subquery makes PostgreSQL look at the files of the whole database only once. */
const largestTables = statement(
  'doctor.largest-tables',
  { name: 'text', bytes: 'int8', index_bytes: 'int8', database_bytes: 'int8' },
  `select coalesce(pg_partition_root(oid), oid)::regclass::text as name, sum(pg_total_relation_size(oid))::int8 as bytes,
     sum(pg_indexes_size(oid))::int8 as index_bytes,
     (select pg_database_size(current_database())) as database_bytes
   from pg_class
   where relkind in ('r', 'm') and relnamespace not in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
     and oid <> all ($1::regclass[])
   group by 1 order by 2 desc limit ${LARGEST}`,
);

/**
 * The size of new resources is estimated from their number, because PostgreSQL doesn't record how large a table was. The
 * audit log has a partition for each month.
 */
const growth = statement(
  'doctor.growth',
  { resources: 'int8', resource_bytes: 'int8?', audit_bytes: 'int8?' },
  `select coalesce(sum(created), 0)::int8 as resources,
     (coalesce(sum(created), 0) * (select pg_total_relation_size(oid) / nullif(reltuples, 0) from pg_class
       where oid = 'public.resource'::regclass and reltuples > 0))::int8 as resource_bytes,
     (select sum(pg_total_relation_size(to_regclass('public.' || name || to_char($1::timestamptz - interval '1 month', '_YYYY_MM'))))::int8
      from unnest(array['audit_event', 'disclosed_record']) as name) as audit_bytes
   from intake_day where day > ($1::timestamptz - interval '30 days')::date`,
);

/**
 * Lists the largest tables, and how much data has been added lately.
 * @param distributed tables whose rows are on workers of a cluster
 */
export async function checkSize(
  db: Executor,
  now: Date,
  distributed: readonly string[],
): Promise<readonly DoctorFinding[]> {
  const tables = await db.query(largestTables, [distributed]);
  const [added] = await db.query(growth, [now]);
  const listed = tables
    .map(
      (table) => `${table.name} ${formatBytes(table.bytes)} (indexes ${formatShare(table.index_bytes, table.bytes)})`,
    )
    .join(', ');
  const { resources = 0, resource_bytes = null, audit_bytes = null } = added ?? {};
  const grown = [
    ...(resource_bytes === null || resources === 0
      ? []
      : [`${resources} resources in 30 days, about ${formatBytes(resource_bytes)}`]),
    ...(audit_bytes === null ? [] : [`${formatBytes(audit_bytes)} of audit log last month`]),
  ];
  return [
    okFinding(
      'size',
      `${distributed.length === 0 ? '' : 'the coordinator has '}${formatBytes(tables[0]?.database_bytes ?? 0)}, most of it in ${listed}`,
    ),
    ...(grown.length === 0 ? [] : [okFinding('size', `added: ${grown.join('; ')}`)]),
  ];
}
