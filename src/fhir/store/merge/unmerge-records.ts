import { type Executor, statement } from '../../../database/index.ts';
import type { Clock, PracticeId } from '../../../kernel/index.ts';
import { raiseGroupVersions } from '../../groups/group-store.ts';
import type { Resource } from '../../model/fhir-version.ts';
import { parseJson } from '../../model/json.ts';
import type { Projection } from '../../model/projection.ts';
import { toKeyArrays } from '../../model/resource-key.ts';
import { registerMoved } from '../id-registry/registered-ids.ts';
import { raiseRecordVersion } from '../write/record-version.ts';
import { replaceReferences } from '../write/rewrite-references.ts';
import { lockRecordPair } from './merge-records.ts';
import { type MovedKey, moveResources, type RewriteRows, type RowBeforeMove } from './move-rows.ts';
import { removePatientLinks, unmarkReplaced } from './patient-links.ts';
import { listMergedRecords, type RecordState } from './record-merges.ts';
import { unlinkHistory, unlinkRemaining } from './unlink-patients.ts';

/** A request to undo a merge. The merged record becomes an active patient record again. */
export interface RecordUnmerge {
  readonly practiceId: PracticeId;
  readonly mergeId: string;
  readonly record: RecordState;
  /** The patient record that contains the merged record until the merge is undone. */
  readonly into: RecordState;
  readonly clock: Clock;
  readonly projections: readonly Projection[];
}

/**
 * Lists the resources that move back when a merge is undone. A later merge may have brought the same resource again
 * after a retraction. The versions from then on belong to that later merge and don't move.
 */
const origins = statement(
  'fhir.unmerge.origins',
  { type: 'text', id: 'uuid', first: 'int4', version: 'int4?', until: 'int4?' },
  `select k.type, k.id, k.first_version as first, k.version, (
     select min(l.first_version) from merged_resource l join record_merge m on m.merge_id = l.merge_id and m.undone_at is null
     where l.record_id = $1 and l.merge_id <> k.merge_id and l.type = k.type and l.id = k.id
       and m.into_record_id = $1 and l.first_version > k.first_version) as until
   from merged_resource k where k.record_id = $1 and k.merge_id = $2 order by k.type, k.id`,
);
const before = statement(
  'fhir.unmerge.before',
  { type: 'text', id: 'uuid', content: 'text?' },
  `select h.type, h.id, h.content from resource_history h
     join unnest($2::text[], $3::uuid[], $4::int4[]) as k (type, id, version)
       on h.type = k.type collate "C" and h.id = k.id and h.version = k.version where h.record_id = $1`,
);
/**
 * Deletes the Patient versions that were written since the merge, because they link to the other Patient. Other
 * resources keep such versions: `renameBetween` makes them refer to the restored Patient again.
 */
const dropPatients = statement(
  'fhir.unmerge.drop-patients',
  {},
  `delete from resource_history h using unnest($2::uuid[], $3::int4[]) as k (id, version)
   where h.record_id = $1 and h.type = 'Patient' and h.id = k.id and h.version >= k.version`,
);
const renameBetween = statement(
  'fhir.unmerge.rename-between',
  {},
  `update resource_history h set content = replace(h.content, $5, $6)
   from unnest($2::text[], $3::uuid[], $4::int4[]) as k (type, id, version)
   where h.record_id = $1 and h.type = k.type collate "C" and h.id = k.id and h.version >= k.version`,
);
const openRecord = statement(
  'fhir.unmerge.open-record',
  {},
  "update record set state = 'active', merged_into = null where record_id = $1",
);
const undone = statement(
  'fhir.unmerge.undone',
  {},
  'update record_merge set undone_at = $3 where record_id = $1 and merge_id = $2',
);

/**
 * Undoes a merge. All resources that came with the merged record move back, as do resources that were added later for
 * its Patient. A resource that hasn't changed since the merge gets back its content from before; a changed one keeps
 * its current content. Resources that were added for the other Patient stay. The caller must hold the practice's lock,
 * and the record with the resources must be active.
 * @returns the number of moved resources, including the Patient, and the time
 */
