import type { Executor } from '../../database/index.ts';
import { type ClientId, Problem } from '../../kernel/index.ts';
import type { App } from '../app.ts';
import { recordAppEvent } from '../events.ts';
import { type AppState, mayBecome } from '../lifecycle.ts';
import { changeAppState } from '../state.ts';
import { findOpenVersion, keepVersion } from '../versions/store.ts';
import type { AppVersion } from '../versions/version.ts';
import { type Ground, groundsFor, type Refusal } from './grounds.ts';
import {
  conflict,
  type Deciding,
  type DecidingVersion,
  lockForReview,
  lockOpenVersion,
  type ReviewDeps,
  wasApproved,
} from './lock.ts';

/** The reason that is sent to the developer. */
export interface Reason {
  readonly ground: Ground;
  readonly text: string;
}

/** Rejects a version. A version approved earlier stays in effect; an app that was never approved stops working. */
export async function rejectVersion(
  tx: Executor,
  deps: ReviewDeps,
  deciding: DecidingVersion,
  given: Reason,
): Promise<{ readonly app: App; readonly version: AppVersion; readonly isChange: boolean }> {
  const { app, open } = await lockOpenVersion(tx, deps.clock, deciding);
  const reason = requireReason(app, 'reject', given);
  await closeVersion(tx, deps, deciding, open, 'rejected', reason);
  if (app.state === 'provisional') await changeAppState(tx, deps.clock, app.clientId, 'rejected');
  await recordAppEvent(tx, deps, {
    ...told(deciding, app),
    kind: 'rejected',
    version: open.version,
    detail: detailOf(reason),
  });
  const state = app.state === 'provisional' ? 'rejected' : app.state;
  return { app: { ...app, state }, version: open, isChange: wasApproved(app) };
}

/** Suspends an app: its tokens are rejected until it is resumed. */
export const suspendApp = (tx: Executor, deps: ReviewDeps, deciding: Deciding, reason: Reason): Promise<App> =>
  move(tx, deps, deciding, 'suspended', reason);

/**
 * Resumes a suspended app. Grants and tokens that haven't expired become valid again, because every
 * request checks the state of the app.
 */
export const resumeApp = (tx: Executor, deps: ReviewDeps, deciding: Deciding): Promise<App> =>
  move(tx, deps, deciding, 'active', undefined);

/** Retires an app permanently and withdraws its pending version. */
export async function retireApp(tx: Executor, deps: ReviewDeps, deciding: Deciding, reason: Reason): Promise<App> {
  const app = await move(tx, deps, deciding, 'retired', reason);
  const open = await findOpenVersion(tx, app.clientId);
  if (open !== undefined) await closeVersion(tx, deps, deciding, open, 'withdrawn', reason);
  return app;
}

const EVENTS = { suspended: 'suspended', active: 'resumed', retired: 'retired' } as const;
const REFUSALS: Readonly<Record<keyof typeof EVENTS, Refusal | undefined>> = {
  suspended: 'suspend',
  active: undefined,
  retired: 'retire',
};

/** @returns the app with its new state */
async function move(
  tx: Executor,
  deps: ReviewDeps,
  deciding: Deciding,
  to: keyof typeof EVENTS,
  given: Reason | undefined,
): Promise<App> {
  const app = await lockForReview(tx, deps.clock, deciding.clientId);
  const action = REFUSALS[to];
  const reason = action === undefined || given === undefined ? undefined : requireReason(app, action, given);
  requireMove(app.state, to);
  await changeAppState(tx, deps.clock, app.clientId, to);
  await recordAppEvent(tx, deps, { ...told(deciding, app), kind: EVENTS[to], detail: reason && detailOf(reason) });
  return { ...app, state: to };
}

/** A provisional app becomes active by approval, not by being resumed. */
function requireMove(from: AppState, to: AppState): void {
  if (mayBecome(from, to) && (to !== 'active' || from === 'suspended')) return;
  throw conflict(`The app is ${from} now, so this is not possible. Load the page again.`);
}

function requireReason(app: App, action: Refusal, { ground, text }: Reason): Reason {
  const allowed = groundsFor(app.kind, action);
  const fieldErrors = [
    ...(allowed.includes(ground) ? [] : [{ field: 'ground', message: `Of an app like this: ${allowed.join(', ')}.` }]),
    ...(text.trim() === '' ? [{ field: 'text', message: 'Say what is wrong and how to mend it.' }] : []),
  ];
  if (fieldErrors.length === 0) return { ground, text: text.toWellFormed().trim() };
  const message = fieldErrors.map((fault) => `${fault.field}: ${fault.message}`).join(' ');
  throw new Problem('fields-invalid', { status: 400, message, faults: fieldErrors });
}

async function closeVersion(
  tx: Executor,
  { clock }: ReviewDeps,
  { by }: Deciding,
  open: AppVersion,
  state: 'rejected' | 'withdrawn',
  { text }: Reason,
): Promise<void> {
  await keepVersion(tx, { ...open, state, askedAt: undefined, decidedAt: clock.now(), decidedBy: by, reason: text });
}

const detailOf = ({ ground, text }: Reason) => ({ ground, reason: text });

const told = ({ by }: Deciding, { clientId }: { readonly clientId: ClientId }) =>
  ({ clientId, bySide: 'operator', accountId: by }) as const;
