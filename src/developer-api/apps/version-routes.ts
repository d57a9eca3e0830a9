import { changeAuthMethod, findPendingVersion } from '../../apps/index.ts';
import {
  AuthMethodRequest,
  ERROR_RESPONSES,
  NewVersionRequest,
  NewVersionResponse,
  type PortalApi,
} from '../../portal-api/index.ts';
import type { SubmissionDeps } from '../deps.ts';
import { changeApp } from './change-app.ts';
import { assertNoIssues, checkKeyText } from './check-draft.ts';
import { appRouteSchema } from './params.ts';
import { expirationDate } from './register-app.ts';
import { requireRevision } from './revision.ts';
import { submitDraft } from './submit-draft.ts';

/** Adds the routes with which developers change an app. */
export function versionRoutes(api: PortalApi, deps: SubmissionDeps): void {
  const versions = {
    ...appRouteSchema(
      'Change an app. Changes that affect consent or where data goes need review; others take effect immediately',
    ),
    body: NewVersionRequest,
    response: { 200: NewVersionResponse, ...ERROR_RESPONSES },
  };
  api.post('/developer/apps/:clientId/versions', { schema: versions }, async (request) => {
    const changeRequest = { clientId: request.params.clientId, role: 'developer' } as const;
    const { draft, revision } = request.body;
    const { result, app } = await changeApp(deps, request, changeRequest, async (changing) => {
      requireRevision(revision, changing.app, await findPendingVersion(changing.tx, changing.app.clientId));
      return submitDraft(deps, changing, draft);
    });
    return { app, ...result };
  });

  const auth = {
    ...appRouteSchema('Change an app’s authentication method immediately. The app gets a secret or loses its secrets'),
    body: AuthMethodRequest,
    response: { 200: NewVersionResponse, ...ERROR_RESPONSES },
  };
  api.patch('/developer/apps/:clientId/auth', { schema: auth }, async (request) => {
    const { auth: wanted, jwks, jwksUri = '', secretDays } = request.body;
    const changeRequest = { clientId: request.params.clientId, role: 'developer', proof: true } as const;
    const { result, app } = await changeApp(deps, request, changeRequest, async ({ tx, app: before, record }) => {
      assertNoIssues(checkKeyText(jwks));
      const keys = { jwks: jwks ?? undefined, jwksUri: jwksUri.trim() || undefined };
      const secret = { expiresAt: expirationDate(deps.clock.now(), secretDays) };
      const made = await changeAuthMethod(tx, deps, before, { auth: wanted, ...keys, secret });
      await record('changed', { fields: ['auth'] });
      if (made !== undefined) await record('secret-made', {});
      return made;
    });
    return { app, waits: [], applied: ['auth'], clientSecret: result ?? null };
  });
}
