import type { FastifyInstance } from 'fastify';
import { createAdminApi } from './admin-api/index.ts';
import { createAfterRestore } from './after-restore/index.ts';
import { createApprovalsModule } from './approvals/index.ts';
import { createApps, deleteEmailTopicsOfAccounts, leaveOrganisations } from './apps/index.ts';
import { archiveFolder, createAudit, readSealState } from './audit/index.ts';
import { createBrands } from './brands/index.ts';
import type { Config } from './config/index.ts';
import {
  createReadinessCheck,
  type Database,
  findDistributedTables,
  NO_READ_STANDBY,
  openReadReplica,
  type ReadReplica,
  type ReadReplicaOptions,
} from './database/index.ts';
import { createDeveloperApi, createFirstCallNotifier } from './developer-api/index.ts';
import { createEncryption, openEncryptionKey } from './encryption/index.ts';
import { cancelInvitationsSince, createEnrollment, type Enrollments } from './enrollment/index.ts';
import { eraseRecordAction } from './erasure/index.ts';
import { createFhir, describeServedTypes, dstu2, probeContents, r4 } from './fhir/index.ts';
import { createServer } from './http/index.ts';
import { createAccountRetention, createIdentity, hashQueueState } from './identity/index.ts';
import { countIntakeOfDay, createIntake } from './intake/index.ts';
import { countJobs, type JobRunner, joinBackgroundWork } from './jobs/index.ts';
import { type Clock, OperatorError, type Random, systemClock, systemRandom } from './kernel/index.ts';
import { createMail } from './mail/index.ts';
import type { Metrics } from './metrics/index.ts';
import {
  createAddresses,
  createOAuth,
  deleteConsentsOfAccounts,
  endAllGrantsOfAccount,
  listSigningKeys,
  type OAuthAddresses,
} from './oauth/index.ts';
import { createPatientPortal } from './patient-portal/index.ts';
import { createPortalApi } from './portal-api/index.ts';
import { createPracticePortal } from './practice-portal/index.ts';
import { brandRoutes } from './practices/index.ts';
import { createPublicSite, createStatus } from './public-site/index.ts';
import { createRateLimits } from './rate-limit/index.ts';
import { createMadeUpSpaces, createSandbox, EXAMPLE_FEED_CLIENT_ID } from './sandbox/index.ts';
import { createSignUp } from './sign-up/index.ts';
import type { Tracing } from './tracing/index.ts';
import {
  createPageContexts,
  createPublicContexts,
  homeRoutes,
  identityPages,
  languageRoutes,
  oauthPages,
  smartStylePath,
} from './web-pages/index.ts';

export interface PatientAccessApp {
  readonly app: FastifyInstance;
  readonly enrollments: Enrollments;
  /**
   * Starts to run queued jobs and scheduled tasks, until the returned runner is stopped. Several processes can do this
   * at the same time; each job runs in one of them.
   */
  startJobs(): Promise<JobRunner>;
  /**
   * Writes counted failures of unauthenticated requests to the audit log, and probes the status of the server. It is
   * not a queued job, because the probe must also run while the database can't be reached.
   */
  tendProcess(): Promise<void>;
  /** Announces that the server will stop: `/readyz` answers 503 from now on. Other requests are answered as before. */
  beginDrain(): void;
  /**
   * Stops accepting connections, and ends each open one after its next response.
   * @returns a promise that resolves when no connection is open
   */
  endConnections(): Promise<void>;
  /** The metrics of this process; undefined if the settings turn them off. */
  readonly metrics: Metrics | undefined;
  // The following methods do the work of each queue at once, for tests.
  /** Runs all scheduled tasks. */
  purgeExpired(): Promise<void>;
  /** Sends all due emails. */
  deliverMail(): Promise<void>;
  /** Processes the next rows of each unfinished bulk invitation. */
  runBulkInvitations(): Promise<void>;
  /** Runs pending exports until none is left or the server closes. */
  runExports(): Promise<void>;
  /** Seals, archives and verifies the audit log, and drops what is past its retention. */
  keepAuditLog(): Promise<void>;
  /** Publishes changed practice brands, and then calls `tendProcess`. */
  runMaintenance(): Promise<void>;
  /** Indexes and converts the records that an earlier release processed, until none is left or the server closes. */
  upgradeRecords(): Promise<void>;
  /** Brings the made-up history of the sandbox up to date. */
  refreshExamples(): Promise<void>;
}

