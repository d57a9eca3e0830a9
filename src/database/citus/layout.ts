import { type Executor, statement } from '../statement.ts';
import { DISTRIBUTED_TABLES, type DistributedTable } from './distributed-tables.ts';

/** Where the rows of a table are that this server distributes. */
export interface TableLayout {
  readonly name: DistributedTable;
  /**
   * `local`: on this PostgreSQL. `converting`: on this PostgreSQL too, but known to Citus, because distributing it was
   * interrupted. `distributed`: in shards on the workers.
   */
  readonly state: 'local' | 'converting' | 'distributed';
  /** Column by which the rows are distributed; null if they aren't. */
  readonly column: string | null;
  readonly shards: number;
  /** Whether rows from before the table was distributed still use space on this PostgreSQL. */
  readonly has_local_rows: boolean;
}

const installed = statement(
  'database.is-citus-installed',
  { installed: 'bool' },
  "select exists (select from pg_extension where extname = 'citus') as installed",
);

/** Tells whether the extension Citus is installed in the database. Only then do its tables and functions exist. */
export const isCitusInstalled = async (db: Executor): Promise<boolean> =>
  (await db.query(installed))[0]?.installed === true;

/** Each row is one of the tables of `$1`, in their order. */
const SELECT_LAYOUT = `select t.name,
     case when p.logicalrelid is null then 'local' when p.partmethod = 'n' then 'converting' else 'distributed' end as state,
     case when p.partmethod <> 'n' then column_to_column_name(p.logicalrelid, p.partkey) end as column,
     (select count(*)::int from pg_dist_shard s where s.logicalrelid = p.logicalrelid and p.partmethod <> 'n') as shards,
     coalesce(p.partmethod <> 'n' and pg_relation_size(p.logicalrelid) > 0, false) as has_local_rows
   from unnest($1::text[]) with ordinality as t (name, position)
   left join pg_dist_partition p on p.logicalrelid = to_regclass('public.' || t.name)
   order by t.position`;

/** Returns where the rows of the distributed tables are. Without Citus, all are on this PostgreSQL. */
export async function readTableLayout(db: Executor): Promise<readonly TableLayout[]> {
  if (await isCitusInstalled(db)) return db.queryText<TableLayout>(SELECT_LAYOUT, [DISTRIBUTED_TABLES]);
  return DISTRIBUTED_TABLES.map((name) => ({ name, state: 'local', column: null, shards: 0, has_local_rows: false }));
}

/** Statements that run in one transaction, or one that can't run in a transaction with others. */
export type LayoutTransaction = readonly string[];

/** The statements that move the rows of one table. */
export interface LayoutStep {
  readonly table: DistributedTable;
  readonly transactions: readonly LayoutTransaction[];
}

const sizes = statement(
  'database.layout-sizes',
  { name: 'text', bytes: 'int8' },
  "select name, pg_relation_size(to_regclass('public.' || name))::int8 as bytes from unnest($1::text[]) as name",
);

/** Returns the bytes that the rows of each table use on this PostgreSQL. */
export async function readTableSizes(db: Executor): Promise<ReadonlyMap<string, number>> {
  const rows = await db.query(sizes, [DISTRIBUTED_TABLES]);
  return new Map(rows.map(({ name, bytes }) => [name, bytes]));
}

const triggers = statement(
  'database.layout-triggers',
  { name: 'text' },
  `select c.relname || '.' || t.tgname as name from pg_trigger t join pg_class c on c.oid = t.tgrelid
   where c.relnamespace = 'public'::regnamespace and c.relname = any($1) and not t.tgisinternal`,
);

/** Returns the triggers of these tables, such as `resource.written_by_earlier_release`. */
export async function readTableTriggers(db: Executor): Promise<ReadonlySet<string>> {
  return new Set((await db.query(triggers, [DISTRIBUTED_TABLES])).map(({ name }) => name));
}

/**
 * Returns the names of the distributed tables, such as `public.resource`. On the coordinator they have no rows, so what
 * PostgreSQL knows there about their size and use says nothing.
 */
export async function findDistributedTables(db: Executor): Promise<readonly string[]> {
  const tables = await readTableLayout(db);
  return tables.filter(({ state }) => state === 'distributed').map(({ name }) => `public.${name}`);
}

/** Why such a database has no standby for reads: a worker that failed over would go unnoticed. */
export const NO_READ_STANDBY = 'DATABASE_READ_URL isn’t supported with distributed tables (docs/scale-operations.md).';
