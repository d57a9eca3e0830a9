import type { Executor } from '../../database/index.ts';
import { findAtPractice, type Projection, removeResource } from '../../fhir/index.ts';
import { type Clock, pace, type Random } from '../../kernel/index.ts';
import type { Issue } from '../../validation/index.ts';
import { isCarried } from '../carried.ts';
import type { Entry } from '../entry.ts';
import { aboutMember, NO_TARGET, NOT_FOLLOWED, TWO_PATIENTS, UNCLEAR } from '../home.ts';
import { textAt } from '../json-value.ts';
import { REFUSED_PATIENT, UNKNOWN_PATIENT } from '../load.ts';
import type { Author, MergeDeps } from '../merge/merge-deps.ts';
import { learn, type Names, newNames, type Origin } from '../names.ts';
import { withPatientsAsked } from '../subjects.ts';
import type { Validation } from '../validate/validation.ts';
import { carriedOutcome, ledTo } from './carried-outcomes.ts';
import { keepProvenance } from './keep-told.ts';
import type { Validated } from './load-entries.ts';
import { type LoadedLinked, loadLinked } from './load-linked.ts';
import { located, type Outcome, type Refused, refused } from './outcome.ts';
import {
  type Found,
  leftAsItIs,
  type PlaceDeps,
  type Placed,
  placeEntries,
  screenEntries,
  thereAlready,
} from './place.ts';
import type { FeedBundle, FeedEntry } from './read-bundle.ts';
import { learnReferences, nothingAsked } from './refer.ts';
import { recordTransmission, type Sender } from './transmission.ts';

export interface WriteDeps {
  readonly clock: Clock;
  readonly random: Random;
  readonly projections: readonly Projection[];
  /** undefined: resources are not validated. */
  readonly validation?: Validation | undefined;
  /** undefined when the sender isn't known. */
  readonly sender?: Sender | undefined;
  readonly audit: MergeDeps['audit'];
  readonly people: MergeDeps['people'];
  /** Author of the write, for the audit log. */
  readonly author: Author;
}

interface Writing extends WriteDeps {
  readonly tx: Executor;
  readonly origin: Origin;
}

/**
 * Writes the entries of a Bundle that can be written, and returns an outcome for each entry, in order. The caller holds
 * the lock of the practice and decides whether a partial result is acceptable.
 */
export async function writeBundle(deps: WriteDeps & PlaceDeps, { entries }: FeedBundle): Promise<readonly Outcome[]> {
  const outcomes = new Map<number, Outcome>();
  const readable: FeedEntry[] = [];
  for (const [index, entry] of entries.entries()) {
    if ('reason' in entry) outcomes.set(index, entry);
    else readable.push(entry);
  }
  for (const [index, rejection] of screenEntries(deps, readable)) outcomes.set(index, rejection);
  const remainingEntries = readable.filter(({ index }) => !outcomes.has(index));
  // FHIR R4 §3.1.0.11.2: deletions run first, so that later lookups don't find deleted resources.
  for (const [index, outcome] of await remove(deps, remainingEntries.filter(isDeletion))) outcomes.set(index, outcome);
  const {
    placed,
    found,
    stale,
    refused: unplaced,
  } = await placeEntries(
    deps,
    remainingEntries.filter((one) => !isDeletion(one)),
  );
  for (const [index, rejection] of unplaced) outcomes.set(index, rejection);
  for (const one of found) outcomes.set(one.entry.index, thereAlready(one));
  for (const one of stale) outcomes.set(one.entry.index, leftAsItIs(one));
  for (const [index, outcome] of await writePlaced(deps, placed, [...found, ...stale])) outcomes.set(index, outcome);
  return entries.map((_, index) => outcomes.get(index) ?? NOT_WRITTEN);
}

/** Resources that exist after the write, by `Type/id`. */
type After = Awaited<ReturnType<typeof findAtPractice>>;

const NOT_WRITTEN = refused(422, 'processing', 'It was not written.');

const isDeletion = ({ method }: FeedEntry): boolean => method === 'DELETE';

async function remove(
  deps: WriteDeps & PlaceDeps,
  entries: readonly FeedEntry[],
): Promise<ReadonlyMap<number, Outcome>> {
  const { placed, refused: unplaced } = await placeEntries(deps, entries);
  const outcomes = new Map<number, Outcome>(unplaced);
  for (const one of placed) outcomes.set(one.entry.index, await removeOne(deps, one));
  return outcomes;
}

/** Deletes a resource. A resource that is already deleted or never existed is not an error. FHIR R4 §3.1.0.7. */
async function removeOne({ tx, clock, origin, projections }: Writing, { key, id, before }: Placed): Promise<Outcome> {
  const { type } = key;
  const none: Outcome = { kind: 'absent', note: 'There was no such resource.' };
  if (before === undefined) return none;
  if (before.deleted) return { kind: 'absent', version: before.version, lastUpdated: before.lastUpdated };
  const { recordId } = before;
  const compartment = recordId === undefined ? { practiceId: origin.practiceId } : { recordId };
  const removed = await removeResource(
    tx,
    { home: compartment, clock, source: origin.source, projections },
    { type, id },
  );
  if (removed === undefined) return none;
  return { kind: 'deleted', key: `${type}/${id}`, version: removed.version, lastUpdated: removed.deletedAt };
}

