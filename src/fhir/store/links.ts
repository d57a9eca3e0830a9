import type { Condition } from '../core/condition.ts';
import type { EnforcedCondition, EnforcedLink } from '../core/link.ts';
import { inUseSql } from './conditions.ts';
import { partsSql } from './parts.ts';
import { notHiddenSql } from './projected.ts';
import { allOf, anyOf, jsonSql } from './sql.ts';
import { linkToldSql, type Told, toldSql } from './told.ts';

/** The rows that a chain or `_has` starts from. */
export interface LinkedRows extends Told {
  /** SQL of the row's practice. */
  readonly practice: string;
  /**
   * The practices of the rows, if there are few. Referenced directory resources are then found once per practice and
   * not once per row.
   */
  readonly practiceIds?: readonly number[] | undefined;
  /** SQL of the row's record. */
  readonly record: string;
  /** Whether all rows belong to one record. */
  readonly isOneRecord: boolean;
  /**
   * For directory rows: builds an SQL predicate that restricts a practice column to the practices of the query.
   * Referring resources are then found once for all practices and not once per row.
   */
  readonly atPractices?: ((column: string) => string) | undefined;
}

/** SQL predicate of one condition, including linked resources. */
export function enforcedSql(rows: LinkedRows, condition: EnforcedCondition, depth = 1): string {
  if (condition.kind === 'alternatives') return anyOf(condition.of.map((one) => enforcedSql(rows, one, depth)));
  return condition.kind === 'linked' ? linkSql(rows, condition, depth) : toldSql(rows, condition);
}

/** Tells whether a condition concerns only the row itself. */
export const isPlain = (condition: EnforcedCondition): condition is Condition =>
  condition.kind !== 'linked' && condition.kind !== 'alternatives';

/**
 * SQL predicate: a linked resource exists in the row's record or its directory, is allowed by the grant and is not
 * hidden in the FHIR version. Referenced resources are selected first and then looked up through the reference index.
 */
function linkSql(rows: LinkedRows, link: EnforcedLink, depth: number): string {
  const { practiceIds, bind, practice } = rows;
  if (practiceIds === undefined || link.home !== 'practice' || link.direction === 'from')
    return linkAtSql(rows, link, depth);
  const atEach = practiceIds.map((id) => {
    const only = `${bind(id)}::int`;
    const sql = linkAtSql({ ...rows, practice: only, practiceIds: undefined }, link, depth);
    return practiceIds.length === 1 ? sql : allOf([`${practice} = ${only}`, sql]);
  });
  return anyOf(atEach);
}

/** Builds the predicate for the practice named by `rows.practice`. */
function linkAtSql(rows: LinkedRows, link: EnforcedLink, depth: number): string {
  const alias = `l${depth}`;
  const inRecord = link.home === 'record';
  const home = inRecord ? `${alias}.record_id` : `${alias}.practice_id`;
  const { bind, practice, record, isOneRecord } = rows;
  const other: LinkedRows = { alias, type: link.type, bind, practice, record, isOneRecord, home, parts: link.parts };
  const where = [
    `${home} = ${inRecord ? record : practice}`,
    `${alias}.type = ${rows.bind(link.type)}`,
    ...link.conditions.map((one) => enforcedSql(other, one, depth + 1)),
    ...partsSql(other, home, link.parts, link.conditions.filter(isPlain)),
    ...notHiddenSql({ alias, kept: link.home, projection: link.projection }, bind),
    ...(link.unmodified === true ? [unmodifiedSql(alias)] : []),
  ];
  const from = `from ${inRecord ? 'resource' : 'shared_resource'} ${alias}`;
  if (link.by.kind === 'compartment') {
    where.push(inUseSql(link.direction === 'to' ? alias : rows.alias, record));
    return `exists (select ${from} where ${allOf(where)})`;
  }
  const name = rows.bind(link.by.index);
  if (link.direction === 'from' && !inRecord && rows.atPractices !== undefined) {
    const among = allOf([rows.atPractices(`${alias}.practice_id`), ...where.slice(1)]);
    return `(${practice}, ${tokenSql(name, rows.alias)}) in (
      select ${alias}.practice_id, unnest(${alias}.codes) ${from} where ${among})`;
  }
  if (link.direction === 'from') {
    where.push(...linkToldSql(other, link.by.index));
    // In a single record, the referring resources are scanned once and the row's token is computed once, because
    // hashing is expensive.
    if (inRecord && rows.isOneRecord)
      return `${tokenSql(name, rows.alias)} in (select unnest(${alias}.codes) ${from} where ${allOf(where)})`;
    where.push(`${alias}.codes && array[${tokenSql(name, rows.alias)}]`);
    return `exists (select ${from} where ${allOf(where)})`;
  }
  return `${rows.alias}.codes && array(select ${tokenSql(name, alias)} ${from} where ${allOf(where)})`;
}

/**
 * FHIR R4 §2.6.1: the resource has no modifierExtension at its top level. A modifierExtension of an inner element
 * changes the meaning of that element only.
 */
const unmodifiedSql = (alias: string): string =>
  `case when strpos(${alias}.content, '"modifierExtension"') = 0 then true
    else json_extract_path(${jsonSql(`${alias}.content`)}, 'modifierExtension') is null end`;

/** SQL counterpart of `referenceToken`: the token of a reference to the row's resource. */
const tokenSql = (name: string, alias: string): string => `reference_token(${name}::text, ${alias}.type, ${alias}.id)`;
