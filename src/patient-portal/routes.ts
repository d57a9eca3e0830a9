import type { FastifyInstance } from 'fastify';
import { keepPrivate } from '../kernel/index.ts';
import { accessLogRoutes } from './access-log/routes.ts';
import { connectionRoutes } from './connections/routes.ts';
import type { PatientPortalDeps } from './deps.ts';
import { downloadRoutes } from './downloads/routes.ts';
import { overviewRoutes } from './overview/routes.ts';
import { receiptRoutes } from './receipts/routes.ts';
import { recordRoutes } from './record/routes.ts';

/**
 * Registers the pages of patients under `/account`: connected apps, access log, record, downloads and consent receipts.
 * Requires the cookie and form plugins.
 */
export function patientPortalRoutes(app: FastifyInstance, deps: PatientPortalDeps): void {
  app.register(async (scope) => {
    keepPrivate(scope);
    overviewRoutes(scope, deps);
    connectionRoutes(scope, deps);
    accessLogRoutes(scope, deps);
    recordRoutes(scope, deps);
    downloadRoutes(scope, deps);
    receiptRoutes(scope, deps);
  });
}