async function writePlaced(
  deps: WriteDeps & PlaceDeps,
  placed: readonly Placed[],
  found: readonly Found[],
): Promise<ReadonlyMap<number, Outcome>> {
  const entries = new Map(placed.map((one) => [entryOf(one), one]));
  const referenceMap = namesOf(deps.origin, entries, found);
  const unresolved = new Map<Entry, Refused>();
  const lookups = nothingAsked();
  const pauseIfNeeded = pace();
  for (const entry of entries.keys()) {
    const rejection = await learnReferences(deps.tx, referenceMap, lookups, entry);
    if (rejection !== undefined) unresolved.set(entry, rejection);
    await pauseIfNeeded();
  }
  const loaded = await loadLinked(deps, referenceMap, entries, unresolved);
  const keys = placed.map(({ key, id }) => ({ type: key.type, id }));
  const after = await findAtPractice(deps.tx, deps.origin.practiceId, keys);
  const outcomes = outcomesOf(entries, loaded, after, found);
  const written = [...entries.keys()].map((entry, at) => ({ entry, outcome: outcomes[at] }));
  await keepProvenance(deps.tx, referenceMap, after, written);
  await recordTransmission(deps, referenceMap, after, written);
  return new Map(placed.map(({ entry }, at) => [entry.index, outcomes[at] ?? NOT_WRITTEN]));
}

/** Outcomes in the order of the entries. */
function outcomesOf(
  entries: ReadonlyMap<Entry, Placed>,
  { faults, reasons, issues, takenBy }: LoadedLinked,
  after: After,
  found: readonly Found[],
): readonly Outcome[] {
  const outcomeOf = (entry: Entry, one: Placed): Outcome => {
    const reason = reasons.get(entry.at);
    const validated = issues.get(entry.at);
    const rejection = faults.get(entry) ?? (reason === undefined ? undefined : unfit(entry, reason, validated));
    if (rejection !== undefined) return rejection;
    return { ...writtenOf(one, after), ...(validated === undefined ? {} : { issues: validated.issues }) };
  };
  const own = new Map([...entries].map(([entry, one]) => [entry, outcomeOf(entry, one)]));
  const existingResources = found.map(({ entry }) => entry.resource);
  const reachable = ledTo([...entries.keys()], existingResources);
  return [...entries].map(([entry, { key }]) => {
    const outcome = own.get(entry) ?? NOT_WRITTEN;
    if (!isCarried(key.type) || faults.has(entry)) return outcome;
    const referring = (takenBy.get(entry.value) ?? []).map((referrer) => own.get(referrer) ?? NOT_WRITTEN);
    return carriedOutcome(referring, reachable.has(entry.value));
  });
}

/** Rejection of an entry that the loader or validation didn't accept. */
function unfit({ value }: Entry, reason: string, found: Validated | undefined): Refused {
  if (found?.refused === true)
    return { ...refused(422, 'invalid', reason, 'kept'), issues: found.issues.filter(isError) };
  const rejection = refused(422, 'business-rule', reason, WAITING.includes(reason) ? 'waiting' : 'kept');
  if (reason === NO_TARGET) return located('resource.target', rejection);
  const member = ABOUT_PATIENT.includes(reason) ? aboutMember(value) : undefined;
  return member === undefined ? rejection : located(`resource.${member}`, rejection);
}
const isError = ({ severity }: Issue): boolean => severity === 'error';
const ABOUT_PATIENT = [UNKNOWN_PATIENT, REFUSED_PATIENT, UNCLEAR, NOT_FOLLOWED, TWO_PATIENTS];
const WAITING = [UNKNOWN_PATIENT, REFUSED_PATIENT, NO_TARGET];

function writtenOf({ key, id, before }: Placed, after: After): Outcome {
  const now = after.get(`${key.type}/${id}`);
  if (now === undefined || now.deleted) return NOT_WRITTEN;
  const { version, lastUpdated } = now;
  const kind =
    before === undefined || before.deleted ? 'created' : before.version === version ? 'unchanged' : 'updated';
  return { kind, key: `${key.type}/${id}`, version, lastUpdated };
}

/** The entry as the loader expects it, with the id of its source. */
function entryOf({ entry, key }: Placed): Entry {
  const { index, resource, fullUrl } = entry;
  const value = withPatientsAsked({ ...resource, id: key.sourceId });
  const entryBase = { file: 'Bundle', at: `Bundle.entry[${index}]`, value };
  return fullUrl === undefined ? entryBase : { ...entryBase, fullUrl };
}

/**
 * Builds the map of names by which entries refer to each other. An existing resource gets the names of the entry that
 * would have created it.
 */
function namesOf(origin: Origin, entries: ReadonlyMap<Entry, Placed>, found: readonly Found[]): Names {
  const referenceMap = newNames(origin);
  for (const [entry, { key, entry: sent }] of entries) {
    learn(referenceMap, entry);
    // A created resource gets another id than the one it contains, but other entries may refer to it by that id.
    const ownId = textAt(sent.resource, 'id');
    if (sent.sourceId === undefined && ownId !== undefined) referenceMap.own.set(`${key.type}/${ownId}`, key);
  }
  for (const { entry, key } of found) {
    if (entry.fullUrl !== undefined) referenceMap.own.set(entry.fullUrl, key);
  }
  return referenceMap;
}
