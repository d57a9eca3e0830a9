import type { Executor } from '../../database/index.ts';
import type { App, AppState } from '../../domain/index.ts';
import { conflictProblem, OperatorError } from '../../kernel/index.ts';
import { lockApp } from '../app.ts';
import { APP_STATES, canTransition } from '../lifecycle.ts';
import { submitVersion } from '../versions/submit-version.ts';
import { findPendingVersion } from '../versions/version-store.ts';
import { approveVersion } from './approve.ts';
import { allowedGrounds, type DenialAction, type ReviewGround } from './grounds.ts';
import type { ReviewDeps } from './lock-version.ts';
import { type DecisionReason, rejectVersion, resumeApp, retireApp, suspendApp } from './reject-or-stop.ts';

/**
 * The reason for a rejection, suspension or retirement, as the operator entered it on the command
 * line. A property is undefined if the operator left out its option.
 */
export interface EnteredReason {
  readonly ground: string | undefined;
  readonly text: string | undefined;
}

const ACTIONS: Readonly<Partial<Record<AppState, DenialAction>>> = {
  rejected: 'reject',
  suspended: 'suspend',
  retired: 'retire',
};

/**
 * Applies a decision that an operator makes at the command line. The same rules apply as for
 * administrators: the ground must be allowed, the decision is about the pending version, and the
 * app's history gets an event. Throws `OperatorError` if the new state or the reason isn't valid.
 * @returns the previous state of the app
 */
export async function decideByOperator(
  tx: Executor,
  deps: ReviewDeps,
  clientId: string,
  { to: typed, reason: given }: { readonly to: string; readonly reason: EnteredReason },
): Promise<AppState> {
  const to = APP_STATES.find((candidate) => candidate === typed);
  if (to === undefined)
    throw new OperatorError(`"${typed}" isn't a state of an app. Use one of: ${APP_STATES.join(', ')}.`);
  const app = await lockApp(tx, deps.clock, clientId);
  if (!canTransition(app.state, to)) throw new OperatorError(`An app that is ${app.state} can't become ${to}.`);
  const action = ACTIONS[to];
  if (action === undefined) await acceptApp(tx, deps, app, to);
  else await denyApp(tx, deps, app, action, requireEnteredReason(app, action, given));
  return app.state;
}

async function acceptApp(tx: Executor, deps: ReviewDeps, app: App, to: AppState): Promise<void> {
  const { clientId } = app;
  if (to === 'provisional') await resubmit(tx, deps, app);
  else if (app.state === 'suspended') await resumeApp(tx, deps, { clientId, by: undefined });
  else {
    const reviewed = await requirePendingVersion(tx, deps, app);
    await approveVersion(tx, deps, { clientId, by: undefined, ...reviewed, mayDecide: async () => true });
  }
}

async function denyApp(
  tx: Executor,
  deps: ReviewDeps,
  app: App,
  action: DenialAction,
  reason: DecisionReason,
): Promise<void> {
  const deciding = { clientId: app.clientId, by: undefined };
  if (action === 'suspend') await suspendApp(tx, deps, deciding, reason);
  else if (action === 'retire') await retireApp(tx, deps, deciding, reason);
  else await rejectVersion(tx, deps, { ...deciding, ...(await requirePendingVersion(tx, deps, app)) }, reason);
}

/**
 * Returns the pending version of an app. If the developer withdrew that version, first submits the
 * app's current terms as a new one.
 */
async function requirePendingVersion(tx: Executor, deps: ReviewDeps, app: App) {
  const { version, logoVersion } =
    (await findPendingVersion(tx, app.clientId)) ?? (await resubmit(tx, deps, app)) ?? noVersion();
  return { version, logoVersion };
}

async function resubmit(tx: Executor, deps: ReviewDeps, app: App) {
  await submitVersion(tx, { ...deps, toolRedirects: [] }, app, { wanted: app, by: undefined, side: 'operator' });
  return findPendingVersion(tx, app.clientId);
}

const noVersion = (): never => {
  throw conflictProblem('No version of this app is pending.');
};

/**
 * Returns ground and text of a reason. Throws `OperatorError` if either is missing or the ground
 * isn't allowed: a patient app may be rejected only because its developer is not authentic or for a
 * security risk (45 CFR 170.404(b)(1), 171.203).
 */
function requireEnteredReason({ kind }: App, action: DenialAction, { ground, text }: EnteredReason): DecisionReason {
  const allowed = allowedGrounds(kind, action);
  if (ground !== undefined && allowed.includes(ground as ReviewGround) && text !== undefined && text.trim() !== '') {
    return { ground: ground as ReviewGround, text };
  }
  throw new OperatorError(
    `Give a reason: --ground (for this app: ${allowed.join(', ')}) and --reason "what is wrong and how to fix it".`,
  );
}
