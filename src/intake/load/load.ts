import { type Database, type Executor, withSavepoints } from '../../database/index.ts';
import {
  deleteUnusedMedications,
  findStorageConflicts,
  lockPractice,
  type PracticeLock,
  type Projection,
  prepareWrites,
  type ResourceKey,
  type ResourceToStore,
  readStoredResource,
  requireLocked,
  type StorageConflict,
  withGenericPlans,
  writeDirectory,
  writeResources,
} from '../../fhir/index.ts';
import { type Clock, isUuid, itemsAt, type Random, type RecordId, textAt } from '../../kernel/index.ts';
import { type ImportTally, rejectEntry } from '../import-report.ts';
import type { PreparedResource } from '../prepare/prepare.ts';
import { type SourceOrigin, toStoredId } from '../references/reference-map.ts';
import { commitAsynchronously } from './deferred-flush.ts';
import { hasIdentityMismatch } from './identity-mismatch.ts';
import { UNMERGED_RECORD, viewMergedRecord } from './merged-record.ts';
import { readAhead } from './read-ahead.ts';
import { findRecords, type KnownRecord, openRecord, refreshRecord, writeDemographics } from './records.ts';
import { PartRejected, toRejectionReason } from './store-errors.ts';

export interface ImportLoadDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly random: Random;
  readonly projections: readonly Projection[];
  readonly origin: SourceOrigin;
  readonly tally: ImportTally;
  /**
   * Whether resources are rejected if writing them would change a resource that another app or import source stored.
   */
  readonly ownOnly?: boolean;
  /**
   * For each patient, by the id that the source system uses: whether the last Patient resource of the patient in this
   * input was stored.
   */
  readonly stored: Map<string, boolean>;
  /**
   * When the loader finds unchanged resources and prepares writes: with `ahead`, while earlier resources are written;
   * with `in turn`, just before it writes each patient record, in the same transaction. undefined means that it does
   * neither.
   */
  readonly ready?: 'ahead' | 'in turn';
  /** Lock of the practice that the transaction of `db` holds. Without it, each transaction takes the exclusive one. */
  readonly lock?: PracticeLock | undefined;
  /** Called after each database transaction. */
  progressed(): void;
}

/** The resources of one patient record in one part of the input. They are stored together or not at all. */
interface RecordBatch {
  /** Id of the patient as the source system uses it. */
  readonly sourceId: string;
  /** Record of the patient; undefined if the patient has none yet. */
  readonly record: KnownRecord | undefined;
  readonly resources: readonly PreparedResource[];
}

/**
 * Stores prepared resources: the directory first, then one patient record after the other. Each call stores the
 * resources of a record completely or not at all, so that a record is never visible half loaded.
 * @param expected patients whose Patient resource may come later in the input
 * @returns resources about such patients, which must be loaded later
 */
export async function load(
  deps: ImportLoadDeps,
  prepared: readonly PreparedResource[],
  expected: ReadonlySet<string> = new Set(),
): Promise<readonly PreparedResource[]> {
  const directory = prepared.filter((one) => one.patient === undefined);
  if (directory.length > 0) await storeOrReject(deps, directory, () => loadDirectory(deps, directory));
  const byPatient = Map.groupBy(
    prepared.filter((one) => one.patient !== undefined),
    (one) => one.patient as string,
  );
  const known = await findRecords(deps.db, deps.origin, [...byPatient.keys()]);
  const deferred: PreparedResource[] = [];
  const batches: RecordBatch[] = [];
  for (const [sourceId, resources] of byPatient) {
    const record = known.get(sourceId);
    const bringsPatient = resources.some(isPatient);
    if (record?.active === false) rejectAll(deps, resources, RECORD_ERASED);
    else if (!bringsPatient && deps.stored.get(sourceId) === false) rejectAll(deps, resources, REJECTED_PATIENT);
    else if (!bringsPatient && expected.has(sourceId) && !deps.stored.has(sourceId)) deferred.push(...resources);
    else if (record === undefined && !bringsPatient) rejectAll(deps, resources, UNKNOWN_PATIENT);
    else batches.push({ sourceId, record, resources });
  }
  if (deps.ready === 'ahead')
    await readAhead(selectChanged(deps, batches), PREPARE_AHEAD, (batch) => storeBatches(deps, batch));
  else if (deps.lock === undefined) await storeInTurn(deps, batches);
  // With a lock, `db` is one transaction, which keeps the setting until all records are written.
  else if (batches.length > 0) await withGenericPlans(deps.db, () => storeInTurn(deps, batches));
  return deferred;
}

