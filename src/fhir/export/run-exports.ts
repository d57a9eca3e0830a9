import { type AccessGrant, parseScopes } from '../../access/index.ts';
import type { Database, ReadReplica } from '../../database/index.ts';
import { PermanentJobFailure } from '../../jobs/index.ts';
import { type Clock, later, Problem, type Random, type RecordId, seconds, toProblem } from '../../kernel/index.ts';
import type { EnforcedQuery } from '../authorization/enforce.ts';
import type { EnforcementContext } from '../authorization/enforcement-context.ts';
import { findGroup } from '../groups/group-store.ts';
import type { FhirVersion } from '../model/fhir-version.ts';
import type { BackendGrantLookup } from '../ports.ts';
import { withReplica } from '../store/query/contents/read-contents.ts';
import {
  countCompartments,
  type ExportPage,
  type ExportPageSize,
  FIRST_EXPORT_POSITION,
  FIRST_PAGE_SIZE,
  fetchExportPage,
  nextPageSize,
} from '../store/query/export-page.ts';
import { lockPractice } from '../store/write/locks.ts';
import { grantStillCovers } from './check-grant.ts';
import { createPacker, type ExportChunk, writeChunks } from './export-chunks.ts';
import type { ExportJob, JobPosition } from './export-job.ts';
import {
  beginJob,
  claimJob,
  failJob,
  findFreeJob,
  finishJob,
  releaseJob,
  retryLater,
  sendAfterLease,
} from './job-store.ts';
import { createLineWriter } from './line-writer.ts';
import { planExport } from './plan-export.ts';
import { deleteExportFiles } from './purge-exports.ts';
import { haveResourcesMoved } from './resource-moves.ts';

export interface ExportJobDeps {
  readonly db: Database;
  /** Standby for the contents of resources, if there is one. */
  readonly replica?: ReadReplica | undefined;
  readonly clock: Clock;
  readonly random: Random;
  readonly version: FhirVersion;
  /** Absolute base URL of the API. Links to documents in exported resources begin with it. */
  readonly base: string;
  readonly grants: BackendGrantLookup;
  /** Time in milliseconds for which finished exports are stored. */
  readonly retentionMs: number;
}

/** Length of a turn in milliseconds: the time that a process works on one export before it works on the next one. */
const TURN_MS = seconds(2);

/**
 * An export that this process has claimed for one turn, a few seconds of work. `turn` is an id that each claim creates.
 */
interface ExportTurn {
  readonly job: ExportJob;
  readonly turn: string;
  readonly isStopping: () => boolean;
}

/**
 * Works on an export for one turn, a few seconds. The queue `export` calls this function. The transaction that ends the
 * turn also queues the next turn of the export.
 */
export async function runExportTurn(
  deps: ExportJobDeps,
  jobId: string,
  isStopping: () => boolean = () => false,
): Promise<void> {
  const turn = deps.random.uuid();
  const job = await claimJob(deps.db, jobId, turn, deps.clock.now());
  if (job === undefined) return sendAfterLease(deps.db, jobId, deps.clock.now());
  await takeTurn(deps, { job, turn, isStopping });
}

/** Works on all unfinished exports, a few seconds on each in turn, until none is left or the server stops. */
export async function runExports(deps: ExportJobDeps, isStopping: () => boolean = () => false): Promise<void> {
  while (!isStopping()) {
    const jobId = await findFreeJob(deps.db, deps.clock.now());
    if (jobId === undefined) return;
    await runExportTurn(deps, jobId, isStopping);
  }
}

async function takeTurn(deps: ExportJobDeps, { job, turn, isStopping }: ExportTurn): Promise<void> {
  try {
    await work(deps, { job, turn, isStopping });
  } catch (error) {
    // A lost database connection isn't caused by the export. The lease of this process expires by itself, and a later
    // turn continues the export.
    if (toProblem(error).code === 'unavailable') throw error;
    const now = deps.clock.now();
    const expires = later(now, deps.retentionMs);
    // If the app lost its access, or the export request isn't valid, a later turn can't succeed either. The job
    // therefore fails permanently.
    if (error instanceof Problem && error.status < 500) {
      const jobError = { message: error.message, status: error.status };
      await failJob(deps.db, job.jobId, turn, { error: jobError, now, expires });
      return deleteExportFiles(deps.db, job.jobId);
    }
    const jobError = { message: 'The export failed because of a server error. Start a new export.', status: 500 };
    const failing = { error: jobError, now, expires };
    const isFinal = await deps.db.transaction((tx) => retryLater(tx, job.jobId, turn, failing));
    throw isFinal ? new PermanentJobFailure('too many attempts', error) : error;
  }
}

