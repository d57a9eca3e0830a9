import type { FastifyInstance } from 'fastify';
import type { PageContexts } from '../i18n/index.ts';
import type { AuthorizePages } from './authorize/pages.ts';
import { authorizeRoutes } from './authorize/routes.ts';
import type { ReceiptPorts } from './consent/receipt-store.ts';
import type { OAuthModuleDeps } from './deps.ts';
import type { LaunchPages } from './launch/pages.ts';
import type { LaunchRecordContents } from './launch/ports.ts';
import { launchRoutes } from './launch/routes.ts';
import { discoveryRoutes, issuerRoutes, type MetadataDeps, rootDiscoveryRoutes } from './metadata.ts';
import { createPushedRequestDeps, pushedRequestRoutes } from './par/routes.ts';
import { leaveJsonUnparsed } from './parameters.ts';
import type { RecordEntryCounter, SelectableRecords, SessionUsers } from './ports.ts';
import { createRegistrationDeps, registrationRoutes } from './register/routes.ts';
import { createBackendTokenMinter } from './token/backend-tokens.ts';
import { createInterruptionTracker } from './token/interruptions.ts';
import { createRefreshRotator } from './token/refresh-rotation.ts';
import { type TokenEndpointDeps, tokenRoutes } from './token/routes.ts';
import { type UserinfoDeps, userinfoRoutes } from './token/userinfo.ts';

/** Functions with which the authorization server looks up the people who sign in, and their records. */
export interface OAuthUsers extends Pick<ReceiptPorts, 'findEmail'>, Pick<UserinfoDeps, 'findDisplayName'> {
  readonly visitors: SessionUsers;
  readonly records: SelectableRecords;
}

/** Services of other modules that the routes of the authorization server need. */
export interface OAuthRoutePorts {
  readonly users: OAuthUsers;
  readonly mail: ReceiptPorts['post'];
  readonly charts: LaunchRecordContents & RecordEntryCounter;
  readonly brands: { advertised: MetadataDeps['brands'] };
  readonly pages: AuthorizePages & LaunchPages;
  readonly pageContexts: PageContexts;
}

/** Functions that add the routes of the authorization server to a Fastify instance. */
export interface OAuthRoutes {
  /**
   * Paths below which the authorization server is mounted: first the path of the issuer, then an alternative spelling
   * of it.
   */
  readonly paths: readonly string[];
  /** Adds the authorization endpoint with its pages. */
  authorize(scope: FastifyInstance): void;
  /** Adds the endpoints that apps call: token, pushed requests, UserInfo, metadata and registration. */
  endpoints(scope: FastifyInstance): void;
  /** Adds the discovery documents that are the same below the issuer and below each FHIR API. */
  discovery(scope: FastifyInstance): void;
  /** Adds the discovery documents at the root of the host. */
  rootDiscovery(scope: FastifyInstance): void;
  /** Adds the EHR launcher, from which staff open apps. */
  launch(scope: FastifyInstance): void;
}

type OAuthServices = OAuthModuleDeps &
  Pick<TokenEndpointDeps, 'keyring' | 'tokens' | 'clientAuth' | 'liveTokens' | 'unprovedFailures'>;

/** Creates the routes. They can be mounted at several addresses, which share their caches and rate limits. */
export function createOAuthRoutes(services: OAuthServices, ports: OAuthRoutePorts): OAuthRoutes {
  const { config, addresses, apps, tokens, ...stores } = services;
  const { users, mail: post, charts, brands, pages, pageContexts: framing } = ports;
  const { prefix, provisionalApps, dynamicRegistration: mode, sensitiveLabels: sensitive, sandbox } = config;
  const shared = { ...stores, addresses, tokens, provisionalApps, clients: apps, log: apps.activityLog };
  const { findEmail, findDisplayName, visitors, records } = users;
  const responseIssuer = config.authorizationResponseIss ? addresses.issuer : undefined;
  const registration =
    mode === 'off' ? undefined : createRegistrationDeps({ ...shared, registrar: apps.selfRegistration, mode });
  const metadata = { ...shared, brands: brands.advertised, responseIssuer, registration: registration !== undefined };
  const pushing = createPushedRequestDeps(shared);
  const interruptions = createInterruptionTracker(shared.clock);
  const mintBackendToken = createBackendTokenMinter(shared);
  const rotateRefreshToken = createRefreshRotator(shared);
  const people = { ...shared, visitors, records, pages, framing };
  return {
    paths: [`${prefix}/patient-oauth`, `${prefix}/patientoauth`],
    authorize: (scope) =>
      authorizeRoutes(scope, {
        ...people,
        sensitive,
        sandbox,
        responseIssuer,
        counter: charts,
        contents: charts,
        receipts: { findEmail, post },
      }),
    endpoints(scope) {
      leaveJsonUnparsed(scope);
      tokenRoutes(scope, { ...shared, interruptions, mintBackendToken, rotateRefreshToken });
      pushedRequestRoutes(scope, pushing);
      userinfoRoutes(scope, { tokens, addresses, findDisplayName });
      discoveryRoutes(scope, metadata);
      issuerRoutes(scope, metadata);
      if (registration !== undefined) registrationRoutes(scope, registration);
    },
    discovery: (scope) => discoveryRoutes(scope, metadata),
    rootDiscovery: (scope) => rootDiscoveryRoutes(scope, metadata),
    launch: (scope) => launchRoutes(scope, { ...people, apps, contents: charts }),
  };
}
