import type { Executor } from '../../database/index.ts';
import type { AppCredentials } from '../../domain/index.ts';
import { lockApp } from '../app.ts';
import { appendAppEvent } from '../app-events.ts';
import { type AppRegistration, type RegistryDeps, registerApp } from '../register.ts';
import { type EventSide, submitFirstVersion } from './submit-version.ts';

/** Registers a provisional app without an organization and submits its first version for review. */
export async function registerUnownedApp(
  tx: Executor,
  deps: RegistryDeps,
  wanted: Omit<AppRegistration, 'state' | 'organisationId'>,
  bySide: EventSide,
): Promise<AppCredentials & { readonly version: number }> {
  const made = await registerApp(tx, deps, { ...wanted, state: 'provisional' });
  const { clientId } = made;
  const app = await lockApp(tx, deps.clock, clientId);
  await appendAppEvent(tx, deps, { clientId, kind: 'registered', bySide });
  return { ...made, version: await submitFirstVersion(tx, deps, app, undefined, bySide) };
}
