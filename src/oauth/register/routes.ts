import type { FastifyInstance } from 'fastify';
import type { ClientMetadata } from '../../domain/index.ts';
import { clientNetwork, Problem } from '../../kernel/index.ts';
import type { RegistrationDeps } from './deps.ts';
import { type RegistrationManagementRequest, replaceRegistration, withRegistration } from './manage-registration.ts';
import { acceptJsonOnly, parseMetadataObject } from './parse-body.ts';
import { auditRegistration, readClientInformation } from './registration-result.ts';
import { parseValidMetadata, requireNoErrors } from './valid-metadata.ts';

export { createRegistrationDeps, type RegistrationDeps } from './deps.ts';

/** Registers the endpoints of dynamic client registration (RFC 7591) and its management (RFC 7592). */
export function registrationRoutes(app: FastifyInstance, deps: RegistrationDeps): void {
  app.register(async (scope) => {
    acceptJsonOnly(scope);
    scope.addHook('onRequest', async (_request, reply) => {
      reply.header('cache-control', 'no-store').header('pragma', 'no-cache');
    });

    scope.post('/register', async (request, reply) => {
      const metadata = parseValidMetadata(deps.registrar, parseMetadataObject(request.body));
      countRegistration(deps, clientNetwork(request.ip));
      return reply.code(201).send(await registerClient(deps, metadata, request.id));
    });
    scope.get('/register/:clientId', (request: RegistrationManagementRequest) =>
      withRegistration(deps, request, (tx, { app, token }) =>
        readClientInformation(deps, tx, { clientId: app.clientId, token }),
      ),
    );
    scope.put('/register/:clientId', (request: RegistrationManagementRequest) =>
      withRegistration(deps, request, (tx, registration) => replaceRegistration(deps, tx, registration, request)),
    );
    scope.delete('/register/:clientId', async (request: RegistrationManagementRequest, reply) => {
      await withRegistration(deps, request, async (tx, { app }) => {
        await deps.registrar.retire(tx, app.clientId);
        await auditRegistration(deps, tx, 'retire', app.clientId, request.id);
      });
      return reply.code(204).send();
    });
  });
}

async function registerClient(deps: RegistrationDeps, metadata: ClientMetadata, requestId: string) {
  return deps.db.transaction(async (tx) => {
    requireNoErrors(await deps.registrar.checkName(tx, metadata.name));
    const { clientId, clientSecret, registrationToken } = await deps.registrar.register(tx, metadata, deps.mode);
    await auditRegistration(deps, tx, 'register', clientId, requestId);
    return readClientInformation(deps, tx, { clientId, token: registrationToken, clientSecret });
  });
}

const TOTAL_KEY = 'all';

function countRegistration({ networkCounts, totalCounts }: RegistrationDeps, network: string): void {
  const here = networkCounts.count(network);
  const exceeded = here ?? totalCounts.count(TOTAL_KEY);
  if (exceeded === undefined) return;
  // If the limit for all networks together is the only one that is exceeded, the registration isn't counted for the
  // network that sent it.
  if (here === undefined) networkCounts.uncount(network);
  const { retryAfter } = exceeded;
  const message = `Too many registrations${here === undefined ? '' : ' from this network'}. Try again in ${Math.ceil(retryAfter / 60)} minutes.`;
  throw new Problem('too-many-attempts', { status: 429, message, retryAfter });
}
