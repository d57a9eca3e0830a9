import { type Grant, parseScopes } from '../../access/index.ts';
import type { Database } from '../../database/index.ts';
import { type Clock, later, Problem, problemOf, type Random, type RecordId, seconds } from '../../kernel/index.ts';
import type { EnforceContext } from '../core/context.ts';
import type { EnforcedQuery } from '../core/enforce.ts';
import type { FhirVersion } from '../core/version.ts';
import { findGroup } from '../groups/store.ts';
import type { BackendStanding } from '../ports.ts';
import {
  BEFORE_ALL,
  countHomes,
  type ExportPage,
  type ExportSlice,
  exportPage,
  MOST_LINES,
  mostAfter,
} from '../store/export-page.ts';
import { lockPractice } from '../store/locks.ts';
import { stillAllows } from './allowed.ts';
import { type Chunk, packer, writeChunks } from './chunks.ts';
import { dropFiles } from './drop.ts';
import type { ExportJob, JobPlace } from './job.ts';
import { beginJob, claimJob, failJob, finishJob, restJob, stumbleJob } from './jobs.ts';
import { lineTexter } from './line.ts';
import { hasMoved } from './moved.ts';
import { planExport } from './plan.ts';

export interface WorkDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly random: Random;
  readonly version: FhirVersion;
  /** Absolute base URL of the API, which document links start with. */
  readonly base: string;
  readonly standing: BackendStanding;
  /** How long finished exports are kept, in milliseconds. */
  readonly keptFor: number;
}

/** How long one job is worked on before the next job gets its turn. */
const TURN = seconds(2);

/** One claimed job and the turn it was claimed with. */
interface Turn {
  readonly job: ExportJob;
  readonly turn: string;
  readonly isStopping: () => boolean;
}

/**
 * Processes pending exports until the queue is empty or the server stops. Safe to run in several processes: a crashed
 * worker's job is picked up by the next.
 */
export async function workOffExports(deps: WorkDeps, isStopping: () => boolean = () => false): Promise<void> {
  while (!isStopping()) {
    const turn = deps.random.uuid();
    const job = await claimJob(deps.db, turn, deps.clock.now());
    if (job === undefined) return;
    await takeTurn(deps, { job, turn, isStopping });
  }
}

async function takeTurn(deps: WorkDeps, { job, turn, isStopping }: Turn): Promise<void> {
  try {
    await work(deps, { job, turn, isStopping });
  } catch (error) {
    // A lost database connection isn't the job's fault. Its lease expires by itself, and another attempt follows.
    if (problemOf(error).code === 'unavailable') throw error;
    const now = deps.clock.now();
    const expires = later(now, deps.keptFor);
    // If the app lost its access or its request isn't valid, another attempt can't succeed.
    if (error instanceof Problem && error.status < 500) {
      const fault = { message: error.message, status: error.status };
      await failJob(deps.db, job.jobId, turn, { fault, now, expires });
      return dropFiles(deps.db, job.jobId);
    }
    const fault = { message: 'This export failed on this server. Start another one.', status: 500 };
    await deps.db.transaction((tx) => stumbleJob(tx, job.jobId, turn, { fault, now, expires }));
    throw error;
  }
}

async function work(deps: WorkDeps, { job, turn, isStopping }: Turn): Promise<void> {
  const { db, clock, version, base } = deps;
  const grant = await requireStanding(deps, job);
  const context: EnforceContext = { grant, version, base, now: job.requestedAt };
  const queries = planExport(context, job.asked);
  const until = job.transactionAt ?? (await begin(deps, job, turn, queries));
  if (until === undefined) return;
  const ends = later(clock.now(), TURN);
  const mayContinue = (): boolean => !isStopping() && clock.now() < ends;
  await requireUnmoved(deps, job, until);
  const place = await goThrough(deps, { job, turn, context, queries, until, mayContinue });
  if (place === undefined) return;
  if (queries[place.query] !== undefined) return restJob(db, job.jobId, turn);
  await requireUnmoved(deps, job, until);
  await finishJob(db, job.jobId, turn, clock.now(), later(clock.now(), deps.keptFor));
}

interface Going {
  readonly job: ExportJob;
  readonly turn: string;
  readonly context: EnforceContext;
  readonly queries: readonly EnforcedQuery[];
  readonly until: Date;
  readonly mayContinue: () => boolean;
}

/** A page that is being fetched. */
interface Coming {
  readonly query: EnforcedQuery;
  readonly page: Promise<ExportPage>;
}

/**
 * Exports page by page. While one page is packed, the database stores the previous page and fetches the next.
 * @returns the position reached; undefined if another process took the job over or it was removed
 */
async function goThrough(deps: WorkDeps, run: Going): Promise<JobPlace | undefined> {
  const { job, context } = run;
  const textOf = lineTexter(context, job.asked);
  const pack = packer();
  let { place } = job;
  let storing = Promise.resolve(true);
  try {
    for (let pending = pageAt(deps, run, place, MOST_LINES); pending !== undefined; ) {
      const { query } = pending;
      const page = await pending.page;
      const next = placeAfter(place, page);
      pending = pageAt(deps, run, next, mostAfter(page));
      pending?.page.catch(() => {});
      const lines = page.rows.map((row) => ({ ...textOf(row), count: row.lines, recordId: recordOf(query, row.home) }));
      const chunks = await pack(lines);
      // Pages are stored in order, so that everything up to the stored position is complete.
      if (!(await storing)) return undefined;
      storing = keep(deps, run, { query, page, chunks, place, next });
      storing.catch(() => {});
      place = next;
    }
    return (await storing) ? place : undefined;
  } finally {
    await storing.catch(() => {});
  }
}

