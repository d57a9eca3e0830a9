import { textAt } from '../kernel/index.ts';
import type { ImportEntry } from './import/entry.ts';

export interface RejectedEntry {
  readonly file: string;
  /** Position of the entry in its file, such as `line 12` or `entry 3`. */
  readonly at: string;
  readonly type: string | undefined;
  /** Id of the resource as the source system uses it. */
  readonly id: string | undefined;
  readonly reason: string;
}

/** A transaction Bundle of an import that was rolled back because at least one of its entries was rejected. */
export interface RolledBackTransaction {
  readonly file: string;
  /** Number of resources that had no error but were not stored, because the Bundle was rolled back. */
  readonly resources: number;
  /** Positions in the file of the rejected entries that caused the rollback, such as `entry 3`. */
  readonly because: readonly string[];
}

export interface ImportReport {
  /** Number of patient records in which the import stored resources, or to which it had nothing to add. */
  readonly records: number;
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  /** Number of skipped resources by type. The server doesn't serve these types. */
  readonly skipped: Readonly<Record<string, number>>;
  readonly refused: readonly RejectedEntry[];
  /** Transaction Bundles that were rolled back; undefined if there were none. */
  readonly notStored?: readonly RolledBackTransaction[];
  /** Number of stored resources with validation issues; undefined if validation is off. */
  readonly faulty?: number;
}

/** Counts of an import that is still running. */
export interface ImportTally {
  readonly records: Set<number>;
  created: number;
  updated: number;
  unchanged: number;
  /** Number of Binaries and Medications that were stored with the resources that refer to them. */
  carried: number;
  /**
   * Number of created and updated copies of Medications. Each patient record that refers to a Medication has a copy,
   * which the input doesn't contain.
   */
  copies: number;
  readonly skipped: Map<string, number>;
  readonly refused: RejectedEntry[];
  readonly notStored: RolledBackTransaction[];
  /** Number of stored resources with validation issues so far; undefined if validation is off. */
  faulty?: number;
}

export const newTally = (): ImportTally => ({
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

/**
 * Adds the counts of a transaction Bundle to those of the whole import. Until the Bundle is stored or rolled back, its
 * counts are separate.
 */
export function addTally(to: ImportTally, other: ImportTally): void {
  for (const record of other.records) to.records.add(record);
  to.created += other.created;
  to.updated += other.updated;
  to.unchanged += other.unchanged;
  to.carried += other.carried;
  to.copies += other.copies;
  for (const [type, count] of other.skipped) to.skipped.set(type, (to.skipped.get(type) ?? 0) + count);
  to.refused.push(...other.refused);
  to.notStored.push(...other.notStored);
  if (other.faulty !== undefined) to.faulty = (to.faulty ?? 0) + other.faulty;
}

export function rejectEntry(tally: ImportTally, entry: ImportEntry, reason: string): void {
  const { file, at, value } = entry;
  tally.refused.push({ file, at, type: textAt(value, 'resourceType'), id: textAt(value, 'id'), reason });
}

export const skipType = (tally: ImportTally, type: string): void =>
  void tally.skipped.set(type, (tally.skipped.get(type) ?? 0) + 1);

export const countProcessed = (tally: ImportTally): number =>
  tally.created +
  tally.updated +
  tally.unchanged -
  tally.copies +
  tally.carried +
  tally.refused.length +
  sum(tally.notStored.map(({ resources }) => resources)) +
  sum([...tally.skipped.values()]);

const sum = (counts: readonly number[]): number => counts.reduce((a, b) => a + b, 0);

export const toReport = (tally: ImportTally): ImportReport => ({
  records: tally.records.size,
  created: tally.created,
  updated: tally.updated,
  unchanged: tally.unchanged,
  skipped: Object.fromEntries([...tally.skipped].sort(([a], [b]) => (a < b ? -1 : 1))),
  refused: tally.refused,
  ...(tally.notStored.length === 0 ? {} : { notStored: tally.notStored }),
  ...(tally.faulty === undefined ? {} : { faulty: tally.faulty }),
});
