import type { Executor } from '../../../database/index.ts';
import { isUnrestricted } from '../../authorization/access-filters.ts';
import type { EnforcedQuery } from '../../authorization/enforce.ts';
import type { VariantQuery } from '../../authorization/enforce-variants.ts';
import { hasLinks } from '../../authorization/enforced-link.ts';
import type { MainDatePosition } from '../../search/cursor.ts';
import type { ContentForm } from './contents/read-contents.ts';
import type { ResourceRow } from './result-rows.ts';
import { runQuery } from './run-query.ts';
import type { VariantMatch } from './search-variants.ts';
import { resultColumnsSql } from './sql/page-sql.ts';
import { buildQuerySql, MAX_PRACTICE_BRANCHES, type QuerySql } from './sql/query-sql.ts';
import { joinedRecordSource, oneRecordSource, recordsSource } from './sql/row-source.ts';
import { andSql, type BindParameter } from './sql/sql.ts';

/** An active record of a searched practice. */
export interface WalkedRecord {
  readonly recordId: number;
  readonly patientId: string;
  readonly practiceId: number;
}

interface FindInRecords {
  /** Number of matches after which the search stops. */
  readonly needed: number;
  /** True if few matches are expected, so that it is cheaper to read all records together. */
  readonly isSparse: boolean;
  /** Undefined to find the matches without their contents. */
  readonly content: ContentForm | undefined;
  /** Time since which the resources must have changed, in the text format of PostgreSQL. Undefined for all of them. */
  readonly changedSince: string | undefined;
  /** Resources up to this one in the order of the main date, newest first, are left out. */
  readonly before: MainDatePosition | undefined;
  /** Position of the last resource that was read. Resources of its patient up to it are left out. */
  readonly after: {
    readonly patientId: string;
    readonly practiceId: number;
    readonly id: string;
    readonly variantIndex?: number | undefined;
  };
}

/**
 * Finds the first matches in patient records, in the order of the records, the ids and the types. Each statement names
 * the records, so a distributed database asks only the nodes that have them. The caller has just read that they are
 * active, as in a search of one patient.
 * @param records if one has been read in part, the only one
 */
export async function findInRecords(
  db: Executor,
  variants: readonly VariantQuery[],
  records: readonly WalkedRecord[],
  request: FindInRecords,
): Promise<readonly VariantMatch[]> {
  const positions = new Map(records.map(({ recordId }, at) => [recordId, at]));
  const matches: (VariantMatch & { readonly at: number })[] = [];
  for (const [part, { query }] of variants.entries()) {
    for (const row of await findOfType(db, { query, part, records, ...request })) {
      const at = positions.get(row.home) ?? 0;
      const { patientId: position = '', practiceId: practice } = records[at] ?? {};
      matches.push({ ...row, part, at, position, ...(practice === undefined ? {} : { practice }) });
    }
  }
  matches.sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : a.id > b.id ? 1 : a.part - b.part));
  return matches.slice(0, request.needed).map(({ at, ...row }) => row);
}

async function findOfType(db: Executor, search: SearchInRecords): Promise<readonly ResourceRow[]> {
  const { query, records, needed, isSparse } = search;
  if (records.length === 1) return findInIndexOrder(db, search, needed);
  const isUnconditional = query.conditions.length === 0 && query.filters.some(isUnrestricted);
  if (isUnconditional || (isSparse && !hasLinks(query.conditions))) {
    const limit = 2 * needed;
    const rows = await findInIndexOrder(db, search, limit);
    if (rows.length < limit) return rows;
  }
  return records.length <= MAX_READ_ALONE ? findInEach(db, search) : findJoined(db, search);
}

/**
 * Most records that are read one by one. To find each record in a join costs as much as a part of its resources. If the
 * record is known, PostgreSQL also plans a chain or `_has` with the statistics of the searched codes.
 */
const MAX_READ_ALONE = 10;

async function findInEach(db: Executor, search: SearchInRecords): Promise<readonly ResourceRow[]> {
  const rows: ResourceRow[] = [];
  for (const record of search.records) {
    if (rows.length >= search.needed) break;
    rows.push(...(await findInIndexOrder(db, { ...search, records: [record] }, search.needed - rows.length)));
  }
  return rows;
}

interface SearchInRecords extends FindInRecords {
  readonly query: EnforcedQuery;
  /** Position of the query in the list of searched types. */
  readonly part: number;
  readonly records: readonly WalkedRecord[];
}

