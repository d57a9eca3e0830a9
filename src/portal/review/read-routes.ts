import { Type } from 'typebox';
import { Problem } from '../../kernel/index.ts';
import { findOrganisation, findVersions, versionLogo } from '../../registry/index.ts';
import type { Api } from '../api/app.ts';
import { REFUSALS } from '../contract/answers.ts';
import {
  AppsQuestion,
  ChecksAnswer,
  QueueAnswer,
  QueueQuestion,
  ReviewAnswer,
  ReviewedApps,
} from '../contract/review.ts';
import type { PortalDeps } from '../deps.ts';
import { checkVersion } from './checks.ts';
import { requireReviewed, reviewOf } from './one-app.ts';
import { appsFor, queueFor } from './queue.ts';

export const tags = ['review'];
export const params = Type.Object({ clientId: Type.String({ maxLength: 200 }) });

/** Adds the routes that administrators read before they decide. */
export function reviewReadRoutes(api: Api, deps: PortalDeps): void {
  const { db, guard } = deps;

  const queue = {
    tags,
    summary: 'What waits to be decided, by due date',
    querystring: QueueQuestion,
    response: { 200: QueueAnswer, ...REFUSALS },
  };
  api.get('/review/queue', { schema: queue }, async (request) => {
    await guard.reviewer(request);
    return queueFor(deps, request.query);
  });

  const apps = {
    tags,
    summary: 'All apps, the newest first',
    querystring: AppsQuestion,
    response: { 200: ReviewedApps, ...REFUSALS },
  };
  api.get('/review/apps', { schema: apps }, async (request) => {
    await guard.reviewer(request);
    return { apps: await appsFor(deps, request.query) };
  });

  const one = { tags, summary: 'All there is to know of an app', params, response: { 200: ReviewAnswer, ...REFUSALS } };
  api.get('/review/apps/:clientId', { schema: one }, async (request) => {
    const session = await guard.reviewer(request);
    const { language } = deps.framing.plain(request);
    return reviewOf(deps, request.params.clientId, session, language);
  });

  const checks = {
    tags,
    summary: 'Look into domain, addresses and keys of the version that waits, or of the app as it is',
    params,
    response: { 200: ChecksAnswer, ...REFUSALS },
  };
  api.post('/review/apps/:clientId/checks', { schema: checks }, async (request) => {
    await guard.reviewer(request);
    const app = await requireReviewed(deps, request.params.clientId);
    const [newest] = await findVersions(db, app.clientId);
    const open = newest?.state === 'waiting' || newest?.state === 'verified' ? newest : undefined;
    const { organisationId } = app;
    const organisation = organisationId === undefined ? undefined : await findOrganisation(db, organisationId);
    return { checks: [...(await checkVersion(deps, open?.terms ?? app, organisation))] };
  });

  const logo = {
    tags,
    summary: 'Picture that a version was handed in with',
    params,
    querystring: Type.Object(
      {
        version: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
        v: Type.Optional(Type.String({ description: 'Of the picture.' })),
      },
      { additionalProperties: false },
    ),
    response: { ...REFUSALS },
  };
  api.get('/review/apps/:clientId/logo', { schema: logo }, async (request, reply) => {
    await guard.reviewer(request);
    const image = await versionLogo(db, request.params.clientId, request.query.version);
    if (image === undefined) throw new Problem('not-found', { status: 404, message: 'This version has no picture.' });
    return reply
      .type(image.type)
      .header('cache-control', 'private, no-store')
      .send(image.bytes as never);
  });
}
