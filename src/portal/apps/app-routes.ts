import { Type } from 'typebox';
import { listAppEvents, listAppsOf, lockApp, membershipsOf, openVersionsOf } from '../../registry/index.ts';
import type { Api } from '../api/app.ts';
import { Id, REFUSALS } from '../contract/answers.ts';
import { AppAnswer, AppSummary, EnvironmentAnswer, EventAnswer, NewApp, NewAppAnswer } from '../contract/apps.ts';
import type { PortalDeps } from '../deps.ts';
import { appAnswer, eventAnswer, summaryOf } from './answers.ts';
import { environmentAnswer } from './environment.ts';
import { environmentOf } from './environment-facts.ts';
import { ofApp } from './params.ts';
import { registerOf } from './register.ts';

const tags = ['apps'];

/** Adds the routes to register and read apps. */
export function appRoutes(api: Api, deps: PortalDeps): void {
  const { db, guard } = deps;

  const list = {
    tags,
    summary: 'Apps of an organization, or of all that the person belongs to; the newest first',
    querystring: Type.Object({ organisation: Type.Optional(Id) }, { additionalProperties: false }),
    response: { 200: Type.Array(AppSummary), ...REFUSALS },
  };
  api.get('/developer/apps', { schema: list }, async (request) => {
    const { organisation } = request.query;
    const mine =
      organisation === undefined
        ? await membershipsOf(db, (await guard.developer(request)).accountId)
        : [(await guard.member(request, organisation, 'reader')).membership];
    const apps = await listAppsOf(
      db,
      mine.map(({ organisationId }) => organisationId),
    );
    const open = await openVersionsOf(
      db,
      apps.map(({ clientId }) => clientId),
    );
    return apps.map((app) =>
      summaryOf(
        app,
        open.find(({ clientId }) => clientId === app.clientId),
      ),
    );
  });

  const add = {
    tags,
    summary: 'Register an app: it works with the sandbox at once, and waits to be approved',
    body: NewApp,
    response: { 201: NewAppAnswer, ...REFUSALS },
  };
  api.post('/developer/apps', { schema: add }, async (request, reply) => {
    const { session, membership } = await guard.member(request, request.body.organisationId, 'developer');
    guard.requireProof(session);
    const answer = await db.transaction(async (tx) => {
      const actor = { membership, by: session.accountId, requestId: request.id };
      const { clientId, clientSecret } = await registerOf(tx, deps, request.body, actor);
      const app = await appAnswer(tx, deps, await lockApp(tx, deps.clock, clientId), membership);
      return { app, clientSecret: clientSecret ?? null };
    });
    return reply.code(201).send(answer);
  });

  const show = {
    ...ofApp('An app, with its versions and the names of its secrets'),
    response: { 200: AppAnswer, ...REFUSALS },
  };
  api.get('/developer/apps/:clientId', { schema: show }, async (request) => {
    const { app, membership } = await guard.appMember(request, request.params.clientId, 'reader');
    return appAnswer(db, deps, app, membership);
  });

  const history = {
    ...ofApp('What became of an app, the newest first'),
    response: { 200: Type.Array(EventAnswer), ...REFUSALS },
  };
  api.get('/developer/apps/:clientId/history', { schema: history }, async (request) => {
    const { app } = await guard.appMember(request, request.params.clientId, 'reader');
    return (await listAppEvents(db, app.clientId)).map(eventAnswer);
  });

  const environment = {
    ...ofApp('What an app is set up with, in the words of languages and tools'),
    response: { 200: EnvironmentAnswer, ...REFUSALS },
  };
  api.get('/developer/apps/:clientId/environment', { schema: environment }, async (request) => {
    const { app } = await guard.appMember(request, request.params.clientId, 'reader');
    return environmentAnswer(environmentOf(app, deps));
  });
}
