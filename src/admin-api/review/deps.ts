import type { Approvals } from '../../approvals/index.ts';
import type { Config } from '../../config/index.ts';
import type { Executor, SpaceDatabase } from '../../database/index.ts';
import type { PageContexts } from '../../i18n/index.ts';
import type { Clock } from '../../kernel/index.ts';
import type { ServedTypes } from '../../oauth/index.ts';
import type { OrganisationEmailDeps, PortalContext } from '../../portal-api/index.ts';

/** Dependencies of the functions with which administrators decide about apps and organizations. */
export interface DecisionDeps
  extends Omit<PortalContext, 'db'>,
    OrganisationEmailDeps,
    Pick<Config, 'patientAppReview'> {
  /** Contains only the apps and organizations that the administrator may decide about. */
  readonly db: SpaceDatabase;
  /** Whether these are the made-up ones of a visitor of the sandbox. */
  readonly isMadeUp: boolean;
  readonly approvals: Approvals;
}

/** The apps and organizations that an administrator may see, and the time. */
export interface ReviewData {
  readonly db: Executor;
  readonly clock: Clock;
  readonly isMadeUp: boolean;
}

/** Settings of the routes that return the apps and versions under review. */
export interface ReviewReadSettings
  extends Pick<Config, 'patientAppReview' | 'trustedJwksHosts' | 'fhirRequestsPerMinute'> {
  readonly framing: PageContexts;
  readonly types: ServedTypes;
}

/** Dependencies of all routes of the review, before it is known which space a request may see. */
export type ReviewRouteDeps = PortalContext &
  OrganisationEmailDeps &
  ReviewReadSettings & { readonly approvals: Approvals };
