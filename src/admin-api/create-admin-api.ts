import type { AnyApprovedAction, Approvals } from '../approvals/index.ts';
import type { BrandsService, MadeUpBrands } from '../brands/index.ts';
import { type Config, effectiveSettings } from '../config/index.ts';
import type { Encryption } from '../encryption/index.ts';
import type { PageContexts } from '../i18n/index.ts';
import { type BackgroundWork, HOURLY } from '../jobs/index.ts';
import type { ServerEmailQueue } from '../mail/index.ts';
import type { OAuthAddresses, ServedTypes } from '../oauth/index.ts';
import type { AddPortalRoutes, MadeUpSpaces, PortalContext } from '../portal-api/index.ts';
import { approvalRoutes } from './approvals/routes.ts';
import { brandsAdminRoutes } from './brands-routes.ts';
import { groupRoutes } from './groups/routes.ts';
import { incidentRoutes } from './incident-routes.ts';
import { accountRoutes } from './operations/account-routes.ts';
import { auditRoutes } from './operations/audit-routes.ts';
import { warnOfAuditChanges } from './operations/audit-warning.ts';
import { jobRoutes } from './operations/job-routes.ts';
import { keyRoutes, rotateKeysAction } from './operations/key-routes.ts';
import { settingRoutes } from './operations/setting-routes.ts';
import { warnOfDeadlines } from './review/deadline-warnings.ts';
import { resumeAppAction, retireAppAction } from './review/decisions.ts';
import { madeUpRoutes } from './review/made-up-routes.ts';
import { reviewRoutes } from './review/routes.ts';

export interface AdminApiDeps {
  readonly context: PortalContext;
  /** The whole configuration, because administrators can list all settings. */
  readonly config: Config;
  readonly encryption: Encryption;
  readonly mail: ServerEmailQueue;
  readonly pageContexts: PageContexts;
  readonly addresses: OAuthAddresses;
  readonly types: ServedTypes;
  readonly brands: BrandsService & { readonly inMadeUpSpace: MadeUpBrands };
  /** The made-up apps of visitors; undefined for an installation without a sandbox. */
  readonly madeUpSpaces: MadeUpSpaces | undefined;
  readonly approvals: Approvals;
  /** The actions of other modules that need two administrators. */
  readonly approvedActions: readonly AnyApprovedAction[];
}

export interface AdminApiModule extends BackgroundWork {
  /** Adds the routes for the audit log, signing keys, job queues, settings and patient groups. */
  addOperationRoutes: AddPortalRoutes;
  /** Adds the routes for the review of apps, the practice brands and the incidents on the status page. */
  addReviewRoutes: AddPortalRoutes;
}

/** Creates the JSON API for administrators of the installation. */
export function createAdminApi(parts: AdminApiDeps): AdminApiModule {
  const {
    context,
    config,
    encryption,
    mail: post,
    pageContexts: framing,
    addresses,
    types,
    brands,
    madeUpSpaces,
    approvals,
    approvedActions,
  } = parts;
  const { publicUrl, brandName, patientAppReview, trustedJwksHosts, fhirRequestsPerMinute } = config;
  const email = { post, brandName, publicUrl };
  const allApprovedActions = [
    rotateKeysAction({ ...context, encryption }),
    resumeAppAction({ ...context, ...email }),
    retireAppAction({ ...context, ...email }),
    ...approvedActions,
  ];
  return {
    addOperationRoutes(api) {
      auditRoutes(api, context);
      accountRoutes(api, context);
      keyRoutes(api, { ...context, addresses, encryption, approvals });
      approvalRoutes(api, { ...context, approvals, approvedActions: allApprovedActions });
      jobRoutes(api, context);
      settingRoutes(api, { ...context, settings: effectiveSettings(config) });
      groupRoutes(api, context);
    },
    addReviewRoutes(api) {
      const settings = { patientAppReview, trustedJwksHosts, fhirRequestsPerMinute };
      reviewRoutes(api, { ...context, ...email, ...settings, framing, types, approvals });
      if (madeUpSpaces !== undefined) madeUpRoutes(api, { ...context, madeUpSpaces });
      brandsAdminRoutes(api, { ...context, brands, framing, publicUrl });
      incidentRoutes(api, context);
    },
    tasks: [
      { name: 'warn-of-deadlines', cron: HOURLY, run: () => warnOfDeadlines({ ...context, ...email }) },
      { name: 'warn-of-audit-changes', cron: HOURLY, run: () => warnOfAuditChanges({ ...context, ...email }) },
    ],
  };
}
