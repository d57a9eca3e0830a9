import type { Executor } from '../../database/index.ts';
import { checkArchive, isOwnDigest } from './archive-files.ts';
import { initialState } from './canonical-event.ts';
import { checkDisclosedRecords } from './check-disclosed-records.ts';
import type { SegmentProblem } from './check-store.ts';
import { listUnknownSegments } from './lost-events.ts';
import { type DigestProgress, hashNextPage } from './read-events.ts';
import { type AuditSegment, lastDay } from './segment.ts';
import {
  type DroppedMonth,
  isDropped,
  listAcceptedSegments,
  listArchived,
  listDroppedMonths,
  listSegments,
  type SegmentName,
  segmentKey,
} from './segment-store.ts';

/** A link of the chain that isn't right. The segment may be missing. */
export interface ChainProblem {
  readonly segment: number;
  readonly problem: Extract<
    SegmentProblem,
    'segment-missing' | 'segment-replaced' | 'segment-changed' | 'chain-broken'
  >;
}

/**
 * Checks the links of the chain: that no segment is missing, that each has its own digest, and that it follows the one
 * before in time and by digest.
 * @param chain the segments in their order
 * @param unknown segments of the archive that the chain doesn't have. What is missing after the last segment of the chain
 * shows only there. Before it, the chain has another segment with the same number: it was shortened and continued
 */
export function findChainProblems(
  chain: readonly AuditSegment[],
  unknown: readonly SegmentName[] = [],
): readonly ChainProblem[] {
  const problems: ChainProblem[] = [];
  let previous: AuditSegment | undefined;
  const addMissing = (until: number) => {
    for (let segment = (previous?.segment ?? 0) + 1; segment < until; segment++)
      problems.push({ segment, problem: 'segment-missing' });
  };
  for (const link of chain) {
    addMissing(link.segment);
    if (!isOwnDigest(link)) problems.push({ segment: link.segment, problem: 'segment-changed' });
    else if (link.segment === (previous?.segment ?? 0) + 1 && !follows(link, previous))
      problems.push({ segment: link.segment, problem: 'chain-broken' });
    previous = link;
  }
  const end = previous?.segment ?? 0;
  addMissing(Math.max(0, ...unknown.map(({ segment }) => segment)) + 1);
  const found = new Set(problems.map(({ segment }) => segment));
  const replaced = new Set(unknown.map(({ segment }) => segment).filter((one) => one <= end && !found.has(one)));
  return [...problems, ...[...replaced].map((segment) => ({ segment, problem: 'segment-replaced' }) as const)];
}

const follows = (link: AuditSegment, previous: AuditSegment | undefined): boolean =>
  link.previousDigest === (previous?.digest ?? null) && (previous === undefined || link.from === previous.to);

/** The chain, with the results of the check of its links. */
export interface ChainState {
  readonly segments: readonly AuditSegment[];
  readonly dropped: readonly DroppedMonth[];
  readonly problems: readonly ChainProblem[];
}

/** Reads the chain and checks its links. @param folder the archive, if there is one */
export async function readChain(db: Executor, folder: string | undefined): Promise<ChainState> {
  const segments = await listSegments(db);
  const unknown = folder === undefined ? [] : await listUnknownSegments(db, folder);
  return { segments, dropped: await listDroppedMonths(db), problems: findChainProblems(segments, unknown) };
}

/**
 * Checks the events of a segment: those in the database, unless they were dropped, with the table that finds them by
 * record, and those in the archive.
 * @param folder the archive; undefined if only the database is checked
 */
export async function checkSegment(
  db: Executor,
  {
    segment,
    folder,
    dropped,
  }: {
    readonly segment: AuditSegment;
    readonly folder: string | undefined;
    readonly dropped: readonly DroppedMonth[];
  },
): Promise<SegmentProblem | undefined> {
  const problem = isDropped(segment, dropped) ? undefined : await checkEvents(db, segment);
  // The server may have dropped the month while the events were read.
  if (problem !== undefined && !isDropped(segment, await listDroppedMonths(db))) return problem;
  return folder === undefined ? undefined : checkArchive(folder, segment);
}

