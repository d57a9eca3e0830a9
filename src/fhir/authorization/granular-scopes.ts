import { Problem } from '../../kernel/index.ts';
import type { RowCondition } from '../model/condition.ts';
import type { SearchContext } from '../search/search-context.ts';
import { readSearchCriterion } from '../search/search-criteria.ts';
import { type ConditionGroup, mergeConditionGroups } from './merge-condition-groups.ts';

/** Alternatives, one of which must hold entirely. Undefined means no limit, and an empty list allows nothing. */
export type GranularFilter = readonly ConditionGroup[] | undefined;

/**
 * Reads the queries of granular scopes (SMART App Launch 2.2 §3.0.2.5). A scope with a parameter that can't be applied
 * grants nothing, because it must not grant more than it says.
 */
export function readGranularFilter(queries: readonly string[], context: SearchContext): GranularFilter {
  if (queries.length === 0) return undefined;
  return mergeConditionGroups(
    queries.map((query) => readGranularScope(query, context)).filter((one) => one !== undefined),
  );
}

/** Maximum conditions of one scope. No realistic scope has more, and each one is checked for each row. */
const MAX_CONDITIONS = 10;

/** Reads the query of one granular scope. Returns undefined if it can't be applied to the type or could never match. */
export function readGranularScope(query: string, context: SearchContext): ConditionGroup | undefined {
  const pairs = [...new URLSearchParams(query)];
  if (pairs.length === 0 || pairs.length > MAX_CONDITIONS) return undefined;
  const conditions = pairs.map(([name, value]) => readGranularCondition(name, value, context));
  return conditions.includes(undefined) ? undefined : (conditions as ConditionGroup);
}

function readGranularCondition(name: string, value: string, context: SearchContext): RowCondition | undefined {
  try {
    const criterion = readSearchCriterion(name, undefined, value, context);
    if (criterion === undefined || criterion.kind === 'patient') return undefined;
    return 'values' in criterion && criterion.values.length === 0 ? undefined : criterion;
  } catch (error) {
    if (error instanceof Problem) return undefined;
    throw error;
  }
}
