import { sha256 } from '../../kernel/index.ts';
import type { EnforcedQuery } from '../core/enforce.ts';
import type { EnforcedCondition } from '../core/link.ts';

/** Total and latest change of all matches of a search. */
export interface Facts {
  readonly total: number;
  /** The latest change among the matches, as PostgreSQL prints it. */
  readonly asOf: string;
}

/**
 * Caches totals per version of a record. Each write raises the record's version in its own transaction, so a statement
 * always sees rows and version that belong together.
 */
export interface Totals {
  /** Whether a total is cached for any version. */
  has(key: string): boolean;
  /** undefined if no total is cached for this version. */
  find(key: string, version: string): Facts | undefined;
  keep(key: string, version: string, facts: Facts): void;
}

/** @param most maximum number of cached totals; the oldest are evicted */
export function openTotals(most = 10_000): Totals {
  const known = new Map<string, { readonly version: string; readonly facts: Facts }>();
  return {
    has: (key) => known.has(key),
    find(key, version) {
      const found = known.get(key);
      return found?.version === version ? found.facts : undefined;
    },
    keep(key, version, facts) {
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
export const recordCounted = ({ kept, place, conditions }: EnforcedQuery): number | undefined =>
  kept === 'record' && place?.kind === 'record' && !conditions.some(leavesRecord) ? place.recordId : undefined;

function leavesRecord(condition: EnforcedCondition): boolean {
  if (condition.kind === 'alternatives') return condition.of.some(leavesRecord);
  return condition.kind === 'linked' && (condition.home !== 'record' || condition.conditions.some(leavesRecord));
}

/**
 * Returns the cache key of a total. Equal keys mean that PostgreSQL would execute the same query: record, type,
 * conditions and all limits of the grant are part of the SQL text and its parameters. The text also determines each
 * parameter's type.
 */
export function keyOfTotal(text: string, parameters: readonly unknown[]): string {
  const key = `${text} ${JSON.stringify(parameters, plain)}`;
  return key.length < LONG ? key : sha256(key).toString('base64url');
}

const plain = (_name: string, value: unknown): unknown => (typeof value === 'bigint' ? `${value}` : value);

/** Longer keys are replaced by their digest. */
const LONG = 600;
