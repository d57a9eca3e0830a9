import type { FastifyRequest } from 'fastify';
import {
  ApproveBody,
  AskBody,
  DecisionResponse,
  ERROR_RESPONSES,
  type PortalApi,
  RejectBody,
  StopBody,
  VerifyBody,
} from '../../portal-api/index.ts';
import { createDecisions, type DecisionOrder } from './decisions.ts';
import type { DecisionDeps } from './deps.ts';
import { params, tags } from './read-routes.ts';
import { requireDecider } from './require-decider.ts';

/**
 * Adds the routes for decisions of administrators. Each decision requires a recent authentication
 * and names the version that the administrator reviewed.
 */
export function decisionRoutes(api: PortalApi, deps: DecisionDeps): void {
  const decisions = createDecisions(deps);
  const response = { 200: DecisionResponse, ...ERROR_RESPONSES };
  const toOrder = async (request: FastifyRequest): Promise<DecisionOrder> => ({
    clientId: (request.params as { clientId: string }).clientId,
    session: await requireDecider(deps.guard, request),
    requestId: request.id,
  });

  const verifying = { tags, summary: 'Verify the developer (45 CFR 170.404(b)(1)(i))', params, response };
  api.post('/review/apps/:clientId/verify', { schema: { ...verifying, body: VerifyBody } }, async (request) => {
    const { version, organisation } = request.body;
    return decisions.verify(await toOrder(request), version, organisation);
  });

  const approving = {
    tags,
    summary: 'Approve a version. Apps with system/ scopes need two administrators',
    params,
    response,
  };
  api.post('/review/apps/:clientId/approve', { schema: { ...approving, body: ApproveBody } }, async (request) => {
    const { version, ...wishes } = request.body;
    return decisions.approve(await toOrder(request), version, wishes);
  });

  const rejecting = { tags, summary: 'Reject a version', params, response };
  api.post('/review/apps/:clientId/reject', { schema: { ...rejecting, body: RejectBody } }, async (request) => {
    const { version, ...reason } = request.body;
    return decisions.reject(await toOrder(request), version, reason);
  });

  const asking = { tags, summary: 'Ask the developer a question. The deadline does not change', params, response };
  api.post('/review/apps/:clientId/ask', { schema: { ...asking, body: AskBody } }, async (request) => {
    const { version, question } = request.body;
    return decisions.ask(await toOrder(request), version, question);
  });

  const suspending = { tags, summary: 'Suspend an app. Its tokens stop working within a second', params, response };
  api.post('/review/apps/:clientId/suspend', { schema: { ...suspending, body: StopBody } }, async (request) =>
    decisions.suspend(await toOrder(request), request.body),
  );

  const resuming = { tags, summary: 'Resume a suspended app', params, response };
  api.post('/review/apps/:clientId/resume', { schema: resuming }, async (request) =>
    decisions.resume(await toOrder(request)),
  );

  const retiring = { tags, summary: 'Retire an app permanently', params, response };
  api.post('/review/apps/:clientId/retire', { schema: { ...retiring, body: StopBody } }, async (request) =>
    decisions.retire(await toOrder(request), request.body),
  );
}
