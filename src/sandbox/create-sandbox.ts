import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { AuditLog } from '../audit/index.ts';
import { type Config, hasDemoApp } from '../config/index.ts';
import type { Database } from '../database/index.ts';
import type { BundleReceiver } from '../fhir/index.ts';
import type { PageContexts } from '../i18n/index.ts';
import type { IdentityModule } from '../identity/index.ts';
import { type BackgroundWork, EVERY_FIVE_MINUTES } from '../jobs/index.ts';
import type { Clock, Html, Random } from '../kernel/index.ts';
import type { OAuthAddresses } from '../oauth/index.ts';
import type { PublishedSandbox } from '../portal-api/index.ts';
import type { Asset, FindPublicContext } from '../web-pages/index.ts';
import { demoAssets } from './demo/assets.ts';
import { demoRoutes, staffAppRoutes } from './demo/routes.ts';
import { enrollmentPatientRoutes } from './enrollment/patients-routes.ts';
import { resetDuePatients } from './enrollment/reset-patients.ts';
import { createExamples } from './examples/create-examples.ts';
import { EXPLORER_CLIENT_ID, EXPLORER_SCOPE, SANDBOX_PASSWORD } from './published-credentials.ts';
import { homeOfSandbox, startRoutes } from './start/routes.ts';
import { testAccounts } from './test-accounts.ts';

export interface SandboxDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly random: Random;
  readonly audit: AuditLog;
  /** The feed of backend apps, to which the example feed sends. */
  readonly feed: BundleReceiver;
  readonly config: Pick<Config, 'publicUrl' | 'prefix' | 'sandbox' | 'provisionalApps' | 'passwordCost'>;
  readonly pageContexts: PageContexts;
  readonly findContext: FindPublicContext;
  readonly identity: Pick<IdentityModule, 'cookies' | 'signedIn' | 'signInShared'>;
  readonly addresses: OAuthAddresses;
  /** Returns the path of the form with which visitors of the sandbox sign up; undefined if it isn't available. */
  findVisitorSignUp(): Promise<string | undefined>;
}

export interface SandboxModule extends BackgroundWork {
  /** The published credentials and clients of the sandbox. Undefined for an installation without a sandbox. */
  readonly published: PublishedSandbox | undefined;
  /** Adds the start page, the list of patients for enrollment, the demo app and the staff app, unless they are off. */
  addPages(scope: FastifyInstance): void;
  /** Brings the made-up history of the sandbox up to date. */
  refreshExamples(): Promise<void>;
  /**
   * Returns the start page for `/`, as long as the installation serves no live practice. Otherwise, and without a
   * sandbox, returns undefined.
   */
  findStartPage(request: FastifyRequest, reply: FastifyReply): Promise<Html | undefined>;
  /** Scripts and stylesheets of both apps. Empty if the demo app is off. */
  readonly assets: readonly Asset[];
}

/**
 * Creates the public side of the sandbox: its start page, its published credentials, the patients for enrollment, the
 * demo app and the staff app. The task that resets the patients also runs without a sandbox, so that accounts that
 * visitors created end after the sandbox was turned off.
 */
export function createSandbox({ config, ...deps }: SandboxDeps): SandboxModule {
  const { publicUrl, prefix, sandbox, passwordCost } = config;
  const { db, clock, random, audit, findContext, addresses } = deps;
  const hasDemo = hasDemoApp(config);
  const start = { ...deps, swagger: `${prefix}/fhir-api/index.html`, hasDemo };
  return {
    refreshExamples: createExamples({ ...deps, r4: addresses.fhir.r4, sandbox }),
    published: sandbox
      ? {
          explorer: { clientId: EXPLORER_CLIENT_ID, scope: EXPLORER_SCOPE },
          testAccounts,
          testPassword: SANDBOX_PASSWORD,
        }
      : undefined,
    addPages: (scope) => {
      if (!sandbox) return;
      startRoutes(scope, start);
      enrollmentPatientRoutes(scope, { db, clock, findContext, publicUrl });
      if (!hasDemo) return;
      demoRoutes(scope, { publicUrl, addresses });
      staffAppRoutes(scope, { publicUrl, addresses, findContext });
    },
    findStartPage: sandbox ? homeOfSandbox(start) : async () => undefined,
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
