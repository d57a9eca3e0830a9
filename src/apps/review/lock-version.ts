import type { Executor } from '../../database/index.ts';
import type { App } from '../../domain/index.ts';
import {
  type AccountId,
  type ClientId,
  type Clock,
  conflictProblem,
  Problem,
  type Random,
} from '../../kernel/index.ts';
import { findApp, lockApp } from '../app.ts';
import type { AppVersion } from '../versions/version.ts';
import { findPendingVersion } from '../versions/version-store.ts';

export interface ReviewDeps {
  readonly clock: Clock;
  readonly random: Random;
}

/** The app that a decision is about, and the person who decides. */
export interface AppDecision {
  readonly clientId: string;
  /** The administrator who decides. undefined for an operator at the command line. */
  readonly by: AccountId | undefined;
}

/** A decision about one version of an app: the version that the administrator reviewed. */
export interface VersionDecision extends AppDecision {
  readonly version: number;
}

/**
 * Locks an app until the transaction ends, so that no one else changes it or decides about it.
 * Throws `not-found` if the app doesn't exist.
 */
export async function lockForReview(tx: Executor, clock: Clock, clientId: string): Promise<App> {
  // An unknown client_id is rejected before anything is locked.
  if ((await findApp(tx, clock, clientId)) === undefined) {
    throw new Problem('not-found', { status: 404, message: `There is no app with the client_id ${clientId}.` });
  }
  return lockApp(tx, clock, clientId as ClientId);
}

/**
 * Locks an app and returns its pending version. Throws `conflict` if that isn't the version that
 * the administrator reviewed, so that no one decides about an unseen version.
 */
export async function lockPendingVersion(
  tx: Executor,
  clock: Clock,
  { clientId, version }: Pick<VersionDecision, 'clientId' | 'version'>,
): Promise<{ readonly app: App; readonly open: AppVersion }> {
  const app = await lockForReview(tx, clock, clientId);
  const open = await findPendingVersion(tx, clientId);
  if (open === undefined) {
    throw conflictProblem(
      'No version of this app is pending. It may have been decided or withdrawn in the meantime. Reload the page.',
    );
  }
  if (open.version !== version) {
    throw conflictProblem(
      `You reviewed version ${version}, but version ${open.version} is pending now. Reload the page and review that version.`,
    );
  }
  return { app, open };
}

/**
 * Returns whether the app has ever been approved. If so, a submission is an update; if not, it is
 * the app's first submission or a resubmission.
 */
export const wasApproved = ({ state }: Pick<App, 'state'>): boolean => state === 'active' || state === 'suspended';
