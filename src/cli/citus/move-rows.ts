import {
  changeLayout,
  type DatabaseConnection,
  describePlan,
  type Executor,
  estimateRows,
  type LayoutStep,
  type LayoutTransaction,
} from '../../database/index.ts';
import { type CommandInput, printResult } from '../command.ts';

interface MovedTable {
  readonly table: string;
  /** Number of rows as PostgreSQL estimates it. */
  readonly rows: number;
  readonly seconds: number;
}

/** Prints the SQL of a command with --dry-run. */
export function printPlan(
  input: CommandInput,
  steps: readonly LayoutStep[],
  before: readonly LayoutTransaction[] = [],
): number {
  const statements = describePlan([...before, ...steps.flatMap(({ transactions }) => transactions)]);
  printResult(input, { statements }, statements.length === 0 ? '-- Nothing to do.' : statements.join('\n'));
  return 0;
}

/** Moves the rows of tables, and reports each table on standard error. */
export async function moveRows(
  input: CommandInput,
  { db, owner }: { readonly db: Executor; readonly owner: DatabaseConnection },
  {
    steps,
    before = [],
    toWorkers,
  }: {
    readonly steps: readonly LayoutStep[];
    readonly before?: readonly LayoutTransaction[];
    readonly toWorkers: boolean;
  },
): Promise<readonly MovedTable[]> {
  return changeLayout(owner, async (run) => {
    for (const statements of before) await run(statements);
    const moved: MovedTable[] = [];
    for (const { table, transactions } of steps) {
      input.remark(`${table}: started`);
      const start = performance.now();
      for (const statements of transactions) await run(statements);
      const seconds = Math.round((performance.now() - start) / 100) / 10;
      const rows = await estimateRows(db, table, toWorkers);
      input.remark(`${table}: ${rows.toLocaleString('en')} rows in ${seconds} s`);
      moved.push({ table, rows, seconds });
    }
    return moved;
  });
}
