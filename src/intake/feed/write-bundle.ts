import type { Executor } from '../../database/index.ts';
import {
  deleteResource,
  findPracticeResources,
  type PracticeLock,
  type Projection,
  requireLocked,
} from '../../fhir/index.ts';
import { type Clock, createYielder, type Random, textAt } from '../../kernel/index.ts';
import type { ImportEntry } from '../import/entry.ts';
import { REJECTED_PATIENT, UNKNOWN_PATIENT } from '../load/load.ts';
import type { MergeAuthor, MergeDeps } from '../merge/merge-deps.ts';
import {
  AMBIGUOUS_SUBJECT,
  findSubjectField,
  TWO_PATIENTS,
  UNKNOWN_TARGET,
  UNRESOLVED_SUBJECT,
} from '../references/compartment.ts';
import { isInlinedType } from '../references/inlined.ts';
import { addPatientReferences } from '../references/patient-references.ts';
import {
  createReferenceMap,
  type ReferenceMap,
  registerNames,
  type SourceOrigin,
} from '../references/reference-map.ts';
import type { Validation } from '../validate/open-validation.ts';
import { isError } from '../validate/validation-issues.ts';
import { findReachable, inlinedOutcome } from './inlined-outcomes.ts';
import type { EntryValidation } from './load-entries.ts';
import { type LoadedLinkedEntries, loadLinked } from './load-linked.ts';
import { lockFeedRecords } from './lock-feed-records.ts';
import { type FeedOutcome, type RejectedOutcome, reject, withPath } from './outcome.ts';
import { recordProvenanceLineage } from './provenance-lineage.ts';
import type { FeedBundle, FeedEntry } from './read-bundle.ts';
import { type FeedSender, recordTransmission } from './record-transmission.ts';
import {
  type ExistingEntry,
  type ResolvedEntry,
  type ResolveEntriesDeps,
  resolveEntries,
  screenEntries,
  staleOutcome,
  unchangedOutcome,
} from './resolve-entries.ts';
import { newConditionalLookups, resolveReferences } from './resolve-references.ts';

export interface FeedWriteDeps {
  readonly clock: Clock;
  readonly random: Random;
  readonly projections: readonly Projection[];
  /** Validation of resources. undefined means that they are not validated. */
  readonly validation?: Validation | undefined;
  /** App that sent the Bundle; undefined if it is unknown. */
  readonly sender?: FeedSender | undefined;
  readonly audit: MergeDeps['audit'];
  readonly notifier: MergeDeps['notifier'];
  /** Author of the changes, for the audit log. */
  readonly author: MergeAuthor;
}

interface FeedRemoveDeps extends FeedWriteDeps {
  readonly tx: Executor;
  readonly origin: SourceOrigin;
  readonly lock: PracticeLock;
}

/**
 * Writes the entries of a Bundle that can be written. Returns one outcome per entry, in the order of the entries. The
 * caller holds the lock of the practice and decides whether a partial result is acceptable.
 * @throws ExclusiveLockNeeded if a shared lock of the practice isn't enough; the caller rolls back
 */
export async function writeBundle(
  deps: FeedWriteDeps & ResolveEntriesDeps,
  { entries }: FeedBundle,
): Promise<readonly FeedOutcome[]> {
  const outcomes = new Map<number, FeedOutcome>();
  const readable: FeedEntry[] = [];
  for (const [index, entry] of entries.entries()) {
    if ('reason' in entry) outcomes.set(index, entry);
    else readable.push(entry);
  }
  for (const [index, rejection] of screenEntries(deps, readable)) outcomes.set(index, rejection);
  const remainingEntries = readable.filter(({ index }) => !outcomes.has(index));
  await lockFeedRecords(deps, remainingEntries);
  // FHIR R4 §3.1.0.11.2: deletions run first, so that later lookups don't find deleted resources.
  for (const [index, outcome] of await removeEntries(deps, remainingEntries.filter(isDeletion)))
    outcomes.set(index, outcome);
  const {
    placed,
    existing,
    stale,
    refused: unplaced,
  } = await resolveEntries(
    deps,
    remainingEntries.filter((one) => !isDeletion(one)),
  );
  for (const [index, rejection] of unplaced) outcomes.set(index, rejection);
  for (const one of existing) outcomes.set(one.entry.index, unchangedOutcome(one));
  for (const one of stale) outcomes.set(one.entry.index, staleOutcome(one));
  for (const [index, outcome] of await writeResolved(deps, placed, [...existing, ...stale]))
    outcomes.set(index, outcome);
  return entries.map((_, index) => outcomes.get(index) ?? NOT_WRITTEN);
}

