import type { Executor } from '../../database/index.ts';
import type { App } from '../../domain/index.ts';
import { saveAppLogo } from '../app-logo.ts';
import { overwriteAppTerms } from '../register.ts';
import { withReviewed } from './reviewed-fields.ts';
import type { AppVersion } from './version.ts';
import { findVersionLogo } from './version-store.ts';

/**
 * Puts an approved version into effect: its app gets the version's logo and its values of the
 * fields that need a review. `tx` must hold the app's lock.
 * @param app current state of the app
 */
export async function applyVersion(tx: Executor, app: App, version: AppVersion): Promise<void> {
  await overwriteAppTerms(tx, app.clientId, withReviewed(app, version.terms));
  await saveAppLogo(tx, app.clientId, await findVersionLogo(tx, app.clientId, version.version));
}
