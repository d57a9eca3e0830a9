import type { FastifyInstance } from 'fastify';
import { connectionRoutes } from './connections/routes.ts';
import type { AccountDeps } from './deps.ts';
import { downloadRoutes } from './downloads/routes.ts';
import { logRoutes } from './log/routes.ts';
import { overviewRoutes } from './overview/routes.ts';
import { receiptRoutes } from './receipts/routes.ts';
import { recordRoutes } from './record/routes.ts';

/**
 * Registers the pages under `/account`: connected apps, access log, record, downloads and consent receipts. Requires
 * the cookie and form plugins.
 */
export function accountRoutes(app: FastifyInstance, deps: AccountDeps): void {
  app.register(async (scope) => {
    scope.addHook('onRequest', async (_request, reply) => void reply.header('cache-control', 'no-store'));
    overviewRoutes(scope, deps);
    connectionRoutes(scope, deps);
    logRoutes(scope, deps);
    recordRoutes(scope, deps);
    downloadRoutes(scope, deps);
    receiptRoutes(scope, deps);
  });
}