/** The resources that exist after the write, by `Type/id`. */
type StoredAfterWrite = Awaited<ReturnType<typeof findPracticeResources>>;

const NOT_WRITTEN = reject(422, 'processing', 'The resource was not written.');

const isDeletion = ({ method }: FeedEntry): boolean => method === 'DELETE';

async function removeEntries(
  deps: FeedWriteDeps & ResolveEntriesDeps,
  entries: readonly FeedEntry[],
): Promise<ReadonlyMap<number, FeedOutcome>> {
  const { placed, refused: unplaced } = await resolveEntries(deps, entries);
  const outcomes = new Map<number, FeedOutcome>(unplaced);
  for (const one of placed) outcomes.set(one.entry.index, await removeEntry(deps, one));
  return outcomes;
}

/** Deletes a resource. If it is already deleted or never existed, the deletion still succeeds (FHIR R4 §3.1.0.7). */
async function removeEntry(
  { tx, clock, origin, projections, lock }: FeedRemoveDeps,
  { key, id, before }: ResolvedEntry,
): Promise<FeedOutcome> {
  const { type } = key;
  const none: FeedOutcome = { kind: 'absent', note: 'The resource does not exist.' };
  if (before === undefined) return none;
  if (before.deleted) return { kind: 'absent', version: before.version, lastUpdated: before.lastUpdated };
  const { recordId } = before;
  if (recordId !== undefined) requireLocked(lock, recordId);
  const compartment = recordId === undefined ? { practiceId: origin.practiceId } : { recordId };
  const removed = await deleteResource(
    tx,
    { home: compartment, clock, source: origin.source, projections },
    { type, id },
  );
  if (removed === undefined) return none;
  return { kind: 'deleted', key: `${type}/${id}`, version: removed.version, lastUpdated: removed.deletedAt };
}

async function writeResolved(
  deps: FeedWriteDeps & ResolveEntriesDeps,
  placed: readonly ResolvedEntry[],
  existing: readonly ExistingEntry[],
): Promise<ReadonlyMap<number, FeedOutcome>> {
  const entries = new Map(placed.map((one) => [toImportEntry(one), one]));
  const referenceMap = buildReferenceMap(deps.origin, entries, existing);
  const unresolved = new Map<ImportEntry, RejectedOutcome>();
  const lookups = newConditionalLookups();
  const pauseIfNeeded = createYielder();
  for (const entry of entries.keys()) {
    const rejection = await resolveReferences(deps.tx, referenceMap, lookups, entry);
    if (rejection !== undefined) unresolved.set(entry, rejection);
    await pauseIfNeeded();
  }
  const loaded = await loadLinked(deps, referenceMap, entries, unresolved);
  const keys = placed.map(({ key, id }) => ({ type: key.type, id }));
  const after = await findPracticeResources(deps.tx, deps.origin.practiceId, keys);
  const outcomes = toOutcomes(entries, loaded, after, existing);
  const written = [...entries.keys()].map((entry, at) => ({ entry, outcome: outcomes[at] }));
  await recordProvenanceLineage(deps.tx, referenceMap, after, written);
  await recordTransmission(deps, referenceMap, after, written);
  return new Map(placed.map(({ entry }, at) => [entry.index, outcomes[at] ?? NOT_WRITTEN]));
}

