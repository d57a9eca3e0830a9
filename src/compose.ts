import type { FastifyInstance } from 'fastify';
import { openTrail } from './audit/index.ts';
import type { Config } from './config/index.ts';
import type { Database } from './database/index.ts';
import { dstu2, fhirErrors, fhirRoutes, r4, servedTypes } from './fhir/index.ts';
import { buildServer, type Surfaces } from './http/index.ts';
import { type Clock, hours, later, type Random, systemClock, systemRandom } from './kernel/index.ts';
import {
  addressesOf,
  authorizeRoutes,
  discoveryRoutes,
  issuerRoutes,
  loadSigningKeys,
  rootDiscoveryRoutes,
  sweepTokens,
  tokenRoutes,
  tokenVerifier,
} from './oauth/index.ts';
import { consentPage, homePage, signedOutPage, signInPage } from './pages/index.ts';
import {
  browserCookies,
  findSession,
  recordsOfAccount,
  signInRoutes,
  sweepSessions,
  sweepThrottle,
} from './people/index.ts';
import { findApp } from './registry/index.ts';
import { demoAssets, demoRoutes } from './sandbox/index.ts';

export interface Composition {
  readonly app: FastifyInstance;
  /** Throws away what has expired: sessions, counted failures, tokens nobody can use. */
  sweep(): Promise<void>;
}

/** What a test may put in another's place. */
export interface Overrides {
  readonly clock?: Clock;
  readonly random?: Random;
  readonly logTo?: { write(line: string): void };
}

/** The composition root: every room is made here, and each port of one is satisfied by another. */
export async function compose(config: Config, db: Database, overrides: Overrides = {}): Promise<Composition> {
  const { clock = systemClock, random = systemRandom } = overrides;
  const secure = config.publicUrl.startsWith('https:');
  const addresses = addressesOf(config.publicUrl, config.prefix);
  const audit = openTrail({ db, clock, random });
  await audit.prepare();
  const cookies = browserCookies({ random, secure });
  const clients = { find: (clientId: string) => findApp(db, clock, clientId) };
  const types = servedTypes([r4, dstu2]);
  const keys = await loadSigningKeys(db, clock);
  const shared = { db, clock, random, audit, clients, types, addresses, provisionalApps: config.provisionalApps };
  const metadata = { addresses, types, keys };
  const tokens = tokenVerifier({ db, clock, types, provisionalApps: config.provisionalApps });

  // The demo app is provisional like any new one: where those are inactive it can't show anything.
  const demo = config.sandbox && config.provisionalApps === 'sandbox';

  const surfaces: Surfaces = {
    oauthPaths: [`${config.prefix}/patient-oauth`, `${config.prefix}/patientoauth`],
    authorize: (scope) =>
      authorizeRoutes(scope, {
        ...shared,
        visitors: {
          current: (request) => findSession(db, clock, cookies.session(request)),
          csrf: cookies.csrf,
          requireCsrf: cookies.requireCsrf,
        },
        records: { ofAccount: (accountId) => recordsOfAccount(db, accountId) },
        pages: { consent: consentPage },
      }),
    token: (scope) => tokenRoutes(scope, { ...shared, signingKey: keys[0] }),
    oauthMetadata: (scope) => {
      discoveryRoutes(scope, metadata);
      issuerRoutes(scope, metadata);
    },
    rootMetadata: (scope) => rootDiscoveryRoutes(scope, metadata),
    fhir: [r4, dstu2].map((version) => ({
      path: new URL(addresses.fhir[version.api]).pathname,
      renderError: fhirErrors(version),
      routes: (scope) => {
        discoveryRoutes(scope, metadata);
        fhirRoutes(scope, {
          version,
          db,
          clock,
          tokens,
          audit,
          endpoints: { ...addresses, base: addresses.fhir[version.api] },
        });
      },
    })),
    people: (scope) =>
      signInRoutes(scope, {
        db,
        clock,
        random,
        cookies,
        audit,
        pages: { signIn: signInPage, signedOut: signedOutPage },
        publicUrl: config.publicUrl,
        sandbox: config.sandbox,
        appName: async (clientId) => (await clients.find(clientId))?.name,
      }),
    site: (scope) => {
      const home = homePage({ ...addresses.fhir, issuer: addresses.issuer, sandbox: demo });
      scope.get('/', async (_request, reply) => reply.type('text/html; charset=utf-8').send(home));
      if (demo) demoRoutes(scope, { publicUrl: config.publicUrl, addresses });
    },
    assets: demo ? demoAssets : [],
  };
  const app = await buildServer(surfaces, {
    random,
    secure,
    trustProxy: config.trustProxy,
    logLevel: config.logLevel,
    ...(overrides.logTo === undefined ? {} : { logTo: overrides.logTo }),
  });
  return {
    app,
    async sweep() {
      const now = clock.now();
      await audit.prepare();
      await sweepSessions(db, now);
      await sweepThrottle(db, now);
      await sweepTokens(db, later(now, -hours(24)));
    },
  };
}
