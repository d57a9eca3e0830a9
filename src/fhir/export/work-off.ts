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
  /** Absolute, of the API: documents have their addresses there. */
  readonly base: string;
  readonly standing: BackendStanding;
  /** How long files are kept, in milliseconds. */
  readonly keptFor: number;
}

/** A job is worked on this long, then the next has its turn. */
const TURN = seconds(2);

/** One turn of one job, found and claimed for it. */
interface Turn {
  readonly job: ExportJob;
  readonly turn: string;
  readonly isStopping: () => boolean;
}

/**
 * Goes on with exports, one at a time, page by page, until none waits or the server stops. Any number of processes may do so
 * at once; what one leaves behind, whoever comes next goes on with.
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
    // A database that is gone is no fault of the job: the lease ends by itself.
    if (problemOf(error).code === 'unavailable') throw error;
    const now = deps.clock.now();
    const expires = later(now, deps.keptFor);
    // What the app has no more right to, or asked for in vain, another try does not mend.
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
  const goesOn = (): boolean => !isStopping() && clock.now() < ends;
  await requireUnmoved(deps, job, until);
  const place = await goThrough(deps, { job, turn, context, queries, until, goesOn });
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
  readonly goesOn: () => boolean;
}

/** A page that is being fetched. */
interface Coming {
  readonly query: EnforcedQuery;
  readonly page: Promise<ExportPage>;
}

/**
 * While a page is packed, the database keeps the one before and finds the one after.
 * @returns how far it came; undefined: the job is somebody else's by now, or removed
 */
async function goThrough(deps: WorkDeps, going: Going): Promise<JobPlace | undefined> {
  const { job, context } = going;
  const textOf = lineTexter(context, job.asked);
  const pack = packer();
  let { place } = job;
  let keeping = Promise.resolve(true);
  try {
    for (let coming = pageAt(deps, going, place, MOST_LINES); coming !== undefined; ) {
      const { query } = coming;
      const page = await coming.page;
      const next = placeAfter(place, page);
      coming = pageAt(deps, going, next, mostAfter(page));
      coming?.page.catch(() => {});
      const lines = page.rows.map((row) => ({ ...textOf(row), count: row.lines, recordId: recordOf(query, row.home) }));
      const chunks = await pack(lines);
      // In their order: what is kept is whole up to its place.
      if (!(await keeping)) return undefined;
      keeping = keep(deps, going, { query, page, chunks, place, next });
      keeping.catch(() => {});
      place = next;
    }
    return (await keeping) ? place : undefined;
  } finally {
    await keeping.catch(() => {});
  }
}

/** A page that is to be kept, and where it began and ended. */
interface Kept {
  readonly query: EnforcedQuery;
  readonly page: ExportPage;
  readonly chunks: readonly Chunk[];
  readonly place: JobPlace;
  readonly next: JobPlace;
}

/** @returns false: the job is somebody else's by now, or removed */
async function keep(
  deps: WorkDeps,
  { job, turn }: Going,
  { query, page, chunks, place, next }: Kept,
): Promise<boolean> {
  const patientsDone = await patientsIn(deps, query, { groupId: job.groupId, after: place.after }, page);
  const progress = { jobId: job.jobId, turn, now: deps.clock.now(), place: next, patientsDone };
  return writeChunks(deps.db, progress, chunks);
}

/** undefined: there is none any more, or the turn is over. */
function pageAt({ db }: WorkDeps, going: Going, { query: at, after }: JobPlace, most: number): Coming | undefined {
  const { job, queries, until, goesOn } = going;
  const query = goesOn() ? queries[at] : undefined;
  if (query === undefined) return undefined;
  const since = job.asked.since === undefined ? undefined : new Date(job.asked.since);
  const slice = { until, since, groupId: job.groupId, after };
  const page = db.transaction(async (tx) => {
    // All rows of a record lie in the order of its key; PostgreSQL would rather look them up in the index of codes.
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

/** Whom a page is done with: those from its beginning on, up to the last row's, who may have more and counts with the next. */
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

/** Fail closed: whatever became less since the start ends the job, and a deleted group does. */
async function requireStanding({ db, standing, version }: WorkDeps, job: ExportJob): Promise<Grant> {
  const grant = await standing.grantNow(job);
  if (grant === undefined) throw ended('The access of this app has ended');
  if (!grant.apis.includes(version.api)) throw ended('The API is no longer among those of this app');
  if (!stillAllows(grant, job)) throw ended('What this app may read has changed since the export was started');
  if (job.groupId !== undefined && (await findGroup(db, job.practices, job.groupId)) === undefined)
    throw ended('The group was removed');
  // What it was started with, and no more.
  return { ...grant, practices: job.practices, scopes: parseScopes(job.scope).scopes };
}

/** A part must not look like all of it. */
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
 * The instant of the export. Whoever writes at a practice holds its lock and takes the time within: with all locks held,
 * everything up to the millisecond before is committed, and everything to come is later.
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
