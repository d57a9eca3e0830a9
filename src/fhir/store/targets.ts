import type { ReferenceValue } from '../core/condition.ts';
import type { About, Some } from '../core/parts.ts';
import { allOf, anyOf, type Bind, jsonSql, type Subject } from './sql.ts';

/** What of a target's own record may be found, in SQL about the alias `t`. */
export type FoundSql = (target: Subject, some: Some) => string;

/** That a row has a target of which all this holds. */
export const hasTargetSql = ({ alias }: Subject, tests: readonly string[]): string =>
  `exists (select from (${targetsSql(alias)}) as named where ${allOf(tests)})`;

/**
 * What a Provenance shows though not all of its targets are seen: see `withoutTargets`. Of `target` only what is seen, for
 * which `partsSql` sees.
 */
const SHOWN: ReadonlySet<string> = new Set([
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

/** Whether what a parameter finds is shown in any case. @param index may have a second part: `agent:identifier` */
export const isShown = (index: string): boolean => SHOWN.has(index.split(':', 1)[0] ?? '');

/** Of each target `named`: as it is written, and its place, from 1. One that stands in no list is a target all the same. */
export const targetsSql = (alias: string): string =>
  `select item ->> 'reference' as reference, item ->> 'type' as type, at
    from json_extract_path(${jsonSql(`${alias}.content`)}, 'target') as found,
      json_array_elements(case json_typeof(found) when 'array' then found else json_build_array(found) end)
        with ordinality as target (item, at)`;

/**
 * That a target is plain, and of a type that may be seen whole or among what may be found of it. PostgreSQL reads the
 * text, so that no answer need be read.
 */
export function isSeenSql(rows: Subject, { whole, some }: About, foundSql: FoundSql): string {
  const types = whole.length === 0 ? [] : [`${TYPE} = any(${rows.bind(whole)}::text[])`];
  return `${PLAIN} and (${anyOf([...types, ...some.map((one) => isFoundSql(rows, one, foundSql))])})`;
}

/**
 * `Type/id`, and no other type beside it. FHIR R4 §2.3 has addresses, identifiers and contained resources as well: of
 * these it can't be told that they are nothing of the record.
 */
const PLAIN = `named.reference ~ '^[A-Za-z]+/[A-Za-z0-9.-]+$'
  and coalesce(named.type = split_part(named.reference, '/', 1), true)`;
const TYPE = `split_part(named.reference, '/', 1)`;
const ID = `lower(split_part(named.reference, '/', 2))`;
const UUID = '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$';

/**
 * What is no id of ours names nothing. `offset 0` keeps PostgreSQL from making a join of it, which would try each target
 * with each resource of the record.
 */
function isFoundSql({ alias, bind }: Subject, one: Some, foundSql: FoundSql): string {
  const type = bind(one.type);
  const where = [
    `t.record_id = ${alias}.record_id and t.type = ${type}`,
    `t.id = case when ${ID} ~ '${UUID}' then ${ID}::uuid end`,
    foundSql({ alias: 't', type: one.type, bind }, one),
  ];
  return `${TYPE} = ${type} and exists (select from resource t where ${allOf(where)} offset 0)`;
}

/** That a plain target is one of these. What is not plain itself can't be, and may be text that PostgreSQL does not take. */
export function isNamedSql(bind: Bind, values: readonly ReferenceValue[]): string {
  const plain = values.filter(({ type = '', id }) => /^[A-Za-z]*$/.test(type) && /^[A-Za-z0-9.-]+$/.test(id));
  const typed = plain.flatMap(({ type, id }) => (type === undefined ? [] : [`${type}/${id.toLowerCase()}`]));
  const ids = plain.flatMap(({ type, id }) => (type === undefined ? [id.toLowerCase()] : []));
  return `(${anyOf([
    ...(typed.length === 0 ? [] : [`${TYPE} || '/' || ${ID} = any(${bind(typed)}::text[])`]),
    ...(ids.length === 0 ? [] : [`${ID} = any(${bind(ids)}::text[])`]),
  ])})`;
}
