import type { ClientId, RecordId } from '../../kernel/index.ts';
import type { PendingCounts } from './counts.ts';

/** A log row without the values that are looked up when it is written. */
export interface BufferedRow {
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
export interface PatientDay {
  readonly clientId: ClientId;
  readonly day: string;
  readonly recordId: RecordId;
}

export interface AuthorizationFirstData {
  readonly clientId: ClientId;
  readonly at: Date;
}

/** Everything that is not written yet. Its size is limited. */
export interface WriteBuffer {
  readonly rows: (BufferedRow & { readonly id: string })[];
  readonly counts: PendingCounts;
  readonly patients: Map<string, PatientDay>;
  /** First data by token family. */
  readonly families: Map<string, AuthorizationFirstData>;
  /** First call by app, with its record. */
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
 * Creates a filter for keys that this process has seen. It is cleared when it is full: a duplicate
 * only costs an extra statement.
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
