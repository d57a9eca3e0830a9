import { Type } from 'typebox';
import { isUuid, plainLine } from '../../kernel/index.ts';
import { addSecret, endSecretById } from '../../registry/index.ts';
import type { Api } from '../api/app.ts';
import { REFUSALS } from '../contract/answers.ts';
import { AppAnswer, NewSecret, NewSecretAnswer } from '../contract/apps.ts';
import type { PortalDeps } from '../deps.ts';
import { newSecretAnswer } from './answers.ts';
import { changeApp } from './change.ts';
import { ofApp } from './params.ts';
import { noSuchThing } from './refusals.ts';
import { expiryAfter } from './register.ts';

/**
 * Adds the routes for client secrets. Two may be valid at once, so that the second is in use before
 * the first ends.
 */
export function secretRoutes(api: Api, deps: PortalDeps): void {
  const add = {
    ...ofApp('Make a second secret; it is told this once'),
    body: NewSecret,
    response: { 201: NewSecretAnswer, ...REFUSALS },
  };
  api.post('/developer/apps/:clientId/secrets', { schema: add }, async (request, reply) => {
    const { name = '', days } = request.body;
    const options = { name: plainLine(name) || undefined, expiresAt: expiryAfter(deps.clock.now(), days) };
    const changeRequest = { clientId: request.params.clientId, role: 'developer', proof: true } as const;
    const { result } = await changeApp(deps, request, changeRequest, async ({ tx, app: { clientId }, record }) => {
      const made = await addSecret(tx, deps, clientId, options);
      await record('secret-made', { name: made.name, expiresAt: made.expiresAt?.toISOString() ?? null });
      return made;
    });
    return reply.code(201).send(newSecretAnswer(result));
  });

  const base = ofApp('End a secret: calls that use it are refused from now on');
  const end = {
    ...base,
    params: Type.Object({ ...base.params.properties, secretId: Type.String({ maxLength: 100 }) }),
    response: { 200: AppAnswer, ...REFUSALS },
  };
  api.delete('/developer/apps/:clientId/secrets/:secretId', { schema: end }, async (request) => {
    const { clientId, secretId } = request.params;
    const changeRequest = { clientId, role: 'developer', proof: true } as const;
    const { app } = await changeApp(deps, request, changeRequest, async ({ tx, app: { clientId: known }, record }) => {
      const name = isUuid(secretId) ? await endSecretById(tx, known, secretId) : undefined;
      if (name === undefined) throw noSuchThing('This app has no such secret: it was ended before.');
      await record('secret-ended', { name });
    });
    return app;
  });
}
