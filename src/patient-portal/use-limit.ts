import { Problem } from '../kernel/index.ts';
import { countUse, type SharedRateLimit } from '../rate-limit/index.ts';
import type { PatientPortalDeps } from './deps.ts';
import type { PatientPortalContext } from './portal-context.ts';

/**
 * Identifies who uses the portal: the account, and the browser if people share a sandbox account, so that one of them
 * can't block the others.
 */
export const personalKey = ({ accountRecord, browser }: PatientPortalContext): string =>
  [accountRecord.accountId, ...(browser === undefined ? [] : [browser.toString('hex')])].join(' ');

/**
 * Counts one use of something that takes more work than a page.
 * @param tooOften message for a person who has to wait this number of minutes
 * @throws {Problem} 429 if the person exceeds the limit
 */
export async function countPersonalUse(
  deps: PatientPortalDeps,
  context: PatientPortalContext,
  limit: SharedRateLimit,
  tooOften: (minutes: number) => string,
): Promise<void> {
  const exceeded = await countUse(deps, limit, personalKey(context));
  if (exceeded === undefined) return;
  throw new Problem('too-many-attempts', {
    status: 429,
    message: tooOften(Math.ceil(exceeded.retryAfter / 60)),
    retryAfter: exceeded.retryAfter,
    language: context.pageContext.language,
  });
}
