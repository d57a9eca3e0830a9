import type { LoggedError, LoggedRequest } from '../../domain/index.ts';
import type { ClientId } from '../../kernel/index.ts';

export interface UsageCount {
  readonly clientId: string;
  readonly hour: Date;
  readonly measure: string;
  readonly name: string;
  readonly count: number;
}

/**
 * Usage counts that are not written to the database yet. Each key consists of the app's client_id,
 * the hour, the measure (such as `error`) and the counted name (such as an error code).
 */
export type PendingCounts = Map<string, number>;

/**
 * Maximum number of different usage counts held in memory between two writes. A count with a new
 * key is dropped while the maximum is reached. Half a second of traffic stays below this number.
 */
const MAX_KEYS = 20_000;
const HOUR = 3_600_000;

export function countOne(counts: PendingCounts, clientId: ClientId, at: Date, measure: string, name = ''): void {
  add(counts, `${clientId}\n${Math.floor(at.getTime() / HOUR) * HOUR}\n${measure}\n${name}`, 1);
}

/** Counts a FHIR request, its resource type and its error. Requests without a valid token count only as errors. */
export function countRequest(
  counts: PendingCounts,
  { clientId, familyId, type, rejection }: LoggedRequest,
  at: Date,
): void {
  if (familyId !== undefined) countOne(counts, clientId, at, 'call');
  if (familyId !== undefined && type !== undefined) countOne(counts, clientId, at, 'type', type);
  if (rejection !== undefined) countOne(counts, clientId, at, 'error', rejection.error);
}

/** Counts an error of the authorization server. */
export function countError(counts: PendingCounts, { clientId, error, proved }: LoggedError, at: Date): void {
  countOne(counts, clientId, at, 'error', error);
  if (!proved) countOne(counts, clientId, at, 'unproved', error);
}

/** Adds the usage counts of a failed write to the pending counts. */
export function addAll(counts: PendingCounts, others: PendingCounts): void {
  for (const [key, count] of others) add(counts, key, count);
}

function add(counts: PendingCounts, key: string, count: number): void {
  const known = counts.get(key);
  if (known !== undefined || counts.size < MAX_KEYS) counts.set(key, (known ?? 0) + count);
}

/**
 * Returns the usage counts sorted by key. Every process writes them in this order, so that
 * concurrent writes don't deadlock.
 */
export const sortedCounts = (counts: PendingCounts): readonly UsageCount[] =>
  [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, count]) => {
      const [clientId = '', hour, measure = '', name = ''] = key.split('\n');
      return { clientId, hour: new Date(Number(hour)), measure, name, count };
    });
