import { sha256 } from '../../kernel/index.ts';
import type { Sort } from '../core/condition.ts';
import type { EnforcedQuery } from '../core/enforce.ts';
import type { EnforcedCondition } from '../core/link.ts';
import { indexOf } from './index-table.ts';

const MOST = 300;
const names = new Map<string, string>();

/**
 * Returns the statement name under which PostgreSQL keeps the plan of a query shape. Clients can create any number of
 * shapes, and each costs memory on every connection, so only the first few hundred get a name.
 */
export function nameOfShape(text: string): string | undefined {
  const known = names.get(text);
  if (known !== undefined || names.size >= MOST) return known;
  const name = `fhir.${sha256(text).toString('hex', 0, 12)}`;
  names.set(text, name);
  return name;
}

/**
 * Tells whether one plan suits all values of a page's shape. This holds if the rows of a type in one record are read in
 * index order and filtered by conditions that have no index, until the page is full. Other shapes are planned each
 * time.
 */
export const isSteady = ({ kept, place, type, parts, conditions }: EnforcedQuery, { key }: Sort): boolean =>
  kept === 'record' &&
  place?.kind === 'record' &&
  key.kind !== 'date' &&
  parts.every(({ home, granted, about }) => home === undefined && granted === undefined && about === undefined) &&
  conditions.every((condition) => isFilter(type, condition));

/** Tells whether no index serves the condition. */
function isFilter(type: string, condition: EnforcedCondition): boolean {
  if (condition.kind === 'token') return indexOf(type).tokens[condition.index]?.column === 'flags';
  return condition.kind === 'date' || (condition.kind === 'not' && isFilter(type, condition.of));
}

/**
 * Makes PostgreSQL estimate that the condition holds for half of the rows. By default it assumes about one in a
 * hundred, and would then fetch and sort the whole record instead of reading one page in index order.
 */
export const asFilter = (sql: string): string => `coalesce(${sql}, false)`;
