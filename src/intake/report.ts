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

/** A transaction of which an entry was refused: nothing of it was stored. */
export interface NotStored {
  readonly file: string;
  /** How many were not refused themselves. */
  readonly resources: number;
  /** Where those stand that were. */
  readonly because: readonly string[];
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
  /** undefined: there was no such transaction. */
  readonly notStored?: readonly NotStored[];
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
  readonly notStored: NotStored[];
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
  notStored: [],
});

/** Adds what came of a part of the input that was counted by itself. */
export function addTally(to: Tally, part: Tally): void {
  for (const record of part.records) to.records.add(record);
  to.created += part.created;
  to.updated += part.updated;
  to.unchanged += part.unchanged;
  to.carried += part.carried;
  to.copies += part.copies;
  for (const [type, count] of part.skipped) to.skipped.set(type, (to.skipped.get(type) ?? 0) + count);
  to.refused.push(...part.refused);
  to.notStored.push(...part.notStored);
  if (part.faulty !== undefined) to.faulty = (to.faulty ?? 0) + part.faulty;
}

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
  sumOf(tally.notStored.map(({ resources }) => resources)) +
  sumOf([...tally.skipped.values()]);

const sumOf = (counts: readonly number[]): number => counts.reduce((a, b) => a + b, 0);

export const reportOf = (tally: Tally): IntakeReport => ({
  records: tally.records.size,
  created: tally.created,
  updated: tally.updated,
  unchanged: tally.unchanged,
  skipped: Object.fromEntries([...tally.skipped].sort(([a], [b]) => (a < b ? -1 : 1))),
  refused: tally.refused,
  ...(tally.notStored.length === 0 ? {} : { notStored: tally.notStored }),
  ...(tally.faulty === undefined ? {} : { faulty: tally.faulty }),
});
