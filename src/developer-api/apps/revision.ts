import type { AppVersion } from '../../apps/index.ts';
import type { App } from '../../domain/index.ts';
import { conflictProblem, sha256 } from '../../kernel/index.ts';
import { toDraft } from './draft.ts';

/**
 * Fingerprint of what the edit form starts from: the pending version if there is one, else the live
 * terms. The logo isn't part of the form.
 */
export const computeRevision = (app: App, open: AppVersion | undefined): string =>
  sha256(JSON.stringify(toDraft(open?.terms ?? app)))
    .toString('hex')
    .slice(0, 16);

/** Throws `conflict` if the app has changed since. @param revision undefined skips the check */
export function requireRevision(revision: string | undefined, app: App, open: AppVersion | undefined): void {
  if (revision === undefined || revision === computeRevision(app, open)) return;
  throw conflictProblem(
    'Somebody changed this app since you began. Load the page again, look at it, and make your change anew.',
  );
}
