import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { addReviewNote, listReviewNotes } from '../../apps/index.ts';
import type { OrganisationId } from '../../kernel/index.ts';
import {
  ERROR_RESPONSES,
  Id,
  NoteBody,
  OrganisationsQuery,
  type PortalApi,
  type PortalContext,
  ReviewedOrganisationsResponse,
  ReviewNoteResponse,
  VerifyOrganisationBody,
} from '../../portal-api/index.ts';
import { requireReviewedApp } from './app-review.ts';
import { decisionRoutes } from './decision-routes.ts';
import type { DecisionDeps, ReviewReadDeps } from './deps.ts';
import { listReviewedOrganisations, markVerified, removeVerification } from './organisation-verification.ts';
import { params, reviewReadRoutes, tags } from './read-routes.ts';
import { requireDecider, requireWriter } from './require-decider.ts';

/** Adds the routes with which administrators of the installation review apps and verify organizations. */
export function reviewRoutes(api: PortalApi, deps: DecisionDeps & ReviewReadDeps): void {
  reviewReadRoutes(api, deps);
  decisionRoutes(api, deps);
  noteRoutes(api, deps);
  organisationRoutes(api, deps);
}

function noteRoutes(api: PortalApi, deps: PortalContext): void {
  const schema = {
    tags,
    summary: 'Add a note that only administrators can see',
    params,
    body: NoteBody,
    response: { 200: Type.Object({ notes: Type.Array(ReviewNoteResponse) }), ...ERROR_RESPONSES },
  };
  api.post('/review/apps/:clientId/notes', { schema }, async (request) => {
    const { accountId } = await requireWriter(deps.guard, request);
    const { clientId } = await requireReviewedApp(deps, request.params.clientId);
    await deps.db.transaction(async (tx) => {
      await addReviewNote(tx, deps, { clientId, accountId, content: request.body.content });
      const event = { kind: 'review', outcome: 'success', requestId: request.id, accountId, clientId } as const;
      await deps.audit.appendInTransaction(tx, { ...event, detail: { action: 'noted' } });
    });
    const notes = await listReviewNotes(deps.db, clientId);
    return { notes: notes.map((one) => ({ ...one, at: one.at.toISOString() })) };
  });
}

function organisationRoutes(api: PortalApi, deps: DecisionDeps): void {
  const listing = {
    tags,
    summary: 'List the organizations of developers',
    querystring: OrganisationsQuery,
    response: { 200: ReviewedOrganisationsResponse, ...ERROR_RESPONSES },
  };
  api.get('/review/organisations', { schema: listing }, async (request) => {
    await deps.guard.reviewer(request);
    return listReviewedOrganisations(deps.db, request.query);
  });

  const { db, guard } = deps;
  const at = {
    tags,
    params: Type.Object({ organisationId: Id }),
    response: { 200: ReviewedOrganisationsResponse, ...ERROR_RESPONSES },
  };
  const toOrder = async (request: FastifyRequest<{ Params: { organisationId: string } }>) => ({
    session: await requireDecider(guard, request),
    requestId: request.id,
    organisationId: request.params.organisationId as OrganisationId,
  });

  const verifying = { ...at, summary: 'Verify an organization', body: VerifyOrganisationBody };
  api.post('/review/organisations/:organisationId/verify', { schema: verifying }, async (request) => {
    const order = await toOrder(request);
    await db.transaction((tx) => markVerified(tx, deps, order, request.body.name));
    return listReviewedOrganisations(db, {});
  });

  const taking = { ...at, summary: 'Withdraw the verification of an organization' };
  api.post('/review/organisations/:organisationId/unverify', { schema: taking }, async (request) => {
    const order = await toOrder(request);
    await db.transaction((tx) => removeVerification(tx, deps, order));
    return listReviewedOrganisations(db, {});
  });
}