async function work(deps: ExportJobDeps, { job, turn, isStopping }: ExportTurn): Promise<void> {
  const { db, clock, version, base } = deps;
  const grant = await requireGrant(deps, job);
  const context: EnforcementContext = { grant, version, base, now: job.requestedAt };
  const queries = planExport(context, job.exportRequest);
  const until = job.transactionAt ?? (await beginExport(deps, job, turn, queries));
  if (until === undefined) return;
  const ends = later(clock.now(), TURN_MS);
  const mayContinue = (): boolean => !isStopping() && clock.now() < ends;
  await requireUnmoved(deps, job, until);
  const position = await exportPages(deps, { job, turn, context, queries, until, mayContinue });
  if (position === undefined) return;
  if (queries[position.query] !== undefined) return db.transaction((tx) => releaseJob(tx, job.jobId, turn));
  await requireUnmoved(deps, job, until);
  await finishJob(db, job.jobId, turn, clock.now(), later(clock.now(), deps.retentionMs));
}

interface ExportRun {
  readonly job: ExportJob;
  readonly turn: string;
  readonly context: EnforcementContext;
  readonly queries: readonly EnforcedQuery[];
  readonly until: Date;
  readonly mayContinue: () => boolean;
}

/** A page of query results that is being fetched. */
interface PendingPage {
  readonly query: EnforcedQuery;
  readonly page: Promise<ExportPage>;
}

/**
 * Exports one page of query results after the other. While one page is compressed into pieces of output files, the
 * database stores the page before it and fetches the page after it.
 * @returns the position reached; undefined if another process took the job over or the job was removed
 */
async function exportPages(deps: ExportJobDeps, run: ExportRun): Promise<JobPosition | undefined> {
  const { job, context } = run;
  const textOf = createLineWriter(context, job.exportRequest);
  const pack = createPacker();
  let { position } = job;
  let storing = Promise.resolve(true);
  try {
    for (let pending = pageAt(deps, run, position, FIRST_PAGE_SIZE); pending !== undefined; ) {
      const { query } = pending;
      const page = await pending.page;
      const next = positionAfter(position, page);
      pending = pageAt(deps, run, next, nextPageSize(page));
      pending?.page.catch(() => {});
      const lines = page.rows.map((row) => ({ ...textOf(row), count: row.lines, recordId: recordOf(query, row.home) }));
      const chunks = await pack(lines);
      // Pages are stored in order, so that everything up to the stored position is complete.
      if (!(await storing)) return undefined;
      storing = storePage(deps, run, { query, page, chunks, next });
      storing.catch(() => {});
      position = next;
    }
    return (await storing) ? position : undefined;
  } finally {
    await storing.catch(() => {});
  }
}

/** A page of query results as compressed pieces of output files, with the position in the export after the page. */
interface PackedPage {
  readonly query: EnforcedQuery;
  readonly page: ExportPage;
  readonly chunks: readonly ExportChunk[];
  readonly next: JobPosition;
}

/**
 * Stores the file pieces of a page and the progress of the job.
 * @returns false if another process took the job over or the job was removed
 */
async function storePage(
  deps: ExportJobDeps,
  { job, turn }: ExportRun,
  { query, page, chunks, next }: PackedPage,
): Promise<boolean> {
  const patientsDone = query.compartment === 'record' ? page.completed : 0;
  const progress = { jobId: job.jobId, turn, now: deps.clock.now(), position: next, patientsDone };
  return writeChunks(deps.db, progress, chunks);
}

/**
 * Starts fetching a page of query results. Returns undefined if all queries are done, if the time of this turn is over,
 * or if the server stops.
 */
