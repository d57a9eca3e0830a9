import type { Executor } from '../../database/index.ts';
import { type App, type AppTerms, findOpenVersion, withReviewed } from '../../registry/index.ts';

/**
 * What the developer wants the app to be by now. Of what waits only that which is reviewed: all else of it may have been
 * changed since, or is what the first of two administrators said, and does not hold yet.
 */
export async function wantedNow(tx: Executor, app: App): Promise<AppTerms> {
  const open = await findOpenVersion(tx, app.clientId);
  return open === undefined ? app : withReviewed(app, open.terms);
}
