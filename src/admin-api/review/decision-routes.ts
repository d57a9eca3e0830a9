import type { FastifyRequest } from 'fastify';
import {
  ApproveBody,
  AskBody,
  DecisionResponse,
  ERROR_RESPONSES,
  type PortalApi,
  RejectBody,
  ResumeBody,
  StopBody,
  VerifyBody,
} from '../../portal-api/index.ts';
import { createDecisions } from './decisions.ts';
import type { ReviewRouteDeps } from './deps.ts';
import { params, tags } from './read-routes.ts';
import { requireDecider } from './review-space.ts';

/**
 * Adds the routes for decisions of administrators. Each decision requires a recent authentication
 * and names the version that the administrator reviewed.
 */
export function decisionRoutes(api: PortalApi, deps: ReviewRouteDeps): void {
  const response = { 200: DecisionResponse, ...ERROR_RESPONSES };
  /** Returns the decisions that the administrator may make, and the order that they have in common. */
  const authorize = async (request: FastifyRequest) => {
    const { session, deps: allowed } = await requireDecider(deps, request);
    const { clientId } = request.params as { clientId: string };
    return { decisions: createDecisions(allowed), order: { clientId, session, requestId: request.id } };
  };

  const verifying = { tags, summary: 'Verify the developer (45 CFR 170.404(b)(1)(i))', params, response };
  api.post('/review/apps/:clientId/verify', { schema: { ...verifying, body: VerifyBody } }, async (request) => {
    const { version, organisation } = request.body;
    const { decisions, order } = await authorize(request);
    return decisions.verify(order, version, organisation);
  });

  const approving = {
    tags,
    summary: 'Approve a version. Apps with system/ scopes need two administrators',
    params,
    response,
  };
  api.post('/review/apps/:clientId/approve', { schema: { ...approving, body: ApproveBody } }, async (request) => {
    const { version, ...wishes } = request.body;
    const { decisions, order } = await authorize(request);
    return decisions.approve(order, version, wishes);
  });

  const rejecting = { tags, summary: 'Reject a version', params, response };
  api.post('/review/apps/:clientId/reject', { schema: { ...rejecting, body: RejectBody } }, async (request) => {
    const { version, ...reason } = request.body;
    const { decisions, order } = await authorize(request);
    return decisions.reject(order, version, reason);
  });

  const asking = { tags, summary: 'Ask the developer a question. The deadline does not change', params, response };
  api.post('/review/apps/:clientId/ask', { schema: { ...asking, body: AskBody } }, async (request) => {
    const { version, question } = request.body;
    const { decisions, order } = await authorize(request);
    return decisions.ask(order, version, question);
  });

  const suspending = {
    tags,
    summary: 'Suspend an app at once. Its tokens stop working within a second',
    params,
    response,
  };
  api.post('/review/apps/:clientId/suspend', { schema: { ...suspending, body: StopBody } }, async (request) => {
    const { decisions, order } = await authorize(request);
    return decisions.suspend(order, request.body);
  });

  const resuming = {
    tags,
    summary: 'Resume a suspended app, once another administrator approved it',
    params,
    response,
  };
  api.post('/review/apps/:clientId/resume', { schema: { ...resuming, body: ResumeBody } }, async (request) => {
    const { decisions, order } = await authorize(request);
    return decisions.resume(order, request.body.reason);
  });

  const retiring = {
    tags,
    summary: 'Retire an app permanently, once another administrator approved it',
    params,
    response,
  };
  api.post('/review/apps/:clientId/retire', { schema: { ...retiring, body: StopBody } }, async (request) => {
    const { decisions, order } = await authorize(request);
    return decisions.retire(order, request.body);
  });
}
