import { type Executor, statement } from '../../database/index.ts';
import { dropExpired } from './jobs.ts';

/** Deletes chunks in batches, so that no single statement takes long even for a large file. */
const AT_ONCE = 500;
const some = statement(
  'fhir.export.drop-chunks',
  { ordinal: 'int4' },
  `delete from export_chunk c using (
     select type, ordinal from export_chunk where job_id = $1 limit ${AT_ONCE}) k
   where c.job_id = $1 and c.type = k.type and c.ordinal = k.ordinal returning c.ordinal`,
);
const left = statement(
  'fhir.export.left-chunks',
  { job_id: 'uuid' },
  `select distinct c.job_id from export_chunk c
   where not exists (select from export_job j where j.job_id = c.job_id and j.state <> 'failed')`,
);

/** Deletes the files of a job that was removed or has failed. */
export async function dropFiles(db: Executor, jobId: string): Promise<void> {
  while ((await db.query(some, [jobId])).length === AT_ONCE);
}

/** Deletes expired jobs, and files that can no longer be downloaded. */
export async function sweepExports(db: Executor, now: Date): Promise<void> {
  await dropExpired(db, now);
  for (const { job_id } of await db.query(left)) await dropFiles(db, job_id);
}
