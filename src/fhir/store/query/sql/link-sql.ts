import type { EnforcedCondition, EnforcedLink } from '../../../authorization/enforced-link.ts';
import type { RowCondition } from '../../../model/condition.ts';
import { accessFilterSql } from './access-filter-sql.ts';
import { isSurvivingPatientSql } from './condition-sql.ts';
import { notHiddenSql } from './projection-sql.ts';
import { linkVisibilitySql, type RedactableRows, redactableConditionSql } from './redaction-sql.ts';
import { andSql, orSql, safeJsonSql } from './sql.ts';

/** The rows that a chain or `_has` starts from. */
export interface LinkSource extends RedactableRows {
  /** SQL of the row's practice. */
  readonly practiceSql: string;
  /**
   * The practices of the rows, if there are few. Referenced directory resources are then found once per practice and
   * not once per row.
   */
  readonly practiceIds?: readonly number[] | undefined;
  /** SQL of the row's record. */
  readonly recordSql: string;
  /** Whether all rows belong to one record. */
  readonly isSingleRecord: boolean;
  /**
   * For directory rows: builds an SQL predicate that restricts a practice column to the practices of the query.
   * Referring resources are then found once for all practices and not once per row.
   */
  readonly practiceFilter?: ((column: string) => string) | undefined;
}

/** SQL predicate of one condition, including linked resources. */
export function enforcedConditionSql(rows: LinkSource, condition: EnforcedCondition, depth = 1): string {
  if (condition.kind === 'alternatives')
    return orSql(condition.of.map((one) => enforcedConditionSql(rows, one, depth)));
  return condition.kind === 'linked' ? linkSql(rows, condition, depth) : redactableConditionSql(rows, condition);
}

/** Tells whether a condition concerns only the row itself. */
export const isRowCondition = (condition: EnforcedCondition): condition is RowCondition =>
  condition.kind !== 'linked' && condition.kind !== 'alternatives';

/**
 * SQL predicate: a linked resource exists in the row's record or its directory, is allowed by the grant and is not
 * hidden in the FHIR version. Referenced resources are selected first and then looked up through the reference index.
 */
function linkSql(rows: LinkSource, link: EnforcedLink, depth: number): string {
  const { practiceIds, bind, practiceSql } = rows;
  if (practiceIds === undefined || link.compartment !== 'practice' || link.direction === 'from')
    return linkAtPracticeSql(rows, link, depth);
  const atEach = practiceIds.map((id) => {
    const only = `${bind(id)}::int`;
    const sql = linkAtPracticeSql({ ...rows, practiceSql: only, practiceIds: undefined }, link, depth);
    return practiceIds.length === 1 ? sql : andSql([`${practiceSql} = ${only}`, sql]);
  });
  return orSql(atEach);
}

/** Builds the predicate for the practice named by `rows.practice`. */
function linkAtPracticeSql(rows: LinkSource, link: EnforcedLink, depth: number): string {
  const alias = `l${depth}`;
  const inRecord = link.compartment === 'record';
  const home = inRecord ? `${alias}.record_id` : `${alias}.practice_id`;
  const { bind, practiceSql, recordSql, isSingleRecord } = rows;
  const other: LinkSource = {
    alias,
    type: link.type,
    bind,
    practiceSql,
    recordSql,
    isSingleRecord,
    compartmentIdSql: home,
    filters: link.filters,
  };
  const where = [
    `${home} = ${inRecord ? recordSql : practiceSql}`,
    `${alias}.type = ${rows.bind(link.type)}`,
    ...link.conditions.map((one) => enforcedConditionSql(other, one, depth + 1)),
    ...accessFilterSql(other, home, link.filters, link.conditions.filter(isRowCondition)),
    ...notHiddenSql({ alias, compartment: link.compartment, projection: link.projection }, bind),
    ...(link.unmodified === true ? [unmodifiedSql(alias)] : []),
  ];
  const from = `from ${inRecord ? 'resource' : 'shared_resource'} ${alias}`;
  if (link.by.kind === 'compartment') {
    where.push(isSurvivingPatientSql(link.direction === 'to' ? alias : rows.alias, recordSql));
    return `exists (select ${from} where ${andSql(where)})`;
  }
  const name = rows.bind(link.by.index);
  if (link.direction === 'from' && !inRecord && rows.practiceFilter !== undefined) {
    const among = andSql([rows.practiceFilter(`${alias}.practice_id`), ...where.slice(1)]);
    return `(${practiceSql}, ${rowReferenceTokenSql(name, rows.alias)}) in (
      select ${alias}.practice_id, unnest(${alias}.codes) ${from} where ${among})`;
  }
  if (link.direction === 'from') {
    where.push(...linkVisibilitySql(other, link.by.index));
    // In a single record, the referring resources are scanned once and the row's token is computed once, because
    // hashing is expensive.
    if (inRecord && rows.isSingleRecord)
      return `${rowReferenceTokenSql(name, rows.alias)} in (select unnest(${alias}.codes) ${from} where ${andSql(where)})`;
    where.push(`${alias}.codes && array[${rowReferenceTokenSql(name, rows.alias)}]`);
    return `exists (select ${from} where ${andSql(where)})`;
  }
  return `${rows.alias}.codes && array(select ${rowReferenceTokenSql(name, alias)} ${from} where ${andSql(where)})`;
}

/**
 * FHIR R4 §2.6.1: the resource has no modifierExtension at its top level. A modifierExtension of an inner element
 * changes the meaning of that element only.
 */
const unmodifiedSql = (alias: string): string =>
  `case when strpos(${alias}.content, '"modifierExtension"') = 0 then true
    else json_extract_path(${safeJsonSql(`${alias}.content`)}, 'modifierExtension') is null end`;

/** SQL counterpart of `referenceToken`: the token of a reference to the row's resource. */
const rowReferenceTokenSql = (name: string, alias: string): string =>
  `reference_token(${name}::text, ${alias}.type, ${alias}.id)`;
