import { Problem } from '../../kernel/index.ts';
import type { RowCondition } from '../model/condition.ts';
import type { SearchContext } from '../search/search-context.ts';
import { readSearchCriterion } from '../search/search-criteria.ts';
import { type ConditionGroup, mergeConditionGroups } from './merge-condition-groups.ts';

/**
 * The search conditions of granular scopes, one group for each scope. A resource must meet all conditions of at least
 * one group. Undefined means that a scope without conditions allows all resources of the type. An empty list allows
 * none.
 */
export type GranularFilter = readonly ConditionGroup[] | undefined;

/**
 * Parses the search expressions of granular scopes (SMART App Launch 2.2 §3.0.2.5). If the server can't apply a
 * parameter of a scope, that scope grants nothing. Otherwise it would grant more than its text says.
 */
export function readGranularFilter(queries: readonly string[], context: SearchContext): GranularFilter {
  if (queries.length === 0) return undefined;
  return mergeConditionGroups(
    queries.map((query) => readGranularScope(query, context)).filter((one) => one !== undefined),
  );
}

/**
 * Maximum number of search parameters in one granular scope. No realistic scope has more, and each one is compared with
 * each resource.
 */
const MAX_CONDITIONS = 10;

/**
 * Parses the search expression of one granular scope. Returns undefined if a parameter can't be applied to the type or
 * could never match.
 */
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
