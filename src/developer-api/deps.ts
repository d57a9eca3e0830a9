import type { Config } from '../config/index.ts';
import type { PageContexts } from '../i18n/index.ts';
import type { ServedTypes } from '../oauth/index.ts';
import type { PortalContext } from '../portal-api/index.ts';

/**
 * Dependencies of the functions that submit an app, and the settings that decide how a submission
 * is checked and reviewed.
 */
export interface SubmissionDeps
  extends PortalContext,
    Pick<Config, 'trustedJwksHosts' | 'patientAppReview' | 'brandName'> {
  /** Redirect URIs of the API explorer and Swagger UI. */
  readonly toolRedirects: readonly string[];
}

export interface CatalogDeps extends Pick<PortalContext, 'guard'> {
  readonly framing: PageContexts;
  readonly types: ServedTypes;
}
