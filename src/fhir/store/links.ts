import type { Condition } from '../core/condition.ts';
import type { EnforcedCondition, EnforcedLink } from '../core/link.ts';
import { inUseSql } from './conditions.ts';
import { partsSql } from './parts.ts';
import { notHiddenSql } from './projected.ts';
import { allOf, anyOf, jsonSql } from './sql.ts';
import { linkToldSql, type Told, toldSql } from './told.ts';

/** Rows that links start from, and whose practice they are: its directory may be asked. */
export interface LinkedRows extends Told {
  /** SQL of the practice of a row. */
  readonly practice: string;
  /** Where rows are of few practices, these. With it what is referred to is looked for once at each, and not once for each row. */
  readonly practiceIds?: readonly number[] | undefined;
  /** SQL of its record. */
  readonly record: string;
  /** Whether all rows are of the same one. */
  readonly isOneRecord: boolean;
  /**
   * Of rows of directories: SQL that a practice is one of those that they are sought at. With it what refers to them is
   * found first, at all practices at once: it is looked at once, and not once for each row.
   */
  readonly atPractices?: ((column: string) => string) | undefined;
}

/** All that is asked of a row, links included. */
export function enforcedSql(rows: LinkedRows, condition: EnforcedCondition, depth = 1): string {
  if (condition.kind === 'alternatives') return anyOf(condition.of.map((one) => enforcedSql(rows, one, depth)));
  return condition.kind === 'linked' ? linkSql(rows, condition, depth) : toldSql(rows, condition);
}

/** A condition on the row itself. */
export const isPlain = (condition: EnforcedCondition): condition is Condition =>
  condition.kind !== 'linked' && condition.kind !== 'alternatives';

/**
 * That there is such a resource in the record of the row, or in the directory beside it, among those the grant allows and
 * the version shows. What is referred to is found first and looked for by the index of references.
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

/** At the practice that the rows name. */
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
    // Of one record what refers to its rows is looked at once, and the token of a row made once: a hash is dear.
    if (inRecord && rows.isOneRecord)
      return `${tokenSql(name, rows.alias)} in (select unnest(${alias}.codes) ${from} where ${allOf(where)})`;
    where.push(`${alias}.codes && array[${tokenSql(name, rows.alias)}]`);
    return `exists (select ${from} where ${allOf(where)})`;
  }
  return `${rows.alias}.codes && array(select ${tokenSql(name, alias)} ${from} where ${allOf(where)})`;
}

/** That a resource has no modifierExtension of its own: one of an element within changes the meaning of that alone. */
const unmodifiedSql = (alias: string): string =>
  `case when strpos(${alias}.content, '"modifierExtension"') = 0 then true
    else json_extract_path(${jsonSql(`${alias}.content`)}, 'modifierExtension') is null end`;

/** What `tokenOfReference` makes of a reference to the resource of a row. */
const tokenSql = (name: string, alias: string): string => `reference_token(${name}::text, ${alias}.type, ${alias}.id)`;
