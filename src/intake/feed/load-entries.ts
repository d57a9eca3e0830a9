import { type Executor, nested } from '../../database/index.ts';
import type { Projection } from '../../fhir/index.ts';
import { type Clock, pace, type Random } from '../../kernel/index.ts';
import type { Issue } from '../../validation/index.ts';
import { carriedIn, isCarried } from '../carried.ts';
import type { Entry } from '../entry.ts';
import { noHomes } from '../home.ts';
import { textAt } from '../json-value.ts';
import type { Names, Origin } from '../names.ts';
import { type Prepared, prepare, type Surroundings } from '../prepare.ts';
import { newTally } from '../report.ts';
import { loadValidated } from '../validate/load-validated.ts';
import type { Validation } from '../validate/validation.ts';
import { learnHomes } from './refer.ts';

export interface Loading {
  readonly tx: Executor;
  readonly origin: Origin;
  readonly clock: Clock;
  readonly random: Random;
  readonly projections: readonly Projection[];
  readonly validation?: Validation | undefined;
}

/** Issues that validation found in an entry, and whether the entry was rejected because of them. */
export interface Validated {
  readonly issues: readonly Issue[];
  readonly refused: boolean;
}

export interface Loaded {
  /** Reasons of rejected entries, by position in the Bundle. */
  readonly reasons: ReadonlyMap<string, string>;
  readonly issues: ReadonlyMap<string, Validated>;
  /** For each inlined value, the entries that it was inlined into. */
  readonly takenBy: ReadonlyMap<unknown, readonly Entry[]>;
}

/** Loads entries of a Bundle, each under the id that its source uses. */
export async function loadEntries(
  { tx, origin, clock, random, projections, validation }: Loading,
  referenceMap: Names,
  entries: readonly Entry[],
): Promise<Loaded> {
  const inlined = carriedIn(entries);
  const context = { names: referenceMap, homes: noHomes(), copies: new Map(), carried: inlined } satisfies Surroundings;
  const takenBy = new Map<unknown, Entry[]>();
  await learnHomes(tx, referenceMap, context.homes, entries);
  const reasons = new Map<string, string>();
  const prepared: Prepared[] = [];
  const pauseIfNeeded = pace();
  for (const entry of inOrder(entries)) {
    await pauseIfNeeded();
    const inlinedValues = new Set<unknown>();
    const preparation = prepare(entry, { ...context, carried: { ...inlined, taken: inlinedValues } });
    for (const value of inlinedValues) takenBy.get(value)?.push(entry) ?? takenBy.set(value, [entry]);
    if ('refused' in preparation) reasons.set(entry.at, preparation.refused);
    else if (!('skipped' in preparation)) prepared.push(preparation);
  }
  const tally = newTally();
  const stored = new Map<string, boolean>();
  const issues = new Map<string, Validated>();
  const found = ({ at }: Entry, list: readonly Issue[], isRefused: boolean) =>
    void issues.set(at, { issues: list, refused: isRefused });
  const storing = { db: nested(tx), clock, random, projections, origin, tally, stored, ownOnly: true, progressed() {} };
  await loadValidated({ ...storing, validation, found }, prepared);
  for (const { at, reason } of tally.refused) reasons.set(at, reason);
  return { reasons, issues, takenBy };
}

/** Provenance comes last, because it goes to the record of its targets. Inlined types are not stored on their own. */
function inOrder(entries: readonly Entry[]): readonly Entry[] {
  const type = ({ value }: Entry) => textAt(value, 'resourceType');
  const notInlined = entries.filter((entry) => !isCarried(type(entry)));
  return [
    ...notInlined.filter((entry) => type(entry) !== 'Provenance'),
    ...notInlined.filter((entry) => type(entry) === 'Provenance'),
  ];
}
