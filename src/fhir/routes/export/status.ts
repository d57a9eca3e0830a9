import { Problem, seconds } from '../../../kernel/index.ts';
import type { ExportJob } from '../../export/export-job.ts';
import { findJob, pollJob, removeJob } from '../../export/job-store.ts';
import { deleteExportFiles } from '../../export/purge-exports.ts';
import { notFound } from '../read/read.ts';
import { createExportEvent, type ExportCall } from './call.ts';
import { buildManifest, progressText } from './manifest.ts';

/** Minimum time in milliseconds between two status requests for one running export. */
const MIN_POLL_INTERVAL_MS = seconds(1);
/** Retry-After header in seconds. It is longer than the minimum time between two status requests. */
const RETRY_AFTER = 2;

/**
 * Finds an export job of the app. A job of another app is reported as missing, so its existence isn't revealed.
 * @throws Problem 404
 */
export async function requireExportJob({ deps, context }: ExportCall, jobId: string): Promise<ExportJob> {
  const job = await findJob(deps.exports.db, context.grant.clientId, jobId, context.now);
  if (job === undefined) throw notFound('export with this id');
  return job;
}

/**
 * Handles a status request (Bulk Data 2.0, status): reports the progress of a running export, or the manifest of a
 * finished one.
 */
export async function handleExportStatus(call: ExportCall, jobId: string): Promise<undefined> {
  const { deps, context, reply } = call;
  const job = await requireExportJob(call, jobId);
  if (job.error !== undefined) {
    const { message, status } = job.error;
    throw new Problem(status >= 500 ? 'internal' : 'scope-denied', { status, message });
  }
  reply.header('cache-control', 'no-store');
  if (job.state === 'done') {
    await call.requireUnchangedAccess();
    if (job.expiresAt !== undefined) reply.header('expires', job.expiresAt.toUTCString());
    void reply.type('application/json').send(JSON.stringify(buildManifest(job, context.base)));
    return;
  }
  if (!(await pollJob(deps.exports.db, job.jobId, context.now, MIN_POLL_INTERVAL_MS))) {
    throw new Problem('too-many-attempts', {
      status: 429,
      message: 'The status of this export was requested too recently. Wait as long as Retry-After says.',
      retryAfter: RETRY_AFTER,
    });
  }
  void reply
    .code(202)
    .headers({ 'x-progress': progressText(job), 'retry-after': String(RETRY_AFTER) })
    .send();
}

/**
 * Handles a delete request (Bulk Data 2.0, delete): cancels a running export or removes the files of a finished one.
 */
export async function handleExportDelete(
  { deps, context, request, reply }: ExportCall,
  jobId: string,
): Promise<undefined> {
  const { db, disclosureLog } = deps.exports;
  const { grant } = context;
  await requireExportJob({ deps, context, request, reply, requireUnchangedAccess: async () => {} }, jobId);
  await db.transaction(async (tx) => {
    if (!(await removeJob(tx, grant.clientId, jobId))) throw notFound('export with this id');
    await disclosureLog.appendAllInTransaction(tx, [
      createExportEvent(grant, request.id, 'success', { action: 'remove', job: jobId }),
    ]);
  });
  await deleteExportFiles(db, jobId);
  void reply.code(202).header('cache-control', 'no-store').send();
}
