import type { FastifyRequest } from 'fastify';
import {
  type AppEventKind,
  appendAppEvent,
  lockApp,
  type OrganisationMembership,
  type OrganisationRole,
} from '../../apps/index.ts';
import type { Executor } from '../../database/index.ts';
import type { App } from '../../domain/index.ts';
import { type AccountId, conflictProblem, OperatorError } from '../../kernel/index.ts';
import { type AppAccess, type AppResponse, lockMemberRole } from '../../portal-api/index.ts';
import type { SpaceRouteDeps } from '../deps.ts';
import { buildAppResponse } from './app-responses.ts';

/** Data and functions for one change of an app by a developer. The app is locked in the transaction `tx`. */
export interface AppChangeContext {
  readonly tx: Executor;
  readonly app: App;
  readonly by: AccountId;
  /** Throws `proof-needed` unless the developer authenticated recently. */
  readonly requireProof: () => void;
  /**
   * Appends an event to the history of the app and to the audit log.
   * @param audited what only the audit log says
   */
  record(
    kind: AppEventKind,
    detail?: Readonly<Record<string, unknown>>,
    version?: number,
    audited?: Readonly<Record<string, unknown>>,
  ): Promise<void>;
}

export interface AppChangeRequest {
  readonly clientId: string;
  readonly role: OrganisationRole;
  /** Whether the change requires a recent authentication, because it changes credentials or can't be undone. */
  readonly proof?: boolean;
}

/**
 * Runs a developer's change of an app in one transaction that holds the app's lock. Throws
 * `conflict` for a retired app.
 */
export async function changeApp<Result>(
  deps: SpaceRouteDeps,
  request: FastifyRequest,
  { clientId, role, proof = false }: AppChangeRequest,
  work: (changing: AppChangeContext) => Promise<Result>,
): Promise<{ readonly result: Result; readonly app: AppResponse }> {
  const access = await deps.guard.appMember(request, clientId, role);
  const { session, membership, app: known } = access;
  const requireProof = () => deps.guard.requireProof(session);
  if (proof) requireProof();
  return asConflict(() =>
    access.db.transaction(async (tx) => {
      const app = await lockApp(tx, deps.clock, known.clientId);
      await lockMemberRole(tx, membership, session.accountId, role);
      if (app.state === 'retired') throw conflictProblem('This app is retired and can no longer be changed.');
      const by = session.accountId;
      const record = eventRecorder({ ...deps, audit: access.audit }, { tx, app, by, requestId: request.id });
      const result = await work({ tx, app, by, requireProof, record });
      return { result, app: await rereadApp(tx, deps, app, membership) };
    }),
  );
}

const rereadApp = async (tx: Executor, deps: SpaceRouteDeps, { clientId }: App, membership: OrganisationMembership) =>
  buildAppResponse(tx, deps, await lockApp(tx, deps.clock, clientId), membership);

const eventRecorder =
  (
    deps: SpaceRouteDeps & Pick<AppAccess, 'audit'>,
    { tx, app, by, requestId }: { tx: Executor; app: App; by: AccountId; requestId: string },
  ) =>
  async (
    kind: AppEventKind,
    detail: Readonly<Record<string, unknown>> = {},
    version?: number,
    audited: Readonly<Record<string, unknown>> = {},
  ): Promise<void> => {
    const { clientId } = app;
    await appendAppEvent(tx, deps, { clientId, kind, bySide: 'developer', accountId: by, version, detail });
    const auditDetail = { action: kind, ...(version === undefined ? {} : { version }), ...audited };
    const event = { kind: 'app', outcome: 'success', requestId, accountId: by, clientId, detail: auditDetail } as const;
    await deps.audit.appendInTransaction(tx, event);
  };

/** Runs a function and converts an `OperatorError` of the apps module into a `conflict` for the developer. */
async function asConflict<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof OperatorError) throw conflictProblem(error.message);
    throw error;
  }
}
