import { type Executor, statement } from '../../../database/index.ts';
import type { RecordId } from '../../../kernel/index.ts';
import { INDEX_VERSION, RESOURCE_INDEX } from '../index/index-definitions.ts';
import { isRecordOutdated } from './upgrade.ts';

/**
 * Types with the search parameter `medication`. A patient record contains a Medication only because resources of these
 * types refer to it.
 */
const TYPES_WITH_MEDICATION = Object.keys(RESOURCE_INDEX)
  .filter((type) => Object.hasOwn(RESOURCE_INDEX[type]?.references ?? {}, 'medication'))
  .map((type) => `'${type}'`)
  .join(', ');

/** Deletes Medications without references, which are found through the search index. */
const drop = statement(
  'fhir.drop-unused-medications',
  {},
  `with recursive copy as (
     select id, codes, reference_token('medication', 'Medication', id) as named,
       reference_token('ingredient', 'Medication', id) as inside
     from resource where record_id = $1 and type = 'Medication'
   ), used as (
     select c.id, c.codes from copy c
     where exists (select 1 from resource q
       where q.record_id = $1 and q.type in (${TYPES_WITH_MEDICATION}) and q.codes && array[c.named])
     union
     select c.id, c.codes from used u join copy c on u.codes && array[c.inside]
   ), gone as (
     delete from resource r
     where r.record_id = $1 and r.type = 'Medication' and r.id not in (select id from used)
     returning r.id
   ), past as (
     delete from resource_history h where h.record_id = $1 and h.type = 'Medication' and h.id in (select id from gone)
   )
   delete from conversion c where c.record_id = $1 and c.type = 'Medication' and c.id in (select id from gone)`,
);

/**
 * Deletes the Medications of a patient record to which no resource refers anymore. A Medication inherits the security
 * labels of the resources that refer to it, so an unused one would be served without these labels. The caller must hold
 * the record's lock. Nothing is deleted while the record's search index is outdated. An import after the upgrade of the
 * index deletes these Medications.
 */
export async function deleteUnusedMedications(tx: Executor, recordId: RecordId): Promise<void> {
  if (await isRecordOutdated(tx, { of: 'indexed_by', version: INDEX_VERSION }, recordId)) return;
  await tx.query(drop, [recordId]);
}
