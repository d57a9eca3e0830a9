import type { Executor } from '../../../database/index.ts';
import { isUnrestricted } from '../../authorization/access-filters.ts';
import type { EnforcedQuery } from '../../authorization/enforce.ts';
import type { SearchSort } from '../../model/condition.ts';
import type { ContentForm } from './contents/read-contents.ts';
import type { SearchMatchRow } from './result-rows.ts';
import { runQuery } from './run-query.ts';
import { conditionSql } from './sql/condition-sql.ts';
import { type AfterCursor, orderSql, type PageRequest, pageSql } from './sql/page-sql.ts';
import { buildQuerySql } from './sql/query-sql.ts';
import { changedRowsSource } from './sql/row-source.ts';
import { andSql, type BindParameter } from './sql/sql.ts';

/**
 * Maximum number of practices for which a search for changes reads each practice separately, in one branch of a UNION
 * for each. With more practices, an ordinary search reads all of them together.
 */
const MAX_PRACTICE_BRANCHES = 32;

/**
 * Maximum number of changes that a page checks. If too few of them match, the page has fewer matches than requested, and
 * the next page continues after the last change that was checked.
 */
export const MAX_CHECKED_CHANGES = 1000;

/**
 * Returns the practices of a search for changes that reads each practice separately. Such a search covers whole
 * practices (at most `MAX_PRACTICE_BRANCHES`), is sorted by the time of the last change, and names no patient.
 * Undefined for any other search.
 */
export function practicesOfChangeSearch(
  { compartment, scope }: EnforcedQuery,
  { key }: SearchSort,
): readonly number[] | undefined {
  if (compartment !== 'record' || scope?.kind !== 'practices' || scope.patientIds !== undefined) return undefined;
  const isPolled =
    key.kind === 'updated' && key.projection === undefined && scope.practiceIds.length <= MAX_PRACTICE_BRANCHES;
  return isPolled ? scope.practiceIds : undefined;
}

/** Position of a change in the order of a search for changes. */
export interface ChangePosition {
  /** Time of the change, in the text format of PostgreSQL. */
  readonly position: string;
  readonly id: string;
  readonly practice?: number;
}

interface ChangesPage {
  /** Matches in the order of the search, one more than the page has if there are more. */
  readonly rows: readonly SearchMatchRow[];
  /** Last change that was checked, if too few changes matched. Undefined if all others were checked too. */
  readonly checkedUntil: ChangePosition | undefined;
}

interface ChangesSearch {
  readonly query: EnforcedQuery;
  readonly practiceIds: readonly number[];
  readonly sort: SearchSort;
  /** Form of the contents. Undefined to find the matches without their contents. */
  readonly content: ContentForm | undefined;
}

/**
 * Fetches one page of the resources that changed at several practices, in the order of their last change, until the page
 * is full or `MAX_CHECKED_CHANGES` are checked. So the cost depends on neither the amount of data nor the conditions. For
 * a page by number, it first finds the end of the pages before, without reading their contents.
 */
export async function findChangesPage(
  db: Executor,
  query: EnforcedQuery,
  practiceIds: readonly number[],
  { sort, limit, offset, content = 'text' }: PageRequest,
  after?: AfterCursor,
): Promise<ChangesPage> {
  const search = { query, practiceIds, sort, content };
  const start = { after, most: MAX_CHECKED_CHANGES };
  if (offset === 0) return readInSteps(db, search, limit + 1, start);
  const before = await readInSteps(db, { ...search, content: undefined }, offset, start);
  const last = before.rows.at(-1);
  if (last === undefined || before.rows.length < offset) return { rows: [], checkedUntil: before.checkedUntil };
  const most = MAX_CHECKED_CHANGES - before.checked;
  return readInSteps(db, search, limit + 1, { after: { ...FIRST_PAGE, ...last }, most });
}

/** The cursor of a first page, without its position. */
const FIRST_PAGE = { total: undefined, asOf: 'infinity', search: '' } as const;

