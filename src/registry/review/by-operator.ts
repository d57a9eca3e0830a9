import type { Executor } from '../../database/index.ts';
import { OperatorFault, Problem } from '../../kernel/index.ts';
import { type App, lockApp } from '../app.ts';
import { APP_STATES, type AppState, mayBecome } from '../lifecycle.ts';
import { handIn } from '../versions/hand-in.ts';
import { findOpenVersion } from '../versions/store.ts';
import { approveVersion } from './approve.ts';
import { type Ground, groundsFor, type Refusal } from './grounds.ts';
import type { ReviewDeps } from './lock.ts';
import { type Reason, rejectVersion, resumeApp, retireApp, suspendApp } from './refuse.ts';

/** A reason as typed on the command line. Omitted parts are undefined. */
export interface TypedReason {
  readonly ground: string | undefined;
  readonly text: string | undefined;
}

const REFUSALS: Readonly<Partial<Record<AppState, Refusal>>> = {
  rejected: 'reject',
  suspended: 'suspend',
  retired: 'retire',
};

/**
 * Applies a decision made at the command line with the same grounds, versions and history as any other
 * decision. Throws `OperatorError` if the state or the reason isn't valid. @returns the previous state
 * of the app
 */
export async function decideByOperator(
  tx: Executor,
  deps: ReviewDeps,
  clientId: string,
  { to: typed, reason: given }: { readonly to: string; readonly reason: TypedReason },
): Promise<AppState> {
  const to = APP_STATES.find((candidate) => candidate === typed);
  if (to === undefined)
    throw new OperatorFault(`"${typed}" is no state of an app. There are: ${APP_STATES.join(', ')}.`);
  const app = await lockApp(tx, deps.clock, clientId);
  if (!mayBecome(app.state, to)) throw new OperatorFault(`An app that is ${app.state} can't become ${to}.`);
  const action = REFUSALS[to];
  if (action === undefined) await accept(tx, deps, app, to);
  else await refuse(tx, deps, app, action, reasonOf(app, action, given));
  return app.state;
}

async function accept(tx: Executor, deps: ReviewDeps, app: App, to: AppState): Promise<void> {
  const { clientId } = app;
  if (to === 'provisional') await handInAgain(tx, deps, app);
  else if (app.state === 'suspended') await resumeApp(tx, deps, { clientId, by: undefined });
  else {
    const reviewed = await requireOpen(tx, deps, app);
    await approveVersion(tx, deps, { clientId, by: undefined, ...reviewed, mayDecide: async () => true });
  }
}

async function refuse(tx: Executor, deps: ReviewDeps, app: App, action: Refusal, reason: Reason): Promise<void> {
  const deciding = { clientId: app.clientId, by: undefined };
  if (action === 'suspend') await suspendApp(tx, deps, deciding, reason);
  else if (action === 'retire') await retireApp(tx, deps, deciding, reason);
  else await rejectVersion(tx, deps, { ...deciding, ...(await requireOpen(tx, deps, app)) }, reason);
}

/** Returns the pending version. If its developer withdrew it, the app's current terms are submitted again. */
async function requireOpen(tx: Executor, deps: ReviewDeps, app: App) {
  const { version, logoVersion } =
    (await findOpenVersion(tx, app.clientId)) ?? (await handInAgain(tx, deps, app)) ?? noVersion();
  return { version, logoVersion };
}

async function handInAgain(tx: Executor, deps: ReviewDeps, app: App) {
  await handIn(tx, deps, app, { wanted: app, by: undefined, side: 'operator' });
  return findOpenVersion(tx, app.clientId);
}

const noVersion = (): never => {
  throw new Problem('conflict', { status: 409, message: 'Nothing of this app waits.' });
};

/**
 * 45 CFR 170.404(b)(1), 171.203: a patient app may be rejected only because its developer is not
 * authentic or for a security risk.
 */
function reasonOf({ kind }: App, action: Refusal, { ground, text }: TypedReason): Reason {
  const allowed = groundsFor(kind, action);
  if (ground !== undefined && allowed.includes(ground as Ground) && text !== undefined && text.trim() !== '') {
    return { ground: ground as Ground, text };
  }
  throw new OperatorFault(
    `Say why: --ground (of an app like this: ${allowed.join(', ')}) and --reason "what is wrong, and how to mend it".`,
  );
}
