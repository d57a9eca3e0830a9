import { EARLIER_RELEASES } from '../database.ts';
import { type Executor, statement } from '../statement.ts';
import { DISTRIBUTED_TABLES, WORKER_FUNCTIONS } from './distributed-tables.ts';

/** Oldest supported version of Citus: the first one for PostgreSQL 17. */
const OLDEST_CITUS = 13;

/** Number that Citus gives the group of the coordinator. */
const COORDINATOR_GROUP = 0;

/** A PostgreSQL of a Citus cluster. */
export interface ClusterNode {
  /** Host and port, such as `10.0.0.2:5432`. */
  readonly name: string;
  readonly is_coordinator: boolean;
  readonly is_active: boolean;
  /** Whether Citus may place shards on it. */
  readonly has_shards: boolean;
}

const SELECT_NODES = `select nodename || ':' || nodeport as name, groupid = ${COORDINATOR_GROUP} as is_coordinator, isactive as is_active,
     shouldhaveshards as has_shards
   from pg_dist_node where noderole = 'primary' order by groupid <> 0, nodename, nodeport`;

/** Returns the nodes of the cluster, first the coordinator. Citus has to be installed. */
export const listClusterNodes = (db: Executor): Promise<readonly ClusterNode[]> => db.queryText(SELECT_NODES, []);

const softwareFacts = statement(
  'database.citus-software',
  { extension: 'text?', loaded: 'text?' },
  `select (select extversion from pg_extension where extname = 'citus') as extension,
     current_setting('citus.version', true) as loaded`,
);

const SET_UP = 'docs/scale.md explains how to set up a cluster.';
const CREATE = 'In this database of each node, run as a superuser: create extension citus;';

/** Checks that the database is on the coordinator of a usable cluster. Returns the reason in words if it isn't. */
export async function findClusterProblem(db: Executor): Promise<string | undefined> {
  const [software] = await db.query(softwareFacts);
  if (software === undefined || software.loaded === null)
    return `Citus isn't loaded. Install it on each node, add citus to shared_preload_libraries, restart PostgreSQL, and create the extension. ${CREATE} ${SET_UP}`;
  if (software.extension === null) return `the extension Citus isn't installed in this database. ${CREATE} ${SET_UP}`;
  if (Number.parseInt(software.extension, 10) < OLDEST_CITUS)
    return `Citus ${software.extension} is older than ${OLDEST_CITUS}.0. Upgrade it on each node, and run in this database of each node: alter extension citus update;`;
  const [group] = await db.queryText<{ groupid: number }>('select groupid from pg_dist_local_group', []);
  if (group?.groupid !== COORDINATOR_GROUP) return 'the database is a worker. Set DATABASE_URL to the coordinator.';
  return findNodeProblem(db);
}

async function findNodeProblem(db: Executor): Promise<string | undefined> {
  const nodes = await listClusterNodes(db);
  const inactive = nodes.find(({ is_active }) => !is_active);
  if (!nodes.some(({ is_coordinator }) => is_coordinator))
    return "the coordinator's own address isn't set. Run in this database as a superuser: select citus_set_coordinator_host('ADDRESS', PORT); with an address that the workers reach.";
  if (inactive !== undefined) {
    const [host, port] = inactive.name.split(/:(?=\d+$)/);
    return `the node ${inactive.name} isn't active. Start it, and run as a superuser: select citus_activate_node('${host}', ${port});`;
  }
  if (!nodes.some(({ has_shards }) => has_shards))
    return `the cluster has no workers. For each worker, run in this database as a superuser: select citus_add_node('ADDRESS', PORT); ${SET_UP}`;
  const answers = await db.queryText<{ name: string; success: boolean; result: string }>(
    "select nodename || ':' || nodeport as name, success, result from run_command_on_workers('select 1')",
    [],
  );
  const unreachable = answers.find(({ success }) => !success);
  return (
    unreachable &&
    `the coordinator can't use the worker ${unreachable.name} with this role: ${unreachable.result}. Check pg_hba.conf of the worker, and the password in .pgpass or pg_dist_authinfo of the coordinator.`
  );
}

/**
 * Checks that Citus can distribute tables while rows are written. Returns the reason in words if it can't. PostgreSQL
 * shows the list of output plugins only to roles that may see all settings.
 */
export async function findOnlineProblem(db: Executor): Promise<string | undefined> {
  const [row] = await db.queryText<{ wal_level: string; commit: string; plugins: string | null }>(
    `select current_setting('wal_level') as wal_level, current_setting('synchronous_commit') as commit,
       (select setting from pg_settings where name = 'output_plugin_libraries') as plugins`,
    [],
  );
  if (row?.wal_level !== 'logical')
    return `wal_level is ${row?.wal_level}. On each node, set wal_level = logical and restart PostgreSQL. ${OR_BLOCK}`;
  // Citus copies what has been written to the log. A change that was committed without that could be missing.
  if (row.commit === 'off') return `synchronous_commit is off. Turn it on. ${OR_BLOCK}`;
  return row.plugins === null || /\bcitus\b/.test(row.plugins) ? undefined : PLUGIN_PROBLEM;
}

