import { Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import type { FastifyRequest } from 'fastify';
import { CACHE_TTL_MS, Problem } from '../../../kernel/index.ts';
import { grantStillCovers } from '../../export/check-grant.ts';
import { fileChunks, hasChangedRecord } from '../../export/export-chunks.ts';
import type { ExportJob } from '../../export/export-job.ts';
import { recordExportDisclosures } from '../../export/record-disclosures.ts';
import { notFound } from '../read/read.ts';
import { closeWhenStalled } from '../response/send-response.ts';
import { createExportEvent, type ExportCall } from './call.ts';
import { requireExportJob } from './status.ts';

/**
 * Serves an export file (Bulk Data 2.0, output files) to the app that started the export, as long as the app may still
 * read everything in it. Before the first byte of any file is sent, a disclosure is recorded for each patient in the
 * export.
 * @throws Problem 403 if the access has shrunk; 404 if the file doesn't exist, or if a patient record in the export has
 * changed since the export: it was merged, erased, or moved to another practice, a merge into it was undone, or
 * misfiled resources were removed from it
 */
export async function handleExportFile(
  call: ExportCall,
  jobId: string,
  name: string,
): Promise<{ readonly resources: number }> {
  const { deps, context, request, reply } = call;
  const { db, disclosureLog } = deps.exports;
  const job = await requireExportJob(call, jobId);
  const file = job.files.find(({ type }) => `${type}.ndjson`.toLowerCase() === name.toLowerCase());
  if (job.state !== 'done' || file === undefined) throw notFound('file with this name');
  if (!grantStillCovers(context.grant, job, file.type)) {
    throw new Problem('scope-denied', {
      status: 403,
      message: `This access token does not allow all ${file.type} data in this file. It needs the scopes and practices that the export was started with.`,
    });
  }
  if (await hasChangedRecord(db, job)) {
    throw new Problem('not-found', {
      status: 404,
      message: 'The record of a patient in this export has ended, so the files were deleted. Start the export again.',
    });
  }
  const detail = { action: 'download', job: job.jobId, file: file.type };
  await db.transaction(async (tx) => {
    await recordExportDisclosures(tx, disclosureLog, job, { now: context.now, requestId: request.id });
    const event = createExportEvent(context.grant, request.id, 'success', detail);
    await disclosureLog.appendAllInTransaction(tx, [{ ...event, resources: file.count }]);
  });
  await call.requireUnchangedAccess();
  reply.headers({
    'cache-control': 'no-store',
    vary: 'Accept-Encoding',
    'content-disposition': `attachment; filename="${file.type}.ndjson"`,
  });
  const content = Readable.from(
    request.method === 'HEAD' ? [] : fileChunks(db, job.jobId, file, checkAccessEverySecond(call, job, file.type)),
    { objectMode: false },
  );
  const body = acceptsGzip(request) ? gzipped(content) : content;
  if (body === content) reply.header('content-length', String(file.bytes));
  else reply.header('content-encoding', 'gzip');
  closeWhenStalled(reply);
  void reply.type('application/fhir+ndjson').send(body);
  return { resources: file.count };
}

/** Whether the client accepts gzip (RFC 9110 §12.5.3). */
const acceptsGzip = ({ headers }: FastifyRequest): boolean =>
  String(headers['accept-encoding'] ?? '')
    .split(',')
    .some((one) => /^\s*(gzip|x-gzip)\s*(;\s*q=(1|0?\.\d*[1-9]\d*|1\.0*)\s*)?$/i.test(one));

/** Compresses a stream with gzip. If the original or the compressed stream breaks off, the other is destroyed too. */
function gzipped(plain: Readable): Readable {
  const gzip = createGzip({ level: 1 });
  plain.on('error', (error) => gzip.destroy(error));
  gzip.on('close', () => plain.destroy());
  return plain.pipe(gzip);
}

/**
 * Returns a function that checks the grant again if the last check was at least a second ago, because a download may
 * outlive the access token. If the access ended or shrank, the function throws, and the download breaks off.
 */
function checkAccessEverySecond({ deps, context }: ExportCall, job: ExportJob, type: string): () => Promise<void> {
  let checkedAt = context.now.getTime();
  return async () => {
    const now = deps.clock.now().getTime();
    if (now - checkedAt < CACHE_TTL_MS) return;
    const grant = await deps.exports.grants.currentGrant(job);
    const isAllowed = grant?.apis.includes(context.version.api) && grantStillCovers(grant, job, type);
    if (!isAllowed) throw new Error('the access has ended');
    checkedAt = now;
  };
}