/**
 * Reads records through an index that begins with the record. In several records, the first matches by record id aren't
 * those of the first records of the list, so all matches have to be below the limit.
 */
async function findInIndexOrder(db: Executor, search: SearchInRecords, limit: number): Promise<readonly ResourceRow[]> {
  const { query, records } = search;
  const [only, ...others] = records;
  const isOne = only !== undefined && others.length === 0;
  const parameters: unknown[] = [];
  const bind: BindParameter = (value) => `$${parameters.push(value)}`;
  const source = buildQuerySql(query, {
    parameters,
    content: search.content,
    rowsFrom: () => (isOne ? oneRecordSource(query.scope, only, bind) : recordsSource(query.scope, records, bind)),
  });
  const where = [source.where, ...limitsSql(search, bind), ...(isOne ? afterSql(search, only, bind) : [])];
  const text = `select ${columnsSql(search, source)} from ${source.from} where ${andSql(where)}
    order by ${isOne ? 'r.id' : 'r.record_id, r.id'} limit ${bind(limit)}`;
  return runQuery<ResourceRow>(db, { parameters }, text);
}

/**
 * Searches each record in a subquery of its own, until there are enough matches. A chain or `_has` is followed once for
 * all resources of a record. The records are joined as those of their Patients, because a distributed database can't run
 * a subquery for each row of a local table. Each active record has its Patient.
 */
async function findJoined(db: Executor, search: SearchInRecords): Promise<readonly ResourceRow[]> {
  const rows: ResourceRow[] = [];
  const practiceIds = [...new Set(search.records.map(({ practiceId }) => practiceId))];
  for (let from = 0; from < practiceIds.length; from += MAX_PRACTICE_BRANCHES) {
    const some = new Set(practiceIds.slice(from, from + MAX_PRACTICE_BRANCHES));
    const records = search.records.filter(({ practiceId }) => some.has(practiceId));
    rows.push(...(await joinRecords(db, { ...search, records })));
  }
  return rows;
}

async function joinRecords(db: Executor, search: SearchInRecords): Promise<readonly ResourceRow[]> {
  const { query, records, needed } = search;
  const parameters: unknown[] = [];
  const bind: BindParameter = (value) => `$${parameters.push(value)}`;
  const ids = `${bind(records.map(({ recordId }) => recordId))}::int8[]`;
  const patients = `${bind(records.map(({ patientId }) => patientId))}::uuid[]`;
  const practices = `${bind(records.map(({ practiceId }) => practiceId))}::int4[]`;
  const at = `array_position(${ids}, p.record_id)`;
  const source = buildQuerySql(query, {
    parameters,
    content: search.content,
    rowsFrom: () => joinedRecordSource(query.scope, records, bind),
  });
  const text = `select m.* from (
      select p.record_id, p.id as patient_id, (${practices})[${at}] as practice_id, ${at} as at from resource p
      where p.record_id = any(${ids}) and p.type = 'Patient' and p.id = (${patients})[${at}] order by at) w
    cross join lateral (select ${columnsSql(search, source)} from ${source.from}
      where ${andSql([source.where, ...limitsSql(search, bind)])} order by r.id limit ${bind(needed)}) m
    order by w.at, m.id limit ${bind(needed)}`;
  return runQuery<ResourceRow>(db, { parameters }, text);
}

const columnsSql = ({ query, content }: SearchInRecords, source: QuerySql): string =>
  resultColumnsSql({ ...query, scope: undefined }, content === undefined ? { ...source, content: 'null' } : source);

const limitsSql = ({ changedSince, before }: SearchInRecords, bind: BindParameter): readonly string[] => [
  ...(changedSince === undefined ? [] : [`r.last_updated >= ${bind(changedSince)}::timestamptz`]),
  ...(before === undefined
    ? []
    : [
        `(r.sort_at, r.id) ${before.isShared ? '<=' : '<'} (${bind(before.position)}::timestamptz, ${bind(before.id)}::uuid)`,
      ]),
];

/** SQL predicates: the resource comes after the last one that was read, if that one is in this record. */
function afterSql({ after, part }: SearchInRecords, record: WalkedRecord, bind: BindParameter): readonly string[] {
  if (record.patientId !== after.patientId || record.practiceId !== after.practiceId) return [];
  const isIncluded = part > (after.variantIndex ?? 0);
  return [`r.id ${isIncluded ? '>=' : '>'} ${bind(after.id)}::uuid`];
}
