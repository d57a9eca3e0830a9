import type { FastifyInstance } from 'fastify';
import type { IdentityDeps } from '../deps.ts';
import type { CredentialChanges } from '../emails/credential-changes.ts';
import { type AddFactorFlow, addAuthenticatorHandler, addPasskeyHandler } from '../factors/add-factor.ts';
import { findFactors } from '../factors/factors.ts';
import { registerFormHandlers } from '../forms/form-handlers.ts';
import { withReturnTo } from '../sign-in/pending-challenge.ts';
import { changeEmailHandler, resendConfirmationHandler } from './change-email.ts';
import { changeLanguageHandler } from './change-language.ts';
import { changePasswordHandler } from './change-password.ts';
import { accountClosedRoutes, closeAccountHandler } from './close-account.ts';
import { confirmIdentityRoutes } from './confirm-identity.ts';
import { recoveryCodesHandler } from './create-recovery-codes.ts';
import { endSessionHandlers } from './end-sessions.ts';
import { lockFactors } from './lock-factors.ts';
import { securityOverviewRoutes } from './overview.ts';
import { type CurrentSession, changeableAccountGuard, recentAuthenticationGuard } from './page-guards.ts';
import { CODES_PATH, overviewPath, SECURITY_PATH } from './paths.ts';
import { removeFactorHandlers } from './remove-factor.ts';

/**
 * Registers the routes of `/account/security`, where patients, staff and developers manage their credentials and
 * sessions.
 */
export function securityRoutes(app: FastifyInstance, deps: IdentityDeps, changes: CredentialChanges): void {
  const adding: AddFactorFlow<CurrentSession> = {
    passkeyPath: `${SECURITY_PATH}/passkeys/add`,
    authenticatorPath: `${SECURITY_PATH}/authenticator-app`,
    fields: () => ({}),
    backPath: () => SECURITY_PATH,
    otherPath: () => undefined,
    mayAdd: lockFactors,
    async added({ user }, by) {
      const done = overviewPath(by === 'passkey' ? 'passkey-added' : 'app-added');
      const factors = await findFactors(deps.db, user.accountId);
      // A person can lose the new second factor. If the account has a password but no recovery codes, the next page
      // therefore offers to create them.
      return factors?.recoveryCodes === 0 && factors.password ? withReturnTo(CODES_PATH, done) : done;
    },
  };
  securityOverviewRoutes(app, deps);
  confirmIdentityRoutes(app, deps, changes);
  accountClosedRoutes(app, deps);
  registerFormHandlers(app, deps, changeableAccountGuard(deps), [resendConfirmationHandler(deps)]);
  registerFormHandlers(app, deps, recentAuthenticationGuard(deps), [
    changePasswordHandler(deps, changes),
    addPasskeyHandler(deps, changes, adding),
    addAuthenticatorHandler(deps, changes, adding),
    ...removeFactorHandlers(deps, changes),
    recoveryCodesHandler(deps, changes),
    changeEmailHandler(deps, changes),
    changeLanguageHandler(deps),
    ...endSessionHandlers(deps),
    closeAccountHandler(deps, changes),
  ]);
}
