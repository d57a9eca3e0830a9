import type { AccessFilter } from '../../../authorization/access-filters.ts';
import type { RowCondition } from '../../../model/condition.ts';
import { hiddenTargetsSql, isTargetCondition } from './access-filter-sql.ts';
import { conditionSql } from './condition-sql.ts';
import { isAlwaysShown } from './provenance-target-sql.ts';
import { andSql, orSql, type SqlRows } from './sql.ts';

/** Rows that may be shown in part, and the access filters that decide which part. */
export interface RedactableRows extends SqlRows {
  /** SQL of the compartment id. */
  readonly compartmentIdSql: string;
  readonly filters: readonly AccessFilter[];
}

/**
 * SQL predicate of a condition. A condition on an element that may be redacted only finds rows that are fully visible:
 * a search must not reveal what a read would hide.
 */
export function redactableConditionSql(rows: RedactableRows, condition: RowCondition): string {
  if (condition.kind === 'not') return `(${nestedConditionSql(rows, condition.of)}) is not true`;
  if (condition.kind === 'any') return orSql(condition.of.map((one) => nestedConditionSql(rows, one)));
  if (condition.kind === 'all') return `(${andSql(condition.of.map((one) => nestedConditionSql(rows, one)))})`;
  const isSeen = !('index' in condition) || isAlwaysShown(condition.index) || isTargetCondition(condition);
  return andSql([conditionSql(rows, condition), ...(isSeen ? [] : fullyVisibleSql(rows))]);
}

/**
 * Inside not/any/all, the target condition is not restricted to visible targets, so require the whole row to be
 * visible.
 */
const nestedConditionSql = (rows: RedactableRows, condition: RowCondition): string =>
  isTargetCondition(condition)
    ? andSql([conditionSql(rows, condition), ...fullyVisibleSql(rows)])
    : redactableConditionSql(rows, condition);

/** A link through an element that may be redacted requires the row to be fully visible. */
export const linkVisibilitySql = (rows: RedactableRows, index: string): readonly string[] =>
  index === 'target' || isAlwaysShown(index) ? [] : fullyVisibleSql(rows);

function fullyVisibleSql(rows: RedactableRows): readonly string[] {
  const unseen = hiddenTargetsSql(rows, rows.compartmentIdSql, rows.filters);
  return unseen === undefined ? [] : [`cardinality(${unseen}) = 0`];
}
