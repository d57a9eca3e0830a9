import type { PartialTargetType, ProvenanceTargets } from '../../../authorization/access-filters.ts';
import type { ReferenceValue } from '../../../model/condition.ts';
import { andSql, type BindParameter, orSql, type SqlRows, safeJsonSql } from './sql.ts';

/**
 * Builds the SQL predicate that the access filters allow a target resource of a Provenance. The resource has the alias
 * `t`.
 */
export type TargetFilterSql = (target: SqlRows, some: PartialTargetType) => string;

/**
 * SQL predicate: a Provenance has at least one target that passes all tests.
 * @param targets the targets that the tests are about
 */
export function hasTargetSql(rows: SqlRows, targets: ProvenanceTargets, tests: readonly string[]): string {
  const { from, where } = targetListSql(rows, [targets]);
  return `exists (select 1 from ${from} where ${andSql([...where, ...tests])})`;
}

/** SQL after `from` that lists the targets of a Provenance as `named`, with its conditions. */
interface TargetListSql {
  readonly from: string;
  readonly where: readonly string[];
}

/**
 * Lists the targets of a Provenance. A target of a partial type is looked up in the same record. In several records, a
 * distributed database can do that for each target only if the list comes from a row of the record. So the key of the
 * Provenance is read again, as `own`.
 * @param targets the targets that the conditions are about
 * @param columns SQL for further columns about the Provenance, which are evaluated once and not for each target
 */
export function targetListSql(
  { alias, table = 'resource', recordSql }: SqlRows,
  targets: readonly ProvenanceTargets[],
  columns: readonly string[] = [],
): TargetListSql {
  const named = `(${targetsSql(alias)}) as named`;
  const looksUp = targets.some(({ partialTypes }) => partialTypes.length > 0);
  if (isParameter(recordSql) || !looksUp) {
    const once = columns.length === 0 ? '' : `(select ${columns.join(', ')} offset 0) as once cross join lateral `;
    return { from: `${once}${named}`, where: [] };
  }
  const keys = ['record_id', 'type', 'id', ...(table === 'resource' ? [] : ['version'])];
  const where = keys.map((key) => `own.${key} = ${alias}.${key}`);
  if (columns.length === 0) return { from: `${table} own cross join lateral ${named}`, where };
  // `group by` keeps PostgreSQL from evaluating the columns for each target.
  const once = `select own.record_id, ${columns.join(', ')} from ${table} own where ${andSql(where)} group by own.record_id`;
  return { from: `(${once}) as own cross join lateral ${named}`, where: [] };
}

const isParameter = (sql: string | undefined): sql is string => sql?.startsWith('$') === true;

/**
 * Search parameters of elements that a Provenance shows even if some of its targets are hidden; see `redactTargets`.
 * The parameter `target` isn't among them: `accessFilterSql` makes sure that it only finds visible targets.
 */
const ALWAYS_VISIBLE: ReadonlySet<string> = new Set([
  'agent',
  'agent-role',
  'agent-type',
  'location',
  'recorded',
  'when',
  '_tag',
  '_profile',
  '_security',
]);

/**
 * True if a Provenance shows the element of a search parameter even if some of its targets are hidden.
 * @param index name of a search index; it may have a suffix, as in `agent:identifier`
 */
export const isAlwaysVisible = (index: string): boolean => ALWAYS_VISIBLE.has(index.split(':', 1)[0] ?? '');

/**
 * SQL that lists each target of a Provenance as `named`: its reference, its type, and its position, counted from 1. It
 * also accepts a single target that isn't in an array. Citus 15 can't plan a function that is joined with another one,
 * unless it is in a subquery, and needs immutable ones, which `json_build_array` isn't.
 */
const targetsSql = (alias: string): string =>
  `select item ->> 'reference' as reference, item ->> 'type' as type, at
    from (select found from json_extract_path(${safeJsonSql(`${alias}.content`)}, 'target') as found) as list,
      json_array_elements(case json_typeof(found) when 'array' then found
        else coalesce('[' || found::text || ']', '[null]')::json end) with ordinality as target (item, at)`;

/**
 * SQL predicate: the client may see a target of a Provenance. The target must be a plain reference (`Type/id`). Either
 * its type may be read completely, or the access filters allow the resource. PostgreSQL parses the Provenance, so that
 * its content needn't be sent to the server for that.
 */
export function isVisibleTargetSql(
  rows: SqlRows,
  { fullTypes, partialTypes }: ProvenanceTargets,
  foundSql: TargetFilterSql,
): string {
  const types = fullTypes.length === 0 ? [] : [`${TARGET_TYPE} = any(${rows.bind(fullTypes)}::text[])`];
  const found = partialTypes.length === 0 ? [] : [passesFiltersSql(rows, partialTypes, foundSql)];
  return `${IS_PLAIN_REFERENCE} and (${orSql([...types, ...found])})`;
}

/**
 * SQL predicate: a target is a plain reference (`Type/id`), and its element `type`, if any, names the same type. FHIR
 * R4 §2.3 also allows references by URL, by identifier and to contained resources. Such a reference could mean a hidden
 * resource of the patient record, so these targets are never visible.
 */
const IS_PLAIN_REFERENCE = `named.reference ~ '^[A-Za-z]+/[A-Za-z0-9.-]+$'
  and coalesce(named.type = split_part(named.reference, '/', 1), true)`;
