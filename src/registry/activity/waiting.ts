import type { ClientId, RecordId } from '../../kernel/index.ts';
import type { Counts } from './counts.ts';

/** A log row without the values that are looked up when it is written. */
export interface WaitingRow {
  readonly clientId: ClientId;
  readonly at: Date;
  readonly endpoint: string;
  readonly interaction?: string;
  readonly type?: string | undefined;
  readonly parameters: readonly string[];
  readonly others: number;
  /** undefined for several records or none. */
  readonly recordId?: RecordId | undefined;
  readonly patients: number;
  readonly resources?: number;
  readonly status: number | undefined;
  readonly error?: string;
  readonly cause?: string;
  readonly requestId: string;
  readonly milliseconds?: number;
}

/** A patient whose data an app received on a day. */
export interface Reached {
  readonly clientId: ClientId;
  readonly day: string;
  readonly recordId: RecordId;
}

export interface FirstData {
  readonly clientId: ClientId;
  readonly at: Date;
}

/** Everything that is not written yet. Its size is limited. */
export interface Waiting {
  readonly rows: (WaitingRow & { readonly id: string })[];
  readonly counts: Counts;
  readonly patients: Map<string, Reached>;
  /** First data by token family. */
  readonly families: Map<string, FirstData>;
  /** First call by app, with its record. */
  readonly calls: Map<ClientId, { readonly at: Date; readonly recordId: RecordId | undefined }>;
}

export const MOST_ROWS = 1000;
export const MOST_KEYS = 10_000;

export const nothing = (): Waiting => ({
  rows: [],
  counts: new Map(),
  patients: new Map(),
  families: new Map(),
  calls: new Map(),
});

export const isNothing = ({ rows, counts, patients, families, calls }: Waiting): boolean =>
  rows.length + counts.size + patients.size + families.size + calls.size === 0;

/**
 * Creates a filter for keys that this process has seen. It is cleared when it is full: a duplicate
 * only costs an extra statement.
 */
export function seen(): (key: string) => boolean {
  const keys = new Set<string>();
  return (key) => {
    if (keys.has(key)) return true;
    if (keys.size >= MOST_KEYS) keys.clear();
    keys.add(key);
    return false;
  };
}
