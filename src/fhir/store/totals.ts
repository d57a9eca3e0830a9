import { sha256 } from '../../kernel/index.ts';
import type { EnforcedQuery } from '../core/enforce.ts';
import type { EnforcedCondition } from '../core/link.ts';

/** What is true of all matches of a search together. */
export interface Facts {
  readonly total: number;
  /** The latest change among them. */
  readonly asOf: string;
}

/**
 * How many match a search, for as long as the record stays as it is: each write of its rows raises the record's version in
 * the transaction that makes it, so that rows and version are seen together or not at all.
 */
export interface Totals {
  /** Whether one is known of any version. */
  has(key: string): boolean;
  /** Undefined: not known of this version. */
  find(key: string, version: string): Facts | undefined;
  keep(key: string, version: string, facts: Facts): void;
}

/** @param most remembered at once: beyond that the oldest go */
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
 * Whose version a total depends on; undefined: on more than one record's. A directory, and records of whole practices, have
 * no version.
 */
export const recordCounted = ({ kept, place, conditions }: EnforcedQuery): number | undefined =>
  kept === 'record' && place?.kind === 'record' && !conditions.some(leavesRecord) ? place.recordId : undefined;

function leavesRecord(condition: EnforcedCondition): boolean {
  if (condition.kind === 'alternatives') return condition.of.some(leavesRecord);
  return condition.kind === 'linked' && (condition.home !== 'record' || condition.conditions.some(leavesRecord));
}

/**
 * The same for two searches only if PostgreSQL would be asked the same: whose record, type, conditions and all that the
 * grant limits are in text and parameters. The text says of what type each parameter is.
 */
export function keyOfTotal(text: string, parameters: readonly unknown[]): string {
  const key = `${text} ${JSON.stringify(parameters, plain)}`;
  return key.length < LONG ? key : sha256(key).toString('base64url');
}

const plain = (_name: string, value: unknown): unknown => (typeof value === 'bigint' ? `${value}` : value);

/** From here on a digest is kept in its place. */
const LONG = 600;
