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
  /** Whether a part that would change a resource of another source is rejected. */
  readonly ownOnly?: boolean;
  /**
   * Whether each patient of this input was stored the last time their Patient resource came. Keys are the source's ids.
   */
  readonly stored: Map<string, boolean>;
  /**
   * How writes are prepared and unchanged resources found: `ahead`, while earlier parts are written, or `in turn`,
   * within the current transaction. undefined: each part is written without preparation.
   */
  readonly ready?: 'ahead' | 'in turn';
  /** Called after each transaction. */
  progressed(): void;
}

/** The resources of one record in a batch of input. */
interface RecordPart {
  /** Patient id at the source. */
  readonly sourceId: string;
  /** undefined when the patient has no record yet. */
  readonly record: KnownRecord | undefined;
  readonly part: readonly Prepared[];
}

/**
 * Stores prepared resources: the directory first, then record by record. The part of each record is stored completely
 * or not at all, so that a record is never visible half loaded.
 * @param expected pending patients, who come later in this input
 * @returns deferred resources, which are about pending patients
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
  const deferred: Prepared[] = [];
  const parts: RecordPart[] = [];
  for (const [sourceId, part] of byPatient) {
    const record = known.get(sourceId);
    const bringsPatient = part.some(isPatient);
    if (record?.active === false) refuseAll(deps, part, ERASED);
    else if (!bringsPatient && deps.stored.get(sourceId) === false) refuseAll(deps, part, REFUSED_PATIENT);
    else if (!bringsPatient && expected.has(sourceId) && !deps.stored.has(sourceId)) deferred.push(...part);
    else if (record === undefined && !bringsPatient) refuseAll(deps, part, UNKNOWN_PATIENT);
    else parts.push({ sourceId, record, part });
  }
  if (deps.ready === 'ahead') await readAhead(changedOf(deps, parts), AHEAD, (batch) => storeParts(deps, batch));
  else for await (const one of deps.ready === 'in turn' ? changedOf(deps, parts) : parts) await storeParts(deps, [one]);
  return deferred;
}

/**
 * Several small parts share one transaction. Their number is limited because the transaction holds the lock of the
 * practice.
 */
const AHEAD = { room: 1500, atOnce: 300, sizeOf: ({ part }: RecordPart) => part.length };

/** Prepares parts while earlier ones are written, and leaves out parts without changes. */
async function* changedOf(deps: LoadDeps, parts: readonly RecordPart[]): AsyncIterable<RecordPart> {
  for (const one of parts) {
    const resources = one.part.flatMap(({ store, medications = [] }) => [store.resource, ...medications]);
    const recordId = one.record?.recordId;
    const unchanged = await madeReady(deps, recordId, resources);
    if (recordId === undefined || !resources.every((resource) => unchanged.has(resource))) yield one;
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
    // Errors of a part are reported when it is stored.
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

/** Rejects what can't be stored and continues with the rest. */
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

/** Stores each part completely or not at all, and reports it once the transaction has committed. */
async function storeParts(deps: LoadDeps, parts: readonly RecordPart[]): Promise<void> {
  const reports =
    deps.ready === 'ahead'
      ? await deps.db.transaction(async (tx) => {
          await commitSoon(tx);
          return storeInTurn(deps, parts, nested(tx));
        })
      : await storeInTurn(deps, parts, deps.db);
  for (const report of reports) report();
  deps.progressed();
}

async function storeInTurn(
  deps: LoadDeps,
  parts: readonly RecordPart[],
  db: Database,
): Promise<readonly (() => void)[]> {
  const reports: (() => void)[] = [];
  for (const one of parts) reports.push(await storePart(deps, one, db));
  return reports;
}

/** @returns a function that reports the result */
async function storePart(deps: LoadDeps, one: RecordPart, db: Database): Promise<() => void> {
  const bringsPatient = one.part.some(isPatient);
  try {
    const written = await db.transaction((tx) => writePart(tx, deps, one));
    return () => {
      if (bringsPatient) deps.stored.set(one.sourceId, true);
      tellOf(deps, written);
    };
  } catch (error) {
    const reason = reasonOf(error);
    if (reason === undefined) throw error;
    return () => {
      if (bringsPatient) deps.stored.set(one.sourceId, false);
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
  const mergedView = known?.joined
    ? await joinedTo(tx, recordId, finalId(origin, { type: 'Patient', sourceId }))
    : ALONE;
  if (patient !== undefined && !mergedView.replaced) await writeDemographics(tx, origin, recordId, patient);
  const elsewhere = await movedOf(tx, origin, recordId, part);
  const accepted = part.filter((one) => !elsewhere.has(one)).map(mergedView.inRecord);
  const added = await mergedView.newOf(tx, accepted);
  const target = { recordId, source: origin.source, ownOnly, clock, projections };
  const stores = accepted.map(({ store }) => store);
  const counts = await putResources(tx, { ...target, isNew }, stores);
  const copies = await putMedications(tx, target, accepted, counts);
  await mergedView.keep(tx, added);
  return { recordId, moved: elsewhere, counts, copies };
}

function tellOf({ tally }: LoadDeps, { recordId, moved: elsewhere, counts, copies }: Written): void {
  for (const [one, reason] of elsewhere) refuse(tally, one.entry, notHereReason(one, reason));
  tally.records.add(recordId);
  tally.copies += copies.created + copies.updated;
  tally.created += counts.created + copies.created;
  tally.updated += counts.updated + copies.updated;
  tally.unchanged += counts.unchanged;
}

const NONE: Counts = { created: 0, updated: 0, unchanged: 0 };

/** Stores the inlined Medications, and deletes those that no resource of the record refers to anymore. */
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

/**
 * Rejects a Patient whose identity doesn't match the stored one. Two systems may use the same id for different people,
 * and their data must not be mixed.
 */
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

/** Reasons that result from a command of the practice, which moved the resource or erased the record. */
export const GONE_BY_COMMAND: readonly string[] = [ERASED, MOVED, MOVED_TARGET, RETRACTED];

const notHereReason = (one: Prepared, reason: NotHere): string =>
  isProvenance(one) ? MOVED_TARGET : reason === 'retracted' ? RETRACTED : MOVED;

/**
 * Finds resources that are in another record of the practice or were retracted from this one, and Provenance about such
 * resources.
 */
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
      const reason = own.map(({ type, id }) => elsewhere.get(`${type}/${id}`)).find((found) => found !== undefined);
      return reason === undefined ? [] : [[one, reason] as const];
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
