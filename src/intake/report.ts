import type { Entry } from './entry.ts';
import { textAt } from './json-value.ts';

export interface Refusal {
  readonly file: string;
  /** `line 12` or `entry 3` */
  readonly at: string;
  readonly type: string | undefined;
  /** As the source has it. */
  readonly id: string | undefined;
  readonly reason: string;
}

export interface IntakeReport {
  /** How many records the input was about. */
  readonly records: number;
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  /** Types this server does not serve, and how many there were of each. */
  readonly skipped: Readonly<Record<string, number>>;
  readonly refused: readonly Refusal[];
  /** In how many of those that are stored validation found something; undefined: nothing was validated. */
  readonly faulty?: number;
}

/** A report while it is being written. */
export interface Tally {
  readonly records: Set<number>;
  created: number;
  updated: number;
  unchanged: number;
  /** Went along with a resource that points to them. */
  carried: number;
  /** Of the created and updated those that came of what was carried: the input did not have them as such. */
  copies: number;
  readonly skipped: Map<string, number>;
  readonly refused: Refusal[];
  /** undefined: nothing was validated. */
  faulty?: number;
}

export const newTally = (): Tally => ({
  records: new Set(),
  created: 0,
  updated: 0,
  unchanged: 0,
  carried: 0,
  copies: 0,
  skipped: new Map(),
  refused: [],
});

export function refuse(tally: Tally, entry: Entry, reason: string): void {
  const { file, at, value } = entry;
  tally.refused.push({ file, at, type: textAt(value, 'resourceType'), id: textAt(value, 'id'), reason });
}

export const skip = (tally: Tally, type: string): void =>
  void tally.skipped.set(type, (tally.skipped.get(type) ?? 0) + 1);

export const handled = (tally: Tally): number =>
  tally.created +
  tally.updated +
  tally.unchanged -
  tally.copies +
  tally.carried +
  tally.refused.length +
  [...tally.skipped.values()].reduce((a, b) => a + b, 0);

export const reportOf = (tally: Tally): IntakeReport => ({
  records: tally.records.size,
  created: tally.created,
  updated: tally.updated,
  unchanged: tally.unchanged,
  skipped: Object.fromEntries([...tally.skipped].sort(([a], [b]) => (a < b ? -1 : 1))),
  refused: tally.refused,
  ...(tally.faulty === undefined ? {} : { faulty: tally.faulty }),
});
