import { Problem } from '../../kernel/index.ts';
import type { Condition } from './condition.ts';
import { readCriterion } from './criteria.ts';
import { mergeWays, type Way } from './merge-ways.ts';
import type { SearchContext } from './search-context.ts';

/** Alternatives, one of which must hold entirely. Undefined means no limit, and an empty list allows nothing. */
export type Ways = readonly Way[] | undefined;

/**
 * Reads the queries of granular scopes (SMART App Launch 2.2 §3.0.2.5). A scope with a parameter that can't be applied
 * grants nothing, because it must not grant more than it says.
 */
export function waysOf(queries: readonly string[], context: SearchContext): Ways {
  if (queries.length === 0) return undefined;
  return mergeWays(queries.map((query) => conditionsOf(query, context)).filter((one) => one !== undefined));
}

/** Maximum conditions of one scope. No realistic scope has more, and each one is checked for each row. */
const MOST_CONDITIONS = 10;

/** Reads the query of one granular scope. Returns undefined if it can't be applied to the type or could never match. */
export function conditionsOf(query: string, context: SearchContext): Way | undefined {
  const pairs = [...new URLSearchParams(query)];
  if (pairs.length === 0 || pairs.length > MOST_CONDITIONS) return undefined;
  const conditions = pairs.map(([name, value]) => conditionOf(name, value, context));
  return conditions.includes(undefined) ? undefined : (conditions as Way);
}

function conditionOf(name: string, value: string, context: SearchContext): Condition | undefined {
  try {
    const criterion = readCriterion(name, undefined, value, context);
    if (criterion === undefined || criterion.kind === 'patient') return undefined;
    return 'values' in criterion && criterion.values.length === 0 ? undefined : criterion;
  } catch (error) {
    if (error instanceof Problem) return undefined;
    throw error;
  }
}
