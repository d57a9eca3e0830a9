import type { FastifyInstance } from 'fastify';
import type { Changes } from '../changes.ts';
import type { PeopleDeps } from '../deps.ts';
import { confirmEmailRoutes } from './confirm-email.ts';
import { forgottenRoutes } from './forgotten.ts';
import { recoverRoutes } from './recover.ts';
import { resetRoutes } from './reset.ts';

/** Registers the account recovery routes: forgotten password, new password, MFA reset and email confirmation. */
export function lostRoutes(app: FastifyInstance, deps: PeopleDeps, changes: Changes): void {
  forgottenRoutes(app, deps, changes);
  resetRoutes(app, deps, changes);
  recoverRoutes(app, deps, changes);
  confirmEmailRoutes(app, deps, changes);
}
