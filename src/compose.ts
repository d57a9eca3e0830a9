import type { FastifyInstance } from 'fastify';
import { openTrail } from './audit/index.ts';
import type { Config } from './config/index.ts';
import type { Database } from './database/index.ts';
import { dstu2, fhirErrors, fhirRoutes, holdsResource, listEncounters, r4, servedTypes } from './fhir/index.ts';
import { buildServer, type Surfaces } from './http/index.ts';
import { type Clock, days, hours, later, type Random, systemClock, systemRandom } from './kernel/index.ts';
import {
  addressesOf,
  authorizeRoutes,
  clientAuthDeps,
  DPOP_ALGS,
  discoveryRoutes,
  ensureKeys,
  issuerRoutes,
  launchRoutes,
  openKeyring,
  openLiveTokens,
  parDeps,
  parRoutes,
  type Records,
  registrationDeps,
  registrationRoutes,
  rootDiscoveryRoutes,
  sweepLaunches,
  sweepPushed,
  sweepSeen,
  sweepTokens,
  tokenRoutes,
  tokenVerifier,
  userinfoRoutes,
  type Visitors,
} from './oauth/index.ts';
import {
  consentPage,
  homePage,
  launchPage,
  recordChoicePage,
  signedOutPage,
  signInPage,
  smartStylePath,
} from './pages/index.ts';
import {
  browserCookies,
  findSession,
  nameOfAccount,
  practicesOfStaff,
  recordOfStaffById,
  recordOfStaffByKey,
  recordsOfAccount,
  recordsOfStaff,
  signInRoutes,
  sweepSessions,
  sweepThrottle,
} from './people/index.ts';
import { findApp, listApps, openAppLog, openRegistrar, sweepAppLog } from './registry/index.ts';
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
  const { provisionalApps, publicUrl } = config;
  const secure = publicUrl.startsWith('https:');
  const addresses = addressesOf(publicUrl, config.prefix, smartStylePath);
  const audit = openTrail({ db, clock, random });
  await audit.prepare();
  await ensureKeys(db, clock);
  const keyring = openKeyring({ db, clock });
  const cookies = browserCookies({ random, secure });
  const clients = { find: (clientId: string) => findApp(db, clock, clientId) };
  // The server's own log comes with the server, which is made last.
  let complain = (_error: unknown): void => {};
  const log = openAppLog({ db, clock, random, failed: (error) => complain(error) });
  const types = servedTypes([r4, dstu2]);
  const { trustedJwksHosts } = config;
  const clientAuth = clientAuthDeps({ db, clock, clients, provisionalApps, trustedJwksHosts });
  const shared = { db, clock, random, audit, clients, types, addresses, provisionalApps, log, clientAuth, keyring };
  const liveTokens = openLiveTokens({ db, clock, types });
  const tokens = tokenVerifier({ db, clock, liveTokens, provisionalApps, origin: addresses.origin });
  const { dynamicRegistration: mode } = config;
  const registrar = openRegistrar({ clock, random, trustedJwksHosts });
  const registering = mode === 'off' ? undefined : registrationDeps({ ...shared, registrar, mode });
  const registration = registering !== undefined;
  const pushing = parDeps(shared);
  const metadata = { addresses, types, keyring, registration };
  const visitors: Visitors = {
    current: (request) => findSession(db, clock, cookies.session(request)),
    csrf: cookies.csrf,
    requireCsrf: cookies.requireCsrf,
  };
  const records: Records = {
    ofAccount: (accountId) => recordsOfAccount(db, accountId),
    ofStaff: (accountId, words) => recordsOfStaff(db, accountId, words),
    ofStaffByKey: (accountId, key) => recordOfStaffByKey(db, accountId, key),
    ofStaffById: (accountId, recordId) => recordOfStaffById(db, accountId, recordId),
    practicesOfStaff: (accountId) => practicesOfStaff(db, accountId),
    encounters: (recordId) => listEncounters(db, recordId),
  };
  const oauthPages = { consent: consentPage, recordChoice: recordChoicePage, launch: launchPage };

  // The demo app is provisional like any new one: where those are inactive it can't show anything.
  const demo = config.sandbox && provisionalApps === 'sandbox';

  const surfaces: Surfaces = {
    oauthPaths: [`${config.prefix}/patient-oauth`, `${config.prefix}/patientoauth`],
    authorize: (scope) => authorizeRoutes(scope, { ...shared, visitors, records, pages: oauthPages }),
    token: (scope) => {
      tokenRoutes(scope, { ...shared, tokens, liveTokens });
      parRoutes(scope, pushing);
      userinfoRoutes(scope, { tokens, addresses, displayName: (accountId) => nameOfAccount(db, accountId) });
    },
    oauthMetadata: (scope) => {
      discoveryRoutes(scope, metadata);
      issuerRoutes(scope, metadata);
    },
    registration: (scope) => {
      if (registering !== undefined) registrationRoutes(scope, registering);
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
          dpopAlgs: DPOP_ALGS,
          endpoints: {
            base: addresses.fhir[version.api],
            authorize: addresses.authorize,
            token: addresses.token,
            revoke: addresses.revoke,
            introspect: addresses.introspect,
            ...(registration ? { register: addresses.register } : {}),
          },
        });
      },
    })),
    people: (scope) => {
      signInRoutes(scope, {
        db,
        clock,
        random,
        cookies,
        audit,
        pages: { signIn: signInPage, signedOut: signedOutPage },
        publicUrl,
        sandbox: config.sandbox,
        appName: async (clientId) => (await clients.find(clientId))?.name,
      });
      launchRoutes(scope, {
        ...shared,
        visitors,
        records,
        apps: { list: () => listApps(db) },
        contents: { contains: (recordId, type, id) => holdsResource(db, recordId, type, id) },
        pages: oauthPages,
      });
    },
    site: (scope) => {
      const home = homePage({ ...addresses.fhir, issuer: addresses.issuer, sandbox: demo });
      scope.get('/', async (_request, reply) => reply.type('text/html; charset=utf-8').send(home));
      if (demo) demoRoutes(scope, { publicUrl, addresses });
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
  complain = (error) => app.log.error({ appLog: String((error as { code?: unknown } | null)?.code) });
  app.addHook('onClose', () => log.close());
  return {
    app,
    async sweep() {
      const now = clock.now();
      await audit.prepare();
      await sweepSessions(db, now);
      await sweepThrottle(db, now);
      await sweepTokens(db, later(now, -hours(24)));
      await sweepSeen(db, now);
      await sweepLaunches(db, later(now, -hours(24)));
      await sweepPushed(db, now);
      await sweepAppLog(db, later(now, -days(30)));
    },
  };
}
