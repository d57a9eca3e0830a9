import type { Executor } from '../../../database/index.ts';
import type { EnforcedQuery } from '../../authorization/enforce.ts';
import { hasLinks } from '../../authorization/enforced-link.ts';
import { IS_GROUP_MEMBER_SQL } from '../../groups/group-store.ts';
import { type ContentForm, type ReadDatabase, type RowToFill, readContents } from './contents/read-contents.ts';
import { runQuery } from './run-query.ts';
import type { ResourceRow } from './search.ts';
import { buildQuerySql, MAX_PRACTICE_BRANCHES, type QuerySql } from './sql/query-sql.ts';
import type { RecordOwner, RowSource } from './sql/row-source.ts';
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
  readonly size: ExportPageSize;
}

/** Limits of a page. The caller gets them from `nextPageSize`, which estimates what fits on the page. */
export interface ExportPageSize {
  /** Maximum number of resources to read. Resources beyond those that fit would be read in vain. */
  readonly maxResources: number;
  /** Maximum number of patient records or directories to read from. */
  readonly maxCompartments: number;
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
/**
 * Maximum number of patient records on an export page. It limits the work for a page if few resources match the export,
 * for example because few have changed since the last one.
 */
export const MAX_PAGE_COMPARTMENTS = 2000;
export const FIRST_PAGE_SIZE: ExportPageSize = { maxResources: MAX_PAGE_RESOURCES, maxCompartments: 500 };

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
  /** Number of patient records or directories from which the page was read. */
  readonly compartments: number;
  /** How many of them have no resources left for the next page. */
  readonly completed: number;
  /** Where the next page begins. Undefined if this is the last page of the query. */
  readonly next: ExportPosition | undefined;
}

/**
 * Fetches the next page of an export. A resource that changed after the time of the export is returned in the version
 * that was current at that time. The records or directories are read one after the other in the order of the primary
 * key, so the cost of a page doesn't depend on its position.
 * @param runSelect runs the two statements of the page on the primary, in one transaction with one snapshot
 */
