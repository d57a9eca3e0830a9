import { type AppEventKind, appendAppEvent } from '../../apps/index.ts';
import { createAuditLog } from '../../audit/index.ts';
import type { Executor } from '../../database/index.ts';
import { type ClientId, systemClock as clock, systemRandom as random } from '../../kernel/index.ts';

/** Appends an audit event for a change of an app. `tx` must be the transaction of the change. */
export async function appendAppChange(
  tx: Executor,
  clientId: string,
  detail: Readonly<Record<string, unknown>>,
): Promise<void> {
  await createAuditLog({ db: tx, clock, random }).appendInTransaction(tx, {
    kind: 'app',
    outcome: 'success',
    clientId: clientId as ClientId,
    detail: { ...detail, by: 'command line' },
  });
}

/** Appends an event to the history of an app, which the app's developers can read. */
export async function notifyDevelopers(
  tx: Executor,
  clientId: string,
  kind: AppEventKind,
  detail: Readonly<Record<string, unknown>>,
): Promise<void> {
  const event = { clientId: clientId as ClientId, kind, bySide: 'operator', detail } as const;
  await appendAppEvent(tx, { clock, random }, event);
}