async function storeInTurn(deps: ImportLoadDeps, batches: readonly RecordBatch[]): Promise<void> {
  for await (const one of deps.ready === 'in turn' ? selectChanged(deps, batches) : batches)
    await storeBatches(deps, [one]);
}

/**
 * Limits for preparing patient records ahead, in numbers of resources. Up to `room` prepared resources wait to be
 * written. Several small records share one database transaction, which writes up to `atOnce` resources. `atOnce` is
 * lower than `room`, because the transaction holds the lock of the practice.
 */
const PREPARE_AHEAD = { room: 1500, atOnce: 300, sizeOf: ({ resources }: RecordBatch) => resources.length };

/** Prepares the writes of patient records while earlier ones are written. Records without changes are left out. */
async function* selectChanged(deps: ImportLoadDeps, batches: readonly RecordBatch[]): AsyncIterable<RecordBatch> {
  for (const one of batches) {
    const resources = one.resources.flatMap(({ store, medications = [] }) => [store.resource, ...medications]);
    const recordId = one.record?.recordId;
    const unchanged = await tryPrepareWrites(deps, recordId, resources);
    if (recordId === undefined || !resources.every((resource) => unchanged.has(resource))) yield one;
    else countUnchanged(deps, recordId, one);
  }
}

async function tryPrepareWrites(
  { db }: ImportLoadDeps,
  recordId: RecordId | undefined,
  resources: readonly ResourceToStore['resource'][],
): Promise<ReadonlySet<object>> {
  try {
    return await prepareWrites(db, recordId, resources);
  } catch (error) {
    // An error in the resources of this record is ignored here, because it is reported when the resources are stored.
    if (toRejectionReason(error) === undefined) throw error;
    return new Set();
  }
}

function countUnchanged(deps: ImportLoadDeps, recordId: RecordId, { sourceId, resources }: RecordBatch): void {
  const distinct = new Set(resources.map(({ store: { resource } }) => `${resource.resourceType}/${resource.id}`));
  if (resources.some(isPatient)) deps.stored.set(sourceId, true);
  deps.tally.records.add(recordId);
  count(deps, { created: 0, updated: 0, unchanged: distinct.size });
}

export const UNKNOWN_PATIENT =
  'The patient is unknown at this practice. Load the Patient first, or together with this resource.';
export const RECORD_ERASED = 'The record of the patient was erased.';
export const REJECTED_PATIENT = 'The Patient was rejected.';

function rejectAll(
  { tally, progressed }: ImportLoadDeps,
  resources: readonly PreparedResource[],
  reason: string,
): void {
  for (const { entry } of resources) rejectEntry(tally, entry, reason);
  progressed();
}

/** Rejects resources that can't be stored, and lets the import continue with the rest. */
async function storeOrReject(
  deps: ImportLoadDeps,
  resources: readonly PreparedResource[],
  store: () => Promise<void>,
): Promise<void> {
  try {
    await store();
  } catch (error) {
    const reason = toRejectionReason(error);
    if (reason === undefined) throw error;
    rejectAll(deps, resources, reason);
  }
}

const isPatient = ({ store }: PreparedResource): boolean => store.resource.resourceType === 'Patient';

async function loadDirectory(deps: ImportLoadDeps, directory: readonly PreparedResource[]): Promise<void> {
  const { practiceId, source } = deps.origin;
  const { clock, ownOnly, projections, lock } = deps;
  const target = { practiceId, source, clock, ownOnly, projections, lock };
  const resources = directory.map(({ store }) => store);
  const counts = await deps.db.transaction((tx) => writeDirectory(tx, target, resources));
  count(deps, counts);
}

/**
 * Stores the resources of each patient record completely or not at all. The counts of the import are updated after the
 * transaction has committed.
 */
async function storeBatches(deps: ImportLoadDeps, batches: readonly RecordBatch[]): Promise<void> {
  const reports =
    deps.ready === 'ahead'
      ? await deps.db.transaction(async (tx) => {
          await commitAsynchronously(tx);
          return storeSequentially(deps, batches, withSavepoints(tx));
        })
      : await storeSequentially(deps, batches, deps.db);
  for (const report of reports) report();
  deps.progressed();
}

