// The rules for statements if Citus distributes the tables with the contents of patient records.
import { loadModule, parseSync } from 'libpg-query';
import { RECORD_TABLES } from '../../../src/database/index.ts';

const TABLES: ReadonlySet<string> = new Set(RECORD_TABLES);
/** Column by which they are distributed. */
const RECORD = 'record_id';
/** The id registries of practices, which are distributed by practice. */
const REGISTRY = { table: 'resource_key', column: 'practice_id' };

export type Violation =
  | 'a subquery without columns'
  | 'a recursive query with local tables'
  | 'an update of the key'
  | 'a change of one record by the rows of another'
  | 'a join that sends a local table to all nodes'
  | 'a correlated subquery that reads the records of all nodes'
  | 'a correlated subquery of a local table'
  | 'a lookup of resources for each row of a function'
  | 'a correlated subquery with a constant condition'
  | 'a use of the id registries of all practices';

/** A node of PostgreSQL's parse tree. */
interface Node {
  readonly kind: string;
  readonly of: Readonly<Record<string, unknown>>;
}
/** A table or subquery in the `from` of a query. */
interface Source {
  readonly name: string;
  readonly table: string | undefined;
  readonly query: unknown;
}

/** Properties whose value is a node, but doesn't say its kind. */
const KINDS: Readonly<Record<string, string>> = {
  withClause: 'WithClause',
  relation: 'RangeVar',
  alias: 'Alias',
};
const QUERY_KINDS = ['SelectStmt', 'InsertStmt', 'UpdateStmt', 'DeleteStmt'];
const QUERIES = new Set(QUERY_KINDS);

await loadModule();

/**
 * Finds out which rules a statement breaks. They are what Citus 15 rejects when it plans or runs a statement: it can
 * send a query to the nodes, and the rows of local tables with it, but a node can't read the rows of another node for
 * each of its own.
 */
export function findViolations(text: string): readonly Violation[] {
  const tree = parseSync(text).stmts?.map(({ stmt }) => stmt);
  const temporary = new Set(nodesIn(tree, 'CommonTableExpr').map(({ ctename }) => ctename));
  const isDistributed = ({ table }: Source): boolean =>
    table !== undefined && TABLES.has(table) && !temporary.has(table);
  const isLocal = ({ table }: Source): boolean => table !== undefined && !TABLES.has(table) && !temporary.has(table);
  /** A subquery that each node can run for its own records. */
  const isOfNodes = ({ query }: Source): boolean =>
    nodesIn([query], 'SelectStmt')
      .slice(0, 1)
      .some((one) => one['limitCount'] === undefined && sourcesOf(one).some(isDistributed));
  const tablesIn = (part: unknown): readonly Source[] => nodesIn(part, 'RangeVar').map(toTable);
  const tables = tablesIn(tree);
  const found = new Set<Violation>();
  for (const query of ['SelectStmt', 'UpdateStmt', 'DeleteStmt'].flatMap((kind) => nodesIn(tree, kind)))
    if (sourcesOf(query).some(({ table }) => table === REGISTRY.table) && !isOfOnePractice(query))
      found.add('a use of the id registries of all practices');
  if (!tables.some(isDistributed)) return [...found];

  const [whole] = childrenOf(tree);
  for (const select of nodesIn(tree, 'SelectStmt')) {
    const isList = select['op'] === 'SETOP_NONE' && select['valuesLists'] === undefined;
    if (select !== whole?.of && isList && select['targetList'] === undefined) found.add('a subquery without columns');
  }
  if (nodesIn(tree, 'WithClause').some(({ recursive }) => recursive === true) && tables.some(isLocal))
    found.add('a recursive query with local tables');
  for (const change of [...nodesIn(tree, 'UpdateStmt'), ...nodesIn(tree, 'DeleteStmt')]) {
    const sources = sourcesOf(change);
    const [changed] = sources;
    if (changed === undefined || !isDistributed(changed)) continue;
    const set = childrenOf(change['targetList']).map(({ of }) => of['name']);
    if (set.includes(RECORD)) found.add('an update of the key');
    const records = new Set(keyComparisons(change).flatMap(({ parameter }) => parameter ?? []));
    if (sources.filter(isDistributed).length > 1 && records.size > 1)
      found.add('a change of one record by the rows of another');
  }
  for (const query of QUERY_KINDS.flatMap((kind) => nodesIn(tree, kind))) {
    const sources = sourcesOf(query);
    const local = sources.filter(isLocal);
    if (sources.some(isDistributed) && local.some((one) => !isLimited(one, local, query)))
      found.add('a join that sends a local table to all nodes');
  }
  for (const { query, outer } of subqueriesIn(tree)) {
    const inner = dependentTablesIn(query);
    const used = outerNamesIn(query);
    const correlated = outer.filter(({ name }) => used.has(name));
    if (correlated.length === 0) continue;
    const records = correlated.filter((one) => isDistributed(one) || isOfNodes(one)).map(({ name }) => name);
    if (inner.some((one) => isDistributed(one) && !isOfOneRecord(one.name, keyComparisons(query), records)))
      found.add('a correlated subquery that reads the records of all nodes');
    const readsNodes = (one: Source): boolean => isDistributed(one) || isOfNodes(one);
    if (inner.some(isLocal) && !inner.some(isDistributed) && correlated.some(readsNodes))
      found.add('a correlated subquery of a local table');
    // If a parameter names the record, its node runs the whole statement.
    if (!keyComparisons(query).some(({ other }) => records.includes(other ?? ''))) continue;
    const { fromClause, whereClause } = query;
    if (fromClause !== undefined && tablesIn(fromClause).length === 0)
      found.add('a lookup of resources for each row of a function');
    if (isAlwaysFalse(whereClause)) found.add('a correlated subquery with a constant condition');
  }
  return [...found];
}

