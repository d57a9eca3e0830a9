import type { FastifyInstance } from 'fastify';
import type { AuditLog } from '../audit/index.ts';
import { type Config, hasDemoApp } from '../config/index.ts';
import type { Database } from '../database/index.ts';
import type { PageContexts } from '../i18n/index.ts';
import type { IdentityModule } from '../identity/index.ts';
import type { Clock } from '../kernel/index.ts';
import type { EmailQueue } from '../mail/index.ts';
import type { OAuthAddresses, OAuthModule, ServedTypes } from '../oauth/index.ts';
import type { PatientPortalDeps } from './deps.ts';
import { patientPortalRoutes } from './routes.ts';
import { readConsumerNames } from './values/consumer-names.ts';

export interface PatientPortalModuleDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly audit: AuditLog;
  readonly config: Pick<Config, 'sensitiveLabels' | 'sandbox' | 'provisionalApps' | 'consumerNames'>;
  readonly mail: EmailQueue;
  readonly pageContexts: PageContexts;
  readonly identity: Pick<IdentityModule, 'cookies' | 'signedIn'>;
  readonly oauth: Pick<OAuthModule, 'forgetFamily'>;
  readonly addresses: OAuthAddresses;
  readonly types: ServedTypes;
}

export interface PatientPortalModule {
  /** Adds the pages below `/account`. Requires the cookie and form plugins. */
  addRoutes(scope: FastifyInstance): void;
}

/**
 * Creates the pages of patients: connected apps, record, downloads and access log.
 * @throws {OperatorError} if the file with plain names for medical terms isn't valid
 */
export function createPatientPortal(parts: PatientPortalModuleDeps): PatientPortalModule {
  const { db, clock, audit, config, mail: post, pageContexts: framing, identity, oauth, addresses, types } = parts;
  const deps: PatientPortalDeps = {
    db,
    clock,
    audit,
    post,
    framing,
    addresses,
    types,
    cookies: identity.cookies,
    signedIn: identity.signedIn,
    sensitive: config.sensitiveLabels,
    consumerNames: readConsumerNames(config.consumerNames),
    provisionalApps: config.provisionalApps,
    hasDemo: hasDemoApp(config),
    forgetFamily: oauth.forgetFamily,
  };
  return { addRoutes: (scope) => patientPortalRoutes(scope, deps) };
}
