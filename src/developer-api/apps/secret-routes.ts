import { Type } from 'typebox';
import { addSecret, endSecretById } from '../../apps/index.ts';
import { isUuid, notFoundProblem, toSingleLine } from '../../kernel/index.ts';
import {
  AppResponse,
  ERROR_RESPONSES,
  NewSecretRequest,
  NewSecretResponse,
  type PortalApi,
  toTimestamp,
} from '../../portal-api/index.ts';
import type { SpaceRouteDeps } from '../deps.ts';
import { toNewSecretResponse } from './app-responses.ts';
import { changeApp } from './change-app.ts';
import { appRouteSchema } from './params.ts';
import { expirationDate } from './register-app.ts';

/**
 * Adds the routes to create and end client secrets. Two secrets may be valid at once, so that an
 * app can switch to the new one before the old one ends.
 */
export function secretRoutes(api: PortalApi, deps: SpaceRouteDeps): void {
  const add = {
    ...appRouteSchema('Create a second secret. It is shown only once'),
    body: NewSecretRequest,
    response: { 201: NewSecretResponse, ...ERROR_RESPONSES },
  };
  api.post('/developer/apps/:clientId/secrets', { schema: add }, async (request, reply) => {
    const { name = '', days } = request.body;
    const options = { name: toSingleLine(name) || undefined, expiresAt: expirationDate(deps.clock.now(), days) };
    const changeRequest = { clientId: request.params.clientId, role: 'developer', proof: true } as const;
    const { result } = await changeApp(deps, request, changeRequest, async ({ tx, app: { clientId }, record }) => {
      const made = await addSecret(tx, deps, clientId, options);
      await record('secret-made', { name: made.name, expiresAt: toTimestamp(made.expiresAt) });
      return made;
    });
    return reply.code(201).send(toNewSecretResponse(result));
  });

  const base = appRouteSchema('End a secret. Calls that use it are rejected from now on');
  const end = {
    ...base,
    params: Type.Object({ ...base.params.properties, secretId: Type.String({ maxLength: 100 }) }),
    response: { 200: AppResponse, ...ERROR_RESPONSES },
  };
  api.delete('/developer/apps/:clientId/secrets/:secretId', { schema: end }, async (request) => {
    const { clientId, secretId } = request.params;
    const changeRequest = { clientId, role: 'developer', proof: true } as const;
    const { app } = await changeApp(deps, request, changeRequest, async ({ tx, app: { clientId: known }, record }) => {
      const name = isUuid(secretId) ? await endSecretById(tx, known, secretId) : undefined;
      if (name === undefined) throw notFoundProblem('This app has no such secret. It may already have been ended.');
      await record('secret-ended', { name }, undefined, { secret: secretId });
    });
    return app;
  });
}
