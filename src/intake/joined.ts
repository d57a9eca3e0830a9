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

/** What a source says of a Patient, in a record that several Patients became. */
export interface Joined {
  /** The Patient is used no more: the record is known by the one who remains. */
  readonly replaced: boolean;
  /** As the merge would have written it, so that what is sent again unchanged changes nothing. */
  inRecord(one: Prepared): Prepared;
  /** Of some of them those that the record does not have yet. */
  newOf(tx: Executor, part: readonly Prepared[]): Promise<readonly ResourceKey[]>;
  /** Should the merge be undone, these go along. */
  keep(tx: Executor, added: readonly ResourceKey[]): Promise<void>;
}

/** A record of one Patient. */
export const ALONE: Joined = {
  replaced: false,
  inRecord: (one) => one,
  newOf: async () => [],
  keep: async () => {},
};

/** @param patientId of whom the source speaks: who remains, or one of those who were merged */
export async function joinedTo(tx: Executor, recordId: RecordId, patientId: string): Promise<Joined> {
  const merged = await mergedRecords(tx, recordId);
  const own = merged.find((one) => one.patientId === patientId);
  const replacedIn = (record: RecordId) => merged.filter(({ into }) => into === record).map((one) => one.patientId);
  const asPatient = (change: (patient: Stored) => Stored) => (one: Prepared) =>
    changed(one, (resource) => (isPatient(resource, patientId) ? change(resource) : resource));
  if (own === undefined)
    return { ...ALONE, inRecord: asPatient((patient) => replacing(patient, replacedIn(recordId))) };
  const way = wayFrom(own, merged);
  const survivor = await patientOfRecord(tx, recordId);
  const later = addresses(way.slice(1), survivor);
  const all = addresses(way, survivor);
  return {
    replaced: true,
    inRecord: (one) =>
      changed(one, (resource) =>
        isPatient(resource, patientId)
          ? replacedBy(withAddresses(replacing(resource, replacedIn(own.recordId)), later) as Stored, survivor)
          : (withAddresses(resource, all) as Stored),
      ),
    newOf: (on, part) => notThere(on, recordId, part.flatMap(keysOf)),
    keep: (on, added) => keepAdded(on, recordId, way, added),
  };
}

type Stored = ToStore['resource'];

/** From merge to merge, until the record that remains. */
function wayFrom(first: MergedRecord, merged: readonly MergedRecord[]): readonly MergedRecord[] {
  const way = [first];
  for (let last: MergedRecord | undefined = first; last !== undefined; ) {
    const { into }: MergedRecord = last;
    last = merged.find(({ recordId }) => recordId === into);
    if (last !== undefined) way.push(last);
  }
  return way;
}

const addresses = (way: readonly MergedRecord[], survivor: string): ReadonlyMap<string, string> =>
  new Map(way.map((one) => [`Patient/${one.patientId}`, `Patient/${survivor}`]));

const isPatient = ({ resourceType, id }: Stored, patientId: string): boolean =>
  resourceType === 'Patient' && id === patientId;

const changed = (one: Prepared, change: (resource: Stored) => Stored): Prepared => ({
  ...one,
  store: { ...one.store, resource: change(one.store.resource) },
});

const keysOf = ({ store, medications = [] }: Prepared): readonly ResourceKey[] =>
  [store.resource, ...medications].map(({ resourceType: type, id }) => ({ type, id }));
