import { Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import type { FastifyRequest } from 'fastify';
import { FRESH, Problem } from '../../../kernel/index.ts';
import { stillAllows } from '../../export/allowed.ts';
import { fileChunks, hasEndedRecord } from '../../export/chunks.ts';
import { recordDisclosed } from '../../export/disclosed.ts';
import type { ExportJob } from '../../export/job.ts';
import { notFound } from '../read.ts';
import { giveUpStalled } from '../written.ts';
import { type ExportCall, exportEvent } from './call.ts';
import { requireJob } from './status.ts';

/**
 * Bulk Data 2.0, output files: serves a file to the app that started the export, as long as the app may still read
 * everything in it. The disclosure to each patient in the export is recorded before the first byte of any file is sent.
 * @throws Problem 403 if the access has shrunk, 404 if the file doesn't exist or a record in it has ended
 */
export async function answerFile(
  call: ExportCall,
  jobId: string,
  name: string,
): Promise<{ readonly resources: number }> {
  const { deps, context, request, reply } = call;
  const { db, trail } = deps.exports;
  const job = await requireJob(call, jobId);
  const file = job.files.find(({ type }) => `${type}.ndjson`.toLowerCase() === name.toLowerCase());
  if (job.state !== 'done' || file === undefined) throw notFound('file with this name');
  if (!stillAllows(context.grant, job, file.type)) {
    throw new Problem('scope-denied', {
      status: 403,
      message: `This access token does not allow all that this file has of ${file.type}: it needs the scopes and practices that the export was started with.`,
    });
  }
  if (await hasEndedRecord(db, job)) {
    throw new Problem('not-found', {
      status: 404,
      message: 'The record of a patient in this export has ended since, so its files are gone. Start the export again.',
    });
  }
  const detail = { action: 'download', job: job.jobId, file: file.type };
  await db.transaction(async (tx) => {
    await recordDisclosed(tx, trail, job, { now: context.now, requestId: request.id });
    const event = exportEvent(context.grant, request.id, 'success', detail);
    await trail.recordAllWithin(tx, [{ ...event, resources: file.count }]);
  });
  await call.requireStill();
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
  giveUpStalled(reply);
  void reply.type('application/fhir+ndjson').send(body);
  return { resources: file.count };
}

/** RFC 9110 §12.5.3 */
const acceptsGzip = ({ headers }: FastifyRequest): boolean =>
  String(headers['accept-encoding'] ?? '')
    .split(',')
    .some((one) => /^\s*(gzip|x-gzip)\s*(;\s*q=(1|0?\.\d*[1-9]\d*|1\.0*)\s*)?$/i.test(one));

/** Compresses a stream. If one of the two streams breaks off, the other is destroyed too. */
function gzipped(plain: Readable): Readable {
  const gzip = createGzip({ level: 1 });
  plain.on('error', (error) => gzip.destroy(error));
  gzip.on('close', () => plain.destroy());
  return plain.pipe(gzip);
}

/**
 * A download may outlive the access token, so the grant is checked again every second. If the app was stopped or its
 * access shrank, the stream breaks off.
 */
function checkAccessEverySecond({ deps, context }: ExportCall, job: ExportJob, type: string): () => Promise<void> {
  let checkedAt = context.now.getTime();
  return async () => {
    const now = deps.clock.now().getTime();
    if (now - checkedAt < FRESH) return;
    const grant = await deps.exports.standing.grantNow(job);
    const isAllowed = grant?.apis.includes(context.version.api) && stillAllows(grant, job, type);
    if (!isAllowed) throw new Error('the access has ended');
    checkedAt = now;
  };
}
