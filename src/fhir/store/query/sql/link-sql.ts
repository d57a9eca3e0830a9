import type { EnforcedCondition, EnforcedLink } from '../../../authorization/enforced-link.ts';
import type { RowCondition } from '../../../model/condition.ts';
import { accessFilterSql } from './access-filter-sql.ts';
import { notHiddenSql } from './projection-sql.ts';
import { linkVisibilitySql, type RedactableRows, redactableConditionSql } from './redaction-sql.ts';
import { andSql, orSql, safeJsonSql } from './sql.ts';

/** The resources that a chain or `_has` starts from. */
export interface LinkSource extends RedactableRows {
  readonly isSurviving: (alias: string) => string;
  /** SQL for the practice of the resource. */
  readonly practiceSql: string;
  /**
   * Ids of the practices to which the resources belong, if there are only a few practices. A chain to resources of a
   * directory is then evaluated once for each practice. If undefined, the chain is evaluated for each resource.
   */
  readonly practiceIds?: readonly number[] | undefined;
  readonly recordSql: string;
  /** True if all resources belong to one patient record. */
  readonly isSingleRecord: boolean;
  /**
   * Only for resources of a directory: builds the SQL predicate that limits a practice column to the practices of the
   * query. With it, a `_has` is evaluated once for all practices and not for each resource.
   */
  readonly practiceFilter?: ((column: string) => string) | undefined;
}

/** SQL predicate for one condition of a query, including chains and `_has`. */
export function enforcedConditionSql(rows: LinkSource, condition: EnforcedCondition, depth = 1): string {
  if (condition.kind === 'alternatives')
    return orSql(condition.of.map((one) => enforcedConditionSql(rows, one, depth)));
  return condition.kind === 'linked' ? linkSql(rows, condition, depth) : redactableConditionSql(rows, condition);
}

/** True if a condition concerns only the searched resource itself, so that it isn't a chain or `_has`. */
export const isRowCondition = (condition: EnforcedCondition): condition is RowCondition =>
  condition.kind !== 'linked' && condition.kind !== 'alternatives';

/**
 * SQL predicate for a chain or `_has`: the other resource exists in the same patient record or in the practice's
 * directory, the grant allows it, and the FHIR version shows it. A chain first selects the other resources, and then
 * finds the resources that refer to them through the database index on references.
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

/** SQL predicate for a chain or `_has` at the practice that `rows.practiceSql` names. */
function linkAtPracticeSql(rows: LinkSource, link: EnforcedLink, depth: number): string {
  const alias = `l${depth}`;
  const inRecord = link.compartment === 'record';
  const home = inRecord ? `${alias}.record_id` : `${alias}.practice_id`;
  const { bind, isSurviving, practiceSql, recordSql, isSingleRecord } = rows;
  const other: LinkSource = {
    alias,
    type: link.type,
    bind,
    isSurviving,
    practiceSql,
    practiceIds: rows.practiceIds,
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
    ...notHiddenSql(
      { alias, compartment: link.compartment, projection: link.projection, home: inRecord ? recordSql : home },
      bind,
    ),
    ...(link.unmodified === true ? [unmodifiedSql(alias)] : []),
  ];
  const from = `from ${inRecord ? 'resource' : 'shared_resource'} ${alias}`;
  if (link.by.kind === 'compartment') {
    where.push(isSurviving(link.direction === 'to' ? alias : rows.alias));
    return `exists (select 1 ${from} where ${andSql(where)})`;
  }
  const name = rows.bind(link.by.index);
  if (link.direction === 'from' && !inRecord && rows.practiceFilter !== undefined) {
    const among = andSql([rows.practiceFilter(`${alias}.practice_id`), ...where.slice(1)]);
    return `(${practiceSql}, ${rowReferenceTokenSql(name, rows.alias)}) in (
      select ${alias}.practice_id, unnest(${alias}.codes) ${from} where ${among})`;
  }
  if (link.direction === 'from') {
    where.push(...linkVisibilitySql(other, link.by.index));
    // In a single patient record, the references of all referring resources are read once, and the index hash of each
    // searched resource is computed once. Computing the hash for each pair of resources would be expensive.
    if (inRecord && rows.isSingleRecord)
      return `${rowReferenceTokenSql(name, rows.alias)} in (select unnest(${alias}.codes) ${from} where ${andSql(where)})`;
    where.push(`${alias}.codes && array[${rowReferenceTokenSql(name, rows.alias)}]`);
    return `exists (select 1 ${from} where ${andSql(where)})`;
  }
  return `${rows.alias}.codes && array(select ${rowReferenceTokenSql(name, alias)} ${from} where ${andSql(where)})`;
}

/**
 * SQL predicate: a resource has no modifierExtension at its top level, which could change the meaning of the resource
 * (FHIR R4 §2.6.1). A modifierExtension further inside changes only the meaning of the element that has it.
 */
const unmodifiedSql = (alias: string): string =>
  `case when strpos(${alias}.content, '"modifierExtension"') = 0 then true
    else json_extract_path(${safeJsonSql(`${alias}.content`)}, 'modifierExtension') is null end`;

/**
 * SQL for the hash by which the search index stores references to a resource. It has the same value as `referenceToken`
 * in TypeScript.
 */
const rowReferenceTokenSql = (name: string, alias: string): string =>
  `reference_token(${name}::text, ${alias}.type, ${alias}.id)`;
