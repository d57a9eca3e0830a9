import type { Executor } from '../../../database/index.ts';
import type { EnforcedQuery } from '../../authorization/enforce.ts';
import { IS_GROUP_MEMBER_SQL } from '../../groups/group-store.ts';
import { type ContentForm, type ReadDatabase, type RowToFill, readContents } from './contents/read-contents.ts';
import type { ResourceRow } from './search.ts';
import { buildQuerySql, type QuerySql } from './sql/query-sql.ts';
import { andSql, type BindParameter, isOneOfSql } from './sql/sql.ts';

/** Last resource of an export page, in the order of compartment, type and id. The export job stores it as JSON. */
export interface ExportPosition {
  /** Compartment of the resource: record_id or, for a resource of a practice's directory, practice_id. */
  readonly home: number;
  readonly type: string;
  readonly id: string;
}

export interface ExportSlice {
  /** Patient group whose members are exported. If undefined, all patients that the query allows are exported. */
  readonly groupId: string | undefined;
  /**
   * If set, only resources that changed after this time are exported. If undefined, resources are exported whenever
   * they changed.
   */
  readonly since: Date | undefined;
  /** Time of the export. Each resource is exported in the version that was current at this time. */
  readonly until: Date;
  readonly after: ExportPosition;
}

export interface ExportPageOptions {
  /**
   * If true, each resource is a result row of its own. Otherwise all resources of one compartment and type are joined
   * into one text.
   */
  readonly onePerRow: boolean;
  /**
   * Maximum number of resources to read. The caller gets it from `nextPageSize`, which estimates how many resources fit
   * on the page. Resources beyond that would be read in vain.
   */
  readonly maxResources: number;
}

export const FIRST_EXPORT_POSITION: ExportPosition = { home: 0, type: '', id: '00000000-0000-0000-0000-000000000000' };

/**
 * Maximum number of resources on an export page. Together with `MAX_PAGE_BYTES`, it limits the memory that an export
 * uses.
 */
export const MAX_PAGE_RESOURCES = 4000;
const MAX_PAGE_BYTES = 4_000_000;
/** Smallest number of resources that `nextPageSize` returns, even if the resources of the previous page were large. */
const MIN_PAGE_RESOURCES = 500;

/** Resources of one type and compartment. Each line of `content` is the JSON text of one resource. */
export interface ExportRow extends ResourceRow {
  /** Id of the last resource in `content`. */
  readonly id: string;
  readonly lines: number;
}

export interface ExportPage {
  readonly rows: readonly ExportRow[];
  readonly lines: number;
  /** Size of all resources of the page in bytes of UTF-8, without line breaks. */
  readonly bytes: number;
  /** True if this is the last page of the export. */
  readonly last: boolean;
}

/**
 * Fetches the next page of an export. A resource that changed after the time of the export is returned in the version
 * that was current at that time. The records or directories are read one after the other in the order of the primary
 * key, so the cost of a page doesn't depend on its position.
 * @param runSelect runs the statement of the page on the primary, for example in a transaction with settings
 */
export async function fetchExportPage(
  db: ReadDatabase,
  query: EnforcedQuery,
  slice: ExportSlice,
  options: ExportPageOptions,
  runSelect: <Result>(select: (tx: Executor) => Promise<Result>) => Promise<Result> = (select) => select(db),
): Promise<ExportPage> {
  const { page, lines } = await readContents(db, {
    most: options.maxResources,
    read: (content) => runSelect((tx) => selectExportPage(tx, query, slice, options, content)),
    rowsOf: (found) => [{ query, rows: (found.lines ?? []).flat().filter((line) => typeof line !== 'string') }],
  });
  if (lines === undefined) return page;
  return { ...page, rows: page.rows.map((row, at) => ({ ...row, content: joinLines(lines[at]) })) };
}

interface SelectedPage {
  readonly page: ExportPage;
  /** The lines of each row, if the rows have keys instead of texts. */
  readonly lines?: readonly ExportLines[];
}

/** Lines of one row: the text of a former version, or the resource whose text is on the standby. */
type ExportLines = readonly (string | RowToFill)[];

/** JSON text begins with a brace, and a key with the id of its resource. */
const parseLines = ({ home, type, content }: ExportRow): ExportLines =>
  content.split('\n').map((line) => {
    if (line.startsWith('{')) return line;
    const [id = '', version = ''] = line.split(' ');
    return { home, type, id, content: version };
  });

