import type { ActionAuthor, ActionParameters, Announcement, ApprovedAction } from '../../approvals/index.ts';
import {
  type ApprovalResult,
  type AppVersion,
  approveVersion,
  askDeveloper,
  checkStateChange,
  countSuspensions,
  type DecisionReason,
  findApp,
  lockOrganisation,
  needsTwoApprovers,
  rejectVersion,
  resumeApp,
  retireApp,
  reviewDeadline,
  suspendApp,
  verifyVersion,
} from '../../apps/index.ts';
import type { Executor } from '../../database/index.ts';
import type { App } from '../../domain/index.ts';
import { findAccountProfile, lockAdministrators, type Session } from '../../identity/index.ts';
import { type ClientId, conflictProblem, invalidField, type PracticeId, Problem } from '../../kernel/index.ts';
import { countActiveTokens } from '../../oauth/index.ts';
import type { DecisionResponse } from '../../portal-api/index.ts';
import { listPractices } from '../../practices/index.ts';
import { toPendingApproval } from '../approvals/pending-approval.ts';
import { isVisiblePractice } from './app-review.ts';
import type { DecisionDeps } from './deps.ts';
import { markVerified } from './organisation-verification.ts';
import { type ComposeAppEmail, emailDevelopers } from './review-email.ts';

/** The app that an administrator decides about, the administrator's session, and the id of the request. */
export interface DecisionOrder {
  readonly clientId: string;
  readonly session: Session;
  readonly requestId: string;
}

interface ApprovalOptions {
  /**
   * Name of the organization that the administrator reviewed. undefined if the organization isn't
   * verified together with the app.
   */
  readonly organisation?: string;
  readonly logoVersion?: string | null;
  readonly practiceIds?: readonly number[];
}

/**
 * Creates the functions that apply administrators' decisions. Each runs in one transaction:
 * decision, history, audit event and email take effect together or not at all.
 */
export const createDecisions = (deps: DecisionDeps) => ({
  verify: (order: DecisionOrder, version: number, organisation: string | undefined) =>
    decide(deps, order, async (tx, by) => {
      if (organisation !== undefined) await lockOrganisationOf(tx, deps, order);
      const verified = await verifyVersion(tx, deps, { clientId: order.clientId, by, version });
      if (organisation !== undefined) await verifyOrganisationOf(tx, deps, order, verified.app, organisation);
      const { due } = reviewDeadline(verified.version, deps.clock.now());
      const composeEmail: ComposeAppEmail = (messages, facts) => messages.verified({ ...facts, until: facts.day(due) });
      return { ...verified, outcome: 'verified', composeEmail };
    }),

  approve: (order: DecisionOrder, version: number, { organisation, logoVersion, practiceIds }: ApprovalOptions) =>
    decide(deps, order, async (tx, by) => {
      if (organisation !== undefined) await lockOrganisationOf(tx, deps, order);
      await requireKnownPractices(tx, deps, practiceIds);
      const reviewed = { version, logoVersion: logoVersion ?? undefined };
      const decision = { clientId: order.clientId, by, ...reviewed, practiceIds: practiceIds as readonly PracticeId[] };
      const approved = await approveVersion(tx, deps, { ...decision, mayDecide: (id) => mayApprove(tx, deps, id) });
      if (organisation !== undefined) await verifyOrganisationOf(tx, deps, order, approved.app, organisation);
      const { outcome, isChange } = approved;
      const composeEmail: ComposeAppEmail = (messages, facts) =>
        isChange ? messages.changeApproved(facts) : messages.approved(facts);
      if (needsTwoApprovers(approved.version.terms)) await announceApproval(tx, deps, order, approved);
      return { ...approved, detail: { practiceIds }, ...(outcome === 'approved' ? { composeEmail } : {}) };
    }),

  reject: (order: DecisionOrder, version: number, reason: DecisionReason) =>
    decide(deps, order, async (tx, by) => {
      const rejected = await rejectVersion(tx, deps, { clientId: order.clientId, by, version }, reason);
      const composeEmail: ComposeAppEmail = (messages, facts) =>
        rejected.isChange
          ? messages.changeRejected({ ...facts, ...reason })
          : messages.rejected({ ...facts, ...reason });
      return { ...rejected, outcome: 'rejected', detail: { ground: reason.ground }, composeEmail };
    }),

  ask: (order: DecisionOrder, version: number, question: string) =>
    decide(deps, order, async (tx, by) => {
      const asked = await askDeveloper(tx, deps, { clientId: order.clientId, by, version }, question);
      const { due, step } = reviewDeadline(asked.version, deps.clock.now());
      const composeEmail: ComposeAppEmail = (messages, facts) =>
        messages.asked({ ...facts, question, until: facts.day(due), step });
      return { ...asked, outcome: 'asked', composeEmail };
    }),

  suspend: (order: DecisionOrder, reason: DecisionReason) =>
    decide(deps, order, async (tx, by) => {
      const endedTokens = await countActiveTokens(tx, deps.clock.now(), order.clientId as ClientId);
      const app = await suspendApp(tx, deps, { clientId: order.clientId, by }, reason);
      // An app that puts patients at risk is stopped at once. Only its return needs a second administrator.
      const event = { kind: 'at-once', who: order.session.displayName } as const;
      await announce(tx, deps, { action: 'suspend-app', subject: app.name, reason: reason.text, event });
      const composeEmail: ComposeAppEmail = (messages, facts) => messages.suspended({ ...facts, ...reason });
      return { app, outcome: 'suspended', endedTokens, detail: { ground: reason.ground }, composeEmail };
    }),

  retire: (order: DecisionOrder, reason: DecisionReason) =>
    decideTogether(deps, order, {
      action: retireAppAction(deps),
      check: async (tx) => (await checkStateChange(tx, deps, order.clientId, 'retired', reason)).app,
      parameters: async () => ({ clientId: order.clientId, ground: reason.ground, text: reason.text.trim() }),
      reason: reason.text,
    }),

  resume: (order: DecisionOrder, reason: string | undefined) =>
    decideTogether(deps, order, {
      action: resumeAppAction(deps),
      check: async (tx) => (await checkStateChange(tx, deps, order.clientId, 'active', undefined)).app,
      parameters: async (tx) => ({
        clientId: order.clientId,
        suspensions: await countSuspensions(tx, order.clientId as ClientId),
      }),
      reason,
    }),
});