function pageAt(
  { db, replica }: ExportJobDeps,
  run: ExportRun,
  { query: at, after }: JobPosition,
  size: ExportPageSize,
): PendingPage | undefined {
  const { job, queries, until, mayContinue } = run;
  const query = mayContinue() ? queries[at] : undefined;
  if (query === undefined) return undefined;
  const since = job.exportRequest.since === undefined ? undefined : new Date(job.exportRequest.since);
  const slice = { until, since, groupId: job.groupId, after };
  const onePerRow = job.exportRequest.elements.length > 0;
  const page = fetchExportPage(withReplica(db, replica), query, slice, { onePerRow, size }, (select) =>
    db.transaction(async (tx) => {
      // The resources are read in the state in which their records were selected.
      await tx.queryText('set transaction isolation level repeatable read, read only', []);
      // Bitmap scans are turned off, so that a page is read in the order of the primary key, where the rows of a patient
      // record lie next to each other. Otherwise, PostgreSQL would use the GIN index on codes.
      await tx.queryText('set local enable_bitmapscan = off', []);
      return select(tx);
    }),
  );
  return { query, page };
}

const recordOf = ({ compartment }: EnforcedQuery, home: number): RecordId | undefined =>
  compartment === 'record' ? (home as RecordId) : undefined;

const positionAfter = ({ query, pages }: JobPosition, { next }: ExportPage): JobPosition =>
  next === undefined
    ? { query: query + 1, after: FIRST_EXPORT_POSITION, pages: pages + 1 }
    : { query, after: next, pages: pages + 1 };

/**
 * Returns the current grant of the app. If it allows less than when the job was started, or the group was deleted, the
 * export ends.
 * @throws Problem 403
 */
async function requireGrant({ db, grants, version }: ExportJobDeps, job: ExportJob): Promise<AccessGrant> {
  const grant = await grants.currentGrant(job);
  if (grant === undefined) throw endedProblem('The access of this app has ended');
  if (!grant.apis.includes(version.api)) throw endedProblem('This app no longer has access to this API');
  if (!grantStillCovers(grant, job)) throw endedProblem('The access of this app changed after the export started');
  if (job.groupId !== undefined && (await findGroup(db, job.practices, job.groupId)) === undefined)
    throw endedProblem('The group was deleted');
  // The export uses the scopes and practices with which it was started, even if the grant has more by now.
  return { ...grant, practices: job.practices, scopes: parseScopes(job.scope).scopes };
}

/**
 * Throws if resources moved between patient records since the export began, because a partial export must not look
 * complete.
 * @throws Problem 409
 */
async function requireUnmoved({ db }: ExportJobDeps, job: ExportJob, since: Date): Promise<void> {
  if (await haveResourcesMoved(db, job, since))
    throw new Problem('conflict', {
      status: 409,
      message:
        'Patient records were merged, unmerged or corrected during the export. The export was stopped and its files were deleted. Start a new export.',
    });
}

const endedProblem = (why: string): Problem =>
  new Problem('scope-denied', { status: 403, message: `${why}. The export was stopped and its files were deleted.` });

/**
 * Determines the point in time whose data the export contains. Writers read the clock for the time of their changes
 * while they hold the lock of their practice. With the locks of all practices held, everything up to the previous
 * millisecond is committed, and every later write gets a later time.
 * @returns undefined if another process took the job over or the job was removed
 */
function beginExport(
  { db, clock }: ExportJobDeps,
  job: ExportJob,
  turn: string,
  queries: readonly EnforcedQuery[],
): Promise<Date | undefined> {
  return db.transaction(async (tx) => {
    for (const practice of [...job.practices].sort((a, b) => a - b)) await lockPractice(tx, practice);
    const at = later(clock.now(), -1);
    const query = queries.find(({ compartment }) => compartment === 'record');
    const slice = { groupId: job.groupId, after: FIRST_EXPORT_POSITION };
    const each = query === undefined ? 0 : await countCompartments(tx, query, slice);
    const patients = each * queries.filter(({ compartment: kept }) => kept === 'record').length;
    return (await beginJob(tx, job.jobId, turn, { at, patients })) ? at : undefined;
  });
}
