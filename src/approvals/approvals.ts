import type { AuditLog } from '../audit/index.ts';
import type { Executor } from '../database/index.ts';
import { type Administrator, listAdministrators, lockAdministrators } from '../identity/index.ts';
import {
  type AccountId,
  type Clock,
  conflictProblem,
  hours,
  later,
  notFoundProblem,
  Problem,
  type Random,
} from '../kernel/index.ts';
import type { ActionParameters, AnyApprovedAction, ApprovedAction } from './action.ts';
import { type Announcement, type AnnouncementDeps, emailAdministrators } from './announce.ts';
import {
  type ApprovalDecision,
  type ApprovalRequest,
  digestOf,
  findPendingRequest,
  insertRequest,
  lockRequest,
  saveDecision,
} from './request-store.ts';

/** Milliseconds for which a request can be approved. */
export const REQUEST_LIFETIME = hours(24);
/**
 * Milliseconds for which a locked administrator still counts as a second one. Otherwise, an administrator could lock
 * all others and then act alone, before anyone read the email about it.
 */
const LOCKED_COUNTS = hours(24);
/** Maximum number of characters of a reason. */
export const MAX_REASON = 1000;

export interface ApprovalsDeps extends AnnouncementDeps {
  readonly clock: Clock;
  readonly random: Random;
  readonly audit: Pick<AuditLog, 'appendInTransaction'>;
}

/** An action that an administrator wants, and why. */
export interface ApprovalOrder<Parameters extends ActionParameters> {
  readonly subject: string;
  readonly parameters: Parameters;
  readonly reason?: string | undefined;
  readonly by: AccountId;
  readonly requestId: string;
}

/** `done`: the action ran at once. `requested`: it waits for another administrator. */
export type Submitted<Result> =
  | { readonly outcome: 'done'; readonly result: Result }
  | { readonly outcome: 'requested'; readonly request: PendingRequest };
export type PendingRequest = Pick<ApprovalRequest, 'approvalRequestId' | 'expiresAt'>;

/** The decision of an administrator about a request. */
export interface RequestDecision {
  readonly approvalRequestId: string;
  readonly by: AccountId;
  readonly requestId: string;
}

/** Runs actions that need two administrators, and announces what administrators do to all of them. */
export interface Approvals {
  /**
   * Runs an action, or requests its approval if another administrator can approve it. Both are announced to all
   * administrators. Throws `wrong-account` if the person isn't an active administrator any more.
   */
  submit<Parameters extends ActionParameters, Result>(
    tx: Executor,
    action: ApprovedAction<Parameters, Result>,
    order: ApprovalOrder<Parameters>,
  ): Promise<Submitted<Result>>;
  /**
   * Approves a request, and runs its action in the same transaction. Throws `conflict` if it was decided, has expired,
   * or isn't what the administrator saw.
   * @param actions all actions that a request can be about
   * @param order.digest digest of the request that the administrator saw
   */
  approve(
    tx: Executor,
    actions: readonly AnyApprovedAction[],
    order: RequestDecision & { readonly digest: string },
  ): Promise<void>;
  /** Rejects a request, or withdraws it if it is the administrator's own. */
  reject(tx: Executor, order: RequestDecision): Promise<ApprovalDecision>;
  /** Emails all administrators about an action that needs no request. */
  announce(tx: Executor, announcement: Announcement): Promise<void>;
}

