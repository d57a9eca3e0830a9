import type { FastifyInstance } from 'fastify';
import { networkOf, Problem } from '../../kernel/index.ts';
import type { RegistrationDeps } from './deps.ts';
import { type Managed, managing, replace } from './manage.ts';
import { jsonAlone, objectOf } from './read-body.ts';
import { informed, recorded } from './registered.ts';
import type { WantedApp } from './registrar.ts';
import { requireFaultless, wantedApp } from './wanted-app.ts';

export { type RegistrationDeps, registrationDeps } from './deps.ts';

/** Dynamic client registration (RFC 7591) and its management (RFC 7592). */
export function registrationRoutes(app: FastifyInstance, deps: RegistrationDeps): void {
  app.register(async (scope) => {
    jsonAlone(scope);
    scope.addHook('onRequest', async (_request, reply) => {
      reply.header('cache-control', 'no-store').header('pragma', 'no-cache');
    });

    scope.post('/register', async (request, reply) => {
      const metadata = wantedApp(deps.registrar, objectOf(request.body));
      countOrRefuse(deps, networkOf(request.ip));
      return reply.code(201).send(await register(deps, metadata, request.id));
    });
    scope.get('/register/:clientId', (request: Managed) =>
      managing(deps, request, (tx, { app, token }) => informed(deps, tx, { clientId: app.clientId, token })),
    );
    scope.put('/register/:clientId', (request: Managed) =>
      managing(deps, request, (tx, registration) => replace(deps, tx, registration, request)),
    );
    scope.delete('/register/:clientId', async (request: Managed, reply) => {
      await managing(deps, request, async (tx, { app }) => {
        await deps.registrar.retire(tx, app.clientId);
        await recorded(deps, tx, 'retire', app.clientId, request.id);
      });
      return reply.code(204).send();
    });
  });
}

async function register(deps: RegistrationDeps, metadata: WantedApp, requestId: string) {
  return deps.db.transaction(async (tx) => {
    requireFaultless(await deps.registrar.imitations(tx, metadata.name));
    const { clientId, clientSecret, registrationToken } = await deps.registrar.register(tx, metadata, deps.mode);
    await recorded(deps, tx, 'register', clientId, requestId);
    return informed(deps, tx, { clientId, token: registrationToken, clientSecret });
  });
}

const ALL = 'all';

function countOrRefuse({ ofNetwork, inAll }: RegistrationDeps, network: string): void {
  const here = ofNetwork.wait(network);
  const wait = here ?? inAll.wait(ALL);
  if (wait !== undefined) {
    const message = `There were too many registrations${here === undefined ? '' : ' from here'}. Wait ${Math.ceil(wait / 60)} minutes.`;
    throw new Problem('too-many-attempts', { status: 429, message, retryAfter: wait });
  }
  ofNetwork.count(network);
  inAll.count(ALL);
}
