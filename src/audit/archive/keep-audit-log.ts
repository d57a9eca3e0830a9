import type { Database } from '../../database/index.ts';
import { type Clock, days, later, minutes, type Random } from '../../kernel/index.ts';
import { indexEndedMonths } from '../search-indexes.ts';
import { removeAbandonedFiles } from './archive-files.ts';
import { archiveSegments } from './archive-segments.ts';
import { listChecks, type SegmentProblem, saveCheck } from './check-store.ts';
import { dropExpiredMonths } from './drop-months.ts';
import { hasLostEvents } from './lost-events.ts';
import { listRecentFiles, removeRecentFile } from './recent-events.ts';
import { sealNextSegment } from './seal-segment.ts';
import { lastDay } from './segment.ts';
import { listArchived, listSegments } from './segment-store.ts';
import { type ChainState, checkSegment, readChain } from './verify-chain.ts';

/** Where the audit log is archived, and for how long it stays in the database. */
export interface AuditArchiveSettings {
  /** Folder of the archive; undefined if there is none. The audit log then stays in the database. */
  readonly folder: string | undefined;
  /** Years (at least six) after which a month that is archived is dropped from the database. */
  readonly retentionYears: number;
}

export interface AuditKeeperDeps extends AuditArchiveSettings {
  readonly db: Database;
  readonly clock: Clock;
  readonly random: Random;
  readonly isStopping: () => boolean;
  readonly log: {
    info(fields: { readonly auditSealed: object } | { readonly auditDropped: readonly string[] }): void;
    error(fields: { readonly auditProblem: object } | { readonly auditArchive: object }): void;
  };
}

/** Each segment is checked again after this time, if the time of a day suffices. */
const CHECK_INTERVAL = days(30);
/** Time in milliseconds that the checks of one run may take. The segments that were checked longest ago come first. */
const CHECK_TIME = minutes(15);

/**
 * Seals the days that are over, archives them, verifies the chain and a part of the segments, and drops the months whose
 * retention is over. Does nothing twice, so it may run at any time.
 * @returns `postponed` if it should run again soon: a transaction was still open, or a partition was in use; `stopped` if
 * the server stops
 */
export async function keepAuditLog(deps: AuditKeeperDeps): Promise<'done' | 'postponed' | 'stopped'> {
  const { db, clock, folder, retentionYears, isStopping, log } = deps;
  const sealing = await sealDays(deps);
  let chain: ChainState;
  const found = new Map<number, SegmentProblem>();
  try {
    chain = await readChain(db, folder);
    for (const { segment, problem } of chain.problems) found.set(segment, problem);
    const archiving = folder === undefined ? [] : await archiveSegments(db, { chain, folder, clock, isStopping });
    for (const { segment, problem } of archiving) found.set(segment, problem);
    if (folder !== undefined) {
      await removeSealedDays(db, folder);
      await removeAbandonedFiles(folder, clock.now());
    }
  } catch (error) {
    const { code, name } = error as NodeJS.ErrnoException;
    log.error({ auditArchive: { failed: code ?? name, folder } });
    throw error;
  }
  await checkSegments(deps, chain, found);
  const isIndexed = await indexEndedMonths(db, { now: clock.now(), isStopping });
  if (isStopping()) return 'stopped';
  if (folder === undefined) return isIndexed ? sealing : 'postponed';
  const expiry = { chain: await readChain(db, folder), folder, now: clock.now(), years: retentionYears };
  const { months, isPostponed } = await dropExpiredMonths(db, expiry);
  if (months.length > 0) log.info({ auditDropped: months });
  return isPostponed || !isIndexed ? 'postponed' : sealing;
}

/**
 * Deletes the files with recent events of the days that are in the archive. A file that has an event that the database
 * lost in a restore stays, because no other file may have it.
 */
async function removeSealedDays(db: Database, folder: string): Promise<void> {
  const archived = await listArchived(db);
  const segments = await listSegments(db);
  const missing = segments.find(({ segment }) => !archived.has(segment));
  const until = (missing?.from ?? segments.at(-1)?.to ?? '').slice(0, 10);
  for (const file of await listRecentFiles(folder))
    if (file.day < until && !(await hasLostEvents(db, file))) await removeRecentFile(file);
}

/** Seals all days that are over. The log has the digest of each segment, so that an operator can store it elsewhere. */
async function sealDays(deps: AuditKeeperDeps): Promise<'done' | 'postponed' | 'stopped'> {
  while (!deps.isStopping()) {
    const sealed = await sealNextSegment(deps);
    if (sealed === 'nothing') return 'done';
    if (typeof sealed === 'string') return sealed;
    const { segment, events, digest } = sealed;
    deps.log.info({ auditSealed: { segment, day: lastDay(sealed), events, digest } });
  }
  return 'stopped';
}

/**
 * Checks the segments that are due, and stores the results.
 * @param found problems that are known already
 */
async function checkSegments(
  { db, clock, folder, isStopping, log }: AuditKeeperDeps,
  { segments, dropped }: ChainState,
  found: ReadonlyMap<number, SegmentProblem>,
): Promise<void> {
  const checks = await listChecks(db);
  const store = async (segment: number, problem: SegmentProblem | undefined, day?: string) => {
    if (problem !== undefined) log.error({ auditProblem: { segment, day, problem } });
    await saveCheck(db, segment, clock.now(), problem);
  };
  const known = new Map(segments.map((segment) => [segment.segment, lastDay(segment)]));
  for (const [segment, problem] of found) await store(segment, problem, known.get(segment));
  for (const [segment, { problem }] of checks)
    if (problem !== undefined && !known.has(segment) && !found.has(segment)) await store(segment, undefined);
  const due = later(clock.now(), -CHECK_INTERVAL).getTime();
  const checkedAt = ({ segment }: { readonly segment: number }): number => {
    const check = checks.get(segment);
    return check === undefined || check.problem !== undefined ? 0 : check.at.getTime();
  };
  const waiting = segments
    .filter((segment) => !found.has(segment.segment) && checkedAt(segment) <= due)
    .sort((one, other) => checkedAt(one) - checkedAt(other));
  const ends = performance.now() + CHECK_TIME;
  for (const segment of waiting) {
    if (isStopping() || performance.now() > ends) return;
    await store(segment.segment, await checkSegment(db, { segment, folder, dropped }), lastDay(segment));
  }
}
