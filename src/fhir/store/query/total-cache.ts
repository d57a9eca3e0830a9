import { sha256 } from '../../../kernel/index.ts';
import type { EnforcedQuery } from '../../authorization/enforce.ts';
import type { EnforcedCondition } from '../../authorization/enforced-link.ts';
import { isOneRecord } from './sql/row-source.ts';

/** Number of matches of a search, and the time of the latest change among them. */
export interface TotalSnapshot {
  readonly total: number;
  /** Time of the latest change among the matches, in the text format of PostgreSQL. */
  readonly asOf: string;
}

/**
 * Cache of search totals. A total belongs to a version of a patient record. Each write raises the record's version in
 * its own transaction, so every statement sees data and version that belong together.
 */
export interface TotalCache {
  /** True if a total is cached for some version of the record. */
  has(key: string): boolean;
  /** Returns the latest cached total, and the version of the record to which it belongs. */
  latest(key: string): { readonly version: string; readonly facts: TotalSnapshot } | undefined;
  /** Returns the cached total for this version of the record, or undefined. */
  get(key: string, version: string): TotalSnapshot | undefined;
  set(key: string, version: string, facts: TotalSnapshot): void;
}

/**
 * Creates an empty cache of search totals.
 * @param maxEntries maximum number of totals; when it is reached, the oldest one is removed
 */
export function createTotalCache(maxEntries = 10_000): TotalCache {
  const totals = new Map<string, { readonly version: string; readonly facts: TotalSnapshot }>();
  return {
    has: (key) => totals.has(key),
    latest: (key) => totals.get(key),
    get(key, version) {
      const found = totals.get(key);
      return found?.version === version ? found.facts : undefined;
    },
    set(key, version, facts) {
      totals.delete(key);
      totals.set(key, { version, facts });
      const [oldest] = totals.keys();
      if (totals.size > maxEntries && oldest !== undefined) totals.delete(oldest);
    },
  };
}

/** True if the total of a query depends on one patient record only. Directories and whole practices have no version. */
export const dependsOnOneRecord = ({ compartment, scope, conditions }: EnforcedQuery): boolean =>
  compartment === 'record' && scope !== undefined && isOneRecord(scope) && !conditions.some(reachesOutsideRecord);

function reachesOutsideRecord(condition: EnforcedCondition): boolean {
  if (condition.kind === 'alternatives') return condition.of.some(reachesOutsideRecord);
  return (
    condition.kind === 'linked' &&
    (condition.compartment !== 'record' || condition.conditions.some(reachesOutsideRecord))
  );
}

/**
 * Returns the cache key for the total of a query. Two equal keys mean that PostgreSQL would run the same query, because
 * the SQL text and its parameters contain the record, the type, the conditions and all limits of the grant. The text
 * also determines the type of each parameter.
 */
export function totalCacheKey(text: string, parameters: readonly unknown[]): string {
  const key = `${text} ${JSON.stringify(parameters, toJsonValue)}`;
  return key.length < MAX_KEY_LENGTH ? key : sha256(key).toString('base64url');
}

const toJsonValue = (_name: string, value: unknown): unknown => (typeof value === 'bigint' ? `${value}` : value);

/** Maximum length of a cache key in characters. A longer key is replaced by its SHA-256 digest. */
const MAX_KEY_LENGTH = 600;