/** A packed page with its start and end positions. */
interface Kept {
  readonly query: EnforcedQuery;
  readonly page: ExportPage;
  readonly chunks: readonly Chunk[];
  readonly place: JobPlace;
  readonly next: JobPlace;
}

/** @returns false if another process took the job over or it was removed */
async function keep(
  deps: WorkDeps,
  { job, turn }: Going,
  { query, page, chunks, place, next }: Kept,
): Promise<boolean> {
  const patientsDone = await patientsIn(deps, query, { groupId: job.groupId, after: place.after }, page);
  const progress = { jobId: job.jobId, turn, now: deps.clock.now(), place: next, patientsDone };
  return writeChunks(deps.db, progress, chunks);
}

/** Starts fetching a page. Returns undefined if all queries are done or the turn has ended. */
function pageAt({ db }: WorkDeps, run: Going, { query: at, after }: JobPlace, most: number): Coming | undefined {
  const { job, queries, until, mayContinue } = run;
  const query = mayContinue() ? queries[at] : undefined;
  if (query === undefined) return undefined;
  const since = job.asked.since === undefined ? undefined : new Date(job.asked.since);
  const slice = { until, since, groupId: job.groupId, after };
  const page = db.transaction(async (tx) => {
    // A record's rows lie next to each other in key order. Without this setting, PostgreSQL would prefer the GIN index
    // on codes.
    await tx.queryText('set local enable_bitmapscan = off', []);
    return exportPage(tx, query, slice, { each: job.asked.elements.length > 0, most });
  });
  return { query, page };
}

const recordOf = ({ kept }: EnforcedQuery, home: number): RecordId | undefined =>
  kept === 'record' ? (home as RecordId) : undefined;

function placeAfter({ query, pages }: JobPlace, { rows, last }: ExportPage): JobPlace {
  const row = rows.at(-1);
  if (last || row === undefined) return { query: query + 1, after: BEFORE_ALL, pages: pages + 1 };
  const { home, type, id } = row;
  return { query, after: { home, type, id }, pages: pages + 1 };
}

/**
 * Counts the patients a page completes: those from its start up to, but not including, the one of its last row, who may
 * continue on the next page.
 */
async function patientsIn(
  { db }: WorkDeps,
  query: EnforcedQuery,
  slice: Pick<ExportSlice, 'groupId' | 'after'>,
  { rows, last }: ExportPage,
): Promise<number> {
  if (query.kept !== 'record') return 0;
  const to = last ? undefined : (rows.at(-1)?.home ?? 0) - 1;
  return countHomes(db, query, slice, to);
}

/**
 * Fails closed: if the grant has less access than when the job was started, or the group was deleted, the job ends.
 * @throws Problem 403
 */
async function requireStanding({ db, standing, version }: WorkDeps, job: ExportJob): Promise<Grant> {
  const grant = await standing.grantNow(job);
  if (grant === undefined) throw ended('The access of this app has ended');
  if (!grant.apis.includes(version.api)) throw ended('The API is no longer among those of this app');
  if (!stillAllows(grant, job)) throw ended('What this app may read has changed since the export was started');
  if (job.groupId !== undefined && (await findGroup(db, job.practices, job.groupId)) === undefined)
    throw ended('The group was removed');
  // Never more than the job was started with.
  return { ...grant, practices: job.practices, scopes: parseScopes(job.scope).scopes };
}

/**
 * A partial export must not look complete.
 * @throws Problem 409 if resources moved between records since the job began
 */
async function requireUnmoved({ db }: WorkDeps, job: ExportJob, since: Date): Promise<void> {
  if (await hasMoved(db, job, since))
    throw new Problem('conflict', {
      status: 409,
      message:
        'Records of patients were joined, taken apart or corrected meanwhile: the export was stopped, and nothing of it is kept. Start another one.',
    });
}

const ended = (why: string): Problem =>
  new Problem('scope-denied', { status: 403, message: `${why}: the export was stopped, and nothing of it is kept.` });

/**
 * Determines the instant of the export. Writers take their time while they hold their practice's lock. With all of
 * these locks held, everything up to the previous millisecond is committed, and every later write gets a later time.
 * @returns undefined if another process took the job over or it was removed
 */
function begin(
  { db, clock }: WorkDeps,
  job: ExportJob,
  turn: string,
  queries: readonly EnforcedQuery[],
): Promise<Date | undefined> {
  return db.transaction(async (tx) => {
    for (const practice of [...job.practices].sort((a, b) => a - b)) await lockPractice(tx, practice);
    const at = later(clock.now(), -1);
    const query = queries.find(({ kept }) => kept === 'record');
    const slice = { groupId: job.groupId, after: BEFORE_ALL };
    const each = query === undefined ? 0 : await countHomes(tx, query, slice);
    const patients = each * queries.filter(({ kept }) => kept === 'record').length;
    return (await beginJob(tx, job.jobId, turn, { at, patients })) ? at : undefined;
  });
}
