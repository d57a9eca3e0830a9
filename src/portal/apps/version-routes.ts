import { changeAuth, findOpenVersion } from '../../registry/index.ts';
import type { Api } from '../api/app.ts';
import { REFUSALS } from '../contract/answers.ts';
import { AuthChange, NewVersion, NewVersionAnswer } from '../contract/apps.ts';
import type { PortalDeps } from '../deps.ts';
import { changeApp } from './change.ts';
import { keyTextFaults, requireNoFaults } from './draft-faults.ts';
import { handInDraft } from './hand-in.ts';
import { ofApp } from './params.ts';
import { expiryAfter } from './register.ts';
import { requireRevision } from './revision.ts';

/** Adds the routes that change an app. */
export function versionRoutes(api: Api, deps: PortalDeps): void {
  const versions = {
    ...ofApp('Change an app: what people decide by and where data goes waits for review, all else holds at once'),
    body: NewVersion,
    response: { 200: NewVersionAnswer, ...REFUSALS },
  };
  api.post('/developer/apps/:clientId/versions', { schema: versions }, async (request) => {
    const changeRequest = { clientId: request.params.clientId, role: 'developer' } as const;
    const { draft, revision } = request.body;
    const { result, app } = await changeApp(deps, request, changeRequest, async (changing) => {
      requireRevision(revision, changing.app, await findOpenVersion(changing.tx, changing.app.clientId));
      return handInDraft(deps, changing, draft);
    });
    return { app, ...result };
  });

  const auth = {
    ...ofApp('Change how an app proves who it is, at once: it gets a secret, or loses those it had'),
    body: AuthChange,
    response: { 200: NewVersionAnswer, ...REFUSALS },
  };
  api.patch('/developer/apps/:clientId/auth', { schema: auth }, async (request) => {
    const { auth: wanted, jwks, jwksUri = '', secretDays } = request.body;
    const changeRequest = { clientId: request.params.clientId, role: 'developer', proof: true } as const;
    const { result, app } = await changeApp(deps, request, changeRequest, async ({ tx, app: before, record }) => {
      requireNoFaults(keyTextFaults(jwks));
      const keys = { jwks: jwks ?? undefined, jwksUri: jwksUri.trim() || undefined };
      const secret = { expiresAt: expiryAfter(deps.clock.now(), secretDays) };
      const made = await changeAuth(tx, deps, before, { auth: wanted, ...keys, secret });
      await record('changed', { fields: ['auth'] });
      if (made !== undefined) await record('secret-made', {});
      return made;
    });
    return { app, waits: [], applied: ['auth'], clientSecret: result ?? null };
  });
}
