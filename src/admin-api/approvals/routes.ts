import {
  type AnyApprovedAction,
  type ApprovalRequest,
  type Approvals,
  hasSecondAdministrator,
  listRequestsSince,
} from '../../approvals/index.ts';
import { findCertificate } from '../../erasure/index.ts';
import { requireChangeableAccount, type Session } from '../../identity/index.ts';
import { days, later, notFoundProblem } from '../../kernel/index.ts';
import {
  ApprovalDecisionResponse,
  ApprovalParams,
  type ApprovalResponse,
  ApprovalsResponse,
  ApproveRequestBody,
  ERROR_RESPONSES,
  type PortalApi,
  type PortalContext,
  toTimestamp,
} from '../../portal-api/index.ts';

/** Milliseconds for which requests are listed, decided or not. */
const LISTED_PERIOD = days(30);
const MAX_LISTED = 200;
const tags = ['approvals'];

/**
 * Adds the routes with which administrators decide about what another administrator asked for. A decision requires a
 * recent authentication.
 */
export function approvalRoutes(
  api: PortalApi,
  deps: PortalContext & { readonly approvals: Approvals; readonly approvedActions: readonly AnyApprovedAction[] },
): void {
  const { db, clock, guard, approvals, approvedActions } = deps;

  const list = { tags, summary: 'List the requests for approval of the last 30 days' };
  api.get(
    '/review/approvals',
    { schema: { ...list, response: { 200: ApprovalsResponse, ...ERROR_RESPONSES } } },
    async (request) => {
      const { accountId } = await guard.reviewer(request);
      const now = clock.now();
      const requests = await listRequestsSince(db, later(now, -LISTED_PERIOD), MAX_LISTED);
      return {
        approvals: requests.map((one) => toResponse(one, accountId, now)),
        onlyAdministrator: !(await hasSecondAdministrator(db, now, accountId)),
      };
    },
  );

  const at = { tags, params: ApprovalParams, response: { 200: ApprovalDecisionResponse, ...ERROR_RESPONSES } };
  const approving = { ...at, summary: 'Approve a request and run its action', body: ApproveRequestBody };
  api.post('/review/approvals/:approvalId/approve', { schema: approving }, async (request) => {
    const session = await guard.reviewer(request);
    requireChangeableAccount(session);
    guard.requireProof(session);
    const { digest } = request.body;
    await db.transaction((tx) => approvals.approve(tx, approvedActions, { ...orderOf(request, session), digest }));
    return { outcome: 'approved' as const };
  });

  const certifying = {
    tags,
    summary: 'Download the certificate of an erased record',
    params: ApprovalParams,
    response: { ...ERROR_RESPONSES },
  };
  api.get('/review/approvals/:approvalId/certificate', { schema: certifying }, async (request, reply) => {
    await guard.reviewer(request);
    const found = await findCertificate(db, request.params.approvalId);
    if (found === undefined) throw notFoundProblem('No record was erased with this approval.');
    return reply
      .type('application/json; charset=utf-8')
      .header('content-disposition', `attachment; filename="erasure-${found.erasureId}.json"`)
      .serializer((text: string) => text)
      .send(found.certificate as never);
  });

  const rejecting = { ...at, summary: 'Reject a request, or withdraw your own' };
  api.post('/review/approvals/:approvalId/reject', { schema: rejecting }, async (request) => {
    const session = await guard.reviewer(request);
    requireChangeableAccount(session);
    guard.requireProof(session);
    return { outcome: await db.transaction((tx) => approvals.reject(tx, orderOf(request, session))) };
  });
}

const orderOf = (request: { readonly id: string; readonly params: ApprovalParams }, { accountId }: Session) => ({
  approvalRequestId: request.params.approvalId,
  by: accountId,
  requestId: request.id,
});

const toResponse = (request: ApprovalRequest, accountId: string, now: Date): ApprovalResponse => ({
  approvalId: request.approvalRequestId,
  action: request.action,
  subject: request.subject,
  reason: request.reason,
  digest: request.digest,
  requestedBy: request.requester,
  byYou: request.requestedBy === accountId,
  requestedAt: request.requestedAt.toISOString(),
  expiresAt: request.expiresAt.toISOString(),
  state: request.decision ?? (request.expiresAt <= now ? 'expired' : 'pending'),
  decidedBy: request.decider ?? null,
  decidedAt: toTimestamp(request.decidedAt),
});
