import type { FastifyInstance } from 'fastify';
import type { AuditLog } from '../audit/index.ts';
import type { Config } from '../config/index.ts';
import type { Database } from '../database/index.ts';
import type { PageContexts } from '../i18n/index.ts';
import type { BackgroundWork } from '../jobs/index.ts';
import type { Clock, Random } from '../kernel/index.ts';
import type { OAuthAddresses } from '../oauth/index.ts';
import type { PublishedSandbox } from '../portal-api/index.ts';
import type { Asset } from '../web-pages/index.ts';
import { demoAssets } from './demo/assets.ts';
import { demoRoutes, staffAppRoutes } from './demo/routes.ts';
import { enrollmentPatientRoutes } from './enrollment/patients-routes.ts';
import { resetDuePatients } from './enrollment/reset-patients.ts';
import { EXPLORER_CLIENT_ID, EXPLORER_SCOPE, SANDBOX_PASSWORD } from './published-credentials.ts';
import { testAccounts } from './test-accounts.ts';

export interface SandboxDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly random: Random;
  readonly audit: AuditLog;
  readonly config: Pick<Config, 'publicUrl' | 'sandbox' | 'provisionalApps' | 'passwordCost'>;
  readonly pageContexts: PageContexts;
  readonly addresses: OAuthAddresses;
}

export interface SandboxModule extends BackgroundWork {
  /** The published credentials and clients of the sandbox. Undefined for an installation without a sandbox. */
  readonly published: PublishedSandbox | undefined;
  /** Adds the list of patients for enrollment, and the pages of the demo app and the staff app unless they are off. */
  addPages(scope: FastifyInstance): void;
  /** Scripts and stylesheets of both apps. Empty if the demo app is off. */
  readonly assets: readonly Asset[];
}

const EVERY_FIVE_MINUTES = '*/5 * * * *';

/**
 * Creates the public side of the sandbox: its published credentials, the patients for enrollment, the demo app and the
 * staff app. The task that resets the patients also runs without a sandbox, so that accounts that visitors created end
 * after the sandbox was turned off.
 */
export function createSandbox(deps: SandboxDeps): SandboxModule {
  const { db, clock, random, audit, config, pageContexts, addresses } = deps;
  const { publicUrl, sandbox, provisionalApps, passwordCost } = config;
  // Both apps are provisional like any new app. They are off if provisional apps are inactive on this server, because
  // they couldn't read any data.
  const hasDemo = sandbox && provisionalApps === 'sandbox';
  return {
    published: sandbox
      ? {
          explorer: { clientId: EXPLORER_CLIENT_ID, scope: EXPLORER_SCOPE },
          testAccounts,
          testPassword: SANDBOX_PASSWORD,
        }
      : undefined,
    addPages: (scope) => {
      if (sandbox) enrollmentPatientRoutes(scope, { db, clock, pageContexts, publicUrl });
      if (!hasDemo) return;
      demoRoutes(scope, { publicUrl, addresses, pageContexts });
      staffAppRoutes(scope, { publicUrl, addresses, pageContexts });
    },
    assets: hasDemo ? demoAssets : [],
    tasks: [
      {
        name: 'reset-sandbox-patients',
        cron: EVERY_FIVE_MINUTES,
        run: () => resetDuePatients({ db, clock, random, audit, passwordCost }),
      },
    ],
  };
}
