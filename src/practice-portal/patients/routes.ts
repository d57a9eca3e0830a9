import type { FastifyInstance } from 'fastify';
import { keepPrivate } from '../../kernel/index.ts';
import { declineAction, undoDeclineAction } from './actions/decline.ts';
import { endRepresentationAction } from './actions/end-representation.ts';
import { giveCodeAction } from './actions/give-code.ts';
import { cancelInvitationAction, resendInvitationAction } from './actions/invitation-actions.ts';
import { invitePatientAction, inviteRepresentativeAction } from './actions/invite.ts';
import { lockAction, unlockAction } from './actions/lock-account.ts';
import { patientActionRoutes } from './actions/patient-action.ts';
import { resetPasswordAction } from './actions/reset-password.ts';
import { resetSecondFactorAction } from './actions/reset-second-factor.ts';
import { bulkRoutes } from './bulk/routes.ts';
import type { PatientAdminDeps } from './deps.ts';
import { patientListRoutes } from './list/routes.ts';
import { patientPageRoutes } from './page/routes.ts';

const PATIENT_ACTIONS = [
  invitePatientAction,
  inviteRepresentativeAction,
  giveCodeAction,
  resendInvitationAction,
  cancelInvitationAction,
  declineAction,
  undoDeclineAction,
  lockAction,
  unlockAction,
  resetSecondFactorAction,
  resetPasswordAction,
  endRepresentationAction,
];

/**
 * Registers the patient list, bulk invitations, the patient pages and the actions on patients' accounts. Requires the
 * cookie and form plugins.
 */
export function patientAdminRoutes(app: FastifyInstance, deps: PatientAdminDeps): void {
  app.register(async (scope) => {
    keepPrivate(scope);
    patientListRoutes(scope, deps);
    bulkRoutes(scope, deps);
    patientPageRoutes(scope, deps);
    for (const action of PATIENT_ACTIONS) patientActionRoutes(scope, deps, action(deps));
  });
}