/** Dependencies that tests replace, and facts that only the installation knows. */
export interface AppOverrides {
  readonly clock?: Clock;
  readonly random?: Random;
  readonly logTo?: { write(line: string): void };
  /**
   * Data folder of the embedded database, which has its encryption key, and whose free disk space is checked; undefined
   * for an external database.
   */
  readonly dataDir?: string | undefined;
  /** Number of this worker if several processes share the port. Each line of the log has it. */
  readonly worker?: number | undefined;
  /** Times of the standby for reads. The defaults are those of production. */
  readonly replicaTimes?: Pick<ReadReplicaOptions, 'timeLimit' | 'checkEvery'>;
}

/**
 * The composition root. It creates the modules from the bottom of their order to the top, each with the services of
 * those before it. Then it mounts their routes, to which later modules may contribute, and joins their background work.
 */
export async function createApp(
  config: Config,
  database: Database,
  overrides: AppOverrides = {},
): Promise<PatientAccessApp> {
  const { clock = systemClock, random = systemRandom, logTo, dataDir, worker, replicaTimes } = overrides;
  const addresses = createAddresses(config.publicUrl, config.prefix, smartStylePath);
  const types = describeServedTypes([r4, dstu2]);
  // Metrics and traces are imported only if they are turned on, so that the server starts faster without them.
  const measuring = config.metrics === undefined ? undefined : await import('./metrics/index.ts');
  const metrics = measuring?.createMetrics();
  const tracing = await startTracing(config, { random, worker, report: (state) => server.log.warn(state) });
  const db = tracing?.traceDatabase(database) ?? database;
  const pageContexts = createPageContexts({ db, config });
  const server = createServer({
    ...{ random, pageContexts, config, logTo, worker, surfaces: surfacePaths(addresses) },
    observe: metrics?.observeResponse,
    tracer: tracing?.requests,
  });

  const archive = {
    folder: archiveFolder(config.auditArchiveDir, dataDir),
    retentionYears: config.auditRetentionYears,
  };
  const { isClosing: isStopping, log } = server;
  const audit = await createAudit({ db, clock, random, archive, observer: metrics, isStopping, log });
  const afterRestore = createAfterRestore({ db, clock, folder: archive.folder, log });
  const core = { db, clock, random, audit };
  const encryption = createEncryption(openEncryptionKey(config.encryption, dataDir));
  await encryption.requireKey(db);
  const rateLimits = createRateLimits({ db });
  const mail = createMail({ db, clock, random, encryption, config });
  const identity = createIdentity({ ...core, encryption, config, mail, pageContexts, pages: identityPages });
  const firstCall = createFirstCallNotifier({ mail, config });
  const appModule = createApps({ db, clock, random, config, log: server.log, firstCall });
  const activityLog = metrics?.countActivity(appModule.activityLog) ?? appModule.activityLog;
  const apps = { ...appModule, activityLog };
  const oauth = await createOAuth({ ...core, encryption, config, addresses, types, apps });
  const replica = await openReplica(config, {
    primary: database,
    probe: probeContents,
    onRead: metrics?.countReplicaRead,
    ...replicaTimes,
    trace: tracing?.traceDatabase,
    onChange: (problem) =>
      problem === undefined
        ? server.log.info({ readReplica: 'used' })
        : server.log.warn({ readReplica: 'not-used', problem }),
  });
  const fhir = createFhir({ ...core, replica, config, addresses, oauth, apps, server });
  const approvalsModule = createApprovalsModule({ ...core, mail, config });
  const { approvals } = approvalsModule;
  const notifier = { ...identity.accountEmails, cancelInvitationsSince };
  const intake = await createIntake({ ...core, config, base: addresses.fhir.r4, notifier });
  const enrollment = createEnrollment({ ...core, config, mail, pageContexts, identity });
  const { enrollments } = enrollment;

  const portal = { config, pageContexts, addresses, types };
  const findContext = createPublicContexts(pageContexts, identity);
  const patientPortal = createPatientPortal({ db, clock, audit, ...portal, mail, identity, oauth });
  const practicePortal = createPracticePortal({
    ...{ ...core, config, mail, pageContexts, identity, enrollments, types, approvals },
    exampleFeed: EXAMPLE_FEED_CLIENT_ID,
    isStopping,
  });
  const brands = createBrands({ db, clock, audit, config, addresses });
  const madeUpSpaces = config.sandbox ? createMadeUpSpaces({ db, clock, random, brands }) : undefined;
  const portalApi = createPortalApi({ ...core, config, identity, madeUpSpaces });
  const { context } = portalApi;
  const signUp = createSignUp({ context, config, mail, pageContexts, identity });
  const { findVisitorSignUp } = signUp;
  const demo = createSandbox({
    ...{ ...core, config, pageContexts, findContext, identity, addresses, findVisitorSignUp },
    feed: intake.feed,
  });
  const sandbox = demo.published;
  const status = createStatus({ db, clock, server, dataDir, mail, addresses, oauth, apps, brands });
  const publicSite = createPublicSite({ context, ...portal, findContext, identity, brands, status, sandbox });
  const developerApi = createDeveloperApi({ context, ...portal, mail, identity, sandbox, madeUpSpaces });
  const adminApi = createAdminApi({
    ...{ context, ...portal, encryption, mail, brands, madeUpSpaces, approvals },
    approvedActions: [...practicePortal.approvedActions, eraseRecordAction({ clock, random, audit, encryption })],
  });

  const identityRoutes = identity.createRoutes({
    findAppName: oauth.findAppName,
    returnPractices: [oauth.findLaunchPractice, enrollment.findInvitationPractice],
    endAppAccess: endAllGrantsOfAccount,
    leaveOrganizations: leaveOrganisations,
  });
  const { charts } = fhir;
  const oauthRoutes = oauth.createRoutes({ users: identity, charts, brands, mail, pages: oauthPages, pageContexts });
  const findDatabaseProblem = createReadinessCheck(database, (problem) =>
    problem === undefined ? server.log.info({ ready: true }) : server.log.warn({ ready: false, problem }),
  );
  await server.mount({
    oauthPaths: oauthRoutes.paths,
    oauthPages: [oauthRoutes.authorize],
    oauthEndpoints: [oauthRoutes.endpoints],
    rootDocuments: [oauthRoutes.rootDiscovery, brands.addRoutes],
    fhir: fhir.createRoutes({ feed: intake.feed, discovery: oauthRoutes.discovery }),
    pages: [
      identityRoutes,
      oauthRoutes.launch,
      practicePortal.addRoutes,
      enrollment.addRoutes,
      publicSite.addDocs,
      developerApi.addPages,
      publicSite.addSwagger,
      signUp.addPages,
      publicSite.addPages,
      (scope) => homeRoutes(scope, { config, addresses, findContext, findStartPage: demo.findStartPage }),
      (scope) => brandRoutes(scope, { db }),
      patientPortal.addRoutes,
      (scope) => languageRoutes(scope, config),
      demo.addPages,
    ],
    api: (scope) =>
      portalApi.mount(scope, [
        developerApi.addRoutes,
        adminApi.addOperationRoutes,
        developerApi.addActivityRoutes,
        adminApi.addReviewRoutes,
        publicSite.addRoutes,
      ]),
    assets: [...publicSite.assets, ...demo.assets],
    isReady: async () => (await findDatabaseProblem()) === undefined,
  });
  const queues = () => ({ ...fhir.queueState(), passwords: hashQueueState() });
  if (metrics !== undefined) {
    const archivesWal = dataDir !== undefined && config.walArchiveDir !== undefined;
    const gauges = measuring?.createGauges({
      ...{ db: database, replica, clock, audit, queues, workers: config.workers, findDatabaseProblem },
      ...{ countJobs, countIntakeOfDay, listSigningKeys, readSealState },
      readArchiveState: archivesWal ? (await import('./backup/index.ts')).readArchiveState : undefined,
    });
    for (const gauge of gauges ?? []) metrics.addGauge(gauge);
    const { port, token } = config.metrics ?? {};
    if (port === undefined && token !== undefined) measuring?.addMetricsRoute(server.app, metrics, token);
  }
  server.app.addHook('onClose', () => replica?.close());
  server.app.addHook('onClose', () => tracing?.stop());
  server.app.addHook('onClose', () => oauth.close());
  server.app.addHook('onClose', () => apps.close());
  server.app.addHook('onClose', async () => mail.close());

  const accountRetention = createAccountRetention({
    db,
    years: config.auditRetentionYears,
    forget: [deleteConsentsOfAccounts, deleteEmailTopicsOfAccounts],
  });
  const background = joinBackgroundWork({ db, clock, log: server.log, tracer: tracing?.jobs }, [
    ...[audit, afterRestore, rateLimits, mail, identity, apps, oauth, fhir, approvalsModule, intake, enrollment],
    ...[signUp, brands, status, developerApi, adminApi, demo, accountRetention, practicePortal],
  ]);
  const tendProcess = async () => {
    await oauth.flush();
    await status.sample();
  };
  return {
    app: server.app,
    enrollments,
    async startJobs() {
      await afterRestore.notice();
      return background.start();
    },
    tendProcess,
    beginDrain: server.beginDrain,
    endConnections: server.endConnections,
    metrics,
    purgeExpired: background.runTasks,
    deliverMail: mail.deliver,
    runBulkInvitations: enrollments.processPendingRows,
    runExports: fhir.runExports,
    upgradeRecords: fhir.upgradeRecords,
    keepAuditLog: audit.keepAuditLog,
    refreshExamples: demo.refreshExamples,
    async runMaintenance() {
      await brands.publishIfChanged();
      await tendProcess();
    },
  };
}

