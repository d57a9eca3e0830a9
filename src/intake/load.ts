import { type Database, type Executor, nested } from '../database/index.ts';
import {
  dropUnusedMedications,
  lockPractice,
  makeReady,
  type NotHere,
  type Projection,
  putDirectory,
  putResources,
  type ResourceKey,
  readStored,
  storedElsewhere,
  type ToStore,
} from '../fhir/index.ts';
import { type Clock, isUuid, type Random, type RecordId } from '../kernel/index.ts';
import { commitSoon } from './durable.ts';
import { ALONE, joinedTo } from './joined.ts';
import { listOf, textAt } from './json-value.ts';
import { finalId, type Origin } from './names.ts';
import type { Prepared } from './prepare.ts';
import { readAhead } from './read-ahead.ts';
import { findRecords, type KnownRecord, openRecord, recordNow, writeDemographics } from './records.ts';
import { refuse, type Tally } from './report.ts';
import { areStrangers } from './same-person.ts';
import { PartRefused, reasonOf } from './unstorable.ts';

export interface LoadDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly random: Random;
  readonly projections: readonly Projection[];
  readonly origin: Origin;
  readonly tally: Tally;
  /** Whether what another source brought is not to be touched: see `Writer`. */
  readonly ownOnly?: boolean;
  /** Patients of this input by the source's ids: whether they were stored, the last time one came. */
  readonly stored: Map<string, boolean>;
  /**
   * How what is there already is found, and the rest made ready: `ahead`, while others are written, or `in turn`, within a
   * transaction that is under way. undefined: each is written as it comes.
   */
  readonly ready?: 'ahead' | 'in turn';
  /** Called after each transaction. */
  progressed(): void;
}

/** What a part of the input has of one record. */
interface RecordPart {
  /** The patient's, as the source has it. */
  readonly sourceId: string;
  /** undefined: there is none yet. */
  readonly record: KnownRecord | undefined;
  readonly part: readonly Prepared[];
}

/**
 * Stores prepared resources: the directory first, then record by record, each record's part wholly or not at all, so that
 * a record is never seen half loaded.
 * @param expected patients who come later in this input; what is about them is handed back
 */
export async function load(
  deps: LoadDeps,
  prepared: readonly Prepared[],
  expected: ReadonlySet<string> = new Set(),
): Promise<readonly Prepared[]> {
  const directory = prepared.filter((one) => one.patient === undefined);
  if (directory.length > 0) await orRefuse(deps, directory, () => loadDirectory(deps, directory));
  const byPatient = Map.groupBy(
    prepared.filter((one) => one.patient !== undefined),
    (one) => one.patient as string,
  );
  const known = await findRecords(deps.db, deps.origin, [...byPatient.keys()]);
  const early: Prepared[] = [];
  const parts: RecordPart[] = [];
  for (const [sourceId, part] of byPatient) {
    const record = known.get(sourceId);
    const brings = part.some(isPatient);
    if (record?.active === false) refuseAll(deps, part, ERASED);
    else if (!brings && deps.stored.get(sourceId) === false) refuseAll(deps, part, REFUSED_PATIENT);
    else if (!brings && expected.has(sourceId) && !deps.stored.has(sourceId)) early.push(...part);
    else if (record === undefined && !brings) refuseAll(deps, part, UNKNOWN_PATIENT);
    else parts.push({ sourceId, record, part });
  }
  if (deps.ready === 'ahead') await readAhead(changedOf(deps, parts), AHEAD, (some) => storeParts(deps, some));
  else for await (const one of deps.ready === 'in turn' ? changedOf(deps, parts) : parts) await storeParts(deps, [one]);
  return early;
}

/** Small parts go into one transaction, as many as are ready; not more, for it holds the lock of the practice. */
const AHEAD = { room: 1500, atOnce: 300, sizeOf: ({ part }: RecordPart) => part.length };

/** Made ready while those before them are written, and without those of which nothing changed. */
async function* changedOf(deps: LoadDeps, parts: readonly RecordPart[]): AsyncIterable<RecordPart> {
  for (const one of parts) {
    const resources = one.part.flatMap(({ store, medications = [] }) => [store.resource, ...medications]);
    const recordId = one.record?.recordId;
    const same = await madeReady(deps, recordId, resources);
    if (recordId === undefined || !resources.every((resource) => same.has(resource))) yield one;
    else countUnchanged(deps, recordId, one);
  }
}

async function madeReady(
  { db }: LoadDeps,
  recordId: RecordId | undefined,
  resources: readonly ToStore['resource'][],
): Promise<ReadonlySet<object>> {
  try {
    return await makeReady(db, recordId, resources);
  } catch (error) {
    // What is wrong with a part is told when it is stored.
    if (reasonOf(error) === undefined) throw error;
    return new Set();
  }
}

