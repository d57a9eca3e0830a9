import type { AccessFilter } from '../../../authorization/access-filters.ts';
import type { RowCondition } from '../../../model/condition.ts';
import { hiddenTargetsSql, isTargetCondition } from './access-filter-sql.ts';
import { conditionSql } from './condition-sql.ts';
import { isAlwaysVisible } from './provenance-target-sql.ts';
import { andSql, orSql, type SqlRows } from './sql.ts';

/**
 * Resources that the client may see in part, and the access filters that decide which part. Only a Provenance can be
 * visible in part.
 */
export interface RedactableRows extends SqlRows {
  /** SQL for the id of the resource's patient record or, for a directory type, practice. */
  readonly compartmentIdSql: string;
  readonly filters: readonly AccessFilter[];
}

/**
 * SQL predicate for a condition on one resource. If responses can leave out the searched element, only resources that
 * the client may see completely match. A search must not reveal what a read hides.
 */
export function redactableConditionSql(rows: RedactableRows, condition: RowCondition): string {
  if (condition.kind === 'not') return `(${nestedConditionSql(rows, condition.of)}) is not true`;
  if (condition.kind === 'any') return orSql(condition.of.map((one) => nestedConditionSql(rows, one)));
  if (condition.kind === 'all') return `(${andSql(condition.of.map((one) => nestedConditionSql(rows, one)))})`;
  const isSeen = !('index' in condition) || isAlwaysVisible(condition.index) || isTargetCondition(condition);
  return andSql([conditionSql(rows, condition), ...(isSeen ? [] : fullyVisibleSql(rows))]);
}

/**
 * SQL predicate for a condition inside a `not`, `any` or `all`. At the top level, a search by target finds only visible
 * targets. Nothing ensures that here, so the client must be allowed to see the resource completely.
 */
const nestedConditionSql = (rows: RedactableRows, condition: RowCondition): string =>
  isTargetCondition(condition)
    ? andSql([conditionSql(rows, condition), ...fullyVisibleSql(rows)])
    : redactableConditionSql(rows, condition);

/**
 * SQL predicates for a chain or `_has` through an element that responses can leave out: the client must be allowed to
 * see the resource completely.
 */
export const linkVisibilitySql = (rows: RedactableRows, index: string): readonly string[] =>
  index === 'target' || isAlwaysVisible(index) ? [] : fullyVisibleSql(rows);

function fullyVisibleSql(rows: RedactableRows): readonly string[] {
  const unseen = hiddenTargetsSql(rows, rows.compartmentIdSql, rows.filters);
  return unseen === undefined ? [] : [`cardinality(${unseen}) = 0`];
}