/**
 * Finds the first matches in steps. The first step has as many changes as are likely to be needed. The others have as
 * many as the page needs if they match as often as those before.
 */
async function readInSteps(
  db: Executor,
  search: ChangesSearch,
  needed: number,
  { after, most }: { readonly after: AfterCursor | undefined; readonly most: number },
): Promise<ChangesPage & { readonly checked: number }> {
  const rows: SearchMatchRow[] = [];
  let last: Pick<AfterCursor, 'position' | 'id' | 'practice'> | undefined = after;
  let [checked, size] = [0, needed * firstShare(search.query)];
  while (rows.length < needed && checked < most) {
    const position: AfterCursor | undefined = last && { ...FIRST_PAGE, ...after, ...last };
    const [count, limit] = [Math.min(size, most - checked), needed - rows.length];
    const { until, found } = await readStep(db, search, { after: position, count, limit });
    if (until === undefined) return { rows, checkedUntil: undefined, checked };
    rows.push(...found.filter(({ active }) => active).map(({ active, ...row }) => row));
    checked += until.count;
    const isWhole = found.length < limit;
    if (isWhole && until.count < count) return { rows, checkedUntil: undefined, checked };
    last = isWhole ? positionOf(until) : found.at(-1);
    size = rows.length === 0 ? most : Math.ceil(((needed - rows.length) * checked) / rows.length);
  }
  return { rows, checkedUntil: rows.length < needed && last !== undefined ? positionOf(last) : undefined, checked };
}

/**
 * Returns how many changes the first step has for each match that the page needs. Most searches have no other condition
 * than the time.
 */
const firstShare = ({ conditions, filters }: EnforcedQuery): number =>
  conditions.every(({ kind }) => kind === 'updated') && filters.some(isUnrestricted) ? 1 : FIRST_SHARE;
const FIRST_SHARE = 4;

const positionOf = ({ position, id, practice }: Pick<AfterCursor, 'position' | 'id' | 'practice'>): ChangePosition => ({
  position,
  id,
  ...(practice === undefined ? {} : { practice }),
});

interface ChangesStep {
  readonly after: AfterCursor | undefined;
  /** Number of changes to check. */
  readonly count: number;
  /** Maximum number of matches to read. */
  readonly limit: number;
}

/** A match. Those of inactive records have no content, and don't belong to the result. */
type CheckedMatchRow = SearchMatchRow & { readonly active: boolean };

/** The last change of a step, and the number of its changes. */
interface LastChange extends Required<ChangePosition> {
  readonly checked: number;
}

type StepRow = CheckedMatchRow & {
  readonly until_position: string;
  readonly until_id: string;
  readonly until_practice: number;
  readonly checked: number;
};

/**
 * Checks the next changes. It finds the last one by its keys alone, and then reads the first matches up to it. So a
 * distributed database never returns more contents than there are changes in the step, and reads them in parallel. For
 * one practice, this is one statement. For several, PostgreSQL plans it well only if it knows the last change.
 * @returns the last change, with the number of changes, and the matches
 */
