import type { Executor } from '../../database/index.ts';
import { type AccountId, Problem } from '../../kernel/index.ts';
import type { App, AppTerms } from '../app.ts';
import { recordAppEvent } from '../events.ts';
import { changeAppState } from '../state.ts';
import { applyVersion } from '../versions/apply.ts';
import { keepVersion } from '../versions/store.ts';
import type { AppVersion } from '../versions/version.ts';
import { enableClock } from './business-days.ts';
import { needsTwo } from './grounds.ts';
import { conflict, type DecidingVersion, lockOpenVersion, type ReviewDeps, wasApproved } from './lock.ts';
import { replaceEarlier } from './replace.ts';

/** Marks the developer of a version as verified, which starts the second review deadline. */
export async function verifyVersion(
  tx: Executor,
  deps: ReviewDeps,
  deciding: DecidingVersion,
): Promise<{ readonly app: App; readonly version: AppVersion }> {
  const { app, open } = await lockOpenVersion(tx, deps.clock, deciding);
  if (open.state === 'verified') throw conflict('Somebody else verified this version already. Load the page again.');
  const version = verified(open, deps, deciding);
  await keepVersion(tx, version);
  await tell(tx, deps, deciding, 'verified');
  return { app, version };
}

export interface Approving extends DecidingVersion {
  /**
   * Version of the logo that was reviewed. It may differ from the current one, because a logo can be
   * added right after a submission.
   */
  readonly logoVersion: string | undefined;
  /**
   * Backend apps: practices whose data the app may access. undefined: as registered, or as the first
   * approver chose.
   */
  readonly practiceIds?: AppTerms['practiceIds'] | undefined;
  /** Returns whether the first approver may still decide: their account could have been locked since. */
  readonly mayDecide: (accountId: AccountId) => Promise<boolean>;
}

export interface Approved {
  readonly outcome: 'approved' | 'approved-first';
  readonly app: App;
  readonly version: AppVersion;
  readonly isChange: boolean;
}

/**
 * Approves a version: its terms become those of the app, which becomes active. `system/` scopes need
 * two administrators: the first approval is stored, and nothing changes until a second one approves
 * the same version.
 */
export async function approveVersion(tx: Executor, deps: ReviewDeps, approving: Approving): Promise<Approved> {
  const { app, open } = await lockOpenVersion(tx, deps.clock, approving);
  if (app.state === 'retired') throw conflict('The app is retired: nothing of it can be approved any more.');
  if (open.logoVersion !== approving.logoVersion) {
    throw conflict('Its picture is another one than you looked at. Load the page again, and look at that one.');
  }
  const isChange = wasApproved(app);
  const known = open.state === 'verified' ? open : verified(open, deps, approving);
  if (open.state === 'waiting') await tell(tx, deps, approving, 'verified');
  if (needsTwo(open.terms) && !(await isSecond(open, approving))) {
    const version = await keepFirst(tx, deps, approving, app, known);
    return { outcome: 'approved-first', app, version, isChange };
  }
  const version = await letIn(tx, deps, approving, app, known);
  return { outcome: 'approved', app: { ...app, state: stateAfter(app) }, version, isChange };
}

/** Approving a change of a suspended app leaves the app suspended. */
const stateAfter = ({ state }: App): App['state'] => (state === 'suspended' ? 'suspended' : 'active');

const verified = (open: AppVersion, { clock }: ReviewDeps, { by }: DecidingVersion): AppVersion => {
  const now = clock.now();
  return { ...open, state: 'verified', verifiedAt: now, verifiedBy: by, enableBy: enableClock(now) };
};

/**
 * An operator at the command line counts as the second approver: they have the database anyway, so
 * requiring another approval would protect nothing.
 */
async function isSecond({ approvedFirstBy }: AppVersion, { by, mayDecide }: Approving): Promise<boolean> {
  if (by === undefined) return true;
  if (approvedFirstBy === undefined) return false;
  if (approvedFirstBy === by) {
    throw conflict(
      'You approved this version already. It has system/ scopes: another administrator has to approve it too.',
    );
  }
  return mayDecide(approvedFirstBy);
}

/** The practices are stored with the version, so that the second approver approves the same ones. */
async function keepFirst(
  tx: Executor,
  deps: ReviewDeps,
  approving: Approving,
  app: App,
  open: AppVersion,
): Promise<AppVersion> {
  const practiceIds = requirePractices(app, approving.practiceIds ?? app.practiceIds);
  const version: AppVersion = {
    ...open,
    terms: { ...open.terms, practiceIds },
    approvedFirstAt: deps.clock.now(),
    approvedFirstBy: approving.by,
  };
  await keepVersion(tx, version);
  await tell(tx, deps, approving, 'approved-first');
  return version;
}

async function letIn(
  tx: Executor,
  deps: ReviewDeps,
  approving: Approving,
  app: App,
  open: AppVersion,
): Promise<AppVersion> {
  const now = deps.clock.now();
  const version: AppVersion = {
    ...open,
    state: 'approved',
    askedAt: undefined,
    decidedAt: now,
    decidedBy: approving.by,
  };
  const practiceIds = practicesOf(app, open, approving);
  await applyVersion(tx, { ...app, practiceIds }, version);
  await replaceEarlier(tx, app.clientId, open.version);
  await keepVersion(tx, version);
  if (app.state === 'rejected') await changeAppState(tx, deps.clock, app.clientId, 'provisional');
  if (!wasApproved(app)) await changeAppState(tx, deps.clock, app.clientId, 'active');
  await tell(tx, deps, approving, 'approved');
  return version;
}

function practicesOf(app: App, open: AppVersion, { practiceIds }: Approving): AppTerms['practiceIds'] {
  if (app.kind !== 'backend') return [];
  const first = open.approvedFirstBy === undefined ? app.practiceIds : open.terms.practiceIds;
  const wanted = requirePractices(app, practiceIds ?? first);
  if (open.approvedFirstBy === undefined || sameSet(wanted, first)) return wanted;
  throw conflict('The first approval was for other practices. Approve for the same, or reject the version.');
}

const sameSet = (one: AppTerms['practiceIds'], other: AppTerms['practiceIds']): boolean =>
  one.length === other.length && one.every((practiceId) => other.includes(practiceId));

function requirePractices(app: App, practiceIds: AppTerms['practiceIds']): AppTerms['practiceIds'] {
  if (app.kind !== 'backend') return [];
  if (practiceIds.length > 0) return [...new Set(practiceIds)];
  const fieldErrors = [{ field: 'practiceIds', message: 'Choose at least one practice.' }];
  throw new Problem('fields-invalid', {
    status: 400,
    message: 'A backend app needs at least one practice.',
    faults: fieldErrors,
  });
}

/** Appends the event to the history of the app. */
async function tell(
  tx: Executor,
  deps: ReviewDeps,
  { clientId, by, version }: DecidingVersion,
  kind: 'verified' | 'approved' | 'approved-first',
): Promise<void> {
  const event = { clientId: clientId as App['clientId'], kind, accountId: by, version };
  await recordAppEvent(tx, deps, { ...event, bySide: 'operator' });
}
