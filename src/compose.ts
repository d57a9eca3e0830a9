import type { FastifyInstance } from 'fastify';
import { accountRoutes } from './account/index.ts';
import { openTrail } from './audit/index.ts';
import { type Config, settingsInForce } from './config/index.ts';
import { type Database, diskSpace } from './database/index.ts';
import { officeRoutes, patientRoutes } from './desk/index.ts';
import {
  cancelInvitationsSince,
  type Enrollments,
  enrollRoutes,
  openEnrollments,
  practiceOfInvitation,
  sweepEnrollments,
} from './enrollment/index.ts';
import {
  type BackendStanding,
  dstu2,
  type FhirVersion,
  fhirErrors,
  fhirRoutes,
  holdsResource,
  listEncounters,
  openTurns,
  openUpkeep,
  projections,
  type Retirement,
  r4,
  retirementHeaders,
  servedTypes,
  sweepExports,
  type WorkDeps,
  workOffExports,
} from './fhir/index.ts';
import { buildServer, type Surfaces } from './http/index.ts';
import { openFeed, openValidation, sweepDays, sweepFaults, sweepKept } from './intake/index.ts';
import { type Clock, days, hours, later, type Random, systemClock, systemRandom } from './kernel/index.ts';
import { openDelivery, openPost, sweepMail } from './mail/index.ts';
import {
  addressesOf,
  authorizeRoutes,
  backendGrantNow,
  clientAuthDeps,
  DPOP_ALGS,
  discoveryRoutes,
  endAllGrants,
  ensureKeys,
  issuerRoutes,
  launchRoutes,
  leaveJsonUnread,
  type OAuthPages,
  openInterruptions,
  openKeyring,
  openLiveTokens,
  openUnprovedFailures,
  parDeps,
  parRoutes,
  practiceOfLaunch,
  type Receipts,
  type Records,
  registrationDeps,
  registrationRoutes,
  rootDiscoveryRoutes,
  shownName,
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
  languageRoutes,
  launchPage,
  noRecordPage,
  openFraming,
  peoplePages,
  recordChoicePage,
  smartStylePath,
} from './pages/index.ts';
import {
  askToConfirmEmail,
  browserCookies,
  findPerson,
  findSession,
  nameOfAccount,
  openCorrespondence,
  openEntrance,
  openPasskeys,
  peopleRoutes,
  practicesOfStaff,
  recordOfStaffById,
  recordOfStaffByKey,
  recordsOfAccount,
  recordsOfStaff,
  signedIn,
  sweepChallenges,
  sweepKnownBrowsers,
  sweepLinks,
  sweepSessions,
  sweepThrottle,
} from './people/index.ts';
import {
  brandsRoutes,
  explorerRedirects,
  openApiDocuments,
  openBrands,
  openGuard,
  openStatus,
  type PortalDeps,
  portalApi,
  portalPages,
  probesOf,
  sweepSignUps,
  sweepStatus,
  tellFirstCall,
  warnOfExpiringSecrets,
  warnReviewers,
} from './portal/index.ts';
import { brandOf, brandRoutes, DEFAULT_TIME_ZONE, findSettings } from './practices/index.ts';
import {
  findApp,
  leaveOrganisations,
  listApps,
  openActivity,
  openRegistrar,
  sweepActivity,
  sweepSecrets,
  sweepUnusedApps,
} from './registry/index.ts';
import {
  demoAssets,
  demoRoutes,
  EXPLORER_CLIENT_ID,
  EXPLORER_SCOPE,
  SANDBOX_PASSWORD,
  testAccounts,
} from './sandbox/index.ts';

export interface Composition {
  readonly app: FastifyInstance;
  readonly enrollments: Enrollments;
  /** Deletes expired data of all modules: sessions, failure counts, tokens. */
  sweep(): Promise<void>;
  /** Sends the email that is due. */
  deliver(): Promise<void>;
  /** Processes pending bulk invitations. */
  workOff(): Promise<void>;
  /** Processes pending exports until none is left or the server closes. */
  exportOn(): Promise<void>;
  /** Publishes changed practice brands and probes the status of the server. */
  tend(): Promise<void>;
  /** Reindexes and reconverts records of earlier releases until none is left or the server closes. */
  upgrade(): Promise<void>;
}

