import type { FastifyInstance } from 'fastify';
import type { IdentityDeps } from '../deps.ts';
import type { CredentialChanges } from '../emails/credential-changes.ts';
import { confirmEmailRoutes } from './confirm-email-routes.ts';
import { forgotPasswordRoutes } from './forgot-password.ts';
import { mfaResetRoutes } from './reset-mfa.ts';
import { passwordResetRoutes } from './reset-password.ts';

/** Registers the account recovery routes: forgotten password, new password, MFA reset and email confirmation. */
export function recoveryRoutes(app: FastifyInstance, deps: IdentityDeps, changes: CredentialChanges): void {
  forgotPasswordRoutes(app, deps, changes);
  passwordResetRoutes(app, deps, changes);
  mfaResetRoutes(app, deps, changes);
  confirmEmailRoutes(app, deps, changes);
}
