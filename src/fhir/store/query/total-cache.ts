import { sha256Base64url } from '../../../kernel/index.ts';
import { type EnforcedQuery, onlyRecord } from '../../authorization/enforce.ts';
import type { EnforcedCondition } from '../../authorization/enforced-link.ts';

/** Number of matches of a search, and the time of the latest change among them. */
export interface TotalSnapshot {
  readonly total: number;
  /** Time of the latest change among the matches, in the text format of PostgreSQL. */
  readonly asOf: string;
}

/**
 * Cache of what was counted in a version of a patient record. Each write raises the record's version in its own
 * transaction, so every statement sees data and version that belong together.
 */
export interface VersionedCache<Facts> {
  /** True if something is cached for some version of the record. */
  has(key: string): boolean;
  /** Returns the latest cached facts, and the version of the record to which they belong. */
  latest(key: string): { readonly version: string; readonly facts: Facts } | undefined;
  /** Returns the cached facts for this version of the record, or undefined. */
  get(key: string, version: string): Facts | undefined;
  set(key: string, version: string, facts: Facts): void;
}
/** Cache of search totals. */
export type TotalCache = VersionedCache<TotalSnapshot>;

export const createTotalCache = (): TotalCache => createVersionedCache(10_000);

/**
 * Creates an empty cache.
 * @param maxEntries maximum number of entries; when it is reached, the oldest one is removed
 */
export function createVersionedCache<Facts>(maxEntries: number): VersionedCache<Facts> {
  const entries = new Map<string, { readonly version: string; readonly facts: Facts }>();
  return {
    has: (key) => entries.has(key),
    latest: (key) => entries.get(key),
    get(key, version) {
      const found = entries.get(key);
      return found?.version === version ? found.facts : undefined;
    },
    set(key, version, facts) {
      entries.delete(key);
      entries.set(key, { version, facts });
      const [oldest] = entries.keys();
      if (entries.size > maxEntries && oldest !== undefined) entries.delete(oldest);
    },
  };
}

/**
 * Returns the patient record on whose version the total of a query depends. Undefined if the total depends on other
 * data as well: directories and several records have no version.
 */
export const recordOfTotal = (query: EnforcedQuery): number | undefined =>
  query.conditions.some(reachesOutsideRecord) ? undefined : onlyRecord(query);

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
  return key.length < MAX_KEY_LENGTH ? key : sha256Base64url(key);
}

const toJsonValue = (_name: string, value: unknown): unknown => (typeof value === 'bigint' ? `${value}` : value);

/** Maximum length of a cache key in characters. A longer key is replaced by its SHA-256 digest. */
const MAX_KEY_LENGTH = 600;