/** Dependencies that tests replace, and facts that only the installation knows. */
export interface Overrides {
  readonly clock?: Clock;
  readonly random?: Random;
  readonly logTo?: { write(line: string): void };
  /** Data folder of the embedded database, whose free disk space is checked; undefined for an external database. */
  readonly dataDir?: string | undefined;
}

const headersOf = (retirement: Retirement | undefined) =>
  retirement === undefined ? {} : retirementHeaders(retirement);

/** The composition root: creates every module and satisfies the ports of each with another. */
export async function compose(config: Config, db: Database, overrides: Overrides = {}): Promise<Composition> {
  const { clock = systemClock, random = systemRandom } = overrides;
  const { provisionalApps, publicUrl, passwordCost } = config;
  const secure = publicUrl.startsWith('https:');
  const addresses = addressesOf(publicUrl, config.prefix, smartStylePath);
  const audit = openTrail({ db: db.apart(), clock, random });
  await audit.prepare();
  await ensureKeys(db, clock);
  const keyring = openKeyring({ db, clock });
  const cookies = browserCookies({ random, secure });
  const framing = openFraming({ operator: config.brandName, brandOf: (practiceId) => brandOf(db, practiceId) });
  const delivery = config.mail === undefined ? undefined : openDelivery({ db, clock, ...config.mail });
  const post = openPost({ clock, random, sends: delivery !== undefined });
  const enrolling = { db, clock, random, audit, post, publicUrl };
  const enrollments = openEnrollments(enrolling);
  const entrance = openEntrance({
    db,
    clock,
    random,
    cookies,
    audit,
    post,
    brandName: config.brandName,
    publicUrl,
  });
  const passkeys = openPasskeys({ db, clock, random, publicUrl, brandName: config.brandName });
  const guards = signedIn({ db, clock, cookies });
  const clients = { find: (clientId: string) => findApp(db, clock, clientId) };
  // The log belongs to the HTTP server, which is created last, so this is set afterwards.
  let logError = (_error: unknown): void => {};
  const { brandName } = config;
  const firstCall = tellFirstCall({ post, publicUrl, brandName });
  const log = openActivity({ db, clock, random, firstCall, failed: (error) => logError(error) });
  const types = servedTypes([r4, dstu2]);
  const { trustedJwksHosts } = config;
  const clientAuth = clientAuthDeps({ db, clock, clients, provisionalApps, trustedJwksHosts });
  const shared = {
    db,
    clock,
    random,
    audit,
    framing,
    clients,
    types,
    addresses,
    provisionalApps,
    log,
    clientAuth,
    keyring,
  };
  const { sensitiveLabels: sensitive } = config;
  const liveTokens = openLiveTokens({ db, clock, types, sensitive });
  const interruptions = openInterruptions(clock);
  const unprovedFailures = openUnprovedFailures({ clock, audit });
  const tokens = tokenVerifier({ db, clock, liveTokens, provisionalApps, origin: addresses.origin });
  const { dynamicRegistration: mode } = config;
  const registrar = openRegistrar({ clock, random, trustedJwksHosts, brandName });
  const registering = mode === 'off' ? undefined : registrationDeps({ ...shared, registrar, mode });
  const registration = registering !== undefined;
  const pushing = parDeps(shared);
  const brands = openBrands({ db, clock, audit, publicUrl, brandName, addresses });
  const responseIssuer = config.authorizationResponseIss ? addresses.issuer : undefined;
  const metadata = { addresses, types, keyring, registration, responseIssuer, brands: brands.advertised };
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
    timeZoneOf: async (practiceId) => (await findSettings(db, practiceId))?.timeZone ?? DEFAULT_TIME_ZONE,
    practicesOfStaff: (accountId) => practicesOfStaff(db, accountId),
    encounters: (recordId) => listEncounters(db, recordId),
  };
  const receipts: Receipts = {
    emailOf: async (tx, accountId) => (await findPerson(tx, accountId))?.email,
    queueWithin: post.queueWithin,
  };
  const oauthPages: OAuthPages = {
    consent: consentPage,
    recordChoice: recordChoicePage,
    launch: launchPage,
    noRecord: (page, frame) => noRecordPage({ ...page, sandbox: config.sandbox }, frame),
  };

  // Requests to the server itself, for status probes. Set once the server exists.
  let requestSelf = async (_path: string): Promise<number> => 0;
  const sendsMail = delivery !== undefined;
  const probing = {
    db,
    clock,
    addresses,
    keyring,
    clients,
    brands,
    sendsMail,
    ask: (path: string) => requestSelf(path),
  };
  const { dataDir } = overrides;
  const diskIsLow = async () => dataDir !== undefined && (await diskSpace(dataDir)).isLow;
  const status = openStatus({ db, clock, probes: probesOf(probing), diskIsLow });

  const portal: PortalDeps = {
    ...shared,
    brands,
    status,
    cookies,
    post,
    signedIn: guards,
    guard: openGuard({ db, clock, signedIn: guards }),
    entrance,
    passkeys,
    passwordCost,
    publicUrl,
    prefix: config.prefix,
    secure,
    brandName: config.brandName,
    sandbox: config.sandbox,
    patientAppReview: config.patientAppReview,
    trustedJwksHosts,
    sensitive,
    toolRedirects: explorerRedirects(config),
    settings: settingsInForce(config),
    explorer: { clientId: EXPLORER_CLIENT_ID, scope: EXPLORER_SCOPE },
    testAccounts: config.sandbox ? testAccounts : [],
    testPassword: SANDBOX_PASSWORD,
  };

  // The demo app is provisional like any new app, so it can't show anything where provisional apps are
  // inactive.
  const demo = config.sandbox && provisionalApps === 'sandbox';

  const standing: BackendStanding = {
    grantNow: (access) => backendGrantNow({ db, types, provisionalApps }, access),
  };
  const validation = openValidation(config.validation);
  // An unreadable implementation guide is reported at start, not by the first Bundle.
  if (config.validation.guides.length > 0) await validation?.prepare();
  const people = { ...openCorrespondence({ post, brandName }), cancelInvitationsSince };
  const feed = openFeed({ db, base: addresses.fhir.r4, clock, random, projections, audit, validation, people });
  const upkeep = openUpkeep(db, clock, projections);
  const dstu2Retirement = config.dstu2Retirement && {
    ...config.dstu2Retirement,
    about: `${publicUrl}/docs/dstu2-losses`,
  };
  const retirementOf = ({ api }: FhirVersion) => (api === 'dstu2' ? dstu2Retirement : undefined);
  const turns = openTurns();
  const surfaces: Surfaces = {
    oauthPaths: [`${config.prefix}/patient-oauth`, `${config.prefix}/patientoauth`],
    authorize: (scope) =>
      authorizeRoutes(scope, { ...shared, visitors, records, receipts, sensitive, pages: oauthPages, responseIssuer }),
    token: (scope) => {
      leaveJsonUnread(scope);
      tokenRoutes(scope, { ...shared, tokens, liveTokens, interruptions, unprovedFailures });
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
    rootMetadata: (scope) => {
      rootDiscoveryRoutes(scope, metadata);
      brandsRoutes(scope, portal);
    },
    fhir: [r4, dstu2].map((version) => ({
      path: new URL(addresses.fhir[version.api]).pathname,
      renderError: fhirErrors(version, [], headersOf(retirementOf(version))),
      routes: (scope) => {
        discoveryRoutes(scope, metadata);
        fhirRoutes(scope, {
          version,
          retirement: retirementOf(version),
          db,
          clock,
          random,
          tokens,
          audit,
          activity: log,
          upkeep,
          within: db.within,
          turns,
          ...(version === r4 ? { exports: { db, random, trail: audit, standing }, feed } : {}),
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
      peopleRoutes(scope, {
        db,
        clock,
        random,
        cookies,
        audit,
        post,
        framing,
        entrance,
        passkeys,
        passwordCost,
        pages: peoplePages,
        publicUrl,
        brandName: config.brandName,
        sandbox: config.sandbox,
        appName: async (clientId) => {
          const client = await clients.find(clientId);
          return client === undefined ? undefined : shownName(client);
        },
        practiceOf: async ({ pathname, searchParams }) =>
          (await practiceOfLaunch({ db, clock }, searchParams)) ??
          (await practiceOfInvitation({ db, clock }, pathname)),
        endAccessOf: async (tx, accountId) => void (await endAllGrants(tx, clock.now(), accountId)),
        leaveOrganisations,
      });
      launchRoutes(scope, {
        ...shared,
        visitors,
        records,
        apps: { list: () => listApps(db) },
        contents: { contains: (recordId, type, id) => holdsResource(db, recordId, type, id) },
        pages: oauthPages,
      });
      const common = { cookies, post, signedIn: guards, publicUrl, brandName: config.brandName, passwordCost };
      const desk = { ...shared, ...common };
      officeRoutes(scope, { ...desk, entrance });
      patientRoutes(scope, { ...desk, enrollments });
      enrollRoutes(scope, {
        ...enrolling,
        cookies,
        framing,
        signedIn: guards,
        entrance,
        passkeys,
        passwordCost,
        secure,
        confirmEmail: (tx, accountId, email) =>
          askToConfirmEmail(
            tx,
            { clock, random, post, publicUrl, brandName: config.brandName },
            { accountId, kind: 'patient', email },
          ),
      });
    },
    api: (scope) => portalApi(scope, portal),
    site: (scope) => {
      portalPages(scope, portal);
      const swagger = `${config.prefix}/fhir-api/index.html`;
      const home = { ...addresses.fhir, issuer: addresses.issuer, swagger, sandbox: demo };
      scope.get('/', async (request, reply) =>
        reply.type('text/html; charset=utf-8').send(homePage(home, framing.plain(request))),
      );
      brandRoutes(scope, { db });
      const { forgetFamily } = liveTokens;
      accountRoutes(scope, { ...shared, cookies, post, sensitive, signedIn: guards, forgetFamily });
      languageRoutes(scope, { publicUrl, secure });
      if (demo) demoRoutes(scope, { publicUrl, addresses });
    },
    assets: [...openApiDocuments(portal), ...(demo ? demoAssets : [])],
  };
  const exporting: WorkDeps = {
    db,
    clock,
    random,
    version: r4,
    base: addresses.fhir.r4,
    standing,
    keptFor: hours(config.exportHours),
  };
  let isClosing = false;
  const app = await buildServer(surfaces, {
    random,
    framing,
    secure,
    trustProxy: config.trustProxy,
    logLevel: config.logLevel,
    ...(overrides.logTo === undefined ? {} : { logTo: overrides.logTo }),
  });
  requestSelf = async (url) => (await app.inject({ method: 'GET', url })).statusCode;
  logError = (error) => app.log.error({ appLog: String((error as { code?: unknown } | null)?.code) });
  app.addHook('preClose', async () => {
    isClosing = true;
  });
  app.addHook('onClose', () => unprovedFailures.flush('ending'));
  app.addHook('onClose', () => log.close());
  app.addHook('onClose', async () => delivery?.close());
  return {
    app,
    enrollments,
    async sweep() {
      const now = clock.now();
      await audit.prepare();
      await sweepSessions(db, now);
      await sweepThrottle(db, now);
      await sweepChallenges(db, now);
      await sweepLinks(db, later(now, -days(1)));
      await sweepSignUps(db, later(now, -days(1)));
      await sweepKnownBrowsers(db, later(now, -days(400)));
      await sweepTokens(db, later(now, -hours(24)));
      await sweepSeen(db, now);
      await sweepLaunches(db, later(now, -hours(24)));
      await sweepPushed(db, now);
      await log.flush();
      await sweepActivity(db, now);
      await sweepMail(db, later(now, -days(30)));
      await sweepEnrollments(db, now);
      await sweepExports(db, now);
      await sweepKept(db, later(now, -days(30)));
      await sweepFaults(db);
      await sweepDays(db, later(now, -days(400)));
      await warnReviewers(portal);
      await warnOfExpiringSecrets(portal);
      await sweepSecrets(db, later(now, -days(30)));
      await sweepUnusedApps(db, later(now, -days(90)));
      await sweepStatus(db, later(now, -days(90)));
    },
    deliver: async () => delivery?.deliver(),
    workOff: () => enrollments.workOff(),
    exportOn: () => workOffExports(exporting, () => isClosing),
    upgrade: () =>
      upkeep.work({
        stopped: () => isClosing,
        onProgress: (done, all) => app.log.info({ upgraded: done, of: all }),
      }),
    async tend() {
      await unprovedFailures.flush();
      await brands.follow();
      await status.sample();
    },
  };
}
