import type { Executor } from '../../database/index.ts';
import { type AccountId, type ClientId, type Clock, Problem, type Random } from '../../kernel/index.ts';
import { type App, findApp, lockApp } from '../app.ts';
import { findOpenVersion } from '../versions/store.ts';
import type { AppVersion } from '../versions/version.ts';

export interface ReviewDeps {
  readonly clock: Clock;
  readonly random: Random;
}

/** Who decides about which app. */
export interface Deciding {
  readonly clientId: string;
  /** An administrator; undefined: an operator at the command line. */
  readonly by: AccountId | undefined;
}

/** … having looked at this version of it. */
export interface DecidingVersion extends Deciding {
  readonly version: number;
}

/** Nobody else decides about the app, or changes it, until the transaction ends. */
export async function lockForReview(tx: Executor, clock: Clock, clientId: string): Promise<App> {
  // What is no app is refused before anything is locked.
  if ((await findApp(tx, clock, clientId)) === undefined) {
    throw new Problem('not-found', { status: 404, message: `There is no app with the client_id ${clientId}.` });
  }
  return lockApp(tx, clock, clientId as ClientId);
}

/** The version that waits, if it is the one that was looked at: nobody decides about what they have not seen. */
export async function lockOpenVersion(
  tx: Executor,
  clock: Clock,
  { clientId, version }: Pick<DecidingVersion, 'clientId' | 'version'>,
): Promise<{ readonly app: App; readonly open: AppVersion }> {
  const app = await lockForReview(tx, clock, clientId);
  const open = await findOpenVersion(tx, clientId);
  if (open === undefined) {
    throw conflict('Nothing of this app waits any more: it was decided or withdrawn meanwhile. Load the page again.');
  }
  if (open.version !== version) {
    throw conflict(
      `You looked at version ${version}, and version ${open.version} waits now. Load the page again, and look at that one.`,
    );
  }
  return { app, open };
}

export const conflict = (message: string): Problem => new Problem('conflict', { status: 409, message });

/** Whether something of it works, or would if it were not suspended: what is handed in is a change of that. */
export const wasApproved = ({ state }: Pick<App, 'state'>): boolean => state === 'active' || state === 'suspended';
