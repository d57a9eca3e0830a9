import { openTrail } from '../audit/index.ts';
import type { Executor } from '../database/index.ts';
import { type ClientId, systemClock as clock, systemRandom as random } from '../kernel/index.ts';
import { type AppEventKind, recordAppEvent } from '../registry/index.ts';

/** Writes an audit event for a change to an app, in the same transaction. */
export async function recordChange(
  tx: Executor,
  clientId: string,
  detail: Readonly<Record<string, unknown>>,
): Promise<void> {
  await openTrail({ db: tx, clock, random }).recordWithin(tx, {
    kind: 'app',
    outcome: 'success',
    clientId: clientId as ClientId,
    detail: { ...detail, by: 'command line' },
  });
}

/** Adds an event to the app's history, which its developers can read. */
export async function tellDevelopers(
  tx: Executor,
  clientId: string,
  kind: AppEventKind,
  detail: Readonly<Record<string, unknown>>,
): Promise<void> {
  const event = { clientId: clientId as ClientId, kind, bySide: 'operator', detail } as const;
  await recordAppEvent(tx, { clock, random }, event);
}
