import { type Executor, withSavepoints } from '../../database/index.ts';
import type { PracticeLock, Projection } from '../../fhir/index.ts';
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
  readonly lock: PracticeLock;
}

/** Validation issues of an entry, and whether the entry was rejected because of them. */
export interface EntryValidation {
  readonly issues: readonly ValidationIssue[];
  readonly refused: boolean;
}

export interface LoadedEntries {
  /** Reasons why entries were rejected, by position in the Bundle. */
  readonly reasons: ReadonlyMap<string, string>;
  readonly issues: ReadonlyMap<string, EntryValidation>;
  /** For each Binary or Medication, as parsed from the Bundle: the entries of the resources that it was stored with. */
  readonly referrersByValue: ReadonlyMap<unknown, readonly ImportEntry[]>;
}

/** Loads entries of a Bundle. Each is identified by the id that the sending app uses. */
export async function loadEntries(
  { tx, origin, clock, random, projections, validation, lock }: FeedLoadDeps,
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
  const referrersByValue = new Map<unknown, ImportEntry[]>();
  await loadTargetCompartments(tx, referenceMap, context.homes, entries);
  const reasons = new Map<string, string>();
  const prepared: PreparedResource[] = [];
  const pauseIfNeeded = createYielder();
  for (const entry of orderEntries(entries)) {
    await pauseIfNeeded();
    const inlinedValues = new Set<unknown>();
    const preparation = prepareEntry(entry, { ...context, carried: { ...inlined, stored: inlinedValues } });
    for (const value of inlinedValues) referrersByValue.get(value)?.push(entry) ?? referrersByValue.set(value, [entry]);
    if ('refused' in preparation) reasons.set(entry.at, preparation.refused);
    else if (!('skipped' in preparation)) prepared.push(preparation);
  }
  const tally = newTally();
  const stored = new Map<string, boolean>();
  const issues = new Map<string, EntryValidation>();
  const onIssues = ({ at }: ImportEntry, list: readonly ValidationIssue[], isRefused: boolean) =>
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
    lock,
    progressed() {},
  };
  await loadValidated({ ...storing, validation, onIssues }, prepared);
  for (const { at, reason } of tally.refused) reasons.set(at, reason);
  return { reasons, issues, referrersByValue };
}

/**
 * Returns the entries in the order of loading. Provenance comes last, because it belongs to the patient record of its
 * targets. Binaries and Medications are left out, because they are stored only with the resources that refer to them.
 */
function orderEntries(entries: readonly ImportEntry[]): readonly ImportEntry[] {
  const type = ({ value }: ImportEntry) => textAt(value, 'resourceType');
  const notInlined = entries.filter((entry) => !isInlinedType(type(entry)));
  return [
    ...notInlined.filter((entry) => type(entry) !== 'Provenance'),
    ...notInlined.filter((entry) => type(entry) === 'Provenance'),
  ];
}