/** Creates the service with which administrators approve each other's actions. It works inside the transaction of its caller. */
export function createApprovals(deps: ApprovalsDeps): Approvals {
  const { clock, random, audit } = deps;

  const email = (tx: Executor, administrators: readonly Administrator[], announcement: Announcement): Promise<void> =>
    emailAdministrators(tx, deps, administrators.filter(counts(clock.now())), announcement);

  /** Locks the request and checks that it can still be decided. */
  async function lockPending(tx: Executor, { approvalRequestId }: RequestDecision): Promise<ApprovalRequest> {
    const request = await lockRequest(tx, approvalRequestId);
    if (request === undefined) throw notFoundProblem('Unknown request.');
    if (request.decision !== undefined) throw conflictProblem('This request was already decided. Reload the page.');
    if (request.expiresAt <= clock.now()) throw conflictProblem('This request has expired. Ask for the action again.');
    return request;
  }

  async function close(
    tx: Executor,
    request: ApprovalRequest,
    { by, requestId }: RequestDecision,
    decision: ApprovalDecision,
    name: string,
  ): Promise<void> {
    const { approvalRequestId, action } = request;
    await saveDecision(tx, approvalRequestId, { decision, by, name, at: clock.now() });
    const detail = { action: decision, of: action, request: approvalRequestId, requestedBy: request.requestedBy };
    await audit.appendInTransaction(tx, { kind: 'approval', outcome: 'success', requestId, accountId: by, detail });
  }

  return {
    async submit(tx, action, order) {
      const all = await lockAdministrators(tx);
      const person = requireActive(all, order.by);
      const { subject, parameters, by, requestId } = order;
      const reason = (order.reason ?? '').toWellFormed().trim().slice(0, MAX_REASON);
      const about = { action: action.name, subject, parameters, reason };
      const now = clock.now();
      if (!all.some((one) => one.accountId !== by && counts(now)(one))) {
        const alone = { requester: person.displayName, approver: undefined, approvalRequestId: undefined };
        const result = await action.run(tx, parameters, { accountId: by, requestId }, alone);
        await email(tx, all, { ...about, event: { kind: 'alone', who: person.displayName } });
        return { outcome: 'done', result };
      }
      const digest = digestOf(about);
      const known = await findPendingRequest(tx, now, digest);
      if (known !== undefined) return { outcome: 'requested', request: known };
      const request = { approvalRequestId: random.uuid(), expiresAt: later(now, REQUEST_LIFETIME) };
      const who = person.displayName;
      await insertRequest(tx, { ...about, ...request, digest, requestedBy: by, requester: who, requestedAt: now });
      const detail = { action: 'requested', of: action.name, request: request.approvalRequestId };
      await audit.appendInTransaction(tx, { kind: 'approval', outcome: 'success', requestId, accountId: by, detail });
      await email(tx, all, { ...about, event: { kind: 'requested', who, expiresAt: request.expiresAt } });
      return { outcome: 'requested', request };
    },

    async approve(tx, actions, order) {
      const all = await lockAdministrators(tx);
      const person = requireActive(all, order.by);
      const request = await lockPending(tx, order);
      if (request.requestedBy === order.by)
        throw conflictProblem('You asked for this yourself. Another administrator must approve it.');
      // The requester's account may have been locked because someone else used it.
      if (!all.some((one) => one.accountId === request.requestedBy && isActive(one)))
        throw conflictProblem('The administrator who asked for this was removed or locked. Reject the request.');
      if (digestOf(request) !== request.digest || request.digest !== order.digest)
        throw conflictProblem('This request isn’t the one that you reviewed. Reload the page and review it again.');
      const action = actions.find(({ name }) => name === request.action);
      if (action === undefined) throw new Error(`unknown action ${request.action}`);
      await close(tx, request, order, 'approved', person.displayName);
      const author = { accountId: request.requestedBy, requestId: order.requestId };
      const { requester, approvalRequestId } = request;
      const deciders = { requester, approver: person.displayName, approvalRequestId };
      await action.run(tx, request.parameters, author, deciders);
      const event = { kind: 'approved', who: request.requester, decider: person.displayName } as const;
      await email(tx, all, { ...request, event });
    },

    async reject(tx, order) {
      const all = await lockAdministrators(tx);
      const person = requireActive(all, order.by);
      const request = await lockPending(tx, order);
      const isOwn = request.requestedBy === order.by;
      const decision = isOwn ? 'withdrawn' : 'rejected';
      await close(tx, request, order, decision, person.displayName);
      const { requester: who } = request;
      const decider = person.displayName;
      await email(tx, all, {
        ...request,
        event: isOwn ? { kind: 'withdrawn', who } : { kind: 'rejected', who, decider },
      });
      return decision;
    },

    announce: async (tx, announcement) => email(tx, await listAdministrators(tx), announcement),
  };
}

/** Returns whether another administrator has to approve what an administrator wants to do. */
export const hasSecondAdministrator = async (db: Executor, now: Date, accountId: AccountId): Promise<boolean> =>
  (await listAdministrators(db)).some((one) => one.accountId !== accountId && counts(now)(one));

const isActive = ({ lockedAt }: Administrator): boolean => lockedAt === undefined;

/** Returns whether an administrator counts as a second one, and hears of actions. */
const counts =
  (now: Date) =>
  ({ lockedAt }: Administrator): boolean =>
    lockedAt === undefined || later(lockedAt, LOCKED_COUNTS) > now;

function requireActive(all: readonly Administrator[], accountId: AccountId): Administrator {
  const found = all.find((one) => one.accountId === accountId && isActive(one));
  if (found !== undefined) return found;
  throw new Problem('wrong-account', {
    status: 403,
    message: 'You are no longer an administrator of this installation.',
  });
}