/** Returns the outcomes of all entries, in the order of the Bundle. */
function toOutcomes(
  entries: ReadonlyMap<ImportEntry, ResolvedEntry>,
  { rejections, reasons, issues, referrersByValue }: LoadedLinkedEntries,
  after: StoredAfterWrite,
  existing: readonly ExistingEntry[],
): readonly FeedOutcome[] {
  const outcomeOf = (entry: ImportEntry, one: ResolvedEntry): FeedOutcome => {
    const reason = reasons.get(entry.at);
    const validated = issues.get(entry.at);
    const rejection =
      rejections.get(entry) ?? (reason === undefined ? undefined : toRejection(entry, reason, validated));
    if (rejection !== undefined) return rejection;
    return { ...toWrittenOutcome(one, after), ...(validated === undefined ? {} : { issues: validated.issues }) };
  };
  const outcomes = new Map([...entries].map(([entry, one]) => [entry, outcomeOf(entry, one)]));
  const existingResources = existing.map(({ entry }) => entry.resource);
  const reachable = findReachable([...entries.keys()], existingResources);
  return [...entries].map(([entry, { key }]) => {
    const outcome = outcomes.get(entry) ?? NOT_WRITTEN;
    if (!isInlinedType(key.type) || rejections.has(entry)) return outcome;
    const referring = (referrersByValue.get(entry.value) ?? []).map(
      (referrer) => outcomes.get(referrer) ?? NOT_WRITTEN,
    );
    return inlinedOutcome(referring, reachable.has(entry.value));
  });
}

/** Returns the rejection of an entry that the loader or validation rejected. */
function toRejection({ value }: ImportEntry, reason: string, validation: EntryValidation | undefined): RejectedOutcome {
  if (validation?.refused === true)
    return { ...reject(422, 'invalid', reason, 'kept'), issues: validation.issues.filter(isError) };
  const rejection = reject(422, 'business-rule', reason, WAITING_REASONS.includes(reason) ? 'waiting' : 'kept');
  if (reason === UNKNOWN_TARGET) return withPath('resource.target', rejection);
  const member = PATIENT_REASONS.includes(reason) ? findSubjectField(value) : undefined;
  return member === undefined ? rejection : withPath(`resource.${member}`, rejection);
}
const PATIENT_REASONS = [UNKNOWN_PATIENT, REJECTED_PATIENT, AMBIGUOUS_SUBJECT, UNRESOLVED_SUBJECT, TWO_PATIENTS];
const WAITING_REASONS = [UNKNOWN_PATIENT, REJECTED_PATIENT, UNKNOWN_TARGET];

function toWrittenOutcome({ key, id, before }: ResolvedEntry, after: StoredAfterWrite): FeedOutcome {
  const now = after.get(`${key.type}/${id}`);
  if (now === undefined || now.deleted) return NOT_WRITTEN;
  const { version, lastUpdated } = now;
  const kind =
    before === undefined || before.deleted ? 'created' : before.version === version ? 'unchanged' : 'updated';
  return { kind, key: `${key.type}/${id}`, version, lastUpdated };
}

/** Returns the entry in the form that the loader expects, with the id that the sending app uses. */
function toImportEntry({ entry, key }: ResolvedEntry): ImportEntry {
  const { index, resource, fullUrl } = entry;
  const value = addPatientReferences({ ...resource, id: key.sourceId });
  const entryBase = { file: 'Bundle', at: `Bundle.entry[${index}]`, value };
  return fullUrl === undefined ? entryBase : { ...entryBase, fullUrl };
}

/**
 * Builds the map of the names (fullUrl, id, or identifier) by which entries refer to each other. If a conditional
 * create found an existing resource, the fullUrl of the entry leads to that resource.
 */
function buildReferenceMap(
  origin: SourceOrigin,
  entries: ReadonlyMap<ImportEntry, ResolvedEntry>,
  existing: readonly ExistingEntry[],
): ReferenceMap {
  const referenceMap = createReferenceMap(origin);
  for (const [entry, { key, entry: sent }] of entries) {
    registerNames(referenceMap, entry);
    // A created resource gets a new id, but other entries may refer to it by the id that its sender gave it. That id is
    // therefore added as a name.
    const ownId = textAt(sent.resource, 'id');
    if (sent.sourceId === undefined && ownId !== undefined) referenceMap.byFullUrl.set(`${key.type}/${ownId}`, key);
  }
  for (const { entry, key } of existing) {
    if (entry.fullUrl !== undefined) referenceMap.byFullUrl.set(entry.fullUrl, key);
  }
  return referenceMap;
}
