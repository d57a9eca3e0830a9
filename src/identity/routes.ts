import type { FastifyInstance } from 'fastify';
import { securityRoutes } from './account-security/routes.ts';
import type { IdentityDeps } from './deps.ts';
import { createCredentialChanges } from './emails/credential-changes.ts';
import { recoveryRoutes } from './recovery/routes.ts';
import { signInRoutes } from './sign-in/routes.ts';
import { secondFactorRoutes } from './sign-in/second-factor-routes.ts';
import { setUpSecondFactorRoutes } from './sign-in/set-up-second-factor.ts';

/**
 * Registers the routes of sign-in, sign-out, second factors, account recovery and account security. The Fastify plugins
 * for cookies and forms must be registered before these routes.
 */
export function identityRoutes(app: FastifyInstance, deps: IdentityDeps): void {
  const changes = createCredentialChanges(deps);
  signInRoutes(app, deps);
  secondFactorRoutes(app, deps, changes);
  setUpSecondFactorRoutes(app, deps, changes);
  recoveryRoutes(app, deps, changes);
  securityRoutes(app, deps, changes);
}
