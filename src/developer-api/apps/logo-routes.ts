import { Type } from 'typebox';
import { type AppLogo, findPendingVersion, findVersionLogo, submitVersion, withReviewed } from '../../apps/index.ts';
import type { Executor } from '../../database/index.ts';
import type { App, AppTerms } from '../../domain/index.ts';
import { notFoundProblem, Problem } from '../../kernel/index.ts';
import { ERROR_RESPONSES, NewVersionResponse, type PortalApi } from '../../portal-api/index.ts';
import { validateLogo } from '../../practices/index.ts';
import type { SubmissionDeps } from '../deps.ts';
import { changeApp } from './change-app.ts';
import { sendLogo } from './logo-page-routes.ts';
import { appRouteSchema } from './params.ts';
import { completeSubmission } from './submit-draft.ts';

const MAX_BYTES = 256 * 1024;
const IMAGE_TYPES = ['image/png', 'image/jpeg', 'image/webp'];
const response = { 200: NewVersionResponse, ...ERROR_RESPONSES };

/**
 * Adds the routes to upload and remove an app's logo. Patients recognize an app by its logo, so it
 * is reviewed before they see it.
 */
export function logoRoutes(api: PortalApi, deps: SubmissionDeps): void {
  const put = {
    ...appRouteSchema('Set an app’s logo. The body is a PNG, JPEG or WebP'),
    consumes: IMAGE_TYPES,
    response,
  };
  const remove = { ...appRouteSchema('Remove an app’s logo immediately'), response };

  // Parses request bodies as images only for the upload route, which is registered in a child
  // instance of Fastify.
  api.register(async (scope) => {
    const imageScope: PortalApi = scope as never;
    imageScope.addContentTypeParser(IMAGE_TYPES, { parseAs: 'buffer', bodyLimit: MAX_BYTES }, (_request, body, done) =>
      done(null, body),
    );
    imageScope.put('/developer/apps/:clientId/logo', { schema: put }, async (request) =>
      change(request, request.params.clientId, () => parseLogo(request.body)),
    );
  });
  api.delete('/developer/apps/:clientId/logo', { schema: remove }, async (request) =>
    change(request, request.params.clientId, () => null),
  );

  const base = appRouteSchema('Get the logo that was submitted with a version');
  const show = {
    ...base,
    params: Type.Object({ ...base.params.properties, version: Type.Integer({ minimum: 1, maximum: 1_000_000 }) }),
    hide: true,
  };
  api.get('/developer/apps/:clientId/versions/:version/logo', { schema: show }, async (request, reply) => {
    const { clientId, version } = request.params;
    const { app, db } = await deps.guard.appMember(request, clientId, 'reader');
    const logo = await findVersionLogo(db, app.clientId, version);
    if (logo === undefined) throw notFoundProblem('This version has no logo.');
    return sendLogo(reply, logo);
  });

  async function change(request: Parameters<typeof changeApp>[1], clientId: string, read: () => AppLogo | null) {
    // The visitors of the sandbox have no use for images of each other, and could fill the database with them.
    await deps.guard.developer(request);
    const changeRequest = { clientId, role: 'developer' } as const;
    const { result, app } = await changeApp(deps, request, changeRequest, async (changing) => {
      const { tx, app: before, by } = changing;
      const outcome = await submitVersion(tx, deps, before, {
        wanted: await effectiveTerms(tx, before),
        logo: read(),
        by,
      });
      return completeSubmission(deps, changing, outcome);
    });
    return { app, ...result, clientSecret: null };
  }
}

function parseLogo(body: unknown): AppLogo {
  if (!Buffer.isBuffer(body)) {
    throw new Problem('bad-request', {
      status: 415,
      message: `Send the image as the request body, as one of: ${IMAGE_TYPES.join(', ')}.`,
    });
  }
  const logo = validateLogo(body);
  if (typeof logo !== 'string') return logo;
  const fieldErrors = [{ field: 'logo', code: 'logo-refused', message: `${logo}.` }];
  throw new Problem('fields-invalid', { status: 400, message: `${logo}.`, fieldErrors });
}

/**
 * Returns the terms that the developer wants the app to have: the current terms, but with the
 * pending version's values of the fields that need a review. The pending version's other fields may
 * be outdated, or contain practices that the first of two approvers chose, which are not in effect
 * yet.
 */
async function effectiveTerms(tx: Executor, app: App): Promise<AppTerms> {
  const open = await findPendingVersion(tx, app.clientId);
  return open === undefined ? app : withReviewed(app, open.terms);
}