export type ReviewDecisions = ReturnType<typeof createDecisions>;

interface DecisionOutcome {
  readonly app: App;
  readonly version?: AppVersion;
  readonly outcome: DecisionResponse['outcome'];
  readonly endedTokens?: number;
  readonly detail?: Readonly<Record<string, unknown>>;
  /**
   * Composes the email to the app's developers. Returns undefined if the decision sends no email,
   * for example if it is the first of two approvals.
   */
  readonly composeEmail?: ComposeAppEmail;
}
type ApplyDecision = (tx: Executor, by: Session['accountId']) => Promise<DecisionOutcome>;

function decide(deps: DecisionDeps, order: DecisionOrder, work: ApplyDecision): Promise<DecisionResponse> {
  const { accountId } = order.session;
  return deps.db.transaction(async (tx) => {
    const decided = await work(tx, accountId);
    if (!(await isAdministrator(tx, deps, accountId))) throw noLongerAdministrator();
    return applyOutcome(tx, deps, { accountId, requestId: order.requestId }, decided);
  });
}

/** Queues the email to the developers, appends the audit event, and returns the response to the administrator. */
async function applyOutcome(
  tx: Executor,
  deps: OutcomeDeps,
  actor: ActionAuthor,
  { app, version, outcome, endedTokens = 0, detail, composeEmail }: DecisionOutcome,
): Promise<DecisionResponse> {
  if (composeEmail !== undefined) await emailDevelopers(tx, deps, app, composeEmail, emailTopic(outcome));
  await deps.audit.appendInTransaction(tx, {
    kind: 'review',
    outcome: 'success',
    ...actor,
    clientId: app.clientId,
    detail: { action: outcome, version: version?.version, ...(endedTokens === 0 ? {} : { endedTokens }), ...detail },
  });
  // Reads the app's state again: if the decision verified the organization, the server may also
  // have approved the app automatically.
  const now = await findApp(tx, deps.clock, app.clientId);
  return { state: now?.state ?? app.state, outcome, endedTokens, approval: null };
}

type OutcomeDeps = Pick<DecisionDeps, 'clock' | 'random' | 'audit' | 'post' | 'brandName' | 'publicUrl'>;

/** Creates the action that lets a suspended app work again. It is about one suspension of the app. */
export const resumeAppAction = (
  deps: OutcomeDeps,
): ApprovedAction<{ readonly clientId: string; readonly suspensions: number }, DecisionResponse> => ({
  name: 'resume-app',
  async run(tx, { clientId, suspensions }, actor) {
    const app = await resumeApp(tx, deps, { clientId, by: actor.accountId });
    if ((await countSuspensions(tx, app.clientId)) !== suspensions)
      throw conflictProblem('The app was suspended again since this was requested. Ask for it again.');
    const composeEmail: ComposeAppEmail = (messages, facts) => messages.resumed(facts);
    return applyOutcome(tx, deps, actor, { app, outcome: 'resumed', composeEmail });
  },
});

/** Creates the action that retires an app permanently. */
export const retireAppAction = (
  deps: OutcomeDeps,
): ApprovedAction<{ readonly clientId: string; readonly ground: string; readonly text: string }, DecisionResponse> => ({
  name: 'retire-app',
  async run(tx, { clientId, ground, text }, actor) {
    const reason = { ground, text } as DecisionReason;
    // Tokens are counted before the decision, because afterwards none would be found.
    const endedTokens = await countActiveTokens(tx, deps.clock.now(), clientId as ClientId);
    const app = await retireApp(tx, deps, { clientId, by: actor.accountId }, reason);
    const composeEmail: ComposeAppEmail = (messages, facts) => messages.retired({ ...facts, ...reason });
    return applyOutcome(tx, deps, actor, { app, outcome: 'retired', endedTokens, detail: { ground }, composeEmail });
  },
});