export async function fetchExportPage(
  db: ReadDatabase,
  query: EnforcedQuery,
  slice: ExportSlice,
  options: ExportPageOptions,
  runSelect: <Result>(select: (tx: Executor) => Promise<Result>) => Promise<Result> = (select) => select(db),
): Promise<ExportPage> {
  const { page, lines } = await readContents(db, {
    most: options.size.maxResources,
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
  options: ExportPageOptions,
  content: ContentForm,
): Promise<SelectedPage> {
  const found = await selectCompartments(db, query, slice, options.size);
  const compartments = withFewPractices(query, found);
  const areAll = compartments.length === found.length && found.length < options.size.maxCompartments;
  const { rows, lines, bytes, isFull } = await selectRows(db, query, { slice, options, content, compartments });
  const next = isFull ? positionOf(rows) : areAll ? undefined : positionAfter(compartments);
  const completed =
    next === undefined ? compartments.length : compartments.filter(({ home }) => home < next.home).length;
  const page = { rows, lines, bytes, compartments: compartments.length, completed, next };
  return content === 'version' ? { page, lines: rows.map(parseLines) } : { page };
}

function positionOf(rows: readonly ExportRow[]): ExportPosition | undefined {
  const row = rows.at(-1);
  return row && { home: row.home, type: row.type, id: row.id };
}

function positionAfter(compartments: readonly Compartment[]): ExportPosition | undefined {
  const last = compartments.at(-1);
  return last && { ...FIRST_EXPORT_POSITION, home: last.home + 1 };
}

/** A patient record or, for resources of a practice's directory, a practice. */
interface Compartment {
  readonly home: number;
  readonly practice: number;
  /** Undefined for a directory. */
  readonly patient?: string;
}

/**
 * Selects the patient records or directories of a page, with a statement of its own. A distributed database can't read
 * the resources of each record in a join with the table of records, which only the coordinator has. It finds the nodes
 * of the resources from a list of records.
 */
function selectCompartments(
  db: Executor,
  query: EnforcedQuery,
  slice: ExportSlice,
  { maxCompartments }: ExportPageSize,
): Promise<readonly Compartment[]> {
  const parameters: unknown[] = [];
  const bind: BindParameter = (value) => `$${parameters.push(value)}`;
  const text = `${compartmentsSql(query, slice, bind)} limit ${bind(maxCompartments)}`;
  return runQuery<Compartment>(db, { parameters }, text);
}

/**
 * Returns the first compartments, of as many practices as a chain to a directory can have in one statement. With more, it
 * would look up each resource, which a distributed database can't.
 */
function withFewPractices(query: EnforcedQuery, compartments: readonly Compartment[]): readonly Compartment[] {
  if (!hasLinks(query.conditions)) return compartments;
  const practices = new Set<number>();
  const end = compartments.findIndex(({ practice }) => practices.add(practice).size > MAX_PRACTICE_BRANCHES);
  return end < 0 ? compartments : compartments.slice(0, end);
}

interface RowSelection {
  readonly slice: ExportSlice;
  readonly options: ExportPageOptions;
  readonly content: ContentForm;
  readonly compartments: readonly Compartment[];
}

interface SelectedRows extends Pick<ExportPage, 'rows' | 'lines' | 'bytes'> {
  /** True if there may be more resources in these compartments. */
  readonly isFull: boolean;
}

const NO_ROWS: SelectedRows = { rows: [], lines: 0, bytes: 0, isFull: false };

/**
 * Selects the resources of a page. The record in which the previous page ended has a range of its own, so that
 * PostgreSQL reads it from there. From each range, at most as many resources are read as fit on one page.
 */
async function selectRows(db: Executor, query: EnforcedQuery, selection: RowSelection): Promise<SelectedRows> {
  const { slice, options, content, compartments } = selection;
  if (compartments.length === 0) return NO_ROWS;
  const { maxResources } = options.size;
  const parameters: unknown[] = [];
  const bind: BindParameter = (value) => `$${parameters.push(value)}`;
  const of = { parameters, types: [query.type, ...(query.otherTypes ?? [])] };
  const owner = recordOwner(query, compartments, bind);
  const [until, limit] = [bind(slice.until), bind(maxResources)];
  const key = query.compartment === 'record' ? 'record_id' : 'practice_id';
  let isRedacted = false;
  const branches = pageRanges(compartments, slice.after, bind).flatMap((range): readonly string[] => {
    const source = { ...of, rowsFrom: () => rangeSource(query, key, range.inScope, owner) };
    const current = buildQuerySql(query, { ...source, content });
    const past = buildQuerySql(query, { ...source, rowsFrom: () => historySource(query, key, range.inScope, owner) });
    const counted = buildQuerySql(query, { ...source, counting: true });
    isRedacted = current.unseen !== undefined;
    const text = content === 'version' ? `r.id || ' ' || ${current.content}` : current.content;
    const narrow = andSql([...range.start, ...periodSql(slice, until, bind)]);
    const first = (rows: string) => `(${rows} order by home, type, id limit ${limit})`;
    return [
      first(
        `select ${exportColumnsSql(current, content, text, key)} from ${current.from} where ${current.where} and ${narrow}`,
      ),
      first(supersededVersionsSql(query, past, counted, { key, until, narrow, content })),
    ];
  });
  const columns = ['p.home', 'p.type', ...(options.onePerRow || isRedacted ? ['p.id'] : [])].join(', ');
  const bytes = (from: string) => (content === 'version' ? `${from}.bytes` : `octet_length(${from}.content)`);
  const text = `select ${columns}, max(p.id::text collate "C") as id, count(*)::int4 as lines,
      string_agg(p.content, E'\n') as content, max(p.upto)::int8 as upto${isRedacted ? ', p.unseen' : ''}
    from (
      select q.*, sum(${bytes('q')}) over (order by q.home, q.type, q.id rows unbounded preceding) as upto from (
        ${branches.join(' union all ')} order by home, type, id limit ${limit}) q) p
    where p.upto - ${bytes('p')} < ${bind(MAX_PAGE_BYTES)}
    group by ${columns}${isRedacted ? ', p.unseen' : ''} order by ${columns}`;
  const rows = await runQuery<ExportRow & { readonly upto: number }>(db, { parameters }, text);
  const lines = rows.reduce((sum, row) => sum + row.lines, 0);
  const size = rows.reduce((sum, { upto }) => Math.max(sum, upto), 0);
  return { rows, lines, bytes: size, isFull: lines >= maxResources || size >= MAX_PAGE_BYTES };
}

/** Resources of a page that PostgreSQL reads in the order of the primary key. */
interface PageRange {
  /** SQL predicate: the resource is in one of the patient records or directories of the range. @param column its key */
  readonly inScope: (column: string) => string;
  /** SQL predicates: the resource comes after the last one of the previous page. */
  readonly start: readonly string[];
}

function pageRanges(
  compartments: readonly Compartment[],
  after: ExportPosition,
  bind: BindParameter,
): readonly PageRange[] {
  const homes = compartments.map(({ home }) => home);
  const whole = after.type === FIRST_EXPORT_POSITION.type ? homes : homes.filter((home) => home !== after.home);
  const ranges: PageRange[] = [];
  if (whole.length < homes.length) {
    const home = bind(after.home);
    const start = [`(r.type, r.id) > (${bind(after.type)}::text, ${bind(after.id)}::uuid)`];
    ranges.push({ inScope: (column) => `${column} = ${home}`, start });
  }
  if (whole.length > 0) {
    const list = bind(whole);
    ranges.push({ inScope: (column) => `${column} = any(${list}::int8[])`, start: [] });
  }
  return ranges;
}

/** The resources of a range. Its patient records or directories were selected by the scope of the query. */
const rangeSource = (
  { compartment }: EnforcedQuery,
  key: string,
  inScope: PageRange['inScope'],
  owner: KnownOwner | undefined,
): RowSource => ({
  table: compartment === 'record' ? 'resource r' : 'shared_resource r',
  home: `r.${key}`,
  record: 'r.record_id',
  practice: undefined,
  ...(owner && { owner }),
  // Not each condition needs the values, and PostgreSQL rejects a parameter that the SQL doesn't mention.
  inScope: andSql([inScope(`r.${key}`), ...(owner === undefined ? [] : [`${owner.values}::jsonb is not null`])]),
});

/** Earlier versions of the resources of a range, in a table with the same columns. */
const historySource = (...range: Parameters<typeof rangeSource>): RowSource => {
  const source = rangeSource(...range);
  return { ...source, table: source.table.replace(/ r$/, '_history r') };
};

interface KnownOwner extends RecordOwner {
  /** Parameter with the practice and the patient of each record. */
  readonly values: string;
}

/**
 * The practice and the patient of each record, for a query with chains or `_has`. A distributed
 * database can't look up the record of each resource.
 */
function recordOwner(
  query: EnforcedQuery,
  compartments: readonly Compartment[],
  bind: BindParameter,
): KnownOwner | undefined {
  if (query.compartment !== 'record' || !hasLinks(query.conditions)) return undefined;
  const byRecord = compartments.map(({ home, practice, patient }) => [home, { practice, patient }] as const);
  const values = bind(JSON.stringify(Object.fromEntries(byRecord)));
  const known = `(${values}::jsonb -> r.record_id::text)`;
  return {
    values,
    isSurviving: (alias) => `${alias}.id = (${known} ->> 'patient')::uuid`,
    practice: `(${known} ->> 'practice')::int`,
    practiceIds: [...new Set(compartments.map(({ practice }) => practice))],
  };
}

/**
 * Estimates how many resources fill the next page, and how many patient records have them, from those of the previous
 * page. More are added, so that pages are usually full.
 */
export function nextPageSize({
  lines,
  bytes,
  compartments,
}: Pick<ExportPage, 'lines' | 'bytes' | 'compartments'>): ExportPageSize {
  const full = Math.ceil((1.1 * MAX_PAGE_BYTES * lines) / Math.max(bytes, 1));
  const maxResources = Math.min(MAX_PAGE_RESOURCES, Math.max(MIN_PAGE_RESOURCES, full));
  const maxCompartments = 1 + Math.ceil((1.5 * maxResources * compartments) / Math.max(lines, 1));
  return { maxResources, maxCompartments: Math.min(MAX_PAGE_COMPARTMENTS, maxCompartments) };
}

/** Counts the patient records (or directories) that an export still has to read, including the one of the position. */
export async function countCompartments(
  db: Executor,
  query: EnforcedQuery,
  slice: Pick<ExportSlice, 'groupId' | 'after'>,
): Promise<number> {
  const parameters: unknown[] = [];
  const bind: BindParameter = (value) => `$${parameters.push(value)}`;
  const homes = compartmentsSql(query, slice, bind);
  const [row] = await db.queryText<{ count: number }>(`select count(*)::int4 as count from (${homes}) w`, parameters);
  return row?.count ?? 0;
}

/**
 * SQL for the columns of a resource. A key instead of a text comes with the size of the text, which PostgreSQL knows
 * without reading it.
 */
const exportColumnsSql = ({ unseen }: QuerySql, form: ContentForm, content: string, key: string): string =>
  [
    `r.${key}::int8 as home, r.type, r.id, ${content} as content`,
    ...(form === 'version' ? ['octet_length(r.content) as bytes'] : []),
    ...(unseen === undefined ? [] : [`${unseen} as unseen`]),
  ].join(', ');

/** SQL that lists the patient records or directories to export, from the current position on. */
function compartmentsSql(
  { compartment, scope }: EnforcedQuery,
  { groupId, after }: Pick<ExportSlice, 'groupId' | 'after'>,
  bind: BindParameter,
) {
  if (scope?.kind !== 'practices') return 'select 0::int8 as home, 0 as practice where false';
  const inGroup = groupId === undefined ? undefined : `g.group_id = ${bind(groupId)}`;
  if (compartment === 'practice') {
    const of = inGroup === undefined ? '' : ` join patient_group g on g.practice_id = p.practice_id and ${inGroup}`;
    return `select p.practice_id::int8 as home, p.practice_id as practice from practice p${of}
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
  return `select x.record_id as home, x.practice_id as practice, x.patient_id as patient from record x${of}
    where ${andSql(where)} order by x.record_id`;
}

/** SQL predicates: the resource changed in the requested period. */
const periodSql = ({ since }: ExportSlice, until: string, bind: BindParameter): readonly string[] => [
  `r.last_updated <= ${until}`,
  ...(since === undefined ? [] : [`r.last_updated > ${bind(since)}`]),
];

interface SupersededOptions {
  readonly key: string;
  readonly until: string;
  /** SQL predicate that limits the versions. */
  readonly narrow: string;
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
  return `select h.home, h.type, h.id, h.content${content === 'version' ? ', h.bytes' : ''}${past.unseen === undefined ? '' : ', h.unseen'} from (
      select ${exportColumnsSql(past, content, past.content, key)}, r.${key}, r.version from ${past.from} where r.content is not null and ${past.where} and ${narrow}) h
    where not exists (
        select 1 from ${table} n where ${same('n', 'h')} and n.version > h.version and n.last_updated <= ${until})
      and exists (
        select 1 from ${querySql.from} where ${querySql.where} and ${same('r', 'h')} and r.last_updated > ${until})`;
}
