import type { PartialTargetType, ProvenanceTargets } from '../../../authorization/access-filters.ts';
import type { ReferenceValue } from '../../../model/condition.ts';
import { andSql, type BindParameter, orSql, type SqlRows, safeJsonSql } from './sql.ts';

/**
 * Builds the SQL predicate that the access filters allow a target resource of a Provenance. The resource has the alias
 * `t`.
 */
export type TargetFilterSql = (target: SqlRows, some: PartialTargetType) => string;

/** SQL predicate: a Provenance has at least one target that passes all tests. */
export const hasTargetSql = ({ alias }: SqlRows, tests: readonly string[]): string =>
  `exists (select 1 from (${targetsSql(alias)}) as named where ${andSql(tests)})`;

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
 * also accepts a single target that isn't in an array.
 */
export const targetsSql = (alias: string): string =>
  `select item ->> 'reference' as reference, item ->> 'type' as type, at
    from json_extract_path(${safeJsonSql(`${alias}.content`)}, 'target') as found,
      json_array_elements(case json_typeof(found) when 'array' then found else json_build_array(found) end)
        with ordinality as target (item, at)`;

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
  return `${IS_PLAIN_REFERENCE} and (${orSql([...types, ...partialTypes.map((one) => passesFilterSql(rows, one, foundSql))])})`;
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
 * can't be a stored resource. `offset 0` keeps PostgreSQL from turning the subquery into a join, which would compare
 * each target with every resource of the record.
 */
function passesFilterSql(
  { alias, recordSql, bind }: SqlRows,
  one: PartialTargetType,
  foundSql: TargetFilterSql,
): string {
  const type = bind(one.type);
  const where = [
    `t.record_id = ${recordSql ?? `${alias}.record_id`} and t.type = ${type}`,
    `t.id = case when ${TARGET_ID} ~ '${UUID_PATTERN}' then ${TARGET_ID}::uuid end`,
    foundSql({ alias: 't', type: one.type, bind }, one),
  ];
  return `${TARGET_TYPE} = ${type} and exists (select 1 from resource t where ${andSql(where)} offset 0)`;
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
    ...(ids.length === 0 ? [] : [`${TARGET_ID} = any(${bind(ids)}::text[])`]),
  ])})`;
}
