import pg from 'pg';
import { columnTypes, type Database, type Executor } from '../../../src/database/index.ts';

/** A node of a query plan in EXPLAIN's JSON format. */
interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Index Name'?: string;
  readonly 'Index Cond'?: string;
  readonly 'Relation Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly 'Rows Removed by Join Filter'?: number;
  readonly 'Shared Hit Blocks'?: number;
  readonly 'Shared Read Blocks'?: number;
  readonly Plans?: readonly PlanNode[];
}

/** One execution of a statement, with its plan. */
export interface StatementPlan {
  readonly text: string;
  readonly nodes: readonly string[];
  readonly indexes: readonly string[];
  /** Names of tables with a sequential scan. */
  readonly scannedTables: readonly string[];
  /** Number of visited table rows and index entries, including those that were filtered out. */
  readonly touched: number;
  /** Number of accessed pages, cached or not. A page that is accessed twice counts twice. */
  readonly buffers: number;
  /** Number of row pairs that a join filter rejected. */
  readonly rejectedPairs: number;
  /** Largest number of rows that were sorted at once. */
  readonly sorted: number;
  /** True if the statement ran with a cached generic plan. */
  readonly generic: boolean;
}

/** A database whose connections report the plan of each statement. */
export interface WatchedDatabase {
  readonly db: Database;
  /** Returns the statements since the last call, with their plans. */
  takePlans(): readonly StatementPlan[];
  close(): Promise<void>;
}

const SETTINGS = {
  session_preload_libraries: 'auto_explain',
  'auto_explain.log_min_duration': '0',
  'auto_explain.log_analyze': 'on',
  'auto_explain.log_timing': 'off',
  'auto_explain.log_buffers': 'on',
  'auto_explain.log_format': 'json',
  'auto_explain.log_level': 'notice',
};

/** Makes new connections report the plans of their statements. */
export async function explainAll(db: Database, name: string): Promise<void> {
  for (const [setting, value] of Object.entries(SETTINGS))
    await db.queryText(`alter database "${name}" set ${setting} = '${value}'`, []);
}

/**
 * Opens two connections, which cache plans like those of a pool: one for statements outside of transactions, and one
 * for transactions, which take turns.
 */
export async function watchedDatabase(connectionString: string): Promise<WatchedDatabase> {
  const ran: StatementPlan[] = [];
  const [client, second] = [await watchedClient(connectionString, ran), await watchedClient(connectionString, ran)];
  let turn: Promise<unknown> = Promise.resolve();
  return {
    db: {
      ...executorOf(client),
      transaction(work) {
        const done = turn.then(() => inTransaction(second, work));
        turn = done.catch(() => {});
        return done;
      },
      dedicatedConnection: () => executorOf(client),
      withLimits: () => executorOf(client),
      close: async () => {},
    },
    takePlans: () => ran.splice(0),
    async close() {
      await turn;
      await Promise.all([client.end(), second.end()]);
    },
  };
}

async function watchedClient(connectionString: string, ran: StatementPlan[]): Promise<pg.Client> {
  const client = new pg.Client({ connectionString, types: columnTypes() });
  client.on('notice', ({ message = '' }) => {
    if (message.includes('plan:\n')) ran.push(readPlan(JSON.parse(message.slice(message.indexOf('{')))));
  });
  await client.connect();
  return client;
}

function executorOf(client: pg.Client): Executor {
  const rows = async (query: pg.QueryConfig) => (await client.query(query)).rows;
  return {
    query: ({ name, text }, values = []) => rows({ name, text, values: [...values] }),
    queryText: (text, values, name) => rows({ text, values: [...values], ...(name === undefined ? {} : { name }) }),
  };
}

async function inTransaction<Result>(client: pg.Client, work: (tx: Executor) => Promise<Result>): Promise<Result> {
  await client.query('begin');
  try {
    const result = await work(executorOf(client));
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback');
    throw error;
  }
}

function readPlan({ 'Query Text': text, Plan }: { 'Query Text': string; Plan: PlanNode }): StatementPlan {
  const nodes = flat(Plan);
  const named = (key: 'Index Name' | 'Relation Name', of: readonly PlanNode[]) => [
    ...new Set(of.flatMap((node) => node[key] ?? [])),
  ];
  const sorts = nodes.filter((node) => node['Node Type'].includes('Sort'));
  return {
    text,
    nodes: nodes.map((node) => node['Node Type']),
    indexes: named('Index Name', nodes),
    scannedTables: named(
      'Relation Name',
      nodes.filter((node) => node['Node Type'] === 'Seq Scan'),
    ),
    touched: nodes.filter(readsTable).reduce((sum, node) => sum + touchedBy(node), 0),
    buffers: (Plan['Shared Hit Blocks'] ?? 0) + (Plan['Shared Read Blocks'] ?? 0),
    rejectedPairs: nodes.reduce(
      (sum, node) => sum + Math.round((node['Rows Removed by Join Filter'] ?? 0) * node['Actual Loops']),
      0,
    ),
    sorted: Math.max(0, ...sorts.map((node) => node['Actual Rows'])),
    generic: nodes.some((node) => /\$\d/.test(node['Index Cond'] ?? '')),
  };
}

const flat = (node: PlanNode): readonly PlanNode[] => [node, ...(node.Plans ?? []).flatMap(flat)];

/** Scans of functions and of named subqueries read no table. */
const readsTable = (node: PlanNode): boolean =>
  node['Node Type'].includes('Scan') && (node['Relation Name'] ?? node['Index Name']) !== undefined;

/** EXPLAIN reports the mean number of rows of all loops, so it is multiplied. */
const touchedBy = (node: PlanNode): number =>
  Math.round((node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops']);
