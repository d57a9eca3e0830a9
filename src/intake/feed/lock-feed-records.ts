import type { Executor } from '../../database/index.ts';
import {
  ExclusiveLockNeeded,
  findPracticeResources,
  lockRecords,
  type PracticeLock,
  type ResourceKey,
} from '../../fhir/index.ts';
import { createYielder, isUuid, type RecordId } from '../../kernel/index.ts';
import { findRecords } from '../load/records.ts';
import { addPatientReferences, resolvePatients } from '../references/patient-references.ts';
import {
  AMBIGUOUS,
  createReferenceMap,
  registerNames,
  resolveName,
  type SourceOrigin,
  type SourceResourceKey,
  toStoredId,
} from '../references/reference-map.ts';
import type { FeedEntry } from './read-bundle.ts';
import { findReferences } from './resolve-references.ts';

interface LockDeps {
  readonly tx: Executor;
  readonly origin: SourceOrigin;
  readonly lock: PracticeLock;
}

/** Resources by which the patient records of entries are found. */
interface NamedResources {
  /** Ids of patients, as the sending app uses them. */
  readonly patients: Set<string>;
  /** References to patients by identifier. */
  readonly conditions: Set<string>;
  readonly resources: ResourceKey[];
}

/** Maximum number of conditions of entries with a shared lock. Each may take a lock in the lock table of PostgreSQL. */
const MAX_CONDITIONS = 50;
/** Maximum number of patients that are looked up by identifier. */
const MAX_LOOKUPS = 500;

/**
 * Locks the patient records that entries may change, before anything about them is read, so that nothing changes between
 * reading and writing. Records are locked in the order of their ids, so that two Bundles can't wait for each other. With
 * the exclusive lock of the practice, no record has to be locked.
 *
 * A Bundle may reach records that this function doesn't find. The code that writes them checks that they are locked.
 * @throws ExclusiveLockNeeded if there are too many conditions
 */
export async function lockFeedRecords({ tx, origin, lock }: LockDeps, entries: readonly FeedEntry[]): Promise<void> {
  if (lock.mode === 'exclusive') return;
  const referenceMap = createReferenceMap(origin);
  const rest = createYielder();
  for (const { resource, sourceId, fullUrl } of entries) {
    const value = { ...resource, id: sourceId };
    if (sourceId !== undefined && resource !== undefined)
      registerNames(referenceMap, { file: '', at: '', value, ...(fullUrl === undefined ? {} : { fullUrl }) });
    await rest();
  }
  const named: NamedResources = { patients: new Set(), conditions: new Set(), resources: [] };
  for (const entry of entries) {
    addNamedResources(named, entry, (reference) => resolveName(referenceMap, reference), origin);
    await rest();
  }
  const conditional = entries.filter(({ ifNoneExist, condition }) => (ifNoneExist ?? condition) !== undefined).length;
  if (conditional > MAX_CONDITIONS) throw new ExclusiveLockNeeded();
  await resolvePatients(tx, referenceMap, [...named.conditions].slice(0, MAX_LOOKUPS), new Set());
  for (const condition of named.conditions) {
    const key = resolveName(referenceMap, condition);
    if (key !== undefined && key !== AMBIGUOUS) named.patients.add(key.sourceId);
  }
  const stored = await findPracticeResources(tx, origin.practiceId, named.resources);
  const records = await findRecords(tx, origin, [...named.patients]);
  const found = [
    ...[...stored.values()].map(({ recordId }) => recordId),
    ...[...records.values()].map((one) => one.recordId),
  ];
  const recordIds = [...new Set(found.filter((recordId) => recordId !== undefined))];
  await lockRecords(tx, recordIds);
  for (const recordId of recordIds) lock.records.add(recordId as RecordId);
}

function addNamedResources(
  { patients, conditions, resources }: NamedResources,
  { method, type, sourceId, resource }: FeedEntry,
  resolve: (reference: string) => SourceResourceKey | typeof AMBIGUOUS | undefined,
  origin: SourceOrigin,
): void {
  const addResource = (key: SourceResourceKey): void => {
    const id = toStoredId(origin, key);
    if (isUuid(id)) resources.push({ type: key.type, id });
  };
  if (type === 'Patient' && sourceId !== undefined) patients.add(sourceId);
  if (method === 'DELETE' && sourceId !== undefined) addResource({ type, sourceId });
  for (const reference of findReferences(addPatientReferences(resource))) {
    const key = resolve(reference);
    if (key === AMBIGUOUS) continue;
    if (key === undefined) {
      if (reference.startsWith('Patient?')) conditions.add(reference);
    } else if (key.type === 'Patient') patients.add(key.sourceId);
    else if (type === 'Provenance') addResource(key);
  }
}
