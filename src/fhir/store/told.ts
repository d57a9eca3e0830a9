import type { Condition } from '../core/condition.ts';
import type { Part } from '../core/parts.ts';
import { conditionSql } from './conditions.ts';
import { isTarget, unseenSql } from './parts.ts';
import { allOf, anyOf, type Subject } from './sql.ts';
import { isShown } from './targets.ts';

/** Rows of which a part may be left out, and what may be seen of them. */
export interface Told extends Subject {
  /** SQL of whose they are. */
  readonly home: string;
  readonly parts: readonly Part[];
}

/** A condition on what is left out of a row finds only rows that are shown whole: a search must not tell what a read does not. */
export function toldSql(rows: Told, condition: Condition): string {
  if (condition.kind === 'not') return `(${innerSql(rows, condition.of)}) is not true`;
  if (condition.kind === 'any') return anyOf(condition.of.map((one) => innerSql(rows, one)));
  if (condition.kind === 'all') return `(${allOf(condition.of.map((one) => innerSql(rows, one)))})`;
  const isSeen = !('index' in condition) || isShown(condition.index) || isTarget(condition);
  return allOf([conditionSql(rows, condition), ...(isSeen ? [] : wholeSql(rows))]);
}

/** Within others nobody sees to it that a target is one that is seen. */
const innerSql = (rows: Told, condition: Condition): string =>
  isTarget(condition) ? allOf([conditionSql(rows, condition), ...wholeSql(rows)]) : toldSql(rows, condition);

/** That a row is shown whole, where its link by this parameter is left out otherwise. */
export const linkToldSql = (rows: Told, index: string): readonly string[] =>
  index === 'target' || isShown(index) ? [] : wholeSql(rows);

function wholeSql(rows: Told): readonly string[] {
  const unseen = unseenSql(rows, rows.home, rows.parts);
  return unseen === undefined ? [] : [`cardinality(${unseen}) = 0`];
}
