import {
  countEarlierReleases,
  type DatabaseConnection,
  distributionColumn,
  type Executor,
  findClusterProblem,
  findOnlineProblem,
  isAnyOnline,
  openDatabase,
  planDistribution,
  planWorkerFunctions,
  readTableLayout,
  readTableSizes,
  type TableLayout,
} from '../../database/index.ts';
import { fillIdRegistries, projections, refreshIndex, refreshProjections } from '../../fhir/index.ts';
import type { Installation } from '../../installation.ts';
import { OperatorError } from '../../kernel/index.ts';
import { type CommandInput, printResult } from '../command.ts';
import type { CommandArguments } from '../definition.ts';
import type { CITUS_DISTRIBUTE } from '../definitions/citus.ts';
import { parseCount } from '../option-values.ts';
import { withInstallation } from '../with-installation.ts';
import { moveRows, printPlan } from './move-rows.ts';
import { requireExternal } from './require-external.ts';

/**
 * Shards of each table, as Citus chooses too. They can be divided evenly among 2 to 32 workers. A search of all records
 * asks each shard, so more shards make it slower.
 */
const DEFAULT_SHARDS = 32;

export async function distributeCommand(
  input: CommandInput,
  { values }: CommandArguments<typeof CITUS_DISTRIBUTE>,
): Promise<number> {
  requireExternal(input);
  const typed = values.shards === undefined ? undefined : parseCount('shards', values.shards);
  return withInstallation(input, async (installation) => {
    const { db } = installation;
    const blocksWrites = values['block-writes'];
    await requireCluster(installation);
    const tables = await readTableLayout(db);
    const shards = chooseShards(tables, typed);
    const steps = planDistribution(tables, await readTableSizes(db), { shards, blocksWrites });
    if (isAnyOnline(steps)) await requireLogicalReplication(installation);
    const before = (await planWorkerFunctions(db)).map((text) => [text]);
    if (values['dry-run']) return printPlan(input, steps, before);
    await requireCurrentRecords(input, installation);
    const moved = await moveRows(input, installation, { steps, before, toWorkers: true });
    await fillRegistries(input, installation);
    printResult(
      input,
      { distributed: moved, shards },
      `All ${tables.length} tables are distributed over ${shards} shards each. Moved now: ${moved.length}.`,
    );
    return 0;
  });
}

async function requireCluster({ db, owner, connection }: Installation): Promise<void> {
  rejectIf(
    (await withOwner(owner, findClusterProblem)) ??
      // The servers' role has to reach the workers too.
      (owner === connection ? undefined : await findClusterProblem(db)),
  );
}

const requireLogicalReplication = async ({ owner }: Installation): Promise<void> =>
  rejectIf(await withOwner(owner, findOnlineProblem));

function rejectIf(problem: string | undefined): void {
  if (problem !== undefined) throw new OperatorError(`The tables can't be distributed: ${problem}`);
}

async function withOwner<Result>(owner: DatabaseConnection, work: (db: Executor) => Promise<Result>): Promise<Result> {
  const db = openDatabase(owner, 1);
  try {
    return await work(db);
  } finally {
    await db.close();
  }
}

/** Returns the number of shards: all tables have as many, so that the rows of a record are together. */
function chooseShards(tables: readonly TableLayout[], typed: number | undefined): number {
  const distributed = tables.filter(({ state }) => state === 'distributed');
  const other = distributed.find(({ name, column }) => column !== distributionColumn(name));
  if (other !== undefined)
    throw new OperatorError(
      `The table ${other.name} is distributed by ${other.column} instead of ${distributionColumn(other.name)}. Run "citus undistribute" first.`,
    );
  const existing = distributed[0]?.shards;
  if (existing !== undefined && typed !== undefined && typed !== existing)
    throw new OperatorError(
      `${distributed.length} tables are distributed over ${existing} shards already. Leave out --shards, or run "citus undistribute" first.`,
    );
  return existing ?? typed ?? DEFAULT_SHARDS;
}

/**
 * Makes sure that nothing needs the triggers of distributed tables: no server of an earlier release runs, and all
 * records have the index and the conversions of this release.
 */
async function requireCurrentRecords(input: CommandInput, { db }: Installation): Promise<void> {
  const connections = await countEarlierReleases(db);
  if (connections > 0)
    throw new OperatorError(
      `A server of an earlier release uses the database (connections: ${connections}). Stop it: it can't use distributed tables.`,
    );
  const updated = (await refreshIndex(db)) + (await refreshProjections(db, { projections }));
  if (updated > 0) input.remark(`Updated resources of an earlier release: ${updated}`);
}

/** Milliseconds between two lines about the progress. */
const PROGRESS_INTERVAL = 5000;

/** Registers the ids of all resources. Servers finish this too, if the command is interrupted. */
async function fillRegistries(input: CommandInput, { db }: Installation): Promise<void> {
  const start = performance.now();
  let reported = start;
  let filled = 0;
  await fillIdRegistries(db, (records) => {
    filled = records;
    const now = performance.now();
    if (now - reported < PROGRESS_INTERVAL) return;
    reported = now;
    input.remark(`id registries: ${records.toLocaleString('en')} records`);
  });
  const seconds = Math.round((performance.now() - start) / 100) / 10;
  input.remark(`id registries: the ids of ${filled.toLocaleString('en')} records in ${seconds} s`);
}
