import type { Executor } from '../../database/index.ts';
import type { App } from '../app.ts';
import { keepAppLogo } from '../app-logo.ts';
import { rewriteApp } from '../register.ts';
import { withReviewed } from './matters.ts';
import { versionLogo } from './store.ts';
import type { AppVersion } from './version.ts';

/** Applies an approved version to its app. `tx` must hold the app's lock. @param app current state */
export async function applyVersion(tx: Executor, app: App, version: AppVersion): Promise<void> {
  await rewriteApp(tx, app.clientId, withReviewed(app, version.terms));
  await keepAppLogo(tx, app.clientId, await versionLogo(tx, app.clientId, version.version));
}
