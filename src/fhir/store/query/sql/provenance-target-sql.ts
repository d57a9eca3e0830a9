import type { PartialTargetType, ProvenanceTargets } from '../../../authorization/access-filters.ts';
import type { ReferenceValue } from '../../../model/condition.ts';
import { andSql, type BindParameter, orSql, type SqlRows, safeJsonSql } from './sql.ts';

/** Builds the SQL predicate, on alias `t`, that a target resource passes the access filters. */
export type TargetFilterSql = (target: SqlRows, some: PartialTargetType) => string;

/** SQL predicate: the row has at least one target that passes all tests. */
export const hasTargetSql = ({ alias }: SqlRows, tests: readonly string[]): string =>
  `exists (select from (${targetsSql(alias)}) as named where ${andSql(tests)})`;

/**
 * Parameters whose elements a Provenance shows even if some of its targets are hidden: see `redactTargets`.
 * Hidden entries of `target` itself are left out, which `accessFilterSql` takes care of.
 */
const ALWAYS_SHOWN: ReadonlySet<string> = new Set([
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
 * Tells whether the element behind a parameter is always shown.
 * @param index may have a suffix: `agent:identifier`
 */
export const isAlwaysShown = (index: string): boolean => ALWAYS_SHOWN.has(index.split(':', 1)[0] ?? '');

/**
 * SQL that lists each target as `named`: its reference, its type and its position, counted from 1. A target that isn't
 * in an array counts as well.
 */
export const targetsSql = (alias: string): string =>
  `select item ->> 'reference' as reference, item ->> 'type' as type, at
    from json_extract_path(${safeJsonSql(`${alias}.content`)}, 'target') as found,
      json_array_elements(case json_typeof(found) when 'array' then found else json_build_array(found) end)
        with ordinality as target (item, at)`;

/**
 * SQL predicate: the target is a plain reference and is either of a type that may be read completely or a resource that
 * passes the access filters. PostgreSQL parses the content, so that it needn't be transferred and parsed here.
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
 * SQL predicate: the reference is `Type/id`, with no contradicting type. FHIR R4 §2.3 also allows URLs, identifiers and
 * contained resources, for which it can't be ruled out that they point into the record.
 */
const IS_PLAIN_REFERENCE = `named.reference ~ '^[A-Za-z]+/[A-Za-z0-9.-]+$'
  and coalesce(named.type = split_part(named.reference, '/', 1), true)`;
const TARGET_TYPE = `split_part(named.reference, '/', 1)`;
const TARGET_ID = `lower(split_part(named.reference, '/', 2))`;
const UUID_PATTERN = '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$';

/**
 * A reference whose id isn't a UUID points to nothing. `offset 0` keeps PostgreSQL from turning the subquery into a
 * join, which would compare each target with every resource of the record.
 */
function passesFilterSql({ alias, bind }: SqlRows, one: PartialTargetType, foundSql: TargetFilterSql): string {
  const type = bind(one.type);
  const where = [
    `t.record_id = ${alias}.record_id and t.type = ${type}`,
    `t.id = case when ${TARGET_ID} ~ '${UUID_PATTERN}' then ${TARGET_ID}::uuid end`,
    foundSql({ alias: 't', type: one.type, bind }, one),
  ];
  return `${TARGET_TYPE} = ${type} and exists (select from resource t where ${andSql(where)} offset 0)`;
}

/**
 * SQL predicate: a plain target is one of the requested references. Requested values that aren't plain are dropped:
 * they can't match, and might be text that PostgreSQL rejects.
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