export async function unmergeRecords(
  tx: Executor,
  { practiceId, mergeId, record, into, clock, projections }: RecordUnmerge,
): Promise<{ readonly resources: number; readonly at: Date }> {
  await lockRecordPair(tx, record.recordId, into.recordId);
  const at = clock.now();
  const keys = await tx.query(origins, [into.recordId, mergeId]);
  const made = new Map(keys.map(({ type, id, version }) => [`${type}/${id}`, version ?? undefined]));
  const move = { practiceId, from: into.recordId, to: record.recordId, at, projections };
  const gone: readonly MovedKey[] = keys;
  const { going, staying } = await findPatients(tx, { record, into });
  const versions = await moveResources(tx, move, gone, restoreRows(tx, { record, into, staying }, made));
  await registerMoved(tx, { practiceId, recordId: record.recordId }, keys);
  const patients = keys.filter(({ type, version }) => type === 'Patient' && version !== null);
  await tx.query(dropPatients, [record.recordId, patients.map(({ id }) => id), patients.map(({ version }) => version)]);
  const [now, own] = [into, record].map(({ patientId }) => `"Patient/${patientId}"`);
  const written = keys.map(({ version, first }) => version ?? first);
  await tx.query(renameBetween, [record.recordId, ...toKeyArrays(keys), written, now, own]);
  await unlinkHistory(tx, move, { patients: going, others: staying });
  const stay = { ...move, to: into.recordId };
  await unlinkRemaining(tx, stay, into.patientId, { patients: staying, others: going });
  await tx.query(openRecord, [record.recordId]);
  await tx.query(undone, [record.recordId, mergeId, at]);
  await raiseGroupVersions(tx, at, record.recordId);
  await raiseRecordVersion(tx, record.recordId);
  await raiseRecordVersion(tx, into.recordId);
  return { resources: versions.size, at };
}

type UnmergedPair = Pick<RecordUnmerge, 'record' | 'into'>;

/**
 * Returns the ids of the Patients who leave the record and of those who stay. Both lists include the Patients of
 * records that had been merged into one of the two records before.
 */
async function findPatients(
  tx: Executor,
  { record, into }: UnmergedPair,
): Promise<{ readonly going: readonly string[]; readonly staying: readonly string[] }> {
  const own = (await listMergedRecords(tx, record.recordId)).map(({ patientId }) => patientId);
  const going = [record.patientId, ...own];
  const all = [into.patientId, ...(await listMergedRecords(tx, into.recordId)).map(({ patientId }) => patientId)];
  return { going, staying: all.filter((patientId) => !going.includes(patientId)) };
}

interface UnmergeContext extends UnmergedPair {
  readonly staying: readonly string[];
}

/**
 * Returns a function that rewrites resources when a merge is undone.
 * @param made version that the merge wrote, for each resource; undefined if the resource was added after the merge
 */
function restoreRows(
  tx: Executor,
  records: UnmergeContext,
  made: ReadonlyMap<string, number | undefined>,
): RewriteRows {
  return async (rows) => {
    const merged = rows.filter(({ type, id }) => made.get(`${type}/${id}`) !== undefined);
    // The older versions have already moved, so they are read from the restored record.
    const found = await tx.query(before, [
      records.record.recordId,
      merged.map(({ type }) => type),
      merged.map(({ id }) => id),
      merged.map(({ type, id }) => (made.get(`${type}/${id}`) ?? 0) - 1),
    ]);
    const old = new Map(
      found.flatMap(({ type, id, content }) =>
        content === null ? [] : [[`${type}/${id}`, parseJson(content) as Resource] as const],
      ),
    );
    return rows.map((row) => restoreRow(row, records, old.get(`${row.type}/${row.id}`), made));
  };
}

function restoreRow(
  { type, id, version, resource }: RowBeforeMove,
  { record, into, staying }: UnmergeContext,
  old: Resource | undefined,
  made: ReadonlyMap<string, number | undefined>,
): Resource {
  const isOwn = type === 'Patient' && id === record.patientId;
  const isSame = old !== undefined && made.get(`${type}/${id}`) === version;
  const names = new Map([[`Patient/${into.patientId}`, `Patient/${record.patientId}`]]);
  const changed = () =>
    isOwn
      ? unmarkReplaced(resource, into.patientId, old?.['active'])
      : (replaceReferences(resource, names) as Resource);
  const content = isSame ? old : changed();
  // A feed reports a merge by sending a Patient with a link to the other Patient. So even the content from before the
  // merge can have a link, which must be removed.
  return type === 'Patient' ? removePatientLinks(content, staying) : content;
}