async function readStep(
  db: Executor,
  search: ChangesSearch,
  { after, count, limit }: ChangesStep,
): Promise<{
  readonly until: (ChangePosition & { readonly count: number }) | undefined;
  readonly found: readonly CheckedMatchRow[];
}> {
  const { query, practiceIds, sort, content } = search;
  const isOne = practiceIds.length === 1;
  const known = isOne ? undefined : await findLast(db, search, after, count);
  if (!isOne && known === undefined) return NOTHING;
  const parameters: unknown[] = [];
  const bindAll: BindParameter = (value) => `$${parameters.push(value)}`;
  const until = known === undefined ? untilSql(search, after, count, bindAll) : knownUntilSql(known, bindAll);
  const source = buildQuerySql(query, {
    rowsFrom: (bind) =>
      changedRowsSource(practiceIds, rangeSql({ practiceIds, sort }, { after, until: until.keys }, bind), bind),
    parameters,
    content,
    withoutIndexes: true,
  });
  const columns = content === undefined ? { ...source, content: 'null' } : source;
  const page = pageSql(query, columns, { sort, limit: limit - 1, offset: 0, counted: false });
  const more = [...(source.unseen === undefined ? [] : ['m.unseen']), ...(isOne ? [] : ['m.practice'])];
  const keys = ['m.position::timestamptz', 'm.id', ...(isOne ? [] : ['m.practice'])];
  const text = `with ${until.sql},
    matches as materialized (${page}),
    active as materialized (select x.record_id from record x
      where x.record_id = any(array(select m.home from matches m)) and x.state = 'active')
    select m.id, case when a.record_id is not null then m.content end as content, m.type, m.home, m.position,
      a.record_id is not null as active${more.map((column) => `, ${column}`).join('')},
      u.last_updated::timestamp as until_position, u.id as until_id, u.practice_id as until_practice, u.checked
    from until u left join (matches m left join active a on a.record_id = m.home) on true ${orderSql(keys, sort)}`;
  const rows = await runQuery<StepRow>(db, { parameters }, text);
  const [first] = rows;
  if (first === undefined) return NOTHING;
  const { until_position: position, until_id: id, until_practice: practice, checked } = first;
  return {
    until: { position, id, ...(isOne ? {} : { practice }), count: checked },
    // Without a match, there is one row with the last change alone.
    found: rows
      .filter((row) => row.id !== null)
      .map(({ until_position, until_id, until_practice, checked: _, ...row }) => row),
  };
}

const NOTHING = { until: undefined, found: [] };

async function findLast(
  db: Executor,
  search: ChangesSearch,
  after: AfterCursor | undefined,
  count: number,
): Promise<LastChange | undefined> {
  const parameters: unknown[] = [];
  const { sql } = untilSql(search, after, count, (value) => `$${parameters.push(value)}`);
  const text = `with ${sql}
    select u.last_updated::timestamp as position, u.id, u.practice_id as practice, u.checked from until u`;
  const [row] = await runQuery<LastChange>(db, { parameters }, text);
  return row;
}

const KEYS = ['last_updated', 'id', 'practice_id'];

/** A table `until` with the last change of a step, and SQL for its keys. */
interface UntilSql {
  readonly sql: string;
  readonly keys: readonly string[];
}

/** SQL that finds the last change of a step. */
function untilSql(search: ChangesSearch, after: AfterCursor | undefined, count: number, bind: BindParameter): UntilSql {
  const backwards = { ...search.sort, descending: !search.sort.descending };
  const sql = `changes as materialized (${changesSql(search, after, count, bind)}),
    until as materialized (select c.*, (count(*) over ())::int4 as checked from changes c
      ${orderSql(
        KEYS.map((key) => `c.${key}`),
        backwards,
      )} limit 1)`;
  return { sql, keys: KEYS.map((key) => `(select ${key} from until)`) };
}

function knownUntilSql({ position, id, practice, checked }: LastChange, bind: BindParameter): UntilSql {
  const keys = [`${bind(position)}::timestamptz`, `${bind(id)}::uuid`, `${bind(practice)}::int4`];
  const columns = [...keys, `${bind(checked)}::int4`].map((sql, at) => `${sql} as ${[...KEYS, 'checked'][at]}`);
  return { sql: `until as materialized (select ${columns.join(', ')})`, keys };
}

/**
 * SQL for the keys of the next changes, in the order of the search. Only the practice, the type, the time and the cursor
 * limit them, because the index has these. PostgreSQL reads each practice in index order and merges them.
 */
