import type { FastifyInstance } from 'fastify';
import type { Config } from '../config/index.ts';
import type { PageContexts } from '../i18n/index.ts';
import type { IdentityModule } from '../identity/index.ts';
import { type BackgroundWork, HOURLY } from '../jobs/index.ts';
import type { ServerEmailQueue } from '../mail/index.ts';
import type { OAuthAddresses, ServedTypes } from '../oauth/index.ts';
import {
  type AddPortalRoutes,
  explorerRedirects,
  type MadeUpSpaces,
  type PortalContext,
  type PublishedSandbox,
} from '../portal-api/index.ts';
import { warnOfRisingErrors } from './activity/rising-errors-email.ts';
import { activityRoutes } from './activity/routes.ts';
import { warnOfExpiringSecrets } from './apps/expiring-secret-email.ts';
import { logoPages } from './apps/logo-page-routes.ts';
import { appsRoutes } from './apps/routes.ts';
import { explorerRoutes } from './explorer/routes.ts';
import { testPatientRoutes } from './explorer/test-patient-routes.ts';
import { madeUpRoutes } from './made-up-routes.ts';
import { notificationRoutes } from './notifications/routes.ts';
import { addOrganisationRoutes } from './organisations/routes.ts';
import { sessionRoutes } from './session-routes.ts';

export interface DeveloperApiDeps {
  readonly context: PortalContext;
  readonly config: Pick<
    Config,
    | 'publicUrl'
    | 'prefix'
    | 'brandName'
    | 'sandbox'
    | 'provisionalApps'
    | 'patientAppReview'
    | 'trustedJwksHosts'
    | 'sensitiveLabels'
  >;
  readonly mail: ServerEmailQueue;
  readonly pageContexts: PageContexts;
  readonly identity: Pick<IdentityModule, 'cookies' | 'signedIn'>;
  readonly addresses: OAuthAddresses;
  readonly types: ServedTypes;
  readonly sandbox: PublishedSandbox | undefined;
  /** The made-up apps of visitors; undefined for an installation without a sandbox. */
  readonly madeUpSpaces: MadeUpSpaces | undefined;
}

export interface DeveloperApiModule extends BackgroundWork {
  /** Adds the routes for the session, apps, organizations, notifications and the API explorer. */
  addRoutes: AddPortalRoutes;
  /** Adds the routes for the request log and usage of apps. */
  addActivityRoutes: AddPortalRoutes;
  /** Adds the page routes that serve the logos of apps. Patients see these logos too. */
  addPages(scope: FastifyInstance): void;
}

/** Creates the JSON API for developers. */
export function createDeveloperApi(parts: DeveloperApiDeps): DeveloperApiModule {
  const { context, config, mail: post, pageContexts: framing, identity, addresses, types, sandbox } = parts;
  const { madeUpSpaces } = parts;
  const { publicUrl, brandName, patientAppReview, trustedJwksHosts, sensitiveLabels: sensitive } = config;
  const { cookies, signedIn } = identity;
  const email = { post, brandName, publicUrl };
  const rules = { trustedJwksHosts, patientAppReview, brandName, toolRedirects: explorerRedirects(config) };
  return {
    addRoutes(api) {
      sessionRoutes(api, { guard: context.guard, config, addresses, cookies, signedIn, framing, post });
      appsRoutes(api, { ...context, ...rules, framing, types, sensitive, addresses });
      addOrganisationRoutes(api, { ...context, ...email, framing });
      notificationRoutes(api, context);
      if (madeUpSpaces !== undefined) madeUpRoutes(api, { ...context, madeUpSpaces });
      explorerRoutes(api, { ...context, config, addresses, cookies, sandbox });
      testPatientRoutes(api, { ...context, sandbox });
    },
    addActivityRoutes: (api) => activityRoutes(api, context),
    addPages: (scope) => logoPages(scope, { ...context, signedIn }),
    tasks: [
      {
        name: 'warn-of-expiring-secrets',
        cron: HOURLY,
        run: () => warnOfExpiringSecrets({ ...context, ...email }),
      },
      {
        name: 'warn-of-rising-errors',
        cron: HOURLY,
        run: () => warnOfRisingErrors({ ...context, ...email }),
      },
    ],
  };
}