const TARGET_TYPE = `split_part(named.reference, '/', 1)`;
const TARGET_ID = `lower(split_part(named.reference, '/', 2))`;
const UUID_PATTERN = '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$';

/**
 * SQL predicate: a target is a resource of the patient record that the access filters allow. An id that isn't a UUID
 * can't be a stored resource. `is true` keeps PostgreSQL from turning the subquery into a join, and `any(array[…])` from
 * reading all resources of the type before: each would compare a target with every resource of the record.
 */
function passesFiltersSql(
  { recordSql: known, bind }: SqlRows,
  partialTypes: readonly PartialTargetType[],
  foundSql: TargetFilterSql,
): string {
  const recordSql = isParameter(known) ? known : 'own.record_id';
  const where = [
    `t.record_id = ${recordSql} and t.type = ${TARGET_TYPE}`,
    `t.id = any(array[case when ${TARGET_ID} ~ '${UUID_PATTERN}' then ${TARGET_ID}::uuid end])`,
    isAllowedSql({ alias: 't', recordSql, bind }, partialTypes, foundSql),
  ];
  return `(exists (select 1 from resource t where ${andSql(where)})) is true`;
}

/**
 * SQL predicate: the access filters of its type allow the resource. Types with the same filters are tested together.
 * Otherwise, a scope for all types would make the statement so long that a distributed database can't plan it in time.
 */
function isAllowedSql(
  target: Omit<SqlRows, 'type'>,
  partialTypes: readonly PartialTargetType[],
  foundSql: TargetFilterSql,
): string {
  const sameFilters = Map.groupBy(partialTypes, ({ type, projection, filters }) => {
    // The type decides in which column the values of a granular scope are.
    const isGranular = filters.some(({ granted }) => granted !== undefined);
    return JSON.stringify([isGranular ? type : '', projection, filters]);
  });
  const tests = [...sameFilters.values()].flatMap((group) => {
    const [one] = group;
    const types = target.bind(group.map(({ type }) => type));
    return one === undefined
      ? []
      : [andSql([`${target.alias}.type = any(${types}::text[])`, foundSql({ ...target, type: one.type }, one)])];
  });
  return orSql(tests);
}

/**
 * SQL predicate: the client may see a target of a Provenance that passes all tests. Targets of partial types are looked up
 * together, in one range of the primary key. That takes fewer lookups than to test target by target.
 * @param testsOf builds SQL predicates about the target `named`
 */
export function hasVisibleTargetSql(
  rows: SqlRows,
  { fullTypes, partialTypes }: ProvenanceTargets,
  testsOf: () => readonly string[],
  foundSql: TargetFilterSql,
): string {
  const { alias, recordSql = `${alias}.record_id`, bind } = rows;
  const listed = (types: readonly string[]) => {
    const where = [IS_PLAIN_REFERENCE, `${TARGET_TYPE} = any(${bind(types)}::text[])`, ...testsOf()];
    return `(${targetsSql(alias)}) as named where ${andSql(where)}`;
  };
  // Without any type, the predicate isn't the constant false, which a distributed database may not be able to run.
  const isFirst = fullTypes.length > 0 || partialTypes.length === 0;
  const visible = isFirst ? [`exists (select 1 from ${listed(fullTypes)})`] : [];
  const types = [...new Set(partialTypes.map(({ type }) => type))];
  if (types.length > 0) {
    const list = listed(types);
    const where = [
      `t.record_id = ${recordSql}`,
      `t.type = any(${bind(types)}::text[])`,
      `t.id = any(array(select case when ${TARGET_ID} ~ '${UUID_PATTERN}' then ${TARGET_ID}::uuid end from ${list}))`,
      // A resource of another type may have the id of a target.
      ...(types.length === 1
        ? []
        : [`t.type || '/' || t.id::text = any(array(select ${TARGET_TYPE} || '/' || ${TARGET_ID} from ${list}))`]),
      isAllowedSql({ alias: 't', recordSql, bind }, partialTypes, foundSql),
    ];
    visible.push(`(exists (select 1 from resource t where ${andSql(where)})) is true`);
  }
  return orSql(visible);
}

/**
 * SQL predicate: a target is one of the searched references. Searched values that don't have the form `Type/id` or `id`
 * are dropped. They can't match a visible target, and PostgreSQL might reject their text.
 */
export function isRequestedTargetSql(bind: BindParameter, values: readonly ReferenceValue[]): string {
  const plain = values.filter(({ type = '', id }) => /^[A-Za-z]*$/.test(type) && /^[A-Za-z0-9.-]+$/.test(id));
  const typed = plain.flatMap(({ type, id }) => (type === undefined ? [] : [`${type}/${id.toLowerCase()}`]));
  const ids = plain.flatMap(({ type, id }) => (type === undefined ? [id.toLowerCase()] : []));
  return `(${orSql([
    ...(typed.length === 0 ? [] : [`${TARGET_TYPE} || '/' || ${TARGET_ID} = any(${bind(typed)}::text[])`]),
    // A distributed database can't run the subquery with a condition that is constantly false.
    ...(ids.length === 0 && typed.length > 0 ? [] : [`${TARGET_ID} = any(${bind(ids)}::text[])`]),
  ])})`;
}
