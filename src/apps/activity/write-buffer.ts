import type { ClientId, RecordId } from '../../kernel/index.ts';
import type { PendingCounts } from './counts.ts';

/**
 * A log row that isn't written yet. The patient's pseudonym is missing, because it is looked up
 * when the row is written.
 */
export interface BufferedRow {
  readonly clientId: ClientId;
  readonly at: Date;
  readonly endpoint: string;
  readonly interaction?: string;
  readonly type?: string | undefined;
  readonly parameters: readonly string[];
  readonly others: number;
  /** The patient record that the request read. undefined if it read several records or none. */
  readonly recordId?: RecordId | undefined;
  readonly patients: number;
  readonly resources?: number;
  readonly status: number | undefined;
  readonly error?: string;
  readonly cause?: string;
  readonly requestId: string;
  readonly milliseconds?: number;
}

/** A patient whose data an app received on a certain day. */
export interface PatientDay {
  readonly clientId: ClientId;
  readonly day: string;
  readonly recordId: RecordId;
}

export interface AuthorizationFirstData {
  readonly clientId: ClientId;
  readonly at: Date;
}

/**
 * Entries of the activity log that are not written yet. Each collection has a maximum number of
 * entries, and further entries are dropped.
 */
export interface WriteBuffer {
  readonly rows: (BufferedRow & { readonly id: string })[];
  readonly counts: PendingCounts;
  readonly patients: Map<string, PatientDay>;
  /** First time that each authorization gave its app data, by token family. */
  readonly families: Map<string, AuthorizationFirstData>;
  /** When each app first received data, and from which patient record. */
  readonly calls: Map<ClientId, { readonly at: Date; readonly recordId: RecordId | undefined }>;
}

export const MAX_ROWS = 1000;
export const MAX_KEYS = 10_000;

export const emptyBuffer = (): WriteBuffer => ({
  rows: [],
  counts: new Map(),
  patients: new Map(),
  families: new Map(),
  calls: new Map(),
});

export const isBufferEmpty = ({ rows, counts, patients, families, calls }: WriteBuffer): boolean =>
  rows.length + counts.size + patients.size + families.size + calls.size === 0;

/**
 * Creates a function that returns whether it was called with the same key before in this process.
 * It forgets all keys when `MAX_KEYS` are stored. A forgotten key is reported as new, which only
 * costs an extra SQL statement.
 */
export function seenFilter(): (key: string) => boolean {
  const keys = new Set<string>();
  return (key) => {
    if (keys.has(key)) return true;
    if (keys.size >= MAX_KEYS) keys.clear();
    keys.add(key);
    return false;
  };
}