const OR_BLOCK = 'Or use --block-writes.';
/** Newer minor releases of PostgreSQL load only listed libraries as output plugins. */
export const PLUGIN_PROBLEM = `PostgreSQL may not use Citus as an output plugin. On each node, run as a superuser: alter system set output_plugin_libraries = pgoutput, test_decoding, citus; select pg_reload_conf(); ${OR_BLOCK}`;

const earlierReleases = statement(
  'database.earlier-releases',
  { connections: 'int4' },
  `select count(*)::int4 as connections from pg_stat_activity
   where datname = current_database() and application_name = any($1)`,
);

/** Returns the number of connections of servers of an earlier release. */
export const countEarlierReleases = async (db: Executor): Promise<number> =>
  (await db.query(earlierReleases, [EARLIER_RELEASES]))[0]?.connections ?? 0;

/** Returns the statements that create functions on the workers which don't exist there yet. */
export async function planWorkerFunctions(db: Executor): Promise<readonly string[]> {
  const missing = await db.queryText<{ name: string }>(
    `select name from unnest($1::text[]) as name where not exists (
       select from pg_dist_object where classid = 'pg_proc'::regclass and objid = to_regprocedure(name)::oid)`,
    [WORKER_FUNCTIONS],
  );
  return missing.map(({ name }) => `select create_distributed_function('${name}')`);
}

/** Part of the distributed tables that is on one worker. */
export interface NodeShare {
  readonly name: string;
  /** Shards of each table. */
  readonly shards: number;
  /** Bytes of all distributed tables, with their indexes. */
  readonly bytes: number;
  /** Rows of the table `resource`, as of the last ANALYZE. */
  readonly resources: number;
}

/** Returns the share of each worker. It asks all workers for the sizes of their files, and reads no rows. */
export async function readNodeShares(db: Executor): Promise<readonly NodeShare[]> {
  return db.queryText<NodeShare>(
    `select s.nodename || ':' || s.nodeport as name,
       count(distinct s.shardid)::int / count(distinct s.table_name)::int as shards,
       coalesce(sum(s.shard_size), 0)::int8 as bytes,
       coalesce(max(r.resources), 0)::int8 as resources
     from citus_shards s left join (
       select nodename, nodeport, sum(result::float8) as resources
       from run_command_on_placements('public.resource', $$${SELECT_SHARD_ROWS}$$) where success
       group by nodename, nodeport) r on r.nodename = s.nodename and r.nodeport = s.nodeport
     where s.table_name = any($1::regclass[]) and s.citus_table_type = 'distributed'
     group by s.nodename, s.nodeport order by s.nodename, s.nodeport`,
    [DISTRIBUTED_TABLES.map((name) => `public.${name}`)],
  );
}

/**
 * Returns the nodes on which the maintenance process of Citus doesn't run for this database. It can't start if
 * PostgreSQL has too few worker processes.
 */
export async function findIdleMaintenance(db: Executor): Promise<readonly string[]> {
  const rows = await db.queryText<{ name: string }>(
    `select n.nodename || ':' || n.nodeport as name
     from run_command_on_all_nodes($$select exists (select from pg_stat_activity
       where datname = current_database() and application_name = 'Citus Maintenance Daemon')$$) a
     join pg_dist_node n on n.nodeid = a.nodeid where a.success and a.result = 'f' order by name`,
    [],
  );
  return rows.map(({ name }) => name);
}

/** Answer of a node of the cluster. */
export interface NodeAnswer {
  readonly name: string;
  /** False if the coordinator can't reach the node. */
  readonly is_reachable: boolean;
  /** Transactions of Citus on the node that a failure interrupted more than ten minutes ago. */
  readonly interrupted: number;
}

/** Asks each node, also those that are marked as active but are down. */
export const askNodes = (db: Executor, now: Date): Promise<readonly NodeAnswer[]> =>
  db.queryText<NodeAnswer>(
    `select n.nodename || ':' || n.nodeport as name, a.success as is_reachable,
       case when a.success then a.result::int else 0 end as interrupted
     from run_command_on_all_nodes(format($$select count(*) from pg_prepared_xacts where database = current_database()
       and gid like 'citus\\_%%' and prepared < %L::timestamptz - interval '10 minutes'$$, $1::text)) a
     join pg_dist_node n on n.nodeid = a.nodeid order by name`,
    [now.toISOString()],
  );

const SELECT_SHARD_ROWS = "select greatest(reltuples, 0) from pg_class where oid = '%s'::regclass";

/** Returns about how many rows a table has, as of the last ANALYZE, wherever they are. */
export async function estimateRows(db: Executor, table: string, isOnWorkers: boolean): Promise<number> {
  const [row] = await db.queryText<{ rows: number }>(
    isOnWorkers
      ? `select coalesce(sum(result::float8), 0)::int8 as rows from run_command_on_shards('public.${table}', $$${SELECT_SHARD_ROWS}$$)`
      : `select greatest(reltuples, 0)::int8 as rows from pg_class where oid = 'public.${table}'::regclass`,
    [],
  );
  return row?.rows ?? 0;
}
