import { distributionColumn, RELEASE_TRIGGERS } from './distributed-tables.ts';
import type { LayoutStep, LayoutTransaction, TableLayout } from './layout.ts';

/** Bytes of a table up to which writes can wait until it is distributed, which takes about a second. */
const SMALL_TABLE = 10_000_000;

/** How tables are distributed. */
export interface DistributionPlan {
  /** Number of shards of each table, if none is distributed yet. */
  readonly shards: number;
  /** Whether writes wait while a large table is distributed. Otherwise they go on until its last moment. */
  readonly blocksWrites: boolean;
}

/**
 * Returns the statements that distribute the tables that aren't distributed yet.
 * @param bytes size of each table on this PostgreSQL
 */
export function planDistribution(
  tables: readonly TableLayout[],
  bytes: ReadonlyMap<string, number>,
  { shards, blocksWrites }: DistributionPlan,
): readonly LayoutStep[] {
  // Tables of one group, which have the same column, have the rows of a record on the same worker.
  const groups = new Map<string, string>();
  for (const { name, state } of tables) if (state === 'distributed') groups.set(distributionColumn(name), name);
  return tables.flatMap(({ name, state, has_local_rows }): readonly LayoutStep[] => {
    if (state === 'distributed') return has_local_rows ? [{ table: name, transactions: [[truncateLocal(name)]] }] : [];
    const isOnline = !blocksWrites && (bytes.get(name) ?? 0) > SMALL_TABLE;
    const column = distributionColumn(name);
    const group = groups.get(column);
    const place =
      group === undefined ? `colocate_with => 'none', shard_count => ${shards}` : `colocate_with => 'public.${group}'`;
    const create = `select create_distributed_table${isOnline ? '_concurrently' : ''}('public.${name}', '${column}', ${place})`;
    groups.set(column, group ?? name);
    const drops = triggersOf(name).map((trigger) => `drop trigger if exists ${trigger.name} on public.${name}`);
    const moved: readonly LayoutTransaction[] = isOnline
      ? [...(drops.length === 0 ? [] : [drops]), [create]]
      : // The copied rows are removed in the same transaction, so that an interruption leaves none behind.
        [[...drops, create, truncateLocal(name)]];
    return [{ table: name, transactions: [...moved, [`analyze public.${name}`]] }];
  });
}

/** Returns whether a step copies a table while rows are written, which needs logical replication. */
export const isAnyOnline = (steps: readonly LayoutStep[]): boolean =>
  steps.some(({ transactions }) => transactions.flat().some((text) => text.includes('_concurrently(')));

/**
 * Returns the statements that bring all rows back to this PostgreSQL.
 * @param triggers names of the triggers that exist, with their table: an interrupted distribution may have dropped some
 */
export const planUndistribution = (
  tables: readonly TableLayout[],
  triggers: ReadonlySet<string>,
): readonly LayoutStep[] =>
  tables.toReversed().flatMap(({ name, state }): readonly LayoutStep[] => {
    if (state !== 'local')
      return [
        {
          table: name,
          transactions: [
            [`select undistribute_table('public.${name}')`, ...triggersOf(name).map(({ definition }) => definition)],
            [`analyze public.${name}`],
          ],
        },
      ];
    const missing = triggersOf(name).filter((trigger) => !triggers.has(`${name}.${trigger.name}`));
    return missing.length === 0 ? [] : [{ table: name, transactions: missing.map(({ definition }) => [definition]) }];
  });

const truncateLocal = (name: string): string => `select truncate_local_data_after_distributing_table('public.${name}')`;

const triggersOf = (name: string) => RELEASE_TRIGGERS.filter(({ table }) => table === name);

/** Returns SQL that `psql` runs in the same way. */
export const describePlan = (transactions: readonly LayoutTransaction[]): readonly string[] =>
  transactions.flatMap((statements) =>
    statements.length === 1
      ? statements.map((text) => `${text};`)
      : ['begin;', ...statements.map((text) => `${text};`), 'commit;'],
  );