/**
 * Opens the standby for reads if the settings have one.
 * @throws OperatorError if tables are distributed
 */
async function openReplica(
  { databaseReadUrl, database }: Config,
  options: Omit<ReadReplicaOptions, 'connection' | 'connections'>,
): Promise<ReadReplica | undefined> {
  if (databaseReadUrl === undefined) return undefined;
  if ((await findDistributedTables(options.primary)).length > 0)
    throw new OperatorError(`${NO_READ_STANDBY} Remove it.`);
  const connection = { connectionString: databaseReadUrl };
  return openReadReplica({ ...options, connection, connections: database.connections });
}

/** Sets up traces if the settings turn them on. The log says when spans can't be sent, and when they can again. */
async function startTracing(
  { tracing: settings }: Config,
  deps: {
    readonly random: Random;
    readonly worker: number | undefined;
    report(state: { readonly traces: 'sent' | 'not-sent'; readonly error?: string }): void;
  },
): Promise<Tracing | undefined> {
  if (settings === undefined) return undefined;
  const { createTracing } = await import('./tracing/index.ts');
  const onChange = (error: string | undefined): void =>
    deps.report(error === undefined ? { traces: 'sent' } : { traces: 'not-sent', error });
  return createTracing({ ...deps, settings, onChange });
}

/** The paths of the surfaces that metrics and traces tell apart. */
const surfacePaths = ({ fhir, issuer }: OAuthAddresses): readonly { surface: string; path: string }[] => [
  { surface: 'fhir-r4', path: new URL(fhir.r4).pathname },
  { surface: 'fhir-dstu2', path: new URL(fhir.dstu2).pathname },
  { surface: 'oauth', path: new URL(issuer).pathname },
  { surface: 'api', path: '/api' },
];
