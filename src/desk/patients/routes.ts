import type { FastifyInstance } from 'fastify';
import { actRoutes } from './acts.ts';
import { bulkRoutes } from './bulk/routes.ts';
import { codeAct } from './code.ts';
import { deactivateAct, unlockAct } from './deactivate.ts';
import { declineAct, undoDeclineAct } from './decline.ts';
import type { PatientsDeps } from './deps.ts';
import { endRepresentationAct } from './end-representation.ts';
import { cancelAct, resendAct } from './invitation-acts.ts';
import { enrollAct, inviteRepresentativeAct } from './invite.ts';
import { listRoutes } from './list-routes.ts';
import { lostFactorAct } from './lost-factor.ts';
import { lostPasswordAct } from './lost-password.ts';
import { patientPageRoutes } from './patient-routes.ts';

const ACTS = [
  enrollAct,
  inviteRepresentativeAct,
  codeAct,
  resendAct,
  cancelAct,
  declineAct,
  undoDeclineAct,
  deactivateAct,
  unlockAct,
  lostFactorAct,
  lostPasswordAct,
  endRepresentationAct,
];

/**
 * Registers the patient list, bulk invitations, the patient pages and the actions on patients' accounts. Requires the
 * cookie and form plugins.
 */
export function patientRoutes(app: FastifyInstance, deps: PatientsDeps): void {
  app.addHook('onRequest', async (_request, reply) => void reply.header('cache-control', 'no-store'));
  listRoutes(app, deps);
  bulkRoutes(app, deps);
  patientPageRoutes(app, deps);
  for (const action of ACTS) actRoutes(app, deps, action(deps));
}
