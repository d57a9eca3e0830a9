import { type Executor, type RowOf, statement } from '../../database/index.ts';
import { sendJob, sendJobs, withoutJob } from '../../jobs/index.ts';
import { type ClientId, type GrantId, isUuid, later, type PracticeId, seconds } from '../../kernel/index.ts';
import {
  type ExportFile,
  type ExportJob,
  type ExportJobError,
  FIRST_JOB_POSITION,
  type JobPosition,
} from './export-job.ts';
import type { ExportRequest } from './export-request.ts';

const JOB = {
  job_id: 'uuid',
  client_id: 'text',
  grant_id: 'uuid',
  family_id: 'text',
  scope: 'text',
  practice_ids: '_int4',
  group_id: 'uuid?',
  asked: 'jsonb',
  request: 'text',
  state: 'text',
  fault: 'text?',
  fault_status: 'int4?',
  requested_at: 'timestamptz',
  transaction_at: 'timestamptz?',
  attempts: 'int4',
  place: 'jsonb?',
  patients: 'int4?',
  patients_done: 'int4',
  written: 'int8',
  output: 'jsonb',
  expires_at: 'timestamptz?',
} as const;
const COLUMNS = Object.keys(JOB).join(', ');

/** Locks a client for kick-off requests, so that two concurrent requests can't exceed the limit of jobs together. */
const lockClient = statement(
  'fhir.export.lock-client',
  { locked: 'text' },
  'select pg_advisory_xact_lock(hashtextextended($1, 727276))::text as locked',
);
const counts = statement(
  'fhir.export.counts',
  { open: 'int4', kept: 'int4' },
  `select (count(*) filter (where state in ('waiting', 'running')))::int4 as open, count(*)::int4 as kept
   from export_job where client_id = $1 and (expires_at is null or expires_at > $2)`,
);
const insert = statement(
  'fhir.export.insert',
  {},
  `insert into export_job
     (job_id, client_id, grant_id, family_id, scope, practice_ids, group_id, asked, request, requested_at)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
);
const ofClient = statement(
  'fhir.export.of-client',
  JOB,
  `select ${COLUMNS} from export_job
   where job_id = $1 and client_id = $2 and (expires_at is null or expires_at > $3)`,
);
const poll = statement(
  'fhir.export.poll',
  { job_id: 'uuid' },
  `update export_job set polled_at = $2 where job_id = $1 and (polled_at is null or polled_at <= $3 or polled_at > $2)
   returning job_id`,
);
const remove = statement(
  'fhir.export.remove',
  { job_id: 'uuid' },
  'delete from export_job where job_id = $1 and client_id = $2 returning job_id',
);
const OPEN = "state in ('waiting', 'running')";
/**
 * SQL condition for an unfinished job that no process works on. A process claims a job for a limited time, its lease,
 * because a process that is killed can't release the job.
 */
const FREE = (now: string) => `${OPEN} and (lease_until is null or lease_until < ${now})`;
const claim = statement(
  'fhir.export.claim',
  JOB,
  `update export_job set turn = $2, lease_until = $4, worked_at = $3, state = 'running'
   where job_id = $1 and ${FREE('$3')} returning ${COLUMNS}`,
);
const leaseOf = statement(
  'fhir.export.lease',
  { lease_until: 'timestamptz' },
  `select lease_until from export_job where job_id = $1 and ${OPEN} and lease_until is not null`,
);
/** Finds the job to work on next. It is the job that has waited longest, because exports take turns. */
const free = statement(
  'fhir.export.free',
  { job_id: 'uuid' },
  `select job_id from export_job where ${FREE('$1')} order by worked_at nulls first, requested_at limit 1`,
);
const unqueued = statement(
  'fhir.export.unqueued',
  { job_id: 'uuid' },
  `select job_id from export_job where ${FREE('$1')} and ${withoutJob('export', 'export_job.job_id::text')}
   order by requested_at limit 1000`,
);
const begin = statement(
  'fhir.export.begin',
  { job_id: 'uuid' },
  'update export_job set transaction_at = $3, patients = $4 where job_id = $1 and turn = $2 returning job_id',
);
const release = statement(
  'fhir.export.rest',
  { job_id: 'uuid' },
  'update export_job set turn = null, lease_until = null where job_id = $1 and turn = $2 returning job_id',
);
const scheduleRetry = statement(
  'fhir.export.stumble',
  { attempts: 'int4' },
  'update export_job set lease_until = $3, attempts = attempts + 1 where job_id = $1 and turn = $2 returning attempts',
);
const fail = statement(
  'fhir.export.fail',
  { job_id: 'uuid' },
  `update export_job set state = 'failed', fault = $3, fault_status = $4, turn = null, lease_until = null,
     finished_at = $5, expires_at = $6
   where job_id = $1 and turn = $2 returning job_id`,
);
const finish = statement(
  'fhir.export.finish',
  { job_id: 'uuid' },
  `update export_job set state = 'done', turn = null, lease_until = null, finished_at = $3, expires_at = $4,
     output = coalesce((
       select json_agg(json_build_object('type', c.type, 'count', c.lines, 'bytes', c.bytes, 'chunks', c.chunks) order by c.type)
       from (select type, sum(lines) as lines, sum(bytes) as bytes, count(*) as chunks from export_chunk
             where job_id = $1 group by type) c)::jsonb, '[]')
   where job_id = $1 and turn = $2 returning job_id`,
);
const deleteExpired = statement('fhir.export.sweep', {}, 'delete from export_job where expires_at <= $1');
export type NewJob = Pick<
  ExportJob,
  'jobId' | 'clientId' | 'grantId' | 'familyId' | 'scope' | 'practices' | 'groupId' | 'exportRequest' | 'request'
>;

/**
 * Counts the unfinished jobs and all stored jobs of a client. Other kick-off requests of the client wait until the
 * transaction ends.
 */
export async function countJobs(
  tx: Executor,
  clientId: ClientId,
  now: Date,
): Promise<{ readonly open: number; readonly kept: number }> {
  await tx.query(lockClient, [clientId]);
  return (await tx.query(counts, [clientId, now]))[0] ?? { open: 0, kept: 0 };
}

/**
 * Stores a new export and queues its first turn. In a turn, one process works on one export for a few seconds. First
 * turns in the queue come before later turns of other exports.
 */
export async function insertJob(tx: Executor, now: Date, job: NewJob): Promise<void> {
  const { jobId, clientId, grantId, familyId, scope, practices, groupId, exportRequest, request } = job;
  const values = [
    jobId,
    clientId,
    grantId,
    familyId,
    scope,
    practices,
    groupId,
    JSON.stringify(exportRequest),
    request,
    now,
  ];
  await tx.query(insert, values);
  await sendJob(tx, 'export', jobId, { priority: 1 });
}

/** Finds an export job of the client, unless the job has expired. */
export async function findJob(
  db: Executor,
  clientId: ClientId,
  jobId: string,
  now: Date,
): Promise<ExportJob | undefined> {
  const [row] = isUuid(jobId) ? await db.query(ofClient, [jobId, clientId, now]) : [];
  return row === undefined ? undefined : toExportJob(row);
}

/**
 * Records a status request of the client.
 * @param pause minimum time between two status requests, in milliseconds
 * @returns false if the previous request was less than `pause` ago
 */
export const pollJob = async (db: Executor, jobId: string, now: Date, pause: number): Promise<boolean> =>
  (await db.query(poll, [jobId, now, later(now, -pause)])).length > 0;

/**
 * Removes a job of the client. A process that works on the job notices before it writes anything more.
 * @returns whether the job existed
 */
export const removeJob = async (tx: Executor, clientId: ClientId, jobId: string): Promise<boolean> =>
  (await tx.query(remove, [jobId, clientId])).length > 0;

/**
 * Time in milliseconds that a process may work on one page of query results. Then another process may take the job
 * over.
 */
const LEASE = seconds(60);
export const leaseEnd = (now: Date): Date => later(now, LEASE);

/**
 * Claims a job that no process works on.
 * @param turn a new id for this claim; later writes succeed only while the job still has it
 * @returns undefined if a process works on the job or the job is finished
 */
export async function claimJob(db: Executor, jobId: string, turn: string, now: Date): Promise<ExportJob | undefined> {
  const [row] = await db.query(claim, [jobId, turn, now, leaseEnd(now)]);
  return row === undefined ? undefined : toExportJob(row);
}

/**
 * Queues a further turn of an export that another process is working on, to start when the lease of that process ends.
 * If the export is finished, nothing is queued.
 */
export async function sendAfterLease(db: Executor, jobId: string, now: Date): Promise<void> {
  const [row] = await db.query(leaseOf, [jobId]);
  const left = row === undefined ? 0 : row.lease_until.getTime() - now.getTime();
  if (row !== undefined) await sendJob(db, 'export', jobId, { delay: Math.max(0, left) + 1 });
}

/** Finds the id of the export to work on next. Returns undefined if there is none. */
export const findFreeJob = async (db: Executor, now: Date): Promise<string | undefined> =>
  (await db.query(free, [now]))[0]?.job_id;

/**
 * Queues a turn of work for each unfinished export that has none in the queue, such as an export that an earlier
 * release started.
 */
export const queueOpenExports = async (db: Executor, now: Date): Promise<void> =>
  sendJobs(
    db,
    'export',
    (await db.query(unqueued, [now])).map(({ job_id }) => job_id),
  );

/**
 * Records the point in time whose data the export contains.
 * @returns false if another process took the job over or the job was removed; later writes with this turn id then
 * change nothing either
 */
export const beginJob = async (
  tx: Executor,
  jobId: string,
  turn: string,
  { at, patients }: { readonly at: Date; readonly patients: number },
): Promise<boolean> => (await tx.query(begin, [jobId, turn, at, patients])).length > 0;

/** Ends a turn of work on an export. Queues the next turn of that export behind the turns of other exports. */
export async function releaseJob(tx: Executor, jobId: string, turn: string): Promise<void> {
  if ((await tx.query(release, [jobId, turn])).length > 0) await sendJob(tx, 'export', jobId);
}

interface ExportFailure {
  readonly error: ExportJobError;
  readonly now: Date;
  readonly expires: Date;
}

/** Fails a job permanently. The app learns the reason with its next status request. */
export async function failJob(tx: Executor, jobId: string, turn: string, failing: ExportFailure): Promise<void> {
  const { error, now, expires } = failing;
  await tx.query(fail, [jobId, turn, error.message, error.status, now, expires]);
}

const MAX_ATTEMPTS = 5;
const RETRY_DELAY = seconds(5);

/**
 * Postpones work on a job after a temporary failure. After too many attempts without progress, the job fails
 * permanently.
 * @returns whether the job failed permanently
 */
export async function retryLater(tx: Executor, jobId: string, turn: string, failing: ExportFailure): Promise<boolean> {
  const [row] = await tx.query(scheduleRetry, [jobId, turn, later(failing.now, RETRY_DELAY)]);
  if (row === undefined) return false;
  const isFinal = row.attempts >= MAX_ATTEMPTS;
  if (isFinal) await failJob(tx, jobId, turn, failing);
  return isFinal;
}

export const finishJob = async (
  db: Executor,
  jobId: string,
  turn: string,
  now: Date,
  expires: Date,
): Promise<boolean> => (await db.query(finish, [jobId, turn, now, expires])).length > 0;

/** Deletes expired jobs. Their files are deleted later, with all other files that belong to no job. */
export const deleteExpiredJobs = async (db: Executor, now: Date): Promise<void> =>
  void (await db.query(deleteExpired, [now]));

const toExportJob = (row: RowOf<typeof JOB>): ExportJob => ({
  jobId: row.job_id,
  clientId: row.client_id as ClientId,
  grantId: row.grant_id as GrantId,
  familyId: row.family_id,
  scope: row.scope,
  practices: row.practice_ids as PracticeId[],
  groupId: row.group_id ?? undefined,
  exportRequest: row.asked as ExportRequest,
  request: row.request,
  state: row.state as ExportJob['state'],
  error: row.fault === null ? undefined : { message: row.fault, status: row.fault_status ?? 500 },
  requestedAt: row.requested_at,
  transactionAt: row.transaction_at ?? undefined,
  attempts: row.attempts,
  position: (row.place as JobPosition | null) ?? FIRST_JOB_POSITION,
  patients: row.patients ?? undefined,
  patientsDone: row.patients_done,
  written: row.written,
  files: row.output as readonly ExportFile[],
  expiresAt: row.expires_at ?? undefined,
});
