import type { Executor } from '../../database/index.ts';
import {
  addReplacesLinks,
  findAbsent,
  getPatientOfRecord,
  listMergedRecords,
  type MergedRecord,
  markReplaced,
  type ResourceKey,
  type ResourceToStore,
  recordAddedOrigins,
  replaceReferences,
} from '../../fhir/index.ts';
import type { RecordId } from '../../kernel/index.ts';
import type { PreparedResource } from '../prepare/prepare.ts';

/** How resources of one Patient are stored in a record that other patients' records were merged into. */
export interface MergedRecordView {
  /** Whether the record of this Patient was merged into another one. Such a Patient is no longer used. */
  readonly replaced: boolean;
  /**
   * Changes a resource in the way that the merge changed stored resources. Otherwise, an unchanged resource that is
   * sent again would look changed.
   */
  toRecordForm(one: PreparedResource): PreparedResource;
  /** Returns the keys of the given resources that the record doesn't have yet. */
  findNew(tx: Executor, resources: readonly PreparedResource[]): Promise<readonly ResourceKey[]>;
  /** Records that the resources belong to this Patient, so that they move along if the merge is undone. */
  recordLineage(tx: Executor, added: readonly ResourceKey[]): Promise<void>;
}

/** View of a record that no other record was merged into. It leaves all resources as they are. */
export const UNMERGED_RECORD: MergedRecordView = {
  replaced: false,
  toRecordForm: (one) => one,
  findNew: async () => [],
  recordLineage: async () => {},
};

/**
 * Returns how resources of a Patient are stored in a merged record.
 * @param patientId Patient that the source system writes about, whose record remained or was merged into it
 */
export async function viewMergedRecord(tx: Executor, recordId: RecordId, patientId: string): Promise<MergedRecordView> {
  const merged = await listMergedRecords(tx, recordId);
  const ownMerge = merged.find((one) => one.patientId === patientId);
  const replacedIn = (record: RecordId) => merged.filter(({ into }) => into === record).map((one) => one.patientId);
  const asPatient = (change: (patient: StoredResource) => StoredResource) => (one: PreparedResource) =>
    withChangedResource(one, (resource) => (isPatient(resource, patientId) ? change(resource) : resource));
  if (ownMerge === undefined)
    return {
      ...UNMERGED_RECORD,
      toRecordForm: asPatient((patient) => addReplacesLinks(patient, replacedIn(recordId))),
    };
  const lineage = findLineage(ownMerge, merged);
  const survivor = await getPatientOfRecord(tx, recordId);
  const laterReferences = mapPatientReferences(lineage.slice(1), survivor);
  const allReferences = mapPatientReferences(lineage, survivor);
  return {
    replaced: true,
    toRecordForm: (one) =>
      withChangedResource(one, (resource) =>
        isPatient(resource, patientId)
          ? markReplaced(
              replaceReferences(
                addReplacesLinks(resource, replacedIn(ownMerge.recordId)),
                laterReferences,
              ) as StoredResource,
              survivor,
            )
          : (replaceReferences(resource, allReferences) as StoredResource),
      ),
    findNew: (on, resources) => findAbsent(on, recordId, resources.flatMap(storedKeys)),
    recordLineage: (on, added) => recordAddedOrigins(on, recordId, lineage, added),
  };
}

type StoredResource = ResourceToStore['resource'];

/** Returns the merges that lead from one merged record to the record that remains. */
function findLineage(first: MergedRecord, merged: readonly MergedRecord[]): readonly MergedRecord[] {
  const lineage = [first];
  for (let last: MergedRecord | undefined = first; last !== undefined; ) {
    const { into }: MergedRecord = last;
    last = merged.find(({ recordId }) => recordId === into);
    if (last !== undefined) lineage.push(last);
  }
  return lineage;
}

const mapPatientReferences = (lineage: readonly MergedRecord[], survivor: string): ReadonlyMap<string, string> =>
  new Map(lineage.map((one) => [`Patient/${one.patientId}`, `Patient/${survivor}`]));

const isPatient = ({ resourceType, id }: StoredResource, patientId: string): boolean =>
  resourceType === 'Patient' && id === patientId;

const withChangedResource = (
  one: PreparedResource,
  change: (resource: StoredResource) => StoredResource,
): PreparedResource => ({
  ...one,
  store: { ...one.store, resource: change(one.store.resource) },
});

const storedKeys = ({ store, medications = [] }: PreparedResource): readonly ResourceKey[] =>
  [store.resource, ...medications].map(({ resourceType: type, id }) => ({ type, id }));
