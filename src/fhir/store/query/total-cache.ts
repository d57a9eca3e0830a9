import { sha256 } from '../../../kernel/index.ts';
import type { EnforcedQuery } from '../../authorization/enforce.ts';
import type { EnforcedCondition } from '../../authorization/enforced-link.ts';

/** Total and latest change of all matches of a search. */
export interface TotalSnapshot {
  readonly total: number;
  /** The latest change among the matches, as PostgreSQL prints it. */
  readonly asOf: string;
}

/**
 * Caches totals per version of a record. Each write raises the record's version in its own transaction, so a statement
 * always sees rows and version that belong together.
 */
export interface TotalCache {
  /** Whether a total is cached for any version. */
  has(key: string): boolean;
  /** undefined if no total is cached for this version. */
  get(key: string, version: string): TotalSnapshot | undefined;
  set(key: string, version: string, facts: TotalSnapshot): void;
}

/** @param most maximum number of cached totals; the oldest are evicted */
export function createTotalCache(most = 10_000): TotalCache {
  const known = new Map<string, { readonly version: string; readonly facts: TotalSnapshot }>();
  return {
    has: (key) => known.has(key),
    get(key, version) {
      const found = known.get(key);
      return found?.version === version ? found.facts : undefined;
    },
    set(key, version, facts) {
      known.delete(key);
      known.set(key, { version, facts });
      const [oldest] = known.keys();
      if (known.size > most && oldest !== undefined) known.delete(oldest);
    },
  };
}

/**
 * Returns the record whose version a total depends on. undefined if the total depends on anything else: directories and
 * searches over whole practices have no version.
 */
export const recordOfTotal = ({ compartment, scope, conditions }: EnforcedQuery): number | undefined =>
  compartment === 'record' && scope?.kind === 'record' && !conditions.some(reachesOutsideRecord)
    ? scope.recordId
    : undefined;

function reachesOutsideRecord(condition: EnforcedCondition): boolean {
  if (condition.kind === 'alternatives') return condition.of.some(reachesOutsideRecord);
  return (
    condition.kind === 'linked' &&
    (condition.compartment !== 'record' || condition.conditions.some(reachesOutsideRecord))
  );
}

/**
 * Returns the cache key of a total. Equal keys mean that PostgreSQL would execute the same query: record, type,
 * conditions and all limits of the grant are part of the SQL text and its parameters. The text also determines each
 * parameter's type.
 */
export function totalCacheKey(text: string, parameters: readonly unknown[]): string {
  const key = `${text} ${JSON.stringify(parameters, toJsonValue)}`;
  return key.length < MAX_KEY_LENGTH ? key : sha256(key).toString('base64url');
}

const toJsonValue = (_name: string, value: unknown): unknown => (typeof value === 'bigint' ? `${value}` : value);

/** Longer keys are replaced by their digest. */
const MAX_KEY_LENGTH = 600;
