import type { FastifyInstance } from 'fastify';
import {
  createDeveloperActivityLog,
  createSelfRegistration,
  findApp,
  leaveOrganisations,
  listApps,
} from './apps/index.ts';
import { createAuditLog } from './audit/index.ts';
import { type Config, effectiveSettings } from './config/index.ts';
import { type Database, getDiskSpace } from './database/index.ts';
import {
  cancelInvitationsSince,
  createEnrollments,
  type Enrollments,
  enrollmentRoutes,
  findInvitationPractice,
} from './enrollment/index.ts';
import {
  type BackendGrantLookup,
  createOnDemandUpgrade,
  createRequestQueue,
  deprecationHeaders,
  describeServedTypes,
  dstu2,
  type ExportJobDeps,
  type FhirVersion,
  fhirErrors,
  fhirRoutes,
  listEncounters,
  type PublishedDeprecation,
  projections,
  queueOpenExports,
  r4,
  recordContains,
  runExports,
  runExportTurn,
} from './fhir/index.ts';
import { buildServer, type Surfaces } from './http/index.ts';
import {
  createAccountEmails,
  createBrowserCookies,
  createPasskeys,
  createSessionGuard,
  createSignInCompletion,
  findAccountProfile,
  findDisplayName,
  findSession,
  findStaffPatientById,
  findStaffPatientByKey,
  identityRoutes,
  listAccountRecords,
  listStaffPractices,
  requestEmailConfirmation,
  searchStaffPatients,
} from './identity/index.ts';
import { openFeed, openValidation } from './intake/index.ts';
import { type JobHandler, type JobRunner, type QueueName, REPEAT_DELAY, sendJob, startJobs } from './jobs/index.ts';
import { type Clock, hours, type Random, sendHtml, systemClock, systemRandom } from './kernel/index.ts';
import { createEmailDelivery, createEmailQueue, queueUnsentEmails } from './mail/index.ts';
import {
  type AuthorizePages,
  authorizeRoutes,
  createAddresses,
  createClientAuthenticationDeps,
  createInterruptionTracker,
  createKeyring,
  createPushedRequestDeps,
  createRegistrationDeps,
  createTokenCache,
  createTokenVerifier,
  createUnauthenticatedFailures,
  DPOP_ALGS,
  discoveryRoutes,
  displayAppName,
  endAllGrantsOfAccount,
  ensureSigningKeys,
  findCurrentBackendGrant,
  findLaunchPractice,
  issuerRoutes,
  type LaunchPages,
  launchRoutes,
  leaveJsonUnparsed,
  pushedRequestRoutes,
  type ReceiptPorts,
  registrationRoutes,
  rootDiscoveryRoutes,
  type SelectableRecords,
  type SessionUsers,
  tokenRoutes,
  userinfoRoutes,
} from './oauth/index.ts';
import { patientPortalRoutes } from './patient-portal/index.ts';
import {
  type AllPortalsDeps,
  addPortalApi,
  addPortalPages,
  brandsRoutes,
  createBrands,
  createFirstCallNotifier,
  createPortalGuard,
  createProbes,
  createStatusMonitor,
  explorerRedirects,
  openApiDocuments,
} from './portals.ts';
import { patientAdminRoutes, practiceAdminRoutes } from './practice-portal/index.ts';
import { brandRoutes, DEFAULT_TIME_ZONE, findBrand, findPracticeSettings } from './practices/index.ts';
import {
  demoAssets,
  demoRoutes,
  EXPLORER_CLIENT_ID,
  EXPLORER_SCOPE,
  SANDBOX_PASSWORD,
  testAccounts,
} from './sandbox/index.ts';
import { createScheduledTasks, runAllTasks, runNamedTask } from './scheduled-tasks.ts';
import {
  consentPage,
  createPageContexts,
  homePage,
  identityPages,
  languageRoutes,
  launchPage,
  noRecordPage,
  patientPickerPage,
  smartStylePath,
} from './web-pages/index.ts';

