import { type AppEventKind, appendAppEvent, needsTwoApprovers } from '../../apps/index.ts';
import { createAuditLog } from '../../audit/index.ts';
import type { Executor } from '../../database/index.ts';
import type { App, AppState } from '../../domain/index.ts';
import type { Installation } from '../../installation.ts';
import { type ClientId, systemClock as clock, systemRandom as random } from '../../kernel/index.ts';
import { announceToAdministrators } from '../announce.ts';
import type { CommandInput } from '../command.ts';

/**
 * Emails all administrators if an operator suspended, resumed or retired an app, or let it read whole practices.
 * @param from state of the app before the change; undefined for a new app
 */
export async function announceAppChange(
  tx: Executor,
  input: Pick<CommandInput, 'config'>,
  installation: Pick<Installation, 'encryption'>,
  {
    app,
    from,
    reason,
  }: { readonly app: App; readonly from: AppState | undefined; readonly reason?: string | undefined },
): Promise<void> {
  const action = announcedAction(app, from);
  if (action === undefined) return;
  await announceToAdministrators(tx, input, installation, { action, subject: app.name, reason });
}

function announcedAction(app: App, from: AppState | undefined) {
  if (app.state === 'suspended') return from === 'suspended' ? undefined : 'suspend-app';
  if (app.state === 'retired') return 'retire-app';
  if (app.state !== 'active') return undefined;
  if (from === 'suspended') return 'resume-app';
  return needsTwoApprovers(app) ? 'approve-app' : undefined;
}

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
