import type { Executor } from '../../database/index.ts';
import type { App } from '../../domain/index.ts';
import { appendAppEvent, wasSuspended } from '../app-events.ts';
import { changeAppState } from '../change-app-state.ts';
import { findOrganisation } from '../organisations/organisation.ts';
import type { RegistryDeps } from '../register.ts';
import { isApprovedAutomatically } from '../review/approval-rules.ts';
import { replaceEarlier } from '../review/replace-earlier.ts';
import { applyVersion } from './apply-version.ts';
import { type AppVersion, isPending } from './version.ts';
import { findVersions, updateVersion } from './version-store.ts';

/**
 * Approves the pending version of a patient app whose organization is verified, if
 * PATIENT_APP_REVIEW=automatic. Leaves apps that an administrator ever rejected, questioned or
 * suspended to administrators. `tx` must hold the app's lock.
 * @param app current state of the app
 * @returns whether the version was approved
 */
export async function approveAutomatically(
  tx: Executor,
  deps: RegistryDeps & { readonly patientAppReview: 'manual' | 'automatic' },
  app: App,
): Promise<boolean> {
  if (app.organisationId === undefined) return false;
  const organisation = await findOrganisation(tx, app.organisationId);
  return approveIf(tx, deps, app, ({ terms }) => isApprovedAutomatically(deps.patientAppReview, terms, organisation));
}

/**
 * Approves the version that a self-registered app submits if DYNAMIC_REGISTRATION=open. Leaves apps
 * that an administrator ever rejected, questioned or suspended to administrators. `tx` must hold
 * the app's lock.
 * @param app current state of the app
 */
export const approveSelfRegistered = (tx: Executor, deps: RegistryDeps, app: App): Promise<boolean> =>
  approveIf(tx, deps, app, () => true);

async function approveIf(
  tx: Executor,
  deps: RegistryDeps,
  app: App,
  approves: (open: AppVersion) => boolean,
): Promise<boolean> {
  const versions = await findVersions(tx, app.clientId);
  const open = versions.find(({ state }) => isPending(state));
  if (open === undefined || !isEligible(app, versions) || !approves(open)) return false;
  if (await wasSuspended(tx, app.clientId)) return false;
  const now = deps.clock.now();
  await updateVersion(tx, { ...open, state: 'approved', verifiedAt: open.verifiedAt ?? now, decidedAt: now });
  await replaceEarlier(tx, app.clientId, open.version);
  await applyVersion(tx, app, open);
  if (app.state === 'provisional') await changeAppState(tx, deps.clock, app.clientId, 'active');
  const { clientId, version } = open;
  const detail = { automatic: true };
  await appendAppEvent(tx, deps, { clientId, kind: 'approved', bySide: 'server', version, detail });
  return true;
}

const isEligible = (app: App, versions: readonly AppVersion[]): boolean =>
  (app.state === 'provisional' || app.state === 'active') &&
  versions.every(({ state, question }) => state !== 'rejected' && question === undefined);
