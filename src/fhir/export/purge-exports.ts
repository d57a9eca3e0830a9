import { type Executor, statement } from '../../database/index.ts';
import { deleteExpiredJobs } from './job-store.ts';

/** Number of stored file pieces that one statement deletes, so that no statement takes long even for a large file. */
const CHUNKS_PER_STATEMENT = 500;
const deleteSomeChunks = statement(
  'fhir.export.drop-chunks',
  { ordinal: 'int4' },
  `delete from export_chunk c using (
     select type, ordinal from export_chunk where job_id = $1 limit ${CHUNKS_PER_STATEMENT}) k
   where c.job_id = $1 and c.type = k.type and c.ordinal = k.ordinal returning c.ordinal`,
);
const jobsWithUnusableFiles = statement(
  'fhir.export.left-chunks',
  { job_id: 'uuid' },
  `select distinct c.job_id from export_chunk c
   where not exists (select 1 from export_job j where j.job_id = c.job_id and j.state <> 'failed')`,
);

/** Deletes the files of a job that was removed or has failed. */
export async function deleteExportFiles(db: Executor, jobId: string): Promise<void> {
  while ((await db.query(deleteSomeChunks, [jobId])).length === CHUNKS_PER_STATEMENT);
}

/** Deletes expired jobs, and files whose job has failed or no longer exists. */
export async function purgeExpiredExports(db: Executor, now: Date): Promise<void> {
  await deleteExpiredJobs(db, now);
  for (const { job_id } of await db.query(jobsWithUnusableFiles)) await deleteExportFiles(db, job_id);
}
