import type { Config } from '../../config/index.ts';
import type { PageContexts } from '../../i18n/index.ts';
import type { ServedTypes } from '../../oauth/index.ts';
import type { OrganisationEmailDeps, PortalContext } from '../../portal-api/index.ts';

/** Dependencies of the functions with which administrators decide about apps and organizations. */
export interface DecisionDeps extends PortalContext, OrganisationEmailDeps, Pick<Config, 'patientAppReview'> {}

/** Dependencies of the routes that return the apps and versions under review. */
export interface ReviewReadDeps
  extends Pick<PortalContext, 'db' | 'clock' | 'guard'>,
    Pick<Config, 'patientAppReview' | 'trustedJwksHosts'> {
  readonly framing: PageContexts;
  readonly types: ServedTypes;
}
