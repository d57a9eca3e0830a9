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
  ReviewedOrganisationsResponse,
  ReviewNoteResponse,
  VerifyOrganisationBody,
} from '../../portal-api/index.ts';
import { requireReviewedApp } from './app-review.ts';
import { decisionRoutes } from './decision-routes.ts';
import type { ReviewRouteDeps } from './deps.ts';
import { listReviewedOrganisations, markVerified, removeVerification } from './organisation-verification.ts';
import { params, reviewReadRoutes, tags } from './read-routes.ts';
import { requestLimitRoutes } from './request-limit-routes.ts';
import { readReviewSpace, requireDecider, requireWriter } from './review-space.ts';

/** Adds the routes with which administrators of the installation review apps and verify organizations. */
export function reviewRoutes(api: PortalApi, deps: ReviewRouteDeps): void {
  reviewReadRoutes(api, deps);
  decisionRoutes(api, deps);
  requestLimitRoutes(api, deps);
  noteRoutes(api, deps);
  organisationRoutes(api, deps);
}

function noteRoutes(api: PortalApi, deps: ReviewRouteDeps): void {
  const schema = {
    tags,
    summary: 'Add a note that only administrators can see',
    params,
    body: NoteBody,
    response: { 200: Type.Object({ notes: Type.Array(ReviewNoteResponse) }), ...ERROR_RESPONSES },
  };
  api.post('/review/apps/:clientId/notes', { schema }, async (request) => {
    const { session, deps: allowed } = await requireWriter(deps, request);
    const { accountId } = session;
    const notes = await allowed.db.transaction(async (tx) => {
      const { clientId } = await requireReviewedApp({ db: tx, clock: deps.clock }, request.params.clientId);
      await addReviewNote(tx, deps, { clientId, accountId, content: request.body.content });
      const event = { kind: 'review', outcome: 'success', requestId: request.id, accountId, clientId } as const;
      await allowed.audit.appendInTransaction(tx, { ...event, detail: { action: 'noted' } });
      return listReviewNotes(tx, clientId);
    });
    return { notes: notes.map((one) => ({ ...one, at: one.at.toISOString() })) };
  });
}

function organisationRoutes(api: PortalApi, deps: ReviewRouteDeps): void {
  const listing = {
    tags,
    summary: 'List the organizations of developers',
    querystring: OrganisationsQuery,
    response: { 200: ReviewedOrganisationsResponse, ...ERROR_RESPONSES },
  };
  api.get('/review/organisations', { schema: listing }, async (request) =>
    readReviewSpace(deps, request, ({ db }) => listReviewedOrganisations(db, request.query)),
  );

  const at = {
    tags,
    params: Type.Object({ organisationId: Id }),
    response: { 200: ReviewedOrganisationsResponse, ...ERROR_RESPONSES },
  };
  const authorize = async (request: FastifyRequest<{ Params: { organisationId: string } }>) => {
    const { session, deps: allowed } = await requireDecider(deps, request);
    const organisationId = request.params.organisationId as OrganisationId;
    return { allowed, order: { session, requestId: request.id, organisationId } };
  };

  const verifying = { ...at, summary: 'Verify an organization', body: VerifyOrganisationBody };
  api.post('/review/organisations/:organisationId/verify', { schema: verifying }, async (request) => {
    const { allowed, order } = await authorize(request);
    await allowed.db.transaction((tx) => markVerified(tx, allowed, order, request.body.name));
    return listReviewedOrganisations(allowed.db, {});
  });

  const taking = { ...at, summary: 'Withdraw the verification of an organization' };
  api.post('/review/organisations/:organisationId/unverify', { schema: taking }, async (request) => {
    const { allowed, order } = await authorize(request);
    await allowed.db.transaction((tx) => removeVerification(tx, allowed, order));
    return listReviewedOrganisations(allowed.db, {});
  });
}
