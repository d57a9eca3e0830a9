import type { Condition } from '../core/condition.ts';
import type { Part } from '../core/parts.ts';
import { conditionSql } from './conditions.ts';
import { isTarget, unseenSql } from './parts.ts';
import { allOf, anyOf, type Subject } from './sql.ts';
import { isShown } from './targets.ts';

/** Rows that may be shown in part, and the access filters that decide which part. */
export interface Told extends Subject {
  /** SQL of the compartment id. */
  readonly home: string;
  readonly parts: readonly Part[];
}

/**
 * SQL predicate of a condition. A condition on an element that may be redacted only finds rows that are fully visible:
 * a search must not reveal what a read would hide.
 */
export function toldSql(rows: Told, condition: Condition): string {
  if (condition.kind === 'not') return `(${innerSql(rows, condition.of)}) is not true`;
  if (condition.kind === 'any') return anyOf(condition.of.map((one) => innerSql(rows, one)));
  if (condition.kind === 'all') return `(${allOf(condition.of.map((one) => innerSql(rows, one)))})`;
  const isSeen = !('index' in condition) || isShown(condition.index) || isTarget(condition);
  return allOf([conditionSql(rows, condition), ...(isSeen ? [] : wholeSql(rows))]);
}

/**
 * Inside not/any/all, the target condition is not restricted to visible targets, so require the whole row to be
 * visible.
 */
const innerSql = (rows: Told, condition: Condition): string =>
  isTarget(condition) ? allOf([conditionSql(rows, condition), ...wholeSql(rows)]) : toldSql(rows, condition);

/** A link through an element that may be redacted requires the row to be fully visible. */
export const linkToldSql = (rows: Told, index: string): readonly string[] =>
  index === 'target' || isShown(index) ? [] : wholeSql(rows);

function wholeSql(rows: Told): readonly string[] {
  const unseen = unseenSql(rows, rows.home, rows.parts);
  return unseen === undefined ? [] : [`cardinality(${unseen}) = 0`];
}
