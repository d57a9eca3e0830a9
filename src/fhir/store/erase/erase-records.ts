import { type Executor, type SqlStatement, statement } from '../../../database/index.ts';
import type { PracticeId, RecordId } from '../../../kernel/index.ts';
import { raiseGroupVersions } from '../../groups/group-store.ts';
import { type ResourceKey, toReferenceText } from '../../model/resource-key.ts';
import { registerMoved } from '../id-registry/registered-ids.ts';
import { openRegistry } from '../id-registry/registry-state.ts';
import { lockPractice, lockRecord } from '../write/locks.ts';
import { raiseRecordVersion } from '../write/record-version.ts';

/** A record to erase: its own id and those of the records that were merged into it, with the ids of their Patients. */
export interface RecordToErase {
  readonly practiceId: PracticeId;
  readonly recordIds: readonly RecordId[];
  readonly patientIds: readonly string[];
  /** All resources that these records have or had. */
  readonly resources: readonly ResourceKey[];
}

/** Numbers of removed rows by table. */
export type RemovedRows = Readonly<Record<string, number>>;

const selectRecords = statement(
  'fhir.erase.records',
  { record_id: 'int8', practice_id: 'int4', patient_id: 'uuid' },
  `with recursive part as (
     select record_id, practice_id, patient_id from record where record_id = $1 and state = 'active'
     union select r.record_id, r.practice_id, r.patient_id from part p
       join record r on r.merged_into = p.record_id and r.state = 'merged')
   select record_id, practice_id, patient_id from part order by record_id`,
);
const selectKeys = statement(
  'fhir.erase.keys',
  { type: 'text', id: 'uuid' },
  `select type, id from resource where record_id = any($1::int8[])
   union select type, id from resource_history where record_id = any($1::int8[])
   union select type, id from tombstone where record_id = any($1::int8[])`,
);
/** Lists records that may have old versions of the erased resources: those of undone merges and of retractions. */
const selectRelatedRecords = statement(
  'fhir.erase.related-records',
  { record_id: 'int8' },
  `select record_id from record_merge where into_record_id = any($1::int8[])
   union select into_record_id from record_merge where record_id = any($1::int8[])
   union select record_id from retraction where into_record_id = any($1::int8[])
   union select into_record_id from retraction where record_id = any($1::int8[]) and into_record_id is not null`,
);
const DONE = { done: 'int4' } as const;
const deleteAll = (table: string, condition = 'record_id = any($1::int8[])'): SqlStatement<{ done: number }> =>
  statement(`fhir.erase.${table}`, DONE, `delete from ${table} where ${condition} returning 1 as done`);
const DELETIONS: Readonly<Record<string, SqlStatement<{ done: number }>>> = {
  resource: deleteAll('resource'),
  resource_history: deleteAll('resource_history'),
  conversion: deleteAll('conversion'),
  projection: deleteAll('projection'),
  document: deleteAll('document'),
  tombstone: deleteAll('tombstone'),
  patient_group_member: deleteAll('patient_group_member'),
  merged_resource: deleteAll('merged_resource'),
  record_merge: deleteAll('record_merge', 'record_id = any($1::int8[]) or into_record_id = any($1::int8[])'),
  retraction: deleteAll('retraction'),
};
const deleteOldVersions = statement(
  'fhir.erase.old-versions',
  DONE,
  `delete from resource_history h using unnest($2::text[], $3::uuid[]) as k (type, id)
   where h.record_id = any($1::int8[]) and h.type = k.type and h.id = k.id returning 1 as done`,
);
const deleteKeys = statement(
  'fhir.erase.resource_key',
  DONE,
  `delete from resource_key r using unnest($2::text[], $3::uuid[]) as k (type, id)
   where r.practice_id = $1 and r.type = k.type collate "C" and r.id = k.id returning 1 as done`,
);
/** Finds erased ids that other records have, or had: those of resources that were retracted from one of the records. */
const findKept = statement(
  'fhir.erase.kept-keys',
  { type: 'text', id: 'uuid', record_id: 'int8' },
  `select type, id, record_id from resource where id = any($1::uuid[])
   union all select type, id, record_id from tombstone where id = any($1::uuid[])`,
);
const recordsOfPractice = statement(
  'fhir.erase.records-of-practice',
  { record_id: 'int8' },
  'select record_id from record where practice_id = $1 and record_id = any($2::int8[])',
);
/** The wrong record must still not get the resource again, so only the link to the erased record goes. */
const unlinkRetractions = statement(
  'fhir.erase.unlink-retractions',
  {},
  'update retraction set into_record_id = null where into_record_id = any($1::int8[])',
);
/** The id of a record stays, as its pseudonym in the audit log. Its Patient gets an id that no one knows. */
const markErased = statement(
  'fhir.erase.mark',
  {},
  `update record set state = 'erased', merged_into = null, patient_id = gen_random_uuid() where record_id = any($1::int8[])`,
);

/**
 * Locks a record and what was merged into it, until the transaction ends, and lists what they have. Returns undefined
 * if there is no such record, or it was merged into another one or erased.
 */
export async function lockRecordToErase(
  tx: Executor,
  practiceId: PracticeId,
  recordId: RecordId,
): Promise<RecordToErase | undefined> {
  await lockPractice(tx, practiceId);
  await lockRecord(tx, recordId);
  const rows = await tx.query(selectRecords, [recordId]);
  if (rows.length === 0 || rows.some((row) => row.practice_id !== practiceId)) return undefined;
  const recordIds = rows.map((row) => row.record_id as RecordId);
  const resources = await tx.query(selectKeys, [recordIds]);
  return { practiceId, recordIds, patientIds: rows.map((row) => row.patient_id), resources };
}

/** Deletes all content of records, with its history and DSTU2 forms. Only their ids stay. */
export async function eraseRecords(
  tx: Executor,
  now: Date,
  { practiceId, recordIds, resources }: RecordToErase,
): Promise<RemovedRows> {
  for (const recordId of recordIds) {
    await raiseGroupVersions(tx, now, recordId);
    await raiseRecordVersion(tx, recordId);
  }
  const related = (await tx.query(selectRelatedRecords, [recordIds])).map(({ record_id }) => record_id);
  const [types, ids] = [resources.map(({ type }) => type), resources.map(({ id }) => id)];
  const elsewhere = (await tx.query(deleteOldVersions, [related, types, ids])).length;
  const removed: Record<string, number> = {};
  for (const [table, deletion] of Object.entries(DELETIONS))
    removed[table] = (await tx.query(deletion, [recordIds])).length;
  removed['resource_history'] = (removed['resource_history'] ?? 0) + elsewhere;
  removed['resource_key'] = (await tx.query(deleteKeys, [practiceId, types, ids])).length;
  await registerKept(tx, practiceId, resources);
  await tx.query(unlinkRetractions, [recordIds]);
  await tx.query(markErased, [recordIds]);
  return removed;
}

/** Registers ids again that other records of the practice have, or had until they were deleted. */
async function registerKept(tx: Executor, practiceId: PracticeId, erased: readonly ResourceKey[]): Promise<void> {
  if ((await openRegistry(tx, practiceId)).state === 'claims') return;
  const keys = new Set(erased.map(toReferenceText));
  const kept = (await tx.query(findKept, [erased.map(({ id }) => id)])).filter((row) => keys.has(toReferenceText(row)));
  const records = await tx.query(recordsOfPractice, [practiceId, kept.map(({ record_id }) => record_id)]);
  for (const { record_id } of records)
    await registerMoved(
      tx,
      { practiceId, recordId: record_id as RecordId },
      kept.filter((row) => row.record_id === record_id),
    );
}
