import type { FastifyInstance } from 'fastify';
import type { EnrollmentPageDeps } from '../patient/deps.ts';
import { newAccountRoutes } from './account.ts';
import { addRecordRoutes } from './add.ts';
import { credentialRoutes } from './credential.ts';
import { enrollmentDoneRoutes } from './done.ts';
import { invitationIntroRoutes } from './intro.ts';
import { createInvitationRoutes } from './invitation-routes.ts';
import { letterCodeRoutes } from './letter-code.ts';
import { identityProofRoutes } from './proof.ts';

/**
 * Registers `/enroll…`, the pages from an invitation to an account. The Fastify plugins for cookies and forms must be
 * registered before these routes.
 */
export function enrollmentRoutes(app: FastifyInstance, deps: EnrollmentPageDeps): void {
  app.register(async (scope) => {
    scope.addHook('onRequest', async (_request, reply) => void reply.header('cache-control', 'no-store'));
    letterCodeRoutes(scope, deps);
    enrollmentDoneRoutes(scope, deps);
    const routes = createInvitationRoutes(scope, deps);
    invitationIntroRoutes(routes, deps);
    identityProofRoutes(routes, deps);
    newAccountRoutes(routes, deps);
    credentialRoutes(routes, deps);
    addRecordRoutes(routes, deps);
  });
}
