import type { FastifyInstance } from 'fastify';
import type { AnyApprovedAction, Approvals } from '../approvals/index.ts';
import type { AuditLog } from '../audit/index.ts';
import type { Config } from '../config/index.ts';
import type { Database } from '../database/index.ts';
import type { Enrollments } from '../enrollment/index.ts';
import type { PageContexts } from '../i18n/index.ts';
import type { IdentityModule } from '../identity/index.ts';
import { type BackgroundWork, HOURLY } from '../jobs/index.ts';
import type { ClientId, Clock, Random } from '../kernel/index.ts';
import type { ServerEmailQueue } from '../mail/index.ts';
import type { ServedTypes } from '../oauth/index.ts';
import { inviteAdministratorAction, removeAdministratorAction } from './administration/administrator-actions.ts';
import { countPracticeApps } from './apps/count-apps.ts';
import { patientAdminRoutes } from './patients/routes.ts';
import { practiceAdminRoutes } from './practice-admin-routes.ts';

export interface PracticePortalModuleDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly random: Random;
  readonly audit: AuditLog;
  readonly config: Pick<Config, 'publicUrl' | 'brandName' | 'passwordCost'>;
  readonly mail: ServerEmailQueue;
  readonly pageContexts: PageContexts;
  readonly identity: Pick<IdentityModule, 'cookies' | 'signedIn' | 'entrance'>;
  readonly enrollments: Enrollments;
  readonly types: ServedTypes;
  /** The app of the example feed of the sandbox. */
  readonly exampleFeed: ClientId;
  readonly approvals: Approvals;
  readonly isStopping: () => boolean;
}

export interface PracticePortalModule extends BackgroundWork {
  /** Adds the pages of practice staff. Requires the cookie and form plugins. */
  addRoutes(scope: FastifyInstance): void;
  /** The actions that need two administrators. */
  readonly approvedActions: readonly AnyApprovedAction[];
}

/** Creates the pages of practice staff. */
export function createPracticePortal(parts: PracticePortalModuleDeps): PracticePortalModule {
  const { config, identity, mail: post, pageContexts: framing, isStopping, ...shared } = parts;
  const { publicUrl, brandName, passwordCost } = config;
  const { cookies, signedIn, entrance } = identity;
  const deps = { ...shared, post, framing, publicUrl, brandName, passwordCost, cookies, signedIn, entrance };
  return {
    addRoutes(scope) {
      practiceAdminRoutes(scope, deps);
      patientAdminRoutes(scope, deps);
    },
    approvedActions: [inviteAdministratorAction(deps), removeAdministratorAction(deps)],
    tasks: [
      { name: 'count-practice-apps', cron: HOURLY, run: () => countPracticeApps(deps.db, deps.clock, isStopping) },
    ],
  };
}
