import {
  askNodes,
  type Executor,
  findIdleMaintenance,
  isCitusInstalled,
  listClusterNodes,
  type NodeAnswer,
  readNodeShares,
  readTableLayout,
  type TableLayout,
} from '../../database/index.ts';
import { countIncompleteRegistries } from '../../practices/index.ts';
import { formatBytes } from './bytes.ts';
import { type DoctorFinding, errorFinding, okFinding, warningFinding } from './finding.ts';

/** How much more than the mean a worker may have before the cluster counts as unbalanced. */
const MAX_SHARE = 1.5;
/** Bytes of a worker below which the balance doesn't matter. */
const SMALL = 1_000_000_000;

/** Checks the machines of a Citus cluster, and what each has of the distributed tables. Without Citus, finds nothing. */
export async function checkNodes(db: Executor, now: Date): Promise<readonly DoctorFinding[]> {
  if (!(await isCitusInstalled(db))) return [];
  const tables = await readTableLayout(db);
  const inactive = (await listClusterNodes(db)).filter(({ is_active }) => !is_active);
  const findings = [
    ...checkTables(tables),
    ...inactive.map(({ name }) =>
      errorFinding(
        'nodes',
        `the node ${name} isn’t active, so the records on it can’t be read.`,
        'Start it, and run as a superuser: select citus_activate_node(…) with its address and port.',
      ),
    ),
  ];
  const shards = tables.find(({ state }) => state === 'distributed')?.shards;
  if (inactive.length > 0 || shards === undefined) return findings;
  const answers = await askNodes(db, now);
  findings.push(...answers.flatMap(checkAnswer));
  // The sizes of the tables can't be read while a worker is down.
  if (answers.some(({ is_reachable }) => !is_reachable)) return findings;
  return [
    ...findings,
    ...(await checkMaintenance(db)),
    ...(await checkRegistries(db)),
    ...(await checkBalance(db, shards)),
  ];
}

async function checkRegistries(db: Executor): Promise<readonly DoctorFinding[]> {
  const incomplete = await countIncompleteRegistries(db);
  if (incomplete === 0) return [];
  return [
    warningFinding(
      'nodes',
      `practices whose ids aren’t all registered yet: ${incomplete}. Their Bundles ask all workers.`,
      'A server registers them with the task fill-id-registry, every five minutes. To do it now, run: patient-access citus distribute',
    ),
  ];
}

function checkAnswer({ name, is_reachable, interrupted }: NodeAnswer): readonly DoctorFinding[] {
  if (!is_reachable)
    return [
      errorFinding(
        'nodes',
        `the coordinator can’t reach the node ${name}. Requests for the records on it are answered with 503, and so are Bundles.`,
        'Start it. Nothing else is needed: the server uses it as soon as it accepts connections.',
      ),
    ];
  if (interrupted === 0) return [];
  return [
    warningFinding(
      'nodes',
      `the node ${name} has interrupted transactions, whose rows stay locked: ${interrupted}.`,
      'Check that the maintenance process of Citus runs on the coordinator, and run there in this database: select recover_prepared_transactions();',
    ),
  ];
}

function checkTables(tables: readonly TableLayout[]): readonly DoctorFinding[] {
  const distributed = tables.filter(({ state }) => state === 'distributed');
  const others = tables.filter(({ state }) => state !== 'distributed');
  const namesOf = (some: readonly TableLayout[]) => some.map(({ name }) => name).join(', ');
  const withLocalRows = tables.filter((table) => table.has_local_rows);
  if (distributed.length === 0 && others.every(({ state }) => state === 'local'))
    return [okFinding('nodes', 'Citus is installed, and no table is distributed')];
  return [
    ...(others.length === 0
      ? []
      : [
          warningFinding(
            'nodes',
            `not all tables are distributed. On the coordinator: ${namesOf(others)}. Distributed: ${namesOf(distributed) || 'none'}. Statements that read both are slow or fail.`,
            'Run “citus distribute” to finish, or “citus undistribute” to go back.',
          ),
        ]),
    ...(withLocalRows.length === 0
      ? []
      : [
          warningFinding(
            'nodes',
            `copied rows still use space on the coordinator: ${namesOf(withLocalRows)}.`,
            'Run: patient-access citus distribute',
          ),
        ]),
  ];
}

async function checkMaintenance(db: Executor): Promise<readonly DoctorFinding[]> {
  return (await findIdleMaintenance(db)).map((name) =>
    warningFinding(
      'nodes',
      `the maintenance process of Citus doesn’t run for this database on ${name}. It finishes transactions that a crash interrupted.`,
      'Raise max_worker_processes on this node, and restart its PostgreSQL. Each database with Citus needs one.',
    ),
  );
}

async function checkBalance(db: Executor, shardsOfTable: number): Promise<readonly DoctorFinding[]> {
  const shares = await readNodeShares(db);
  const withShards = new Set(shares.map(({ name }) => name));
  const empty = (await listClusterNodes(db)).filter(({ name, has_shards }) => has_shards && !withShards.has(name));
  const mean = shares.reduce((sum, { bytes }) => sum + bytes, 0) / Math.max(1, shares.length);
  const largest = shares.toSorted((one, other) => other.bytes - one.bytes)[0];
  const rebalance =
    'Run on the coordinator as the owner of the tables: select citus_rebalance_start(); Servers can go on meanwhile.';
  return [
    ...empty.map(({ name }) => warningFinding('nodes', `the worker ${name} has no shards.`, rebalance)),
    ...(largest !== undefined && largest.bytes > SMALL && largest.bytes > MAX_SHARE * mean
      ? [
          warningFinding(
            'nodes',
            `the worker ${largest.name} has ${formatBytes(largest.bytes)}, and the workers have ${formatBytes(mean)} on average.`,
            rebalance,
          ),
        ]
      : []),
    okFinding(
      'nodes',
      `${shardsOfTable} shards of each table: ${shares
        .map(
          ({ name, shards, resources, bytes }) =>
            `${name} has ${shards}, with about ${resources} resources and ${formatBytes(bytes)}`,
        )
        .join('; ')}`,
    ),
  ];
}
