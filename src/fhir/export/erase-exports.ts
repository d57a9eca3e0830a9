import { type Executor, statement } from '../../database/index.ts';
import type { RecordToErase, RemovedRows } from '../store/erase/erase-records.ts';

/**
 * Deletes exports that have data of the records, that name their Patients, or that are running for the practice: a
 * worker may just be packing a page with this data. It stores nothing for a job that is gone.
 */
const deleteJobs = statement(
  'fhir.export.erase-jobs',
  { job_id: 'uuid' },
  `delete from export_job j where j.practice_ids @> array[$1::int4] and (j.state = 'running'
     or exists (select 1 from unnest($3::text[]) as p (id) where position(p.id in j.asked::text || j.request) > 0)
     or exists (select 1 from export_chunk c where c.job_id = j.job_id and c.records ?| $2::text[]))
   returning j.job_id`,
);
const deleteChunks = statement(
  'fhir.export.erase-chunks',
  { ordinal: 'int4' },
  'delete from export_chunk where job_id = any($1::uuid[]) returning ordinal',
);

/** Deletes exports with data of records. Their apps get 404 and can start again. */
export async function eraseExports(
  tx: Executor,
  { practiceId, recordIds, patientIds }: RecordToErase,
): Promise<RemovedRows> {
  const jobs = await tx.query(deleteJobs, [practiceId, recordIds.map(String), patientIds]);
  const chunks = await tx.query(deleteChunks, [jobs.map(({ job_id }) => job_id)]);
  return { export_job: jobs.length, export_chunk: chunks.length };
}