const joinLines = (lines: ExportLines = []): string =>
  lines.map((line) => (typeof line === 'string' ? line : line.content)).join('\n');

async function selectExportPage(
  db: Executor,
  query: EnforcedQuery,
  slice: ExportSlice,
  { onePerRow, maxResources }: ExportPageOptions,
  content: ContentForm,
): Promise<SelectedPage> {
  const parameters: unknown[] = [];
  const of = { parameters, types: [query.type, ...(query.otherTypes ?? [])] };
  const current = buildQuerySql(query, { ...of, content });
  const past = buildQuerySql(query, { ...of, superseded: true });
  const { bind } = current;
  const key = query.compartment === 'record' ? 'record_id' : 'practice_id';
  const [until, limit] = [bind(slice.until), bind(maxResources)];
  const narrow = (from: string) => pageRangeSql(from, key, slice, until, bind);
  // From each patient record or directory, at most as many resources are read as fit on one page. Later pages read the
  // rest of a larger record or directory.
  const first = (rows: string) => `(${rows} order by type, id limit ${limit})`;
  const isRedacted = current.unseen !== undefined;
  const columns = ['p.home', 'p.type', ...(onePerRow || isRedacted ? ['p.id'] : [])].join(', ');
  const isKeyed = content === 'version';
  const bytes = (of: string) => (isKeyed ? `${of}.bytes` : `octet_length(${of}.content)`);
  const text = `select ${columns}, max(p.id::text collate "C") as id, count(*)::int4 as lines,
      string_agg(p.content, E'\n') as content, max(p.upto)::int8 as upto${isRedacted ? ', p.unseen' : ''}
    from (
      select q.*, sum(${bytes('q')}) over (order by q.home, q.type, q.id rows unbounded preceding) as upto from (
        select e.*, w.home from (${compartmentsSql(query, slice, bind)}) w
        cross join lateral (
          ${first(`select ${exportColumnsSql(current, content, isKeyed ? `r.id || ' ' || ${current.content}` : current.content)} from ${current.from} where ${current.where} and ${narrow('r')}`)}
          union all
          ${first(supersededVersionsSql(query, past, buildQuerySql(query, { ...of, counting: true }), { key, until, narrow, content }))}) e
        order by w.home, e.type, e.id limit ${limit}) q) p
    where p.upto - ${bytes('p')} < ${bind(MAX_PAGE_BYTES)}
    group by ${columns}${isRedacted ? ', p.unseen' : ''} order by ${columns}`;
  const rows = await db.queryText<ExportRow & { readonly upto: number }>(text, parameters);
  const lines = rows.reduce((sum, row) => sum + row.lines, 0);
  const size = rows.reduce((sum, { upto }) => Math.max(sum, upto), 0);
  const page = { rows, lines, bytes: size, last: lines < maxResources && size < MAX_PAGE_BYTES };
  return isKeyed ? { page, lines: rows.map(parseLines) } : { page };
}

/**
 * Estimates how many resources fill the next page, from the number and size of the resources on the previous page. 10 %
 * is added, so that pages are usually full.
 */
export function nextPageSize({ lines, bytes }: Pick<ExportPage, 'lines' | 'bytes'>): number {
  const full = Math.ceil((1.1 * MAX_PAGE_BYTES * lines) / Math.max(bytes, 1));
  return Math.min(MAX_PAGE_RESOURCES, Math.max(MIN_PAGE_RESOURCES, full));
}

/**
 * Counts the patient records (or directories) that an export still has to read, including the one in which the position
 * is.
 * @param upto id of the last record or directory to count (record_id or practice_id); default: the last one of the
 * export
 */
export async function countCompartments(
  db: Executor,
  query: EnforcedQuery,
  slice: Pick<ExportSlice, 'groupId' | 'after'>,
  upto?: number,
): Promise<number> {
  const parameters: unknown[] = [];
  const bind: BindParameter = (value) => `$${parameters.push(value)}`;
  const homes = compartmentsSql(query, slice, bind);
  const limit = upto === undefined ? '' : ` where w.home <= ${bind(upto)}`;
  const [row] = await db.queryText<{ count: number }>(
    `select count(*)::int4 as count from (${homes}) w${limit}`,
    parameters,
  );
  return row?.count ?? 0;
}

/**
 * SQL for the columns of a resource. A key instead of a text comes with the size of the text, which PostgreSQL knows
 * without reading it.
 */