/** Returns the names of tables that a query uses, but doesn't have. */
function outerNamesIn(query: unknown): ReadonlySet<unknown> {
  const tables = nodesIn(query, 'RangeVar').map((of) => toTable(of).name);
  const names = new Set<unknown>([...tables, ...nodesIn(query, 'Alias').map((one) => one['aliasname'])]);
  const used = nodesIn(query, 'ColumnRef').flatMap((column) => qualifierOf(column) ?? []);
  return new Set(used.filter((name) => !names.has(name)));
}

/** Returns the tables of a query without those of subqueries that use nothing outside of them. These run first. */
function dependentTablesIn(part: unknown, parent = ''): readonly Source[] {
  return childrenOf(part, parent).flatMap(({ kind, of }): readonly Source[] => {
    if (kind === 'SubLink' && outerNamesIn(of['subselect']).size === 0) return [];
    return [...(kind === 'RangeVar' ? [toTable(of)] : []), ...dependentTablesIn(of, kind)];
  });
}

/** True if a part of a condition is always false. PostgreSQL then drops the others, and with them the record. */
function isAlwaysFalse(condition: unknown): boolean {
  return childrenOf(condition).some(({ kind, of }) =>
    kind === 'BoolExpr' && of['boolop'] === 'AND_EXPR'
      ? isAlwaysFalse(of['args'])
      : kind === 'A_Const' && JSON.stringify(of['boolval']) === '{}',
  );
}

/** Tables with what moved between records. Searches list what moved since their first page, which is little. */
const MOVES = ['merged_resource', 'retraction'];
/** Functions of which a query returns one row. */
const AGGREGATES = ['count', 'max'];

/**
 * True if each query that reads resources, also in a CTE, has a bound of its own: a limit, the records or ids that it
 * names, or one row for all. All nodes send what a query in a CTE returns to the coordinator, whatever limit the outer
 * query has. Subqueries of conditions and lateral joins aren't checked: they run where the rows are to which they belong.
 */
