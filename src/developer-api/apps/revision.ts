import type { AppVersion } from '../../apps/index.ts';
import type { App } from '../../domain/index.ts';
import { conflictProblem, sha256 } from '../../kernel/index.ts';
import { toDraft } from './draft.ts';

/**
 * Computes a fingerprint of the terms that the edit form starts from: those of the pending version
 * if there is one, otherwise those in effect. The logo isn't part of the form.
 */
export const computeRevision = (app: App, open: AppVersion | undefined): string =>
  sha256(JSON.stringify(toDraft(open?.terms ?? app)))
    .toString('hex')
    .slice(0, 16);

/**
 * Throws `conflict` if the app was changed after the developer opened the edit form.
 * @param revision fingerprint of the terms when the form was opened; undefined skips the check
 */
export function requireRevision(revision: string | undefined, app: App, open: AppVersion | undefined): void {
  if (revision === undefined || revision === computeRevision(app, open)) return;
  throw conflictProblem('This app changed while you were editing. Reload the page, then make your change again.');
}