/**
 * Makes a decision that needs a second administrator where there is one. In a made-up space, it takes effect at once.
 */
function decideTogether<Parameters extends ActionParameters>(
  deps: DecisionDeps,
  { session, requestId }: DecisionOrder,
  {
    action,
    check,
    parameters,
    reason,
  }: {
    readonly action: ApprovedAction<Parameters, DecisionResponse>;
    readonly check: (tx: Executor) => Promise<App>;
    readonly parameters: (tx: Executor) => Promise<Parameters>;
    readonly reason: string | undefined;
  },
): Promise<DecisionResponse> {
  const { accountId } = session;
  return deps.db.transaction(async (tx) => {
    // An approval locks the administrators before the app. The same order here rules out a deadlock.
    if (!deps.isMadeUp) await lockAdministrators(tx);
    const app = await check(tx);
    const given = await parameters(tx);
    if (deps.isMadeUp) {
      if (!(await isAdministrator(tx, deps, accountId))) throw noLongerAdministrator();
      const alone = { requester: session.displayName, approver: undefined, approvalRequestId: undefined };
      return action.run(tx, given, { accountId, requestId }, alone);
    }
    const order = { subject: app.name, parameters: given, reason, by: accountId, requestId };
    const submitted = await deps.approvals.submit(tx, action, order);
    if (submitted.outcome === 'done') return submitted.result;
    const approval = toPendingApproval(submitted.request);
    return { state: app.state, outcome: 'requested', endedTokens: 0, approval };
  });
}

/** Emails all administrators that an app got one or both of the approvals with which it may read whole practices. */
const announceApproval = (
  tx: Executor,
  deps: DecisionDeps,
  { session }: DecisionOrder,
  { app, outcome }: ApprovalResult,
): Promise<void> => {
  const kind = outcome === 'approved' ? 'second-approval' : 'first-approval';
  const event = { kind, who: session.displayName, clientId: app.clientId } as const;
  return announce(tx, deps, { action: 'approve-app', subject: app.name, event });
};

/** Emails all administrators about a decision, unless it is made up. */
const announce = async (tx: Executor, deps: DecisionDeps, announcement: Announcement): Promise<void> => {
  if (!deps.isMadeUp) await deps.approvals.announce(tx, announcement);
};

/** Emails about a suspended or retired app are always sent, because the app no longer works. */
const emailTopic = (outcome: DecisionResponse['outcome']): 'review' | 'always' =>
  outcome === 'suspended' || outcome === 'retired' ? 'always' : 'review';

async function verifyOrganisationOf(
  tx: Executor,
  deps: DecisionDeps,
  { session, requestId }: DecisionOrder,
  { organisationId }: App,
  reviewed: string,
): Promise<void> {
  if (organisationId === undefined) return;
  await markVerified(tx, deps, { session, requestId, organisationId }, reviewed);
}

/**
 * Locks the organization of an app before the app itself. Decisions about organizations lock in the
 * same order, so that two decisions can't deadlock.
 */
async function lockOrganisationOf(tx: Executor, { clock }: DecisionDeps, { clientId }: DecisionOrder): Promise<void> {
  const organisationId = (await findApp(tx, clock, clientId))?.organisationId;
  if (organisationId !== undefined) await lockOrganisation(tx, organisationId);
}

async function requireKnownPractices(
  tx: Executor,
  { isMadeUp }: DecisionDeps,
  practiceIds: readonly number[] = [],
): Promise<void> {
  if (practiceIds.length === 0) return;
  const known = new Set<number>(
    (await listPractices(tx)).filter(isVisiblePractice(isMadeUp)).map(({ practiceId }) => practiceId),
  );
  const unknown = practiceIds.filter((practiceId) => !known.has(practiceId));
  if (unknown.length === 0) return;
  const message = `Unknown practice IDs: ${unknown.join(', ')}. Choose practices from the app's page.`;
  throw invalidField('practiceIds', message);
}

/**
 * Creates the error for an administrator who was locked or lost the role while the transaction
 * waited for the app's lock.
 */
const noLongerAdministrator = (): Problem =>
  new Problem('wrong-account', { status: 403, message: 'You are no longer an administrator of this installation.' });

/**
 * Returns whether an account may approve apps now. A locked account may not, because it may be
 * compromised. This applies to both the first and the second approver.
 */
async function isAdministrator(
  tx: Executor,
  { isMadeUp }: DecisionDeps,
  accountId: Session['accountId'],
): Promise<boolean> {
  const person = await findAccountProfile(tx, accountId);
  if (person === undefined || person.lockedAt !== undefined) return false;
  return isMadeUp ? person.sandboxAdministrator : person.administrator && !person.published;
}

/**
 * Returns whether the first of two approvals still counts. In a made-up space, a made-up administrator may have given
 * it, who has no open account.
 */
const mayApprove = async (tx: Executor, deps: DecisionDeps, accountId: Session['accountId']): Promise<boolean> =>
  deps.isMadeUp || isAdministrator(tx, deps, accountId);
