import { findPendingVersion, withReviewed } from '../../apps/index.ts';
import type { Executor } from '../../database/index.ts';
import type { App, AppTerms } from '../../domain/index.ts';

/**
 * Returns the terms that the developer wants the app to have: the current ones with the reviewed
 * fields of the pending version. Its other fields may have changed since, or hold practices that the
 * first of two approvers chose, which are not in effect yet.
 */
export async function effectiveTerms(tx: Executor, app: App): Promise<AppTerms> {
  const open = await findPendingVersion(tx, app.clientId);
  return open === undefined ? app : withReviewed(app, open.terms);
}
