import { countRecordEntries } from '../../fhir/index.ts';
import { fairQueue, minutes, Problem } from '../../kernel/index.ts';
import type { SharedRateLimit } from '../../rate-limit/index.ts';
import type { PatientPortalDeps } from '../deps.ts';
import type { PatientPortalContext } from '../portal-context.ts';
import { countPersonalUse, personalKey } from '../use-limit.ts';

/** Number of files that a person can download. A file takes more work than a page, so a script could slow the server. */
const DOWNLOAD_LIMIT: SharedRateLimit = { max: 30, window: minutes(15), name: 'record-downloads' };

/** Number of times that a person can open the summary. It reads the record as a file does, but is also read on screen. */
const SUMMARY_LIMIT: SharedRateLimit = { max: 60, window: minutes(15), name: 'record-summaries' };

/** Number of summaries that are loaded at the same time. Each uses a database connection, and others need some too. */
const PARALLEL_SUMMARIES = 4;

/**
 * Maximum number of entries of a record in a file for people. Such a file is streamed, so the limit bounds its time and
 * not memory. A browser can't show a file of this size well either. The FHIR files have no limit.
 */
export const MAX_FILE_ENTRIES = 50_000;

/**
 * Counts a download.
 * @throws {Problem} 429 if the person has downloaded too many files
 */
export const countDownload = (deps: PatientPortalDeps, context: PatientPortalContext): Promise<void> =>
  countPersonalUse(deps, context, DOWNLOAD_LIMIT, context.messages.recordDownloads.tooOften);

/**
 * Counts a view of the summary.
 * @throws {Problem} 429 if the person has opened it too often
 */
export const countSummaryView = (deps: PatientPortalDeps, context: PatientPortalContext): Promise<void> =>
  countPersonalUse(deps, context, SUMMARY_LIMIT, context.messages.recordDownloads.summaryTooOften);

/** Loads summaries with limited concurrency. People take turns, and each has one that is being loaded. */
export interface SummaryTurns {
  /** @throws {Problem} 503 if too many summaries are waiting */
  run<Result>(context: PatientPortalContext, load: () => Promise<Result>): Promise<Result>;
}

export function createSummaryTurns(): SummaryTurns {
  const full = new Error('too many summaries are waiting');
  const queue = fairQueue({
    concurrency: PARALLEL_SUMMARIES,
    concurrencyPerMember: 1,
    maxWaitingPerMember: 10,
    maxWaiting: 200,
    createFullError: () => full,
  });
  return {
    run: (context, load) =>
      queue
        .run({ group: context.accountRecord.accountId, member: personalKey(context) }, load)
        .catch((error: unknown) => {
          if (error !== full) throw error;
          const { pageContext, messages } = context;
          const message = messages.recordDownloads.summaryBusy;
          throw new Problem('unavailable', { status: 503, message, retryAfter: 5, language: pageContext.language });
        }),
  };
}

/**
 * Counts the entries of the record.
 * @param type counts only resources of this type
 * @throws {Problem} 413 if there are more than a file for people can have
 */
export async function countFileEntries(
  { db }: PatientPortalDeps,
  { accountRecord, messages, pageContext }: PatientPortalContext,
  type?: string,
): Promise<number> {
  const counts = await countRecordEntries(db, accountRecord);
  const all = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const entries = type === undefined ? all : (counts.get(type) ?? 0);
  if (entries <= MAX_FILE_ENTRIES) return entries;
  throw new Problem('too-large', {
    status: 413,
    message: messages.recordDownloads.tooLarge(entries, MAX_FILE_ENTRIES),
    language: pageContext.language,
  });
}
