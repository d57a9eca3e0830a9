import type { FastifyRequest } from 'fastify';
import type { Executor } from '../../database/index.ts';
import type { AccountId } from '../../kernel/index.ts';
import type { MemberRole, Membership } from '../../registry/index.ts';
import { type App, type AppEventKind, lockApp, recordAppEvent } from '../../registry/index.ts';
import { holdMember } from '../api/hold-member.ts';
import type { AppAnswer } from '../contract/apps.ts';
import type { PortalDeps } from '../deps.ts';
import { appAnswer } from './answers.ts';
import { conflict, told } from './refusals.ts';

/** A change of an app by a developer, with the app locked. */
export interface Changing {
  readonly tx: Executor;
  readonly app: App;
  readonly by: AccountId;
  /** Throws `proof-needed`. */
  readonly requireProof: () => void;
  /** Appends an event to the history of the app and to the audit log. */
  record(kind: AppEventKind, detail?: Readonly<Record<string, unknown>>, version?: number): Promise<void>;
}

export interface Asked {
  readonly clientId: string;
  readonly role: MemberRole;
  /** Whether a recent authentication is required, because credentials are created or much is lost. */
  readonly proof?: boolean;
}

/** Runs a developer's change in one transaction that holds the app's lock. Throws `conflict` for a retired app. */
export async function changeApp<Result>(
  deps: PortalDeps,
  request: FastifyRequest,
  { clientId, role, proof = false }: Asked,
  work: (changing: Changing) => Promise<Result>,
): Promise<{ readonly result: Result; readonly app: AppAnswer }> {
  const { session, membership, app: known } = await deps.guard.appMember(request, clientId, role);
  const requireProof = () => deps.guard.requireProof(session);
  if (proof) requireProof();
  return told(() =>
    deps.db.transaction(async (tx) => {
      const app = await lockApp(tx, deps.clock, known.clientId);
      await holdMember(tx, membership, session.accountId, role);
      if (app.state === 'retired') throw conflict('This app is retired: nothing of it can be changed any more.');
      const by = session.accountId;
      const record = recorder(deps, { tx, app, by, requestId: request.id });
      const result = await work({ tx, app, by, requireProof, record });
      return { result, app: await answerOf(tx, deps, app, membership) };
    }),
  );
}

const answerOf = async (tx: Executor, deps: PortalDeps, { clientId }: App, membership: Membership) =>
  appAnswer(tx, deps, await lockApp(tx, deps.clock, clientId), membership);

const recorder =
  (deps: PortalDeps, { tx, app, by, requestId }: { tx: Executor; app: App; by: AccountId; requestId: string }) =>
  async (kind: AppEventKind, detail: Readonly<Record<string, unknown>> = {}, version?: number): Promise<void> => {
    const { clientId } = app;
    await recordAppEvent(tx, deps, { clientId, kind, bySide: 'developer', accountId: by, version, detail });
    const auditDetail = { action: kind, ...(version === undefined ? {} : { version }) };
    const event = { kind: 'app', outcome: 'success', requestId, accountId: by, clientId, detail: auditDetail } as const;
    await deps.audit.recordWithin(tx, event);
  };