function changesSql(
  { query, practiceIds, sort }: Omit<ChangesSearch, 'content'>,
  after: AfterCursor | undefined,
  count: number,
  bind: BindParameter,
): string {
  const type = bind(query.type);
  const limit = bind(count);
  const times = timesSql(query, bind);
  const order = (keys: readonly string[]) => `${orderSql(keys, sort)} limit ${limit}`;
  const isOne = practiceIds.length === 1;
  const branches = practiceIds.map((practiceId) => {
    const where = [`r.practice_id = ${bind(practiceId)}`, `r.type = ${type}`, ...times];
    if (after !== undefined)
      where.push(afterChangeSql(after, { sort, bind, inclusive: !isOne && sortsAfter(practiceId, after, sort) }));
    return `select r.last_updated, r.id, r.practice_id from resource r where ${andSql(where)} ${order(['r.last_updated', 'r.id'])}`;
  });
  if (isOne) return branches.join();
  const all = branches.map((branch) => `(${branch})`).join(' union all ');
  return `select * from (${all}) r ${order(['r.last_updated', 'r.id', 'r.practice_id'])}`;
}

const timesSql = ({ conditions, type }: EnforcedQuery, bind: BindParameter): readonly string[] =>
  conditions.flatMap((one) => (one.kind === 'updated' ? [conditionSql({ alias: 'r', type, bind }, one)] : []));

/**
 * SQL predicates: the change is one of those that a step checks.
 * @param range.until SQL for the keys of the last change
 */
function rangeSql(
  { practiceIds, sort: { descending } }: Pick<ChangesSearch, 'practiceIds' | 'sort'>,
  { after, until }: { readonly after: AfterCursor | undefined; readonly until: readonly string[] },
  bind: BindParameter,
): readonly string[] {
  // Within one practice, the time and the id are the order, and the columns of the index.
  const keys = practiceIds.length === 1 ? KEYS.slice(0, 2) : KEYS;
  const [from, to] = descending ? ['<', '>'] : ['>', '<'];
  const row = rowSql(keys.map((key) => `r.${key}`));
  // The times alone are the range of an index scan, also if there are several practices.
  const isUntil = [`r.last_updated ${to}= ${until[0]}`, `${row} ${to}= ${rowSql(until.slice(0, keys.length))}`];
  if (after === undefined) return isUntil;
  const { position, id, practice = 0, asOf } = after;
  const first = [`${bind(position)}::timestamptz`, `${bind(id)}::uuid`];
  if (keys.length > first.length) first.push(`${bind(practice)}::int8`);
  return [
    ...isUntil,
    `r.last_updated ${from}= ${first[0]}`,
    `${row} ${from} ${rowSql(first)}`,
    `r.last_updated <= ${bind(asOf)}::timestamptz`,
  ];
}

const rowSql = (values: readonly string[]): string => `(${values.join(', ')})`;

interface AfterChange {
  readonly sort: SearchSort;
  readonly bind: BindParameter;
  readonly inclusive: boolean;
}

/**
 * SQL predicate: the change comes after that of the cursor. A resource that changes between two pages would move and
 * appear twice, so later pages leave it out. The client's next search by _lastUpdated finds it.
 */
function afterChangeSql(after: AfterCursor, { sort: { descending }, bind, inclusive }: AfterChange): string {
  const [time, id] = [`${bind(after.position)}::timestamptz`, `${bind(after.id)}::uuid`];
  const [comparison, bound] = descending ? ['<', '<='] : ['>', '>='];
  const position = `(r.last_updated, r.id) ${comparison}${inclusive ? '=' : ''} (${time}, ${id})`;
  // The extra bound on `last_updated` is where PostgreSQL starts the index scan. PostgreSQL uses the narrowest bound on
  // a single column, unless there is a row comparison that is inclusive too. `is true` hides such a row comparison from
  // the planner.
  const row = inclusive ? `(${position}) is true` : position;
  return `${row} and r.last_updated ${bound} ${time} and r.last_updated <= ${bind(after.asOf)}::timestamptz`;
}

/**
 * True if resources of this practice come after those of the cursor's practice. The practice decides the order of
 * resources with the same time and id.
 */
const sortsAfter = (practiceId: number, { practice = 0 }: AfterCursor, { descending }: SearchSort): boolean =>
  descending ? practiceId < practice : practiceId > practice;
