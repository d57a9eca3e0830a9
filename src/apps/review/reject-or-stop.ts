import type { Executor } from '../../database/index.ts';
import type { App, AppState } from '../../domain/index.ts';
import { type ClientId, conflictProblem, Problem } from '../../kernel/index.ts';
import { appendAppEvent } from '../app-events.ts';
import { changeAppState } from '../change-app-state.ts';
import { canTransition } from '../lifecycle.ts';
import type { AppVersion } from '../versions/version.ts';
import { findPendingVersion, updateVersion } from '../versions/version-store.ts';
import { allowedGrounds, type DenialAction, type ReviewGround } from './grounds.ts';
import {
  type AppDecision,
  lockForReview,
  lockPendingVersion,
  type ReviewDeps,
  type VersionDecision,
  wasApproved,
} from './lock-version.ts';

/** The reason for a decision, as it is sent to the developer. */
export interface DecisionReason {
  readonly ground: ReviewGround;
  readonly text: string;
}

/**
 * Rejects a version of an app. A version approved earlier stays in effect. An app that was never
 * approved stops working.
 */
export async function rejectVersion(
  tx: Executor,
  deps: ReviewDeps,
  deciding: VersionDecision,
  given: DecisionReason,
): Promise<{ readonly app: App; readonly version: AppVersion; readonly isChange: boolean }> {
  const { app, open } = await lockPendingVersion(tx, deps.clock, deciding);
  const reason = requireReason(app, 'reject', given);
  await closeVersion(tx, deps, deciding, open, 'rejected', reason);
  if (app.state === 'provisional') await changeAppState(tx, deps.clock, app.clientId, 'rejected');
  await appendAppEvent(tx, deps, {
    ...operatorEvent(deciding, app),
    kind: 'rejected',
    version: open.version,
    detail: toDetail(reason),
  });
  const state = app.state === 'provisional' ? 'rejected' : app.state;
  return { app: { ...app, state }, version: open, isChange: wasApproved(app) };
}

/** Suspends an app. Its tokens are rejected until the app is resumed. */
export const suspendApp = (
  tx: Executor,
  deps: ReviewDeps,
  deciding: AppDecision,
  reason: DecisionReason,
): Promise<App> => changeState(tx, deps, deciding, 'suspended', reason);

/**
 * Resumes a suspended app. Grants and tokens that haven't expired become valid again, because every
 * request checks the state of the app.
 */
export const resumeApp = (tx: Executor, deps: ReviewDeps, deciding: AppDecision): Promise<App> =>
  changeState(tx, deps, deciding, 'active', undefined);

/** Retires an app permanently and withdraws the app's pending version. */
export async function retireApp(
  tx: Executor,
  deps: ReviewDeps,
  deciding: AppDecision,
  reason: DecisionReason,
): Promise<App> {
  const app = await changeState(tx, deps, deciding, 'retired', reason);
  const open = await findPendingVersion(tx, app.clientId);
  if (open !== undefined) await closeVersion(tx, deps, deciding, open, 'withdrawn', reason);
  return app;
}

const EVENT_KINDS = { suspended: 'suspended', active: 'resumed', retired: 'retired' } as const;
const DENIAL_ACTIONS: Readonly<Record<keyof typeof EVENT_KINDS, DenialAction | undefined>> = {
  suspended: 'suspend',
  active: undefined,
  retired: 'retire',
};

/**
 * Changes the state of an app by an administrator's decision.
 * @returns the app with its new state
 */
async function changeState(
  tx: Executor,
  deps: ReviewDeps,
  deciding: AppDecision,
  to: keyof typeof EVENT_KINDS,
  given: DecisionReason | undefined,
): Promise<App> {
  const { app, reason } = await checkStateChange(tx, deps, deciding.clientId, to, given);
  await changeAppState(tx, deps.clock, app.clientId, to);
  await appendAppEvent(tx, deps, {
    ...operatorEvent(deciding, app),
    kind: EVENT_KINDS[to],
    detail: reason && toDetail(reason),
  });
  return { ...app, state: to };
}

/**
 * Locks an app and checks that its state can be changed for this reason, without changing it.
 * @returns the app, and the reason without blanks around it
 */
export async function checkStateChange(
  tx: Executor,
  { clock }: Pick<ReviewDeps, 'clock'>,
  clientId: string,
  to: keyof typeof EVENT_KINDS,
  given: DecisionReason | undefined,
): Promise<{ readonly app: App; readonly reason: DecisionReason | undefined }> {
  const app = await lockForReview(tx, clock, clientId);
  const action = DENIAL_ACTIONS[to];
  const reason = action === undefined || given === undefined ? undefined : requireReason(app, action, given);
  requireTransition(app.state, to);
  return { app, reason };
}

/**
 * Throws `conflict` if an app in the state `from` can't get the state `to` by rejecting, suspending,
 * resuming or retiring it. Only a suspended app can be resumed. A provisional app becomes active
 * when it is approved, which is not decided here.
 */
function requireTransition(from: AppState, to: AppState): void {
  if (canTransition(from, to) && (to !== 'active' || from === 'suspended')) return;
  throw conflictProblem(`This isn’t possible, because the app is now ${from}. Reload the page.`);
}

function requireReason(app: App, action: DenialAction, { ground, text }: DecisionReason): DecisionReason {
  const allowed = allowedGrounds(app.kind, action);
  const fieldErrors = [
    ...(allowed.includes(ground)
      ? []
      : [{ field: 'ground', message: `Choose one of these for this app: ${allowed.join(', ')}.` }]),
    ...(text.trim() === '' ? [{ field: 'text', message: 'Explain what is wrong and how to fix it.' }] : []),
  ];
  if (fieldErrors.length === 0) return { ground, text: text.toWellFormed().trim() };
  const message = fieldErrors.map((error) => `${error.field}: ${error.message}`).join(' ');
  throw new Problem('fields-invalid', { status: 400, message, fieldErrors });
}

async function closeVersion(
  tx: Executor,
  { clock }: ReviewDeps,
  { by }: AppDecision,
  open: AppVersion,
  state: 'rejected' | 'withdrawn',
  { text }: DecisionReason,
): Promise<void> {
  await updateVersion(tx, { ...open, state, askedAt: undefined, decidedAt: clock.now(), decidedBy: by, reason: text });
}

const toDetail = ({ ground, text }: DecisionReason) => ({ ground, reason: text });

const operatorEvent = ({ by }: AppDecision, { clientId }: { readonly clientId: ClientId }) =>
  ({ clientId, bySide: 'operator', accountId: by }) as const;
