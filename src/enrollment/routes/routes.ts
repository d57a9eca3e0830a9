import type { FastifyInstance } from 'fastify';
import type { EnrollDeps } from '../patient/deps.ts';
import { accountRoutes } from './account.ts';
import { addRoutes } from './add.ts';
import { beginRoutes } from './begin.ts';
import { doneRoutes } from './done.ts';
import { introRoutes } from './intro.ts';
import { keyRoutes } from './key.ts';
import { proofRoutes } from './proof.ts';
import { surface } from './surface.ts';

/** Registers `/enroll…`, from an invitation to an account. Needs the cookie and form plugins. */
export function enrollRoutes(app: FastifyInstance, deps: EnrollDeps): void {
  app.register(async (scope) => {
    scope.addHook('onRequest', async (_request, reply) => void reply.header('cache-control', 'no-store'));
    beginRoutes(scope, deps);
    doneRoutes(scope, deps);
    const routes = surface(scope, deps);
    introRoutes(routes, deps);
    proofRoutes(routes, deps);
    accountRoutes(routes, deps);
    keyRoutes(routes, deps);
    addRoutes(routes, deps);
  });
}
