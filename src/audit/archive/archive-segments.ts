import type { Executor } from '../../database/index.ts';
import type { Clock } from '../../kernel/index.ts';
import { ArchiveMismatch, checkArchive, isInArchive, writeArchive } from './archive-files.ts';
import type { SegmentProblem } from './check-store.ts';
import { readLines } from './read-events.ts';
import { isDropped, listArchived, markArchived } from './segment-store.ts';
import { type ChainState, checkSegment } from './verify-chain.ts';

/**
 * Writes the segments that the archive doesn't have, the first one first. Each file is read back before it counts. A
 * segment whose events changed since they were sealed is left out.
 * @returns the problems of those that were left out
 * @throws an error of the file system, such as a full disk
 */
export async function archiveSegments(
  db: Executor,
  {
    chain,
    folder,
    clock,
    isStopping,
  }: {
    readonly chain: ChainState;
    readonly folder: string;
    readonly clock: Clock;
    readonly isStopping: () => boolean;
  },
): Promise<readonly { readonly segment: number; readonly problem: SegmentProblem }[]> {
  const problems: { segment: number; problem: SegmentProblem }[] = [];
  const marked = await listArchived(db);
  for (const segment of chain.segments) {
    if (isStopping()) break;
    if (isDropped(segment, chain.dropped)) continue;
    const isMarked = marked.has(segment.segment);
    if (isMarked ? await isInArchive(folder, segment) : (await checkArchive(folder, segment)) === undefined) {
      if (!isMarked) await markArchived(db, segment.segment, clock.now());
      continue;
    }
    try {
      await writeArchive(folder, segment, stoppable(readLines(db, segment), isStopping));
      await markArchived(db, segment.segment, clock.now());
    } catch (error) {
      if (isStopping()) break;
      if (!(error instanceof ArchiveMismatch)) throw error;
      const problem = await checkSegment(db, { segment, folder: undefined, dropped: chain.dropped });
      if (problem !== undefined) problems.push({ segment: segment.segment, problem });
    }
  }
  return problems;
}

async function* stoppable(pages: AsyncIterable<Buffer>, isStopping: () => boolean): AsyncGenerator<Buffer> {
  for await (const page of pages) {
    if (isStopping()) throw new Error('the server stops');
    yield page;
  }
}