export function isBounded(text: string): boolean {
  const tree = parseSync(text).stmts?.map(({ stmt }) => stmt);
  return listsIn(tree).every((query) => {
    const { fromClause, whereClause, targetList, groupClause, limitCount } = query;
    const reads = sourcesOf(query).some(({ table = '' }) => TABLES.has(table) && !MOVES.includes(table));
    const names = comparisonsIn([fromClause, whereClause]).some(({ column }) => [RECORD, 'id'].includes(column));
    const functions = JSON.stringify(nodesIn(targetList, 'FuncCall').map(({ funcname }) => funcname));
    const isOneRow = groupClause === undefined && AGGREGATES.some((one) => functions.includes(`"${one}"`));
    return !reads || limitCount !== undefined || names || isOneRow;
  });
}

/** Returns the queries of a statement, without those in conditions, columns and lateral joins. */
const listsIn = (part: unknown, parent = ''): readonly Node['of'][] =>
  childrenOf(part, parent).flatMap(({ kind, of }) =>
    kind === 'SubLink' || of['lateral'] === true ? [] : [...(kind === 'SelectStmt' ? [of] : []), ...listsIn(of, kind)],
  );

/** Columns that many rows of a local table can share. */
const SHARED_COLUMNS = new Set(['practice_id', 'state', 'type', 'name']);

/**
 * True if parameters choose the rows of a local table in a join, or the patient records that all tables of the join
 * have. Citus sends these rows to each node.
 */
function isLimited({ name }: Source, local: readonly Source[], query: Node['of']): boolean {
  const { fromClause, whereClause, usingClause } = query;
  const chosen = comparisonsIn([fromClause, whereClause, usingClause]);
  return chosen.some(({ table, column }) =>
    column === RECORD
      ? true
      : (table === name || (table === undefined && local.length === 1)) && !SHARED_COLUMNS.has(column),
  );
}

/** True if a parameter names the practice whose id registry a query uses. */
const isOfOnePractice = ({ fromClause, whereClause, usingClause }: Node['of']): boolean =>
  comparisonsIn([fromClause, whereClause, usingClause]).some(({ column }) => column === REGISTRY.column);

/** Returns the columns that a query compares with a parameter, without those of its subqueries. */
function comparisonsIn(part: unknown): readonly { readonly table: string | undefined; readonly column: string }[] {
  return childrenOf(part).flatMap(({ kind, of }) => {
    if (kind === 'SubLink' || kind === 'RangeSubselect') return [];
    if (kind !== 'A_Expr' || !JSON.stringify(of['name']).includes('"="')) return comparisonsIn(of);
    const { lexpr, rexpr } = of;
    return [
      [lexpr, rexpr],
      [rexpr, lexpr],
    ].flatMap(([one, other]) => {
      const column = ownColumn(one);
      const isParameter = childrenOf(other).some((node) => ['ParamRef', 'TypeCast'].includes(node.kind));
      if (column === undefined || !isParameter) return [];
      return [{ table: column.length > 1 ? column[0] : undefined, column: column.at(-1) ?? '' }];
    });
  });
}

/** A comparison of the key of a table with a parameter, or with the key of another table. */
interface KeyComparison {
  readonly table: string | undefined;
  readonly parameter?: number | undefined;
  readonly other?: string | undefined;
}

function keyComparisons(query: unknown): readonly KeyComparison[] {
  return nodesIn(query, 'A_Expr').flatMap((comparison): readonly KeyComparison[] => {
    if (comparison['kind'] !== 'AEXPR_OP' || !JSON.stringify(comparison['name']).includes('"="')) return [];
    const { lexpr, rexpr } = comparison;
    return [
      [lexpr, rexpr],
      [rexpr, lexpr],
    ].flatMap(([key, value]): readonly KeyComparison[] => {
      const column = ownColumn(key);
      if (column?.at(-1) !== RECORD) return [];
      const table = column.length > 1 ? column[0] : undefined;
      const other = ownColumn(value);
      if (other !== undefined) return other.at(-1) === RECORD ? [{ table, other: other[0] }] : [];
      const [parameter] = nodesIn(value, 'ParamRef').map((one) => Number(one['number']));
      return parameter === undefined ? [] : [{ table, parameter }];
    });
  });
}

