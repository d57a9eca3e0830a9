import type { Executor } from '../../database/index.ts';
import { type ClientId, type PracticeId, Problem } from '../../kernel/index.ts';
import { countLiveTokens } from '../../oauth/index.ts';
import { findPerson, type Session } from '../../people/index.ts';
import { listPractices } from '../../practices/index.ts';
import {
  type App,
  type AppVersion,
  approveVersion,
  askAboutVersion,
  findApp,
  holdOrganisation,
  type Reason,
  rejectVersion,
  resumeApp,
  retireApp,
  suspendApp,
  verifyVersion,
} from '../../registry/index.ts';
import type { DecisionAnswer } from '../contract/review.ts';
import type { PortalDeps } from '../deps.ts';
import { type SayOfApp, tellDevelopers } from './mail.ts';
import { markVerified } from './organisations.ts';

/** An administrator's decision about an app. */
export interface Order {
  readonly clientId: string;
  readonly session: Session;
  readonly requestId: string;
}

interface Wishes {
  /** Name of the organization if it is verified together with the app. */
  readonly organisation?: string;
  readonly logoVersion?: string | null;
  readonly practiceIds?: readonly number[];
}

/**
 * Creates the decisions of administrators. Each runs in one transaction: the decision, its history,
 * audit event and email take effect together or not at all.
 */
export const openDecisions = (deps: PortalDeps) => ({
  verify: (order: Order, version: number, organisation: string | undefined) =>
    decide(deps, order, async (tx, by) => {
      if (organisation !== undefined) await holdMaker(tx, deps, order);
      const verified = await verifyVersion(tx, deps, { clientId: order.clientId, by, version });
      if (organisation !== undefined) await verifyMaker(tx, deps, order, verified.app, organisation);
      const until = verified.version.enableBy ?? deps.clock.now();
      const composeEmail: SayOfApp = (messages, facts) => messages.verified({ ...facts, until: facts.day(until) });
      return { ...verified, outcome: 'verified', composeEmail };
    }),

  approve: (order: Order, version: number, { organisation, logoVersion, practiceIds }: Wishes) =>
    decide(deps, order, async (tx, by) => {
      if (organisation !== undefined) await holdMaker(tx, deps, order);
      await requireKnown(tx, practiceIds);
      const reviewed = { version, logoVersion: logoVersion ?? undefined };
      const decision = { clientId: order.clientId, by, ...reviewed, practiceIds: practiceIds as readonly PracticeId[] };
      const approved = await approveVersion(tx, deps, { ...decision, mayDecide: (id) => isAdministrator(tx, id) });
      if (organisation !== undefined) await verifyMaker(tx, deps, order, approved.app, organisation);
      const { outcome, isChange } = approved;
      const composeEmail: SayOfApp = (messages, facts) =>
        isChange ? messages.changeApproved(facts) : messages.approved(facts);
      return { ...approved, detail: { practiceIds }, ...(outcome === 'approved' ? { composeEmail } : {}) };
    }),

  reject: (order: Order, version: number, reason: Reason) =>
    decide(deps, order, async (tx, by) => {
      const rejected = await rejectVersion(tx, deps, { clientId: order.clientId, by, version }, reason);
      const composeEmail: SayOfApp = (messages, facts) =>
        rejected.isChange
          ? messages.changeRejected({ ...facts, ...reason })
          : messages.rejected({ ...facts, ...reason });
      return { ...rejected, outcome: 'rejected', detail: { ground: reason.ground }, composeEmail };
    }),

  ask: (order: Order, version: number, question: string) =>
    decide(deps, order, async (tx, by) => {
      const asked = await askAboutVersion(tx, deps, { clientId: order.clientId, by, version }, question);
      const due = asked.version.enableBy ?? asked.version.verifyBy;
      const composeEmail: SayOfApp = (messages, facts) => messages.asked({ ...facts, question, until: facts.day(due) });
      return { ...asked, outcome: 'asked', composeEmail };
    }),

  suspend: (order: Order, reason: Reason) =>
    stop(deps, order, reason, async (tx, by) => ({
      app: await suspendApp(tx, deps, { clientId: order.clientId, by }, reason),
      outcome: 'suspended',
      composeEmail: (messages, facts) => messages.suspended({ ...facts, ...reason }),
    })),

  retire: (order: Order, reason: Reason) =>
    stop(deps, order, reason, async (tx, by) => ({
      app: await retireApp(tx, deps, { clientId: order.clientId, by }, reason),
      outcome: 'retired',
      composeEmail: (messages, facts) => messages.retired({ ...facts, ...reason }),
    })),

  resume: (order: Order) =>
    decide(deps, order, async (tx, by) => ({
      app: await resumeApp(tx, deps, { clientId: order.clientId, by }),
      outcome: 'resumed',
      composeEmail: (messages, facts) => messages.resumed(facts),
    })),
});

