import type { Executor } from '../../database/index.ts';
import type { App, AppTerms } from '../../domain/index.ts';
import { type AccountId, conflictProblem, Problem } from '../../kernel/index.ts';
import { appendAppEvent } from '../app-events.ts';
import { changeAppState } from '../change-app-state.ts';
import { applyVersion } from '../versions/apply-version.ts';
import type { AppVersion } from '../versions/version.ts';
import { updateVersion } from '../versions/version-store.ts';
import { needsTwoApprovers } from './approval-rules.ts';
import { enableDeadline } from './business-days.ts';
import { lockPendingVersion, type ReviewDeps, type VersionDecision, wasApproved } from './lock-version.ts';
import { replaceEarlier } from './replace-earlier.ts';

/** Marks the developer of a version as verified. The deadline to enable the app starts to run. */
export async function verifyVersion(
  tx: Executor,
  deps: ReviewDeps,
  deciding: VersionDecision,
): Promise<{ readonly app: App; readonly version: AppVersion }> {
  const { app, open } = await lockPendingVersion(tx, deps.clock, deciding);
  if (open.state === 'verified')
    throw conflictProblem('Another administrator already verified this version. Reload the page.');
  const version = toVerified(open, deps, deciding);
  await updateVersion(tx, version);
  await appendReviewEvent(tx, deps, deciding, 'verified');
  return { app, version };
}

export interface VersionApproval extends VersionDecision {
  /**
   * Version of the logo that the administrator reviewed (see `findAppLogo`); undefined for no logo.
   * The current logo may be newer, because a developer can add one right after a submission.
   */
  readonly logoVersion: string | undefined;
  /**
   * Practices whose data a backend app may access. undefined keeps the practices that the developer
   * registered or the first approver chose.
   */
  readonly practiceIds?: AppTerms['practiceIds'] | undefined;
  /**
   * Returns whether the first of two approvers may still decide. The account may have been locked
   * since the first approval.
   */
  readonly mayDecide: (accountId: AccountId) => Promise<boolean>;
}

export interface ApprovalResult {
  readonly outcome: 'approved' | 'approved-first';
  readonly app: App;
  readonly version: AppVersion;
  readonly isChange: boolean;
}

/**
 * Approves a version: its logo and its values of the fields that need a review take effect, and the
 * app becomes active unless it is suspended. `system/` scopes need two administrators: the first
 * approval is stored, and nothing changes until a second administrator approves the same version.
 */
export async function approveVersion(
  tx: Executor,
  deps: ReviewDeps,
  approving: VersionApproval,
): Promise<ApprovalResult> {
  const { app, open } = await lockPendingVersion(tx, deps.clock, approving);
  if (app.state === 'retired') throw conflictProblem('The app is retired, so its versions can no longer be approved.');
  if (open.logoVersion !== approving.logoVersion) {
    throw conflictProblem('The logo changed since you reviewed it. Reload the page and review the new one.');
  }
  const isChange = wasApproved(app);
  const known = open.state === 'verified' ? open : toVerified(open, deps, approving);
  if (open.state === 'waiting') await appendReviewEvent(tx, deps, approving, 'verified');
  if (needsTwoApprovers(open.terms) && !(await isSecondApproval(open, approving))) {
    const version = await saveFirstApproval(tx, deps, approving, app, known);
    return { outcome: 'approved-first', app, version, isChange };
  }
  const version = await applyApproval(tx, deps, approving, app, known);
  return { outcome: 'approved', app: { ...app, state: stateAfter(app) }, version, isChange };
}

/** Returns the state of an app after an approval. A suspended app stays suspended when a change of it is approved. */
const stateAfter = ({ state }: App): App['state'] => (state === 'suspended' ? 'suspended' : 'active');

const toVerified = (open: AppVersion, { clock }: ReviewDeps, { by }: VersionDecision): AppVersion => {
  const now = clock.now();
  return { ...open, state: 'verified', verifiedAt: now, verifiedBy: by, enableBy: enableDeadline(now) };
};

/**
 * Returns whether an approval is the second of two. An approval by an operator at the command line
 * always counts as the second: operators have access to the database anyway, so requiring another
 * approval would protect nothing.
 */
async function isSecondApproval({ approvedFirstBy }: AppVersion, { by, mayDecide }: VersionApproval): Promise<boolean> {
  if (by === undefined) return true;
  if (approvedFirstBy === undefined) return false;
  if (approvedFirstBy === by) {
    throw conflictProblem(
      'You already approved this version. It has system/ scopes, so another administrator must approve it too.',
    );
  }
  return mayDecide(approvedFirstBy);
}

/**
 * Stores the first of two approvals. The chosen practices are stored with the version, so that the
 * second approver approves the same ones.
 */
async function saveFirstApproval(
  tx: Executor,
  deps: ReviewDeps,
  approving: VersionApproval,
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
  await updateVersion(tx, version);
  await appendReviewEvent(tx, deps, approving, 'approved-first');
  return version;
}

async function applyApproval(
  tx: Executor,
  deps: ReviewDeps,
  approving: VersionApproval,
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
  const practiceIds = approvedPractices(app, open, approving);
  await applyVersion(tx, { ...app, practiceIds }, version);
  await replaceEarlier(tx, app.clientId, open.version);
  await updateVersion(tx, version);
  if (app.state === 'rejected') await changeAppState(tx, deps.clock, app.clientId, 'provisional');
  if (!wasApproved(app)) await changeAppState(tx, deps.clock, app.clientId, 'active');
  await appendReviewEvent(tx, deps, approving, 'approved');
  return version;
}

function approvedPractices(app: App, open: AppVersion, { practiceIds }: VersionApproval): AppTerms['practiceIds'] {
  if (app.kind !== 'backend') return [];
  const first = open.approvedFirstBy === undefined ? app.practiceIds : open.terms.practiceIds;
  const wanted = requirePractices(app, practiceIds ?? first);
  if (open.approvedFirstBy === undefined || sameSet(wanted, first)) return wanted;
  throw conflictProblem(
    'The first approval was for other practices. Approve the version for the same practices, or reject it.',
  );
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
    fieldErrors,
  });
}

/** Appends an event of the review to the history of the app. */
async function appendReviewEvent(
  tx: Executor,
  deps: ReviewDeps,
  { clientId, by, version }: VersionDecision,
  kind: 'verified' | 'approved' | 'approved-first',
): Promise<void> {
  const event = { clientId: clientId as App['clientId'], kind, accountId: by, version };
  await appendAppEvent(tx, deps, { ...event, bySide: 'operator' });
}