export interface PatientAccessApp {
  readonly app: FastifyInstance;
  readonly enrollments: Enrollments;
  /** Works on the queues until it is stopped. Several processes share the work. */
  startJobs(): Promise<JobRunner>;
  /**
   * Writes what this process has counted, and probes the status of the server. It doesn't go through the queues,
   * because it must also run while the database can't be reached.
   */
  tendProcess(): Promise<void>;
  // The work of each queue at once, for tests.
  /** Runs all scheduled tasks. */
  purgeExpired(): Promise<void>;
  /** Sends the email that is due. */
  deliverMail(): Promise<void>;
  /** Takes a turn for each unfinished bulk invitation. */
  runBulkInvitations(): Promise<void>;
  /** Works on exports until none is left or the server closes. */
  runExports(): Promise<void>;
  /** Publishes changed practice brands and tends the process. */
  runMaintenance(): Promise<void>;
  /** Reindexes and reconverts records of earlier releases until none is left or the server closes. */
  upgradeRecords(): Promise<void>;
}

/** Dependencies that tests replace, and facts that only the installation knows. */
export interface AppOverrides {
  readonly clock?: Clock;
  readonly random?: Random;
  readonly logTo?: { write(line: string): void };
  /** Data folder of the embedded database, whose free disk space is checked; undefined for an external database. */
  readonly dataDir?: string | undefined;
}

const deprecationHeadersOf = (retirement: PublishedDeprecation | undefined) =>
  retirement === undefined ? {} : deprecationHeaders(retirement);