function countUnchanged(deps: LoadDeps, recordId: RecordId, { sourceId, part }: RecordPart): void {
  const distinct = new Set(part.map(({ store: { resource } }) => `${resource.resourceType}/${resource.id}`));
  if (part.some(isPatient)) deps.stored.set(sourceId, true);
  deps.tally.records.add(recordId);
  count(deps, { created: 0, updated: 0, unchanged: distinct.size });
}

export const UNKNOWN_PATIENT =
  'Its patient is not known at this practice. Load the Patient first, or together with it.';
const ERASED = 'The record of its patient was erased.';
export const REFUSED_PATIENT = 'Its Patient was refused.';

function refuseAll({ tally, progressed }: LoadDeps, part: readonly Prepared[], reason: string): void {
  for (const { entry } of part) refuse(tally, entry, reason);
  progressed();
}

/** What can't be stored is refused, and the rest goes on. */
async function orRefuse(deps: LoadDeps, part: readonly Prepared[], store: () => Promise<void>): Promise<void> {
  try {
    await store();
  } catch (error) {
    const reason = reasonOf(error);
    if (reason === undefined) throw error;
    refuseAll(deps, part, reason);
  }
}

const isPatient = ({ store }: Prepared): boolean => store.resource.resourceType === 'Patient';

async function loadDirectory(deps: LoadDeps, part: readonly Prepared[]): Promise<void> {
  const { practiceId, source } = deps.origin;
  const target = { practiceId, source, clock: deps.clock, ownOnly: deps.ownOnly, projections: deps.projections };
  const resources = part.map(({ store }) => store);
  const counts = await deps.db.transaction((tx) => putDirectory(tx, target, resources));
  count(deps, counts);
}

/** Each of them wholly or not at all, and told of when it is sure to stay. */
async function storeParts(deps: LoadDeps, parts: readonly RecordPart[]): Promise<void> {
  const told =
    deps.ready === 'ahead'
      ? await deps.db.transaction(async (tx) => {
          await commitSoon(tx);
          return storeInTurn(deps, parts, nested(tx));
        })
      : await storeInTurn(deps, parts, deps.db);
  for (const tell of told) tell();
  deps.progressed();
}

async function storeInTurn(
  deps: LoadDeps,
  parts: readonly RecordPart[],
  db: Database,
): Promise<readonly (() => void)[]> {
  const told: (() => void)[] = [];
  for (const one of parts) told.push(await storePart(deps, one, db));
  return told;
}

/** @returns what is to be told of it */
async function storePart(deps: LoadDeps, one: RecordPart, db: Database): Promise<() => void> {
  const brings = one.part.some(isPatient);
  try {
    const written = await db.transaction((tx) => writePart(tx, deps, one));
    return () => {
      if (brings) deps.stored.set(one.sourceId, true);
      tellOf(deps, written);
    };
  } catch (error) {
    const reason = reasonOf(error);
    if (reason === undefined) throw error;
    return () => {
      if (brings) deps.stored.set(one.sourceId, false);
      for (const { entry } of one.part) refuse(deps.tally, entry, reason);
    };
  }
}

interface Written {
  readonly recordId: RecordId;
  readonly moved: ReadonlyMap<Prepared, NotHere>;
  readonly counts: Counts;
  readonly copies: Counts;
}

async function writePart(
  tx: Executor,
  { origin, random, clock, projections, ownOnly }: LoadDeps,
  { sourceId, record, part }: RecordPart,
): Promise<Written> {
  const patient = part.findLast(isPatient)?.store.resource;
  await lockPractice(tx, origin.practiceId);
  const known = record && (await recordNow(tx, origin, sourceId, record));
  if (known?.active === false) throw new PartRefused(ERASED);
  const { recordId, isNew } =
    known === undefined
      ? await openRecord(tx, random, origin, { sourceId, patientId: patient?.id ?? '' })
      : { recordId: known.recordId, isNew: false };
  await refuseStrangers(tx, isNew ? undefined : recordId, sourceId, part.filter(isPatient));
  const joined = known?.joined ? await joinedTo(tx, recordId, finalId(origin, { type: 'Patient', sourceId })) : ALONE;
  if (patient !== undefined && !joined.replaced) await writeDemographics(tx, origin, recordId, patient);
  const moved = await movedOf(tx, origin, recordId, part);
  const kept = part.filter((one) => !moved.has(one)).map(joined.inRecord);
  const added = await joined.newOf(tx, kept);
  const target = { recordId, source: origin.source, ownOnly, clock, projections };
  const stores = kept.map(({ store }) => store);
  const counts = await putResources(tx, { ...target, isNew }, stores);
  const copies = await putMedications(tx, target, kept, counts);
  await joined.keep(tx, added);
  return { recordId, moved, counts, copies };
}

