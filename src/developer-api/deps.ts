import type { Config } from '../config/index.ts';
import type { PageContexts } from '../i18n/index.ts';
import type { ServedTypes } from '../oauth/index.ts';
import type { PortalContext } from '../portal-api/index.ts';

/**
 * Dependencies of routes that work in the space of the caller: the real apps and organizations, or the made-up ones of
 * a visitor. The guard returns the database and the audit log of the space.
 */
export type SpaceRouteDeps = Omit<PortalContext, 'db' | 'audit'>;

/**
 * Dependencies of the functions that submit an app, and the settings that decide how a submission
 * is checked and reviewed.
 */
export interface SubmissionDeps
  extends SpaceRouteDeps,
    Pick<Config, 'trustedJwksHosts' | 'patientAppReview' | 'brandName'> {
  /** Redirect URIs of the API explorer and Swagger UI. */
  readonly toolRedirects: readonly string[];
}

export interface CatalogDeps extends Pick<PortalContext, 'guard'> {
  readonly framing: PageContexts;
  readonly types: ServedTypes;
}
