import { Problem } from '../../kernel/index.ts';
import type { Condition } from './condition.ts';
import { readCriterion, type SearchContext } from './criteria.ts';

/** Conditions of which one must hold, whole. undefined: no limit; empty: nothing is allowed. */
export type Ways = readonly (readonly Condition[])[] | undefined;

/** SMART App Launch 2.2 §3.0.2.5. A scope with a parameter we can't apply grants nothing: it must not grant more than it says. */
export function waysOf(queries: readonly string[], context: SearchContext): Ways {
  if (queries.length === 0) return undefined;
  return queries.map((query) => conditionsOf(query, context)).filter((one) => one !== undefined);
}

function conditionsOf(query: string, context: SearchContext): readonly Condition[] | undefined {
  const conditions: Condition[] = [];
  for (const [name, value] of new URLSearchParams(query)) {
    const condition = conditionOf(name, value, context);
    if (condition === undefined) return undefined;
    conditions.push(condition);
  }
  return conditions.length === 0 ? undefined : conditions;
}

function conditionOf(name: string, value: string, context: SearchContext): Condition | undefined {
  try {
    const criterion = value === '' ? undefined : readCriterion(name, undefined, value, context);
    return criterion === undefined || criterion.kind === 'patient' ? undefined : criterion;
  } catch (error) {
    if (error instanceof Problem) return undefined;
    throw error;
  }
}
