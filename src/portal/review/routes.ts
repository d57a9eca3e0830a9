import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { OrganisationId } from '../../kernel/index.ts';
import { addReviewNote, listReviewNotes } from '../../registry/index.ts';
import type { Api } from '../api/app.ts';
import { Id, REFUSALS } from '../contract/answers.ts';
import {
  NoteAnswer,
  NoteBody,
  OrganisationsQuestion,
  ReviewedOrganisations,
  VerifyOrganisationBody,
} from '../contract/review.ts';
import type { PortalDeps } from '../deps.ts';
import { decider, writer } from './decider.ts';
import { decisionRoutes } from './decision-routes.ts';
import { requireReviewed } from './one-app.ts';
import { markVerified, organisationsFor, takeVerification } from './organisations.ts';
import { params, reviewReadRoutes, tags } from './read-routes.ts';

/** Adds the routes about apps and their organizations, for administrators of the installation. */
export function reviewRoutes(api: Api, deps: PortalDeps): void {
  reviewReadRoutes(api, deps);
  decisionRoutes(api, deps);
  noteRoutes(api, deps);
  organisationRoutes(api, deps);
}

function noteRoutes(api: Api, deps: PortalDeps): void {
  const schema = {
    tags,
    summary: 'A note that administrators alone see',
    params,
    body: NoteBody,
    response: { 200: Type.Object({ notes: Type.Array(NoteAnswer) }), ...REFUSALS },
  };
  api.post('/review/apps/:clientId/notes', { schema }, async (request) => {
    const { accountId } = await writer(deps.guard, request);
    const { clientId } = await requireReviewed(deps, request.params.clientId);
    await deps.db.transaction(async (tx) => {
      await addReviewNote(tx, deps, { clientId, accountId, content: request.body.content });
      const event = { kind: 'review', outcome: 'success', requestId: request.id, accountId, clientId } as const;
      await deps.audit.recordWithin(tx, { ...event, detail: { action: 'noted' } });
    });
    const notes = await listReviewNotes(deps.db, clientId);
    return { notes: notes.map((one) => ({ ...one, at: one.at.toISOString() })) };
  });
}

function organisationRoutes(api: Api, deps: PortalDeps): void {
  const listing = {
    tags,
    summary: 'Who makes apps',
    querystring: OrganisationsQuestion,
    response: { 200: ReviewedOrganisations, ...REFUSALS },
  };
  api.get('/review/organisations', { schema: listing }, async (request) => {
    await deps.guard.reviewer(request);
    return { organisations: await organisationsFor(deps.db, request.query) };
  });

  const { db, guard } = deps;
  const at = {
    tags,
    params: Type.Object({ organisationId: Id }),
    response: { 200: ReviewedOrganisations, ...REFUSALS },
  };
  const toOrder = async (request: FastifyRequest<{ Params: { organisationId: string } }>) => ({
    session: await decider(guard, request),
    requestId: request.id,
    organisationId: request.params.organisationId as OrganisationId,
  });

  const verifying = { ...at, summary: 'Who it is was made sure of', body: VerifyOrganisationBody };
  api.post('/review/organisations/:organisationId/verify', { schema: verifying }, async (request) => {
    const order = await toOrder(request);
    await db.transaction((tx) => markVerified(tx, deps, order, request.body.name));
    return { organisations: await organisationsFor(db, {}) };
  });

  const taking = { ...at, summary: 'That was wrong, or holds no longer' };
  api.post('/review/organisations/:organisationId/unverify', { schema: taking }, async (request) => {
    const order = await toOrder(request);
    await db.transaction((tx) => takeVerification(tx, deps, order));
    return { organisations: await organisationsFor(db, {}) };
  });
}
