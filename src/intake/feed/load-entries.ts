import { type Executor, withSavepoints } from '../../database/index.ts';
import type { Projection } from '../../fhir/index.ts';
import { type Clock, createYielder, type Random, textAt } from '../../kernel/index.ts';
import type { ValidationIssue } from '../../validation/index.ts';
import type { ImportEntry } from '../import/entry.ts';
import { newTally } from '../import-report.ts';
import { type ImportContext, type PreparedResource, prepareEntry } from '../prepare/prepare.ts';
import { newCompartmentMap } from '../references/compartment.ts';
import { collectInlined, isInlinedType } from '../references/inlined.ts';
import type { ReferenceMap, SourceOrigin } from '../references/reference-map.ts';
import { loadValidated } from '../validate/load-validated.ts';
import type { Validation } from '../validate/open-validation.ts';
import { loadTargetCompartments } from './resolve-references.ts';

export interface FeedLoadDeps {
  readonly tx: Executor;
  readonly origin: SourceOrigin;
  readonly clock: Clock;
  readonly random: Random;
  readonly projections: readonly Projection[];
  readonly validation?: Validation | undefined;
}

/** Issues that validation found in an entry, and whether the entry was rejected because of them. */
export interface EntryValidation {
  readonly issues: readonly ValidationIssue[];
  readonly refused: boolean;
}

export interface LoadedEntries {
  /** Reasons of rejected entries, by position in the Bundle. */
  readonly reasons: ReadonlyMap<string, string>;
  readonly issues: ReadonlyMap<string, EntryValidation>;
  /** For each inlined value, the entries that it was inlined into. */
  readonly takenBy: ReadonlyMap<unknown, readonly ImportEntry[]>;
}

/** Loads entries of a Bundle, each under the id that its source uses. */
export async function loadEntries(
  { tx, origin, clock, random, projections, validation }: FeedLoadDeps,
  referenceMap: ReferenceMap,
  entries: readonly ImportEntry[],
): Promise<LoadedEntries> {
  const inlined = collectInlined(entries);
  const context = {
    names: referenceMap,
    homes: newCompartmentMap(),
    copies: new Map(),
    carried: inlined,
  } satisfies ImportContext;
  const takenBy = new Map<unknown, ImportEntry[]>();
  await loadTargetCompartments(tx, referenceMap, context.homes, entries);
  const reasons = new Map<string, string>();
  const prepared: PreparedResource[] = [];
  const pauseIfNeeded = createYielder();
  for (const entry of orderEntries(entries)) {
    await pauseIfNeeded();
    const inlinedValues = new Set<unknown>();
    const preparation = prepareEntry(entry, { ...context, carried: { ...inlined, taken: inlinedValues } });
    for (const value of inlinedValues) takenBy.get(value)?.push(entry) ?? takenBy.set(value, [entry]);
    if ('refused' in preparation) reasons.set(entry.at, preparation.refused);
    else if (!('skipped' in preparation)) prepared.push(preparation);
  }
  const tally = newTally();
  const stored = new Map<string, boolean>();
  const issues = new Map<string, EntryValidation>();
  const found = ({ at }: ImportEntry, list: readonly ValidationIssue[], isRefused: boolean) =>
    void issues.set(at, { issues: list, refused: isRefused });
  const storing = {
    db: withSavepoints(tx),
    clock,
    random,
    projections,
    origin,
    tally,
    stored,
    ownOnly: true,
    progressed() {},
  };
  await loadValidated({ ...storing, validation, found }, prepared);
  for (const { at, reason } of tally.refused) reasons.set(at, reason);
  return { reasons, issues, takenBy };
}

/** Provenance comes last, because it goes to the record of its targets. Inlined types are not stored on their own. */
function orderEntries(entries: readonly ImportEntry[]): readonly ImportEntry[] {
  const type = ({ value }: ImportEntry) => textAt(value, 'resourceType');
  const notInlined = entries.filter((entry) => !isInlinedType(type(entry)));
  return [
    ...notInlined.filter((entry) => type(entry) !== 'Provenance'),
    ...notInlined.filter((entry) => type(entry) === 'Provenance'),
  ];
}