/** The composition root: creates every module and satisfies the ports of each with another. */
export async function createApp(config: Config, db: Database, overrides: AppOverrides = {}): Promise<PatientAccessApp> {
  const { clock = systemClock, random = systemRandom } = overrides;
  const { provisionalApps, publicUrl, passwordCost } = config;
  const secure = publicUrl.startsWith('https:');
  const addresses = createAddresses(publicUrl, config.prefix, smartStylePath);
  const audit = createAuditLog({ db: db.dedicatedConnection(), clock, random });
  await audit.createPartitions();
  await ensureSigningKeys(db, clock);
  const keyring = createKeyring({ db, clock });
  const cookies = createBrowserCookies({ random, secure });
  const framing = createPageContexts({
    operator: config.brandName,
    findBrand: (practiceId) => findBrand(db, practiceId),
  });
  const delivery = config.mail === undefined ? undefined : createEmailDelivery({ db, clock, ...config.mail });
  const post = createEmailQueue({ clock, random, sends: delivery !== undefined });
  const enrolling = { db, clock, random, audit, post, publicUrl };
  const enrollments = createEnrollments(enrolling);
  const entrance = createSignInCompletion({
    db,
    clock,
    random,
    cookies,
    audit,
    post,
    brandName: config.brandName,
    publicUrl,
  });
  const passkeys = createPasskeys({ db, clock, random, publicUrl, brandName: config.brandName });
  const guards = createSessionGuard({ db, clock, cookies });
  const clients = { find: (clientId: string) => findApp(db, clock, clientId) };
  // The log belongs to the HTTP server, which is created last, so this is set afterwards.
  let logError = (_error: unknown): void => {};
  const { brandName } = config;
  const firstCall = createFirstCallNotifier({ post, publicUrl, brandName });
  const log = createDeveloperActivityLog({ db, clock, random, firstCall, failed: (error) => logError(error) });
  const types = describeServedTypes([r4, dstu2]);
  const { trustedJwksHosts } = config;
  const clientAuth = createClientAuthenticationDeps({ db, clock, clients, provisionalApps, trustedJwksHosts });
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
  const liveTokens = createTokenCache({ db, clock, types, sensitive });
  const interruptions = createInterruptionTracker(clock);
  const unprovedFailures = createUnauthenticatedFailures({ clock, audit });
  const tokens = createTokenVerifier({ db, clock, liveTokens, provisionalApps, origin: addresses.origin });
  const { dynamicRegistration: mode } = config;
  const registrar = createSelfRegistration({ clock, random, trustedJwksHosts, brandName });
  const registering = mode === 'off' ? undefined : createRegistrationDeps({ ...shared, registrar, mode });
  const registration = registering !== undefined;
  const pushing = createPushedRequestDeps(shared);
  const brands = createBrands({ db, clock, audit, publicUrl, brandName, addresses });
  const responseIssuer = config.authorizationResponseIss ? addresses.issuer : undefined;
  const metadata = { addresses, types, keyring, registration, responseIssuer, brands: brands.advertised };
  const visitors: SessionUsers = {
    current: (request) => findSession(db, clock, cookies.session(request)),
    csrf: cookies.csrf,
    requireCsrf: cookies.requireCsrf,
  };
  const records: SelectableRecords = {
    listForAccount: (accountId) => listAccountRecords(db, accountId),
    searchForStaff: (accountId, words) => searchStaffPatients(db, accountId, words),
    findForStaffByKey: (accountId, key) => findStaffPatientByKey(db, accountId, key),
    findForStaffById: (accountId, recordId) => findStaffPatientById(db, accountId, recordId),
    getTimeZone: async (practiceId) => (await findPracticeSettings(db, practiceId))?.timeZone ?? DEFAULT_TIME_ZONE,
    listStaffPractices: (accountId) => listStaffPractices(db, accountId),
    listEncounters: (recordId) => listEncounters(db, recordId),
  };
  const receipts: ReceiptPorts = {
    getEmail: async (tx, accountId) => (await findAccountProfile(tx, accountId))?.email,
    queueWithin: post.queueInTransaction,
  };
  const oauthPages: AuthorizePages & LaunchPages = {
    consent: consentPage,
    recordChoice: patientPickerPage,
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
  const diskIsLow = async () => dataDir !== undefined && (await getDiskSpace(dataDir)).isLow;
  const status = createStatusMonitor({ db, clock, probes: createProbes(probing), diskIsLow });

  const portal: AllPortalsDeps = {
    ...shared,
    brands,
    status,
    cookies,
    post,
    signedIn: guards,
    guard: createPortalGuard({ db, clock, signedIn: guards }),
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
    settings: effectiveSettings(config),
    explorer: { clientId: EXPLORER_CLIENT_ID, scope: EXPLORER_SCOPE },
    testAccounts: config.sandbox ? testAccounts : [],
    testPassword: SANDBOX_PASSWORD,
  };

  // The demo app is provisional like any new app, so it can't show anything where provisional apps are
  // inactive.
  const demo = config.sandbox && provisionalApps === 'sandbox';

  const standing: BackendGrantLookup = {
    currentGrant: (access) => findCurrentBackendGrant({ db, types, provisionalApps }, access),
  };
  const validation = openValidation(config.validation);
  // An unreadable implementation guide is reported at start, not by the first Bundle.
  if (config.validation.guides.length > 0) await validation?.prepare();
  const people = { ...createAccountEmails({ post, brandName }), cancelInvitationsSince };
  const feed = openFeed({ db, base: addresses.fhir.r4, clock, random, projections, audit, validation, people });
  const upkeep = createOnDemandUpgrade(db, clock, projections);
  const dstu2Retirement = config.dstu2Deprecation && {
    ...config.dstu2Deprecation,
    about: `${publicUrl}/docs/dstu2-losses`,
  };
  const retirementOf = ({ api }: FhirVersion) => (api === 'dstu2' ? dstu2Retirement : undefined);
  const turns = createRequestQueue();
  const surfaces: Surfaces = {
    oauthPaths: [`${config.prefix}/patient-oauth`, `${config.prefix}/patientoauth`],
    authorize: (scope) =>
      authorizeRoutes(scope, { ...shared, visitors, records, receipts, sensitive, pages: oauthPages, responseIssuer }),
    token: (scope) => {
      leaveJsonUnparsed(scope);
      tokenRoutes(scope, { ...shared, tokens, liveTokens, interruptions, unprovedFailures });
      pushedRequestRoutes(scope, pushing);
      userinfoRoutes(scope, { tokens, addresses, displayName: (accountId) => findDisplayName(db, accountId) });
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
      renderError: fhirErrors(version, [], deprecationHeadersOf(retirementOf(version))),
      routes: (scope) => {
        discoveryRoutes(scope, metadata);
        fhirRoutes(scope, {
          version,
          deprecation: retirementOf(version),
          db,
          clock,
          random,
          tokens,
          audit,
          activity: log,
          upkeep,
          withLimits: db.withLimits,
          requestQueue: turns,
          ...(version === r4 ? { exports: { db, random, trail: audit, standing }, bundleReceiver: feed } : {}),
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
    pages: (scope) => {
      identityRoutes(scope, {
        db,
        clock,
        random,
        cookies,
        audit,
        post,
        framing,
        signInCompletion: entrance,
        passkeys,
        passwordCost,
        pages: identityPages,
        publicUrl,
        brandName: config.brandName,
        sandbox: config.sandbox,
        appName: async (clientId) => {
          const client = await clients.find(clientId);
          return client === undefined ? undefined : displayAppName(client);
        },
        findReturnPractice: async ({ pathname, searchParams }) =>
          (await findLaunchPractice({ db, clock }, searchParams)) ??
          (await findInvitationPractice({ db, clock }, pathname)),
        endAppAccess: async (tx, accountId) => void (await endAllGrantsOfAccount(tx, clock.now(), accountId)),
        leaveOrganizations: leaveOrganisations,
      });
      launchRoutes(scope, {
        ...shared,
        visitors,
        records,
        apps: { list: () => listApps(db) },
        contents: { contains: (recordId, type, id) => recordContains(db, recordId, type, id) },
        pages: oauthPages,
      });
      const common = { cookies, post, signedIn: guards, publicUrl, brandName: config.brandName, passwordCost };
      const desk = { ...shared, ...common };
      practiceAdminRoutes(scope, { ...desk, entrance });
      patientAdminRoutes(scope, { ...desk, enrollments });
      enrollmentRoutes(scope, {
        ...enrolling,
        cookies,
        framing,
        sessionGuard: guards,
        signInCompletion: entrance,
        passkeys,
        passwordCost,
        secure,
        confirmEmail: (tx, accountId, email) =>
          requestEmailConfirmation(
            tx,
            { clock, random, post, publicUrl, brandName: config.brandName },
            { accountId, kind: 'patient', email },
          ),
      });
    },
    api: (scope) => addPortalApi(scope, portal),
    publicPages: (scope) => {
      addPortalPages(scope, portal);
      const swagger = `${config.prefix}/fhir-api/index.html`;
      const home = { ...addresses.fhir, issuer: addresses.issuer, swagger, sandbox: demo };
      scope.get('/', async (request, reply) => sendHtml(reply, homePage(home, framing.forOperator(request))));
      brandRoutes(scope, { db });
      const { forgetFamily } = liveTokens;
      patientPortalRoutes(scope, { ...shared, cookies, post, sensitive, signedIn: guards, forgetFamily });
      languageRoutes(scope, { publicUrl, secure });
      if (demo) demoRoutes(scope, { publicUrl, addresses });
    },
    assets: [...openApiDocuments(portal), ...(demo ? demoAssets : [])],
  };
  const exporting: ExportJobDeps = {
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
  const upgradeRecords = () =>
    upkeep.upgradeAll({
      stopped: () => isClosing,
      onProgress: (done, all) => app.log.info({ upgraded: done, of: all }),
    });
  /** A job that adds the next one before it begins, so that it repeats itself whatever happens to it. */
  const repeated =
    (queue: QueueName, run: () => Promise<void>): JobHandler =>
    async (id) => {
      await sendJob(db, queue, id, { delay: REPEAT_DELAY });
      await run();
    };
  const queueMissingJobs = async () => {
    if (delivery !== undefined) await queueUnsentEmails(db);
    await queueOpenExports(db, clock.now());
    await enrollments.queueUnfinishedBulks();
    await sendJob(db, 'publish-brands', 'brands');
    await sendJob(db, 'upgrade-records', 'records');
  };
  const tasks = createScheduledTasks({ portal, audit, log, queueMissingJobs });
  const tendProcess = async () => {
    await unprovedFailures.flush();
    await status.sample();
  };
  return {
    app,
    enrollments,
    async startJobs() {
      await queueMissingJobs();
      return startJobs({
        db,
        handlers: {
          ...(delivery === undefined ? {} : { email: delivery.send }),
          export: (id) => runExportTurn(exporting, id, () => isClosing),
          'bulk-invitation': enrollments.processBulkTurn,
          'publish-brands': repeated('publish-brands', brands.publishIfChanged),
          'upgrade-records': repeated('upgrade-records', upgradeRecords),
          maintenance: (name) => runNamedTask(tasks, name, clock.now()),
        },
        schedules: tasks,
        onFailure: (failedJob) => app.log.error({ failedJob }),
        onError: (jobs) => app.log.error({ jobs }),
      });
    },
    tendProcess,
    purgeExpired: () => runAllTasks(tasks, clock.now()),
    deliverMail: async () => delivery?.deliver(),
    runBulkInvitations: () => enrollments.processPendingRows(),
    runExports: () => runExports(exporting, () => isClosing),
    upgradeRecords,
    async runMaintenance() {
      await brands.publishIfChanged();
      await tendProcess();
    },
  };
}
