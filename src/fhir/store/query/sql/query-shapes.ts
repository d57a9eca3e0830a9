import { sha256 } from '../../../../kernel/index.ts';
import { type EnforcedQuery, onlyRecord } from '../../../authorization/enforce.ts';
import type { EnforcedCondition } from '../../../authorization/enforced-link.ts';
import type { SearchSort } from '../../../model/condition.ts';
import { getIndexedType } from '../../index/index-definitions.ts';

const MAX_STATEMENT_NAMES = 300;
const statementNames = new Map<string, string>();

/**
 * Returns the name under which PostgreSQL keeps the prepared statement of an SQL text. Clients can cause any number of
 * SQL texts, and each prepared statement costs memory on every connection. So only the first few hundred texts get a
 * name.
 */
export function getStatementName(text: string): string | undefined {
  const known = statementNames.get(text);
  if (known !== undefined || statementNames.size >= MAX_STATEMENT_NAMES) return known;
  const name = `fhir.${sha256(text).toString('hex', 0, 12)}`;
  statementNames.set(text, name);
  return name;
}

/**
 * True if one query plan suits a search, whatever values the client searches for. PostgreSQL then reads the resources
 * of one type in one record in index order, and tests conditions that no index covers until the page is full. Other
 * searches are planned each time.
 */
export const usesGenericPlan = (query: EnforcedQuery, { key }: SearchSort): boolean =>
  onlyRecord(query) !== undefined &&
  key.kind !== 'date' &&
  query.filters.every(
    ({ compartmentId, granted, targets }) =>
      compartmentId === undefined && granted === undefined && targets === undefined,
  ) &&
  query.conditions.every((condition) => isUnindexed(query.type, condition));

/** True if no database index covers a condition. */
function isUnindexed(type: string, condition: EnforcedCondition): boolean {
  if (condition.kind === 'token') return getIndexedType(type).tokens[condition.index]?.column === 'flags';
  return condition.kind === 'date' || (condition.kind === 'not' && isUnindexed(type, condition.of));
}

/**
 * Makes PostgreSQL assume that a condition holds for half of the resources. Otherwise it assumes about one in a
 * hundred. It would then read and sort the whole patient record instead of reading one page in index order.
 */
export const withFilterSelectivity = (sql: string): string => `coalesce(${sql}, false)`;