async function storeSequentially(
  deps: ImportLoadDeps,
  batches: readonly RecordBatch[],
  db: Database,
): Promise<readonly (() => void)[]> {
  const reports: (() => void)[] = [];
  for (const one of batches) reports.push(await storeBatch(deps, one, db));
  return reports;
}

/**
 * Stores the resources of one patient record.
 * @returns a function that adds the stored or rejected resources to the counts of the import. The caller calls it after
 * the transaction has committed
 */
async function storeBatch(deps: ImportLoadDeps, one: RecordBatch, db: Database): Promise<() => void> {
  const bringsPatient = one.resources.some(isPatient);
  try {
    const written = await db.transaction((tx) => writeBatch(tx, deps, one));
    return () => {
      if (bringsPatient) deps.stored.set(one.sourceId, true);
      addToTally(deps, written);
    };
  } catch (error) {
    const reason = toRejectionReason(error);
    if (reason === undefined) throw error;
    return () => {
      if (bringsPatient) deps.stored.set(one.sourceId, false);
      for (const { entry } of one.resources) rejectEntry(deps.tally, entry, reason);
    };
  }
}

interface StoredBatch {
  readonly recordId: RecordId;
  readonly moved: ReadonlyMap<PreparedResource, StorageConflict>;
  readonly counts: StoreCounts;
  readonly copies: StoreCounts;
}

async function writeBatch(
  tx: Executor,
  { origin, random, clock, projections, ownOnly, lock }: ImportLoadDeps,
  { sourceId, record, resources }: RecordBatch,
): Promise<StoredBatch> {
  const patient = resources.findLast(isPatient)?.store.resource;
  if (lock === undefined) await lockPractice(tx, origin.practiceId, clock.now());
  const known = record && (await refreshRecord(tx, origin, sourceId, record));
  if (known?.active === false) throw new PartRejected(RECORD_ERASED);
  const { recordId, isNew } =
    known === undefined
      ? await openRecord(tx, random, origin, { sourceId, patientId: patient?.id ?? '' })
      : { recordId: known.recordId, isNew: false };
  if (lock !== undefined && !isNew) requireLocked(lock, recordId);
  await rejectIdentityMismatch(tx, isNew ? undefined : recordId, sourceId, resources.filter(isPatient));
  const mergedView = known?.hasMergedRecords
    ? await viewMergedRecord(tx, recordId, toStoredId(origin, { type: 'Patient', sourceId }))
    : UNMERGED_RECORD;
  if (patient !== undefined && !mergedView.replaced) await writeDemographics(tx, origin, recordId, patient);
  const elsewhere = await findElsewhere(tx, origin, recordId, resources);
  const accepted = resources.filter((one) => !elsewhere.has(one)).map(mergedView.toRecordForm);
  const added = await mergedView.findNew(tx, accepted);
  const target = { practiceId: origin.practiceId, recordId, source: origin.source, ownOnly, clock, projections, lock };
  const stores = accepted.map(({ store }) => store);
  const counts = await writeResources(tx, { ...target, isNew }, stores);
  const copies = await putMedications(tx, target, accepted, counts);
  await mergedView.recordLineage(tx, added);
  return { recordId, moved: elsewhere, counts, copies };
}

function addToTally({ tally }: ImportLoadDeps, { recordId, moved: elsewhere, counts, copies }: StoredBatch): void {
  for (const [one, reason] of elsewhere) rejectEntry(tally, one.entry, elsewhereReason(one, reason));
  tally.records.add(recordId);
  tally.copies += copies.created + copies.updated;
  tally.created += counts.created + copies.created;
  tally.updated += counts.updated + copies.updated;
  tally.unchanged += counts.unchanged;
}

const NO_COUNTS: StoreCounts = { created: 0, updated: 0, unchanged: 0 };

/**
 * Stores the copies of Medications that resources of a record refer to, and deletes copies that nothing in the record
 * refers to anymore.
 */
async function putMedications(
  tx: Executor,
  target: Parameters<typeof writeResources>[1],
  resources: readonly PreparedResource[],
  { updated }: StoreCounts,
): Promise<StoreCounts> {
  const copies = resources.flatMap(({ medications = [] }) => medications.map((resource) => ({ resource })));
  const counts = copies.length === 0 ? NO_COUNTS : await writeResources(tx, target, copies);
  if (updated + counts.updated > 0) await deleteUnusedMedications(tx, target.recordId);
  return counts;
}

