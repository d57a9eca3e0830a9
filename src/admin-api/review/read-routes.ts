import { Type } from 'typebox';
import { findOrganisation, findVersionLogo, findVersions } from '../../apps/index.ts';
import { Problem } from '../../kernel/index.ts';
import {
  AppReviewResponse,
  ERROR_RESPONSES,
  type PortalApi,
  ReviewChecksResponse,
  ReviewedAppsQuery,
  ReviewedAppsResponse,
  ReviewQueueQuery,
  ReviewQueueResponse,
} from '../../portal-api/index.ts';
import { readAppReview, requireReviewedApp } from './app-review.ts';
import { checkVersion } from './automatic-checks.ts';
import type { ReviewRouteDeps } from './deps.ts';
import { listReviewedApps, readQueue } from './review-queue.ts';
import { readReviewSpace } from './review-space.ts';

export const tags = ['review'];
export const params = Type.Object({ clientId: Type.String({ maxLength: 200 }) });

/** Adds the routes that return what administrators read before they decide about an app. */
export function reviewReadRoutes(api: PortalApi, deps: ReviewRouteDeps): void {
  const queue = {
    tags,
    summary: 'List the apps waiting for a decision, by due date',
    querystring: ReviewQueueQuery,
    response: { 200: ReviewQueueResponse, ...ERROR_RESPONSES },
  };
  api.get('/review/queue', { schema: queue }, async (request) =>
    readReviewSpace(deps, request, (data) => readQueue(data, deps, request.query)),
  );

  const apps = {
    tags,
    summary: 'List all apps',
    querystring: ReviewedAppsQuery,
    response: { 200: ReviewedAppsResponse, ...ERROR_RESPONSES },
  };
  api.get('/review/apps', { schema: apps }, async (request) =>
    readReviewSpace(deps, request, (data) => listReviewedApps(data, request.query)),
  );

  const one = {
    tags,
    summary: 'Read all information about an app',
    params,
    response: { 200: AppReviewResponse, ...ERROR_RESPONSES },
  };
  api.get('/review/apps/:clientId', { schema: one }, async (request) => {
    const { language } = deps.framing.forOperator(request);
    const { types, fhirRequestsPerMinute } = deps;
    return readReviewSpace(deps, request, (data, session) =>
      readAppReview({ ...data, types, fhirRequestsPerMinute }, request.params.clientId, session, language),
    );
  });

  const checks = {
    tags,
    summary: 'Check the domain, URLs and keys of the pending version, or of the app if none is pending',
    params,
    response: { 200: ReviewChecksResponse, ...ERROR_RESPONSES },
  };
  api.post('/review/apps/:clientId/checks', { schema: checks }, async (request) => {
    const { terms, organisation } = await readReviewSpace(deps, request, async ({ db, clock }) => {
      const app = await requireReviewedApp({ db, clock }, request.params.clientId);
      const [newest] = await findVersions(db, app.clientId);
      const open = newest?.state === 'waiting' || newest?.state === 'verified' ? newest : undefined;
      const { organisationId } = app;
      return {
        terms: open?.terms ?? app,
        organisation: organisationId === undefined ? undefined : await findOrganisation(db, organisationId),
      };
    });
    return { checks: [...(await checkVersion(deps, terms, organisation))] };
  });

  const logo = {
    tags,
    summary: 'Read the logo of a submitted version',
    params,
    querystring: Type.Object(
      {
        version: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
        v: Type.Optional(Type.String({ description: 'Version of the logo.' })),
      },
      { additionalProperties: false },
    ),
    response: { ...ERROR_RESPONSES },
  };
  api.get('/review/apps/:clientId/logo', { schema: logo }, async (request, reply) => {
    const image = await readReviewSpace(deps, request, async ({ db, clock }) => {
      const { clientId } = await requireReviewedApp({ db, clock }, request.params.clientId);
      return findVersionLogo(db, clientId, request.query.version);
    });
    if (image === undefined) throw new Problem('not-found', { status: 404, message: 'This version has no logo.' });
    return reply
      .type(image.type)
      .header('cache-control', 'private, no-store')
      .send(image.bytes as never);
  });
}