export type Decisions = ReturnType<typeof openDecisions>;

interface Decided {
  /** The app after the decision. */
  readonly app: App;
  readonly version?: AppVersion;
  readonly outcome: DecisionAnswer['outcome'];
  readonly endedTokens?: number;
  readonly detail?: Readonly<Record<string, unknown>>;
  /** undefined if its developers are not notified yet. */
  readonly composeEmail?: SayOfApp;
}
type Work = (tx: Executor, by: Session['accountId']) => Promise<Decided>;

function decide(deps: PortalDeps, order: Order, work: Work): Promise<DecisionAnswer> {
  const { session, requestId } = order;
  return deps.db.transaction(async (tx) => {
    const { app, version, outcome, endedTokens = 0, detail, composeEmail } = await work(tx, session.accountId);
    if (!(await isAdministrator(tx, session.accountId))) throw administersNoMore();
    if (composeEmail !== undefined) await tellDevelopers(tx, deps, app, composeEmail);
    await deps.audit.recordWithin(tx, {
      kind: 'review',
      outcome: 'success',
      requestId,
      accountId: session.accountId,
      clientId: app.clientId,
      detail: { action: outcome, version: version?.version, ...(endedTokens === 0 ? {} : { endedTokens }), ...detail },
    });
    // Verifying its organization may also have approved the app, so its state is read again.
    const now = await findApp(tx, deps.clock, app.clientId);
    return { state: now?.state ?? app.state, outcome, endedTokens };
  });
}

/** Counts the valid tokens before the decision ends them, because afterwards none would be found. */
const stop = (deps: PortalDeps, order: Order, { ground }: Reason, work: Work): Promise<DecisionAnswer> =>
  decide(deps, order, async (tx, by) => {
    const endedTokens = await countLiveTokens(tx, deps.clock.now(), order.clientId as ClientId);
    return { ...(await work(tx, by)), endedTokens, detail: { ground } };
  });

async function verifyMaker(
  tx: Executor,
  deps: PortalDeps,
  { session, requestId }: Order,
  { organisationId }: App,
  reviewed: string,
): Promise<void> {
  if (organisationId === undefined) return;
  await markVerified(tx, deps, { session, requestId, organisationId }, reviewed);
}

/**
 * Locks the organization before its app, in the same order as decisions about organizations, so that
 * two decisions can't deadlock.
 */
async function holdMaker(tx: Executor, { clock }: PortalDeps, { clientId }: Order): Promise<void> {
  const organisationId = (await findApp(tx, clock, clientId))?.organisationId;
  if (organisationId !== undefined) await holdOrganisation(tx, organisationId);
}

async function requireKnown(tx: Executor, practiceIds: readonly number[] = []): Promise<void> {
  if (practiceIds.length === 0) return;
  const known = new Set<number>((await listPractices(tx)).map(({ practiceId }) => practiceId));
  const unknown = practiceIds.filter((practiceId) => !known.has(practiceId));
  if (unknown.length === 0) return;
  const message = `There is no practice ${unknown.join(', ')}. Choose among those of the app's page.`;
  throw new Problem('fields-invalid', { status: 400, message, faults: [{ field: 'practiceIds', message }] });
}

/**
 * The transaction may have waited for the app's lock. An administrator who was locked or lost the role
 * meanwhile must not decide.
 */
const administersNoMore = (): Problem =>
  new Problem('wrong-account', { status: 403, message: 'You do not administer this installation any more.' });

/**
 * The approval of a locked account doesn't count, because the account may be compromised. This applies
 * to both the first and the second approver.
 */
async function isAdministrator(tx: Executor, accountId: Session['accountId']): Promise<boolean> {
  const person = await findPerson(tx, accountId);
  return person?.administrator === true && !person.published && person.lockedAt === undefined;
}
