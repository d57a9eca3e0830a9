import { sha256 } from '../../kernel/index.ts';
import type { Sort } from '../core/condition.ts';
import type { EnforcedQuery } from '../core/enforce.ts';
import type { EnforcedCondition } from '../core/link.ts';
import { indexOf } from './index-table.ts';

const MOST = 300;
const names = new Map<string, string>();

/**
 * A name under which PostgreSQL keeps the plan of a query of this shape. Shapes are as many as clients think of, so only
 * the first few hundred are kept: each costs memory on every connection.
 */
export function nameOfShape(text: string): string | undefined {
  const found = names.get(text);
  if (found !== undefined || names.size >= MOST) return found;
  const made = `fhir.${sha256(text).toString('hex', 0, 12)}`;
  names.set(text, made);
  return made;
}

/**
 * Whether one plan is good for all values of a page's shape: the rows of a type in a record, by the index that has them in
 * their order, each held against what no index knows, until the page is full. Other shapes are planned each time.
 */
export const isSteady = ({ kept, place, type, parts, conditions }: EnforcedQuery, { key }: Sort): boolean =>
  kept === 'record' &&
  place?.kind === 'record' &&
  key.kind !== 'date' &&
  parts.every(({ home, granted, about }) => home === undefined && granted === undefined && about === undefined) &&
  conditions.every((condition) => isFilter(type, condition));

/** Looked for by no index. */
function isFilter(type: string, condition: EnforcedCondition): boolean {
  if (condition.kind === 'token') return indexOf(type).tokens[condition.index]?.column === 'flags';
  return condition.kind === 'date' || (condition.kind === 'not' && isFilter(type, condition.of));
}

/**
 * A condition that PostgreSQL takes for one in two. It takes what it knows nothing of for true once in a hundred times, and
 * would then rather fetch and sort the whole record than find a page's worth in the order of the index.
 */
export const asFilter = (sql: string): string => `coalesce(${sql}, false)`;