const exportColumnsSql = ({ unseen }: QuerySql, form: ContentForm, content: string): string =>
  [
    `r.type, r.id, ${content} as content`,
    ...(form === 'version' ? ['octet_length(r.content) as bytes'] : []),
    ...(unseen === undefined ? [] : [`${unseen} as unseen`]),
  ].join(', ');

/**
 * SQL that lists the ids of the patient records or directories to export, from the current position on. Some of the
 * records may have no resources to export. That is harmless, because the query for the resources tests each record
 * again.
 */
function compartmentsSql(
  { compartment, scope }: EnforcedQuery,
  { groupId, after }: Pick<ExportSlice, 'groupId' | 'after'>,
  bind: BindParameter,
) {
  if (scope?.kind !== 'practices') return 'select 0::int8 as home where false';
  const inGroup = groupId === undefined ? undefined : `g.group_id = ${bind(groupId)}`;
  if (compartment === 'practice') {
    const of = inGroup === undefined ? '' : ` join patient_group g on g.practice_id = p.practice_id and ${inGroup}`;
    return `select p.practice_id as home from practice p${of}
      where ${isOneOfSql('p.practice_id', scope.practiceIds, 'int', bind)} and p.practice_id >= ${bind(after.home)}
      order by p.practice_id`;
  }
  const where = [
    isOneOfSql('x.practice_id', scope.practiceIds, 'int', bind),
    "x.state = 'active'",
    `x.record_id >= ${bind(after.home)}::int8`,
    ...(scope.patientIds === undefined ? [] : [isOneOfSql('x.patient_id', scope.patientIds, 'uuid', bind)]),
  ];
  const of = inGroup === undefined ? '' : ` join patient_group g on ${inGroup} and ${IS_GROUP_MEMBER_SQL}`;
  return `select x.record_id as home from record x${of} where ${andSql(where)} order by x.record_id`;
}

/**
 * SQL predicate: the resource comes after the last one of the previous page, and changed in the requested period. In
 * the record where the previous page ended, only resources after its last one match; in later records, all resources
 * match. Both are tested by a single comparison, so that PostgreSQL reads one range of the primary key. With two
 * conditions joined by "or", it would read a record from its start.
 * @param from alias of the table
 */
function pageRangeSql(
  from: string,
  key: string,
  { since, after }: ExportSlice,
  until: string,
  bind: BindParameter,
): string {
  const current = bind(after.home);
  const boundSql = (inRecord: string, start: string, type: string) =>
    `case when w.home = ${current} then ${bind(inRecord)}::${type} else ${bind(start)}::${type} end`;
  return andSql([
    `${from}.${key} = w.home`,
    `${from}.last_updated <= ${until}`,
    ...(since === undefined ? [] : [`${from}.last_updated > ${bind(since)}`]),
    `(${from}.type, ${from}.id) > (${boundSql(after.type, FIRST_EXPORT_POSITION.type, 'text')}, ${boundSql(after.id, FIRST_EXPORT_POSITION.id, 'uuid')})`,
  ]);
}

interface SupersededOptions {
  readonly key: string;
  readonly until: string;
  readonly narrow: (from: string) => string;
  readonly content: ContentForm;
}

/**
 * SQL for the resources that have changed since the time of the export. For each of them, it selects the version that
 * was current at that time. A resource is selected only if the grant also allows reading its current version.
 */
function supersededVersionsSql(
  { compartment }: EnforcedQuery,
  past: QuerySql,
  querySql: QuerySql,
  { key, until, narrow, content }: SupersededOptions,
): string {
  const table = compartment === 'record' ? 'resource_history' : 'shared_resource_history';
  const same = (a: string, b: string) => `${a}.${key} = ${b}.${key} and ${a}.type = ${b}.type and ${a}.id = ${b}.id`;
  return `select h.type, h.id, h.content${content === 'version' ? ', h.bytes' : ''}${past.unseen === undefined ? '' : ', h.unseen'} from (
      select ${exportColumnsSql(past, content, past.content)}, r.${key}, r.version from ${past.from} where r.content is not null and ${past.where} and ${narrow('r')}) h
    where not exists (
        select 1 from ${table} n where ${same('n', 'h')} and n.version > h.version and n.last_updated <= ${until})
      and exists (
        select 1 from ${querySql.from} where ${querySql.where} and ${same('r', 'h')} and r.last_updated > ${until})`;
}
