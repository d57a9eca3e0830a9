import { Problem } from '../../kernel/index.ts';
import type { Condition } from './condition.ts';
import { readCriterion } from './criteria.ts';
import { mergeWays, type Way } from './merge-ways.ts';
import type { SearchContext } from './search-context.ts';

/** Conditions of which one must hold, whole. undefined: no limit; empty: nothing is allowed. */
export type Ways = readonly Way[] | undefined;

/** SMART App Launch 2.2 §3.0.2.5. A scope with a parameter we can't apply grants nothing: it must not grant more than it says. */
export function waysOf(queries: readonly string[], context: SearchContext): Ways {
  if (queries.length === 0) return undefined;
  return mergeWays(queries.map((query) => conditionsOf(query, context)).filter((one) => one !== undefined));
}

/** More than this is asked by nobody who means it, and each is held against each row. */
const MOST_CONDITIONS = 10;

/** What a granular scope asks of a row; undefined: it can't be applied to this type, or nothing could ever match it. */
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
