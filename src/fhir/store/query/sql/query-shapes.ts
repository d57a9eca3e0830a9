import { sha256 } from '../../../../kernel/index.ts';
import type { EnforcedQuery } from '../../../authorization/enforce.ts';
import type { EnforcedCondition } from '../../../authorization/enforced-link.ts';
import type { SearchSort } from '../../../model/condition.ts';
import { getIndexedType } from '../../index/index-definitions.ts';

const MAX_STATEMENT_NAMES = 300;
const statementNames = new Map<string, string>();

/**
 * Returns the statement name under which PostgreSQL keeps the plan of a query shape. Clients can create any number of
 * shapes, and each costs memory on every connection, so only the first few hundred get a name.
 */
export function getStatementName(text: string): string | undefined {
  const known = statementNames.get(text);
  if (known !== undefined || statementNames.size >= MAX_STATEMENT_NAMES) return known;
  const name = `fhir.${sha256(text).toString('hex', 0, 12)}`;
  statementNames.set(text, name);
  return name;
}

/**
 * Tells whether one plan suits all values of a page's shape. This holds if the rows of a type in one record are read in
 * index order and filtered by conditions that have no index, until the page is full. Other shapes are planned each
 * time.
 */
export const usesGenericPlan = (
  { compartment, scope, type, filters, conditions }: EnforcedQuery,
  { key }: SearchSort,
): boolean =>
  compartment === 'record' &&
  scope?.kind === 'record' &&
  key.kind !== 'date' &&
  filters.every(
    ({ compartmentId, granted, targets }) =>
      compartmentId === undefined && granted === undefined && targets === undefined,
  ) &&
  conditions.every((condition) => isUnindexed(type, condition));

/** Tells whether no index serves the condition. */
function isUnindexed(type: string, condition: EnforcedCondition): boolean {
  if (condition.kind === 'token') return getIndexedType(type).tokens[condition.index]?.column === 'flags';
  return condition.kind === 'date' || (condition.kind === 'not' && isUnindexed(type, condition.of));
}

/**
 * Makes PostgreSQL estimate that the condition holds for half of the rows. By default it assumes about one in a
 * hundred, and would then fetch and sort the whole record instead of reading one page in index order.
 */
export const withFilterSelectivity = (sql: string): string => `coalesce(${sql}, false)`;