async function checkEvents(db: Executor, segment: AuditSegment): Promise<SegmentProblem | undefined> {
  const state = initialState(Buffer.from(segment.salt, 'hex'));
  let progress: DigestProgress = { events: 0, first: null, last: null, state };
  for (;;) {
    const next = await hashNextPage(db, segment, progress);
    if (next === undefined) break;
    progress = next;
  }
  if (progress.events < segment.events) return 'events-missing';
  if (progress.events > segment.events) return 'events-added';
  if (progress.state.toString('hex') !== segment.contentDigest) return 'events-changed';
  return checkDisclosedRecords(db, segment);
}

/** Result of a verification of the whole audit log. */
export interface AuditVerification {
  readonly segments: number;
  /** Number of the sealed events. */
  readonly events: number;
  /** Number of segments whose events were read again. */
  readonly checked: number;
  /** Number of these segments that the archive has. */
  readonly archived: number;
  /** The last link of the chain. `day` is its last day (UTC). */
  readonly newest: { readonly segment: number; readonly day: string; readonly digest: string } | undefined;
  /** Segments of the archive that aren't in the chain. `accepted`: an operator has accepted them as lost in a restore. */
  readonly lost: readonly { readonly segment: number; readonly day: string; readonly accepted: boolean }[];
  /** Whether the chain contains the digest that was asked for; undefined if none was. */
  readonly hasDigest: boolean | undefined;
  readonly problems: readonly {
    readonly segment: number;
    readonly day: string | undefined;
    readonly problem: SegmentProblem;
  }[];
}

/**
 * Verifies the audit log: all links of the chain, and the events of its segments in the database and the archive.
 * Segments that aren't archived yet are checked in the database only.
 * @param folder the archive; undefined if there is none
 * @param since reads only the events of segments that end after this time
 * @param digest a digest that the operator kept
 */
export async function verifyAuditLog(
  db: Executor,
  {
    folder,
    since,
    digest,
  }: {
    readonly folder: string | undefined;
    readonly since: Date | undefined;
    readonly digest: string | undefined;
  },
): Promise<AuditVerification> {
  const { segments, dropped, problems: linkProblems } = await readChain(db, folder);
  const marked = await listArchived(db);
  const problems = new Map<number, SegmentProblem>(linkProblems.map(({ segment, problem }) => [segment, problem]));
  const due = segments.filter(({ to }) => since === undefined || new Date(to) > since);
  const isArchived = (segment: AuditSegment) => folder !== undefined && marked.has(segment.segment);
  for (const segment of due) {
    const problem = await checkSegment(db, { segment, folder: isArchived(segment) ? folder : undefined, dropped });
    if (problem !== undefined && !problems.has(segment.segment)) problems.set(segment.segment, problem);
  }
  const notInChain = folder === undefined ? [] : await listUnknownSegments(db, folder, { accepted: true });
  const accepted = await listAcceptedSegments(db);
  const days = new Map(segments.map((segment) => [segment.segment, lastDay(segment)]));
  const last = segments.at(-1);
  return {
    segments: segments.length,
    events: segments.reduce((sum, { events }) => sum + events, 0),
    checked: due.length,
    archived: due.filter(isArchived).length,
    newest: last && { segment: last.segment, day: lastDay(last), digest: last.digest },
    lost: notInChain.map((file) => ({
      segment: file.segment,
      day: file.day,
      accepted: accepted.has(segmentKey(file)),
    })),
    hasDigest: digest === undefined ? undefined : segments.some((segment) => segment.digest === digest),
    problems: [...problems]
      .sort(([one], [other]) => one - other)
      .map(([segment, problem]) => ({ segment, day: days.get(segment), problem })),
  };
}
