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

/** What validation found in an entry, and whether it was refused for that. */
export interface Validated {
  readonly issues: readonly Issue[];
  readonly refused: boolean;
}

export interface Loaded {
  /** Why some were refused, by their place. */
  readonly reasons: ReadonlyMap<string, string>;
  readonly issues: ReadonlyMap<string, Validated>;
  /** What goes along with others, by its value: with which of them. */
  readonly takenBy: ReadonlyMap<unknown, readonly Entry[]>;
}

/** Hands entries to the loader, each under the id of its source. */
export async function loadEntries(
  { tx, origin, clock, random, projections, validation }: Loading,
  names: Names,
  entries: readonly Entry[],
): Promise<Loaded> {
  const carried = carriedIn(entries);
  const around = { names, homes: noHomes(), copies: new Map(), carried } satisfies Surroundings;
  const takenBy = new Map<unknown, Entry[]>();
  await learnHomes(tx, names, around.homes, entries);
  const reasons = new Map<string, string>();
  const prepared: Prepared[] = [];
  const rest = pace();
  for (const entry of inOrder(entries)) {
    await rest();
    const taken = new Set<unknown>();
    const made = prepare(entry, { ...around, carried: { ...carried, taken } });
    for (const value of taken) takenBy.get(value)?.push(entry) ?? takenBy.set(value, [entry]);
    if ('refused' in made) reasons.set(entry.at, made.refused);
    else if (!('skipped' in made)) prepared.push(made);
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

/** Provenance has its place by what it is about, and comes last; what goes along with others is not stored by itself. */
function inOrder(entries: readonly Entry[]): readonly Entry[] {
  const type = ({ value }: Entry) => textAt(value, 'resourceType');
  const own = entries.filter((entry) => !isCarried(type(entry)));
  return [
    ...own.filter((entry) => type(entry) !== 'Provenance'),
    ...own.filter((entry) => type(entry) === 'Provenance'),
  ];
}