function tellOf({ tally }: LoadDeps, { recordId, moved, counts, copies }: Written): void {
  for (const [one, why] of moved) refuse(tally, one.entry, notHereReason(one, why));
  tally.records.add(recordId);
  tally.copies += copies.created + copies.updated;
  tally.created += counts.created + copies.created;
  tally.updated += counts.updated + copies.updated;
  tally.unchanged += counts.unchanged;
}

const NONE: Counts = { created: 0, updated: 0, unchanged: 0 };

/** The Medications of what was stored; those that nothing refers to any more leave the record. */
async function putMedications(
  tx: Executor,
  target: Parameters<typeof putResources>[1],
  part: readonly Prepared[],
  { updated }: Counts,
): Promise<Counts> {
  const copies = part.flatMap(({ medications = [] }) => medications.map((resource) => ({ resource })));
  const counts = copies.length === 0 ? NONE : await putResources(tx, target, copies);
  if (updated + counts.updated > 0) await dropUnusedMedications(tx, target.recordId);
  return counts;
}

/** One person's data must not go on in another's record because two systems count their patients alike. */
async function refuseStrangers(
  tx: Executor,
  recordId: RecordId | undefined,
  sourceId: string,
  patients: readonly Prepared[],
): Promise<void> {
  const [first] = patients;
  if (first === undefined) return;
  const key = { type: 'Patient', id: first.store.resource.id };
  let before: unknown = recordId === undefined ? undefined : await readStored(tx, recordId, key);
  for (const { store } of patients) {
    if (before !== undefined && areStrangers(before, store.resource)) throw new PartRefused(strangerReason(sourceId));
    before = store.resource;
  }
}

const strangerReason = (sourceId: string): string =>
  isUuid(sourceId)
    ? 'Another person has this Patient id, with other identifiers and another date of birth.'
    : 'Another person has this Patient id from this source, with other identifiers and another date of birth. If the file comes from another system, load it with --source and a name for that system.';

const MOVED =
  'Another patient’s record has it: a resource is never moved from one to another. Correct it at the source, under an id of its own.';
const MOVED_TARGET = 'It, or what it tells the origin of, is in another patient’s record.';
const RETRACTED =
  'It was retracted from this patient’s record as another person’s. Correct at the source whom it is about.';

/** Why something is not put where it was once: whoever runs the practice moved it, or ended the record. */
export const GONE_BY_COMMAND: readonly string[] = [ERASED, MOVED, MOVED_TARGET, RETRACTED];

const notHereReason = (one: Prepared, why: NotHere): string =>
  isProvenance(one) ? MOVED_TARGET : why === 'retracted' ? RETRACTED : MOVED;

/** Those that are in another record of the practice, or were retracted from this one, and the Provenance of such. */
async function movedOf(
  tx: Executor,
  { practiceId }: Origin,
  recordId: RecordId,
  part: readonly Prepared[],
): Promise<ReadonlyMap<Prepared, NotHere>> {
  const keys = part.map((one) => [one, keysOf(one)] as const);
  const all = keys.flatMap(([, own]) => own);
  const elsewhere = await storedElsewhere(tx, { practiceId, recordId }, all);
  return new Map(
    keys.flatMap(([one, own]) => {
      const why = own.map(({ type, id }) => elsewhere.get(`${type}/${id}`)).find((found) => found !== undefined);
      return why === undefined ? [] : [[one, why] as const];
    }),
  );
}

const isProvenance = ({ store }: Prepared): boolean => store.resource.resourceType === 'Provenance';

function keysOf(one: Prepared): readonly ResourceKey[] {
  const { resourceType: type, id } = one.store.resource;
  const targets = isProvenance(one) ? listOf(one.store.resource, 'target') : [];
  return [
    { type, id },
    ...targets.flatMap((target) => {
      const [targetType = '', targetId = ''] = (textAt(target, 'reference') ?? '').split('/');
      return isUuid(targetId) ? [{ type: targetType, id: targetId.toLowerCase() }] : [];
    }),
  ];
}

type Counts = Pick<Tally, 'created' | 'updated' | 'unchanged'>;

function count({ tally, progressed }: LoadDeps, counts: Counts): void {
  tally.created += counts.created;
  tally.updated += counts.updated;
  tally.unchanged += counts.unchanged;
  progressed();
}
