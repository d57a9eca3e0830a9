import { countRecordEntries } from '../../fhir/index.ts';
import { minutes, Problem } from '../../kernel/index.ts';
import type { SharedRateLimit } from '../../rate-limit/index.ts';
import type { PatientPortalDeps } from '../deps.ts';
import type { PatientPortalContext } from '../portal-context.ts';
import { countPersonalUse } from '../use-limit.ts';

/** Number of files that a person can download. A file takes more work than a page, so a script could slow the server. */
const DOWNLOAD_LIMIT: SharedRateLimit = { max: 30, window: minutes(15), name: 'record-downloads' };

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