/**
 * Rejects a Patient that can't be the same person as the stored Patient with this id. Two systems may use one id for
 * different people, and their data must not be mixed.
 */
async function rejectIdentityMismatch(
  tx: Executor,
  recordId: RecordId | undefined,
  sourceId: string,
  patients: readonly PreparedResource[],
): Promise<void> {
  const [first] = patients;
  if (first === undefined) return;
  const key = { type: 'Patient', id: first.store.resource.id };
  let before: unknown = recordId === undefined ? undefined : await readStoredResource(tx, recordId, key);
  for (const { store } of patients) {
    if (before !== undefined && hasIdentityMismatch(before, store.resource))
      throw new PartRejected(identityMismatchReason(sourceId));
    before = store.resource;
  }
}

const identityMismatchReason = (sourceId: string): string => (isUuid(sourceId) ? OTHER_PERSON : OTHER_PERSON_OF_SOURCE);

const OTHER_PERSON = 'A different person has this Patient id. Their identifiers and date of birth differ.';
const OTHER_PERSON_OF_SOURCE =
  'A different person has this Patient id from this source. Their identifiers and date of birth differ. If the file comes from a different system, load it with --source and a name for that system.';

const IN_OTHER_RECORD =
  'This id belongs to a resource in another patient’s record. Resources never move between patients. Correct it at the source, with a new id.';
const TARGET_IN_OTHER_RECORD = 'The resource, or a target of this Provenance, is in another patient’s record.';
const RETRACTED_HERE =
  'The resource was retracted from this record because it belongs to a different person. Correct its patient at the source.';

/** Rejection reasons of data that would get into the record of a wrong patient. */
export const WRONG_PATIENT_REASONS: readonly string[] = [
  OTHER_PERSON,
  OTHER_PERSON_OF_SOURCE,
  IN_OTHER_RECORD,
  TARGET_IN_OTHER_RECORD,
  RETRACTED_HERE,
];

/**
 * Rejection reasons that follow from an earlier command of an operator. The command moved the resource to another
 * record, retracted it, or erased its record.
 */
export const REASONS_AFTER_COMMAND: readonly string[] = [
  RECORD_ERASED,
  IN_OTHER_RECORD,
  TARGET_IN_OTHER_RECORD,
  RETRACTED_HERE,
];

const elsewhereReason = (one: PreparedResource, reason: StorageConflict): string =>
  isProvenance(one) ? TARGET_IN_OTHER_RECORD : reason === 'retracted' ? RETRACTED_HERE : IN_OTHER_RECORD;

/**
 * Finds resources that are in another record of the practice or were removed from this one as misfiled, and Provenance
 * about such resources.
 */
async function findElsewhere(
  tx: Executor,
  { practiceId }: SourceOrigin,
  recordId: RecordId,
  resources: readonly PreparedResource[],
): Promise<ReadonlyMap<PreparedResource, StorageConflict>> {
  const keys = resources.map((one) => [one, affectedKeys(one)] as const);
  const all = keys.flatMap(([, resourceKeys]) => resourceKeys);
  const elsewhere = await findStorageConflicts(tx, { practiceId, recordId }, all);
  return new Map(
    keys.flatMap(([one, resourceKeys]) => {
      const reason = resourceKeys
        .map(({ type, id }) => elsewhere.get(`${type}/${id}`))
        .find((found) => found !== undefined);
      return reason === undefined ? [] : [[one, reason] as const];
    }),
  );
}

const isProvenance = ({ store }: PreparedResource): boolean => store.resource.resourceType === 'Provenance';

function affectedKeys(one: PreparedResource): readonly ResourceKey[] {
  const { resourceType: type, id } = one.store.resource;
  const targets = isProvenance(one) ? itemsAt(one.store.resource, 'target') : [];
  return [
    { type, id },
    ...targets.flatMap((target) => {
      const [targetType = '', targetId = ''] = (textAt(target, 'reference') ?? '').split('/');
      return isUuid(targetId) ? [{ type: targetType, id: targetId.toLowerCase() }] : [];
    }),
  ];
}

type StoreCounts = Pick<ImportTally, 'created' | 'updated' | 'unchanged'>;

function count({ tally, progressed }: ImportLoadDeps, counts: StoreCounts): void {
  tally.created += counts.created;
  tally.updated += counts.updated;
  tally.unchanged += counts.unchanged;
  progressed();
}
