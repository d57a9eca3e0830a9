import type { Executor } from '../../database/index.ts';
import { lockApp } from '../app.ts';
import { recordAppEvent } from '../events.ts';
import { type Credentials, type NewApp, type RegistryDeps, registerApp } from '../register.ts';
import { type Side, submitFirst } from './hand-in.ts';

/** Registers a provisional app without an organization and submits its first version for review. */
export async function registerFirst(
  tx: Executor,
  deps: RegistryDeps,
  wanted: Omit<NewApp, 'state' | 'organisationId'>,
  bySide: Side,
): Promise<Credentials & { readonly version: number }> {
  const made = await registerApp(tx, deps, { ...wanted, state: 'provisional' });
  const { clientId } = made;
  const app = await lockApp(tx, deps.clock, clientId);
  await recordAppEvent(tx, deps, { clientId, kind: 'registered', bySide });
  return { ...made, version: await submitFirst(tx, deps, app, undefined, bySide) };
}
