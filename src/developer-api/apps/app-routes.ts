import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import {
  findPendingVersions,
  listAppEvents,
  listMemberships,
  listOrganisationApps,
  lockApp,
} from '../../apps/index.ts';
import type { OAuthAddresses } from '../../oauth/index.ts';
import {
  AppEventResponse,
  AppResponse,
  AppSummary,
  CodeSamplesResponse,
  ERROR_RESPONSES,
  Id,
  NewAppRequest,
  NewAppResponse,
  type PortalApi,
} from '../../portal-api/index.ts';
import type { SubmissionDeps } from '../deps.ts';
import { buildAppResponse, toAppSummary, toEventResponse } from './app-responses.ts';
import { appRouteSchema } from './params.ts';
import { registerOrganisationApp } from './register-app.ts';
import { toSampleSettings } from './samples/sample-settings.ts';
import { toSamplesResponse } from './samples/samples.ts';

const tags = ['apps'];

/** Adds the routes to register and read apps. */
export function appRoutes(api: PortalApi, deps: SubmissionDeps & { readonly addresses: OAuthAddresses }): void {
  const { guard } = deps;

  const list = {
    tags,
    summary: 'List the apps of one organization or of all your organizations, newest first',
    querystring: Type.Object({ organisation: Type.Optional(Id) }, { additionalProperties: false }),
    response: { 200: Type.Array(AppSummary), ...ERROR_RESPONSES },
  };
  api.get('/developer/apps', { schema: list }, async (request) => {
    const { organisation } = request.query;
    const { db, organisationIds } =
      organisation === undefined ? await findOwn(request) : await findOne(request, organisation);
    const apps = await listOrganisationApps(db, organisationIds);
    const open = await findPendingVersions(
      db,
      apps.map(({ clientId }) => clientId),
    );
    const now = deps.clock.now();
    return apps.map((app) =>
      toAppSummary(
        app,
        open.find(({ clientId }) => clientId === app.clientId),
        now,
      ),
    );
  });

  const add = {
    tags,
    summary: 'Register an app. It works in the sandbox immediately and is submitted for review',
    body: NewAppRequest,
    response: { 201: NewAppResponse, ...ERROR_RESPONSES },
  };
  api.post('/developer/apps', { schema: add }, async (request, reply) => {
    const { session, membership, db, audit } = await guard.member(request, request.body.organisationId, 'developer');
    guard.requireProof(session);
    const answer = await db.transaction(async (tx) => {
      const actor = { membership, by: session.accountId, requestId: request.id, audit };
      const { clientId, clientSecret } = await registerOrganisationApp(tx, deps, request.body, actor);
      const app = await buildAppResponse(tx, deps, await lockApp(tx, deps.clock, clientId), membership);
      return { app, clientSecret: clientSecret ?? null };
    });
    return reply.code(201).send(answer);
  });

  const show = {
    ...appRouteSchema('Get an app with its versions and the names of its secrets'),
    response: { 200: AppResponse, ...ERROR_RESPONSES },
  };
  api.get('/developer/apps/:clientId', { schema: show }, async (request) => {
    const { app, membership, db } = await guard.appMember(request, request.params.clientId, 'reader');
    return buildAppResponse(db, deps, app, membership);
  });

  const history = {
    ...appRouteSchema('Get the history of an app, newest first'),
    response: { 200: Type.Array(AppEventResponse), ...ERROR_RESPONSES },
  };
  api.get('/developer/apps/:clientId/history', { schema: history }, async (request) => {
    const { app, db } = await guard.appMember(request, request.params.clientId, 'reader');
    return (await listAppEvents(db, app.clientId)).map(toEventResponse);
  });

  const environment = {
    ...appRouteSchema('Get code samples and environment values for an app'),
    response: { 200: CodeSamplesResponse, ...ERROR_RESPONSES },
  };
  api.get('/developer/apps/:clientId/environment', { schema: environment }, async (request) => {
    const { app } = await guard.appMember(request, request.params.clientId, 'reader');
    return toSamplesResponse(toSampleSettings(app, deps));
  });

  async function findOwn(request: FastifyRequest) {
    const { db, session } = await guard.developerSpace(request);
    const memberships = await listMemberships(db, session.accountId);
    return { db, organisationIds: memberships.map(({ organisationId }) => organisationId) };
  }

  async function findOne(request: FastifyRequest, organisation: string) {
    const { db, membership } = await guard.member(request, organisation, 'reader');
    return { db, organisationIds: [membership.organisationId] };
  }
}