/**
 * True if comparisons limit a table to one patient record.
 * @param seen tables that have been followed
 */
function isOfOneRecord(
  name: string,
  comparisons: readonly KeyComparison[],
  known: readonly (string | undefined)[],
  seen: readonly string[] = [],
): boolean {
  return comparisons.some(({ table = name, parameter, other }) => {
    if (table !== name) return false;
    if (parameter !== undefined || known.includes(other)) return true;
    return other !== undefined && !seen.includes(other) && isOfOneRecord(other, comparisons, known, [...seen, name]);
  });
}

/** Returns the nodes below a part of the tree which are directly in it. */
function childrenOf(part: unknown, parent = ''): readonly Node[] {
  if (Array.isArray(part)) return part.flatMap((one) => childrenOf(one, parent));
  if (typeof part !== 'object' || part === null) return [];
  return Object.entries(part).flatMap(([name, value]): readonly Node[] => {
    const isOperand = parent === 'SelectStmt' && (name === 'larg' || name === 'rarg');
    const kind = isOperand ? 'SelectStmt' : (KINDS[name] ?? name);
    if (/^[A-Z]/.test(kind)) return [{ kind, of: value as Node['of'] }];
    return childrenOf(value);
  });
}

/** Returns all nodes of a kind in a part of the tree. */
function nodesIn(part: unknown, kind: string, parent = ''): readonly Node['of'][] {
  return childrenOf(part, parent).flatMap((node) => [
    ...(node.kind === kind ? [node.of] : []),
    ...nodesIn(node.of, kind, node.kind),
  ]);
}

/** Returns the tables and subqueries in the `from` of a query. That of a table that the query changes comes first. */
function sourcesOf(query: Node['of']): readonly Source[] {
  const sources = (part: unknown): readonly Source[] =>
    childrenOf(part).flatMap(({ kind, of }) => {
      if (kind === 'JoinExpr') return [...sources(of['larg']), ...sources(of['rarg'])];
      if (kind === 'RangeVar') return [toTable(of)];
      return [{ name: aliasOf(of) ?? '', table: undefined, query: of['subquery'] }];
    });
  return [
    ...(query['relation'] === undefined ? [] : sources({ relation: query['relation'] })),
    ...sources(query['fromClause']),
    ...sources(query['usingClause']),
  ];
}

/** Returns the subqueries of a statement with everything that their conditions can refer to outside of them. */
function subqueriesIn(
  part: unknown,
  outer: readonly Source[] = [],
  parent = '',
): readonly { readonly query: Node['of']; readonly outer: readonly Source[] }[] {
  return childrenOf(part, parent).flatMap(({ kind, of }) => {
    if (kind === 'WithClause') return subqueriesIn(of, [], kind);
    if (!QUERIES.has(kind)) return subqueriesIn(of, outer, kind);
    const own = outer.length > 0 ? [{ query: of, outer }] : [];
    return [...own, ...subqueriesIn(of, [...sourcesOf(of), ...outer], kind)];
  });
}

const aliasOf = (of: Node['of']): string | undefined =>
  (of['alias'] as { readonly aliasname?: string } | undefined)?.aliasname;

const toTable = (of: Node['of']): Source => ({
  name: aliasOf(of) ?? String(of['relname']),
  table: String(of['relname']),
  query: undefined,
});

const namesOf = (column: Node['of']): readonly string[] =>
  nodesIn(column['fields'], 'String').map(({ sval }) => String(sval));

const qualifierOf = (column: Node['of']): string | undefined => {
  const names = namesOf(column);
  return names.length > 1 ? names[0] : undefined;
};

/** The names of a column, if an expression is nothing else. */
function ownColumn(expression: unknown): readonly string[] | undefined {
  const [node] = childrenOf(expression);
  return node?.kind === 'ColumnRef' ? namesOf(node.of) : undefined;
}
