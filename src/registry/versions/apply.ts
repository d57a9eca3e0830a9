import type { Executor } from '../../database/index.ts';
import type { App } from '../app.ts';
import { keepAppLogo } from '../app-logo.ts';
import { rewriteApp } from '../register.ts';
import { withReviewed } from './matters.ts';
import { versionLogo } from './store.ts';
import type { AppVersion } from './version.ts';

/** What a version that was approved says becomes what works. `tx` holds the app's lock. @param app as it is */
export async function applyVersion(tx: Executor, app: App, version: AppVersion): Promise<void> {
  await rewriteApp(tx, app.clientId, withReviewed(app, version.terms));
  await keepAppLogo(tx, app.clientId, await versionLogo(tx, app.clientId, version.version));
}
