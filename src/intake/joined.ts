import type { Executor } from '../database/index.ts';
import {
  keepAdded,
  type MergedRecord,
  mergedRecords,
  notThere,
  patientOfRecord,
  type ResourceKey,
  replacedBy,
  replacing,
  type ToStore,
  withAddresses,
} from '../fhir/index.ts';
import type { RecordId } from '../kernel/index.ts';
import type { Prepared } from './prepare.ts';

/** How resources of one Patient are stored in a record into which several Patients were merged. */
export interface Joined {
  /** Whether the Patient was merged into another and is no longer used. */
  readonly replaced: boolean;
  /** Changes a resource as the merge did, so that an unchanged resource that is sent again counts as unchanged. */
  inRecord(one: Prepared): Prepared;
  /** Finds the resources that the record doesn't have yet. */
  newOf(tx: Executor, part: readonly Prepared[]): Promise<readonly ResourceKey[]>;
  /** Records that the resources belong to this Patient, so that undoing the merge moves them along. */
  keep(tx: Executor, added: readonly ResourceKey[]): Promise<void>;
}

/** A record into which no other was merged. */
export const ALONE: Joined = {
  replaced: false,
  inRecord: (one) => one,
  newOf: async () => [],
  keep: async () => {},
};

/** @param patientId Patient that the source writes about: the surviving one or a merged one */
export async function joinedTo(tx: Executor, recordId: RecordId, patientId: string): Promise<Joined> {
  const merged = await mergedRecords(tx, recordId);
  const ownMerge = merged.find((one) => one.patientId === patientId);
  const replacedIn = (record: RecordId) => merged.filter(({ into }) => into === record).map((one) => one.patientId);
  const asPatient = (change: (patient: Stored) => Stored) => (one: Prepared) =>
    changed(one, (resource) => (isPatient(resource, patientId) ? change(resource) : resource));
  if (ownMerge === undefined)
    return { ...ALONE, inRecord: asPatient((patient) => replacing(patient, replacedIn(recordId))) };
  const lineage = wayFrom(ownMerge, merged);
  const survivor = await patientOfRecord(tx, recordId);
  const laterReferences = addresses(lineage.slice(1), survivor);
  const allReferences = addresses(lineage, survivor);
  return {
    replaced: true,
    inRecord: (one) =>
      changed(one, (resource) =>
        isPatient(resource, patientId)
          ? replacedBy(
              withAddresses(replacing(resource, replacedIn(ownMerge.recordId)), laterReferences) as Stored,
              survivor,
            )
          : (withAddresses(resource, allReferences) as Stored),
      ),
    newOf: (on, part) => notThere(on, recordId, part.flatMap(keysOf)),
    keep: (on, added) => keepAdded(on, recordId, lineage, added),
  };
}

type Stored = ToStore['resource'];

/** Follows the merges from one record to the record that remains. */
function wayFrom(first: MergedRecord, merged: readonly MergedRecord[]): readonly MergedRecord[] {
  const lineage = [first];
  for (let last: MergedRecord | undefined = first; last !== undefined; ) {
    const { into }: MergedRecord = last;
    last = merged.find(({ recordId }) => recordId === into);
    if (last !== undefined) lineage.push(last);
  }
  return lineage;
}

const addresses = (lineage: readonly MergedRecord[], survivor: string): ReadonlyMap<string, string> =>
  new Map(lineage.map((one) => [`Patient/${one.patientId}`, `Patient/${survivor}`]));

const isPatient = ({ resourceType, id }: Stored, patientId: string): boolean =>
  resourceType === 'Patient' && id === patientId;

const changed = (one: Prepared, change: (resource: Stored) => Stored): Prepared => ({
  ...one,
  store: { ...one.store, resource: change(one.store.resource) },
});

const keysOf = ({ store, medications = [] }: Prepared): readonly ResourceKey[] =>
  [store.resource, ...medications].map(({ resourceType: type, id }) => ({ type, id }));
