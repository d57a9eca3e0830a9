import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createApp, type PatientAccessApp } from './app.ts';
import { addMissingVersions } from './apps/index.ts';
import { createAuditLog } from './audit/index.ts';
import type { Config } from './config/index.ts';
import { openDatabase } from './database/index.ts';
import { ENCRYPTED_TABLES } from './encrypted-tables.ts';
import { findKeyFile, startEncryption } from './encryption/index.ts';
import { listAdministrators } from './identity/index.ts';
import { type Installation, prepareInstallation } from './installation.ts';
import { foldDemographics } from './intake/index.ts';
import {
  systemClock as clock,
  hours,
  isLoopbackHost,
  later,
  minutes,
  OperatorError,
  systemRandom as random,
  seconds,
} from './kernel/index.ts';
import type { Metrics } from './metrics/index.ts';
import { createAddresses } from './oauth/index.ts';
import { inviteFirstAdministrator } from './practice-portal/index.ts';
import { setSandboxOpen } from './practices/index.ts';
import { shareLimits } from './rate-limit/index.ts';
import {
  ensureDemoApp,
  ensureExplorerClient,
  ensureMadeUpAccounts,
  ensureStaffApp,
  findStaleSandbox,
  lacksOnlyLargeRecords,
} from './sandbox/index.ts';
import {
  announcer,
  disconnectWorker,
  type OpenedDatabase,
  receiveAssignment,
  receiveStop,
  releaseMemory,
  retryWhileUnavailable,
  type ServeOptions,
  type StopRequest,
  sendHeartbeats,
  toDatabaseLoss,
  toListenError,
  toStopRequest,
} from './serving/index.ts';

/** When the server began to start, and the request to stop it. */
interface Run {
  readonly begun: Date;
  readonly stop: StopRequest;
  /** Number of this worker if several processes share the port; otherwise undefined. */
  readonly worker?: number;
}

/** Serves an open database until the server is asked to stop, and then closes it. @returns the exit code */
export async function serveDatabase(opened: OpenedDatabase, options: ServeOptions, run: Run): Promise<number> {
  const { config } = options;
  const { stop, worker } = run;
  const installation = await prepareInstallation(opened, config);
  try {
    await prepareData(options, installation, stop);
    if (stop.isRequested()) return 0;
    const server = await listen(config, installation, worker);
    const background = startBackground(server, options, installation, run);
    const code = await Promise.race([stop.exitCode, background.then(() => stop.exitCode)]).catch(async (error) => {
      await server.stop(1);
      throw error;
    });
    // At shutdown, requests and jobs that are in progress are completed, and no job is started. Waiting jobs run in
    // another process or after the next start.
    const stopped = server.stop(code);
    await background.then((stopBackground) => stopBackground()).finally(() => stopped);
    return code;
  } finally {
    await installation.close();
  }
}

/**
 * Serves as one of several processes that share the port. The first worker does everything that a single process does;
 * the others only serve requests.
 * @returns the exit code
 */
export async function serveAsWorker(options: ServeOptions): Promise<number> {
  const { config } = options;
  const begun = clock.now();
  const stop = toStopRequest(options.stop);
  const endings = [receiveStop(stop), sendHeartbeats()];
  try {
    const { number: worker, connection, owner, dataDir } = await receiveAssignment();
    shareLimits(config.workers);
    // The parent process stops the database after all workers have ended.
    const opened = { connection, owner, dataDir, stop: async () => {} };
    if (worker === 1) return await serveDatabase(opened, options, { begun, stop, worker });
    const db = openDatabase(connection, config.database.connections, config.database.statementTimeout);
    try {
      const server = await listen(config, { db, dataDir }, worker);
      const code = await stop.exitCode;
      await server.stop(code);
      return code;
    } finally {
      await db.close();
    }
  } catch (error) {
    throw toDatabaseLoss(error);
  } finally {
    for (const end of endings) end();
    disconnectWorker();
  }
}

/** Milliseconds for which a server that was drained still answers requests on open connections. */
const CONNECTIONS_END = seconds(2);

/** A server that listens, and that has started no background jobs. */
interface ListeningServer extends Pick<PatientAccessApp, 'app' | 'startJobs' | 'refreshExamples'> {
  /**
   * Finishes running requests. If the server was asked to stop, which is the exit code 0, new requests are answered until
   * load balancers have noticed.
   */
  stop(exitCode: number): Promise<void>;
}

async function listen(
  config: Config,
  { db, dataDir }: Pick<Installation, 'db' | 'dataDir'>,
  worker: number | undefined,
): Promise<ListeningServer> {
  const composed = await createApp(config, db, { dataDir, worker });
  const { app, startJobs, tendProcess, refreshExamples, beginDrain, endConnections, metrics } = composed;
  const closeAfter = async (error: unknown): Promise<never> => {
    await app.close();
    throw error;
  };
  await app.listen({ port: config.port, host: config.host }).catch((error) => closeAfter(toListenError(config, error)));
  const stopMetrics = await publishMetrics(config, metrics, worker).catch(closeAfter);
  const cancelRelease = releaseMemory();
  const stopTending = runRepeatedly(tendProcess, seconds(15), (error) => app.log.error({ tend: String(error?.code) }));
  return {
    app,
    startJobs,
    refreshExamples,
    async stop(exitCode) {
      cancelRelease();
      beginDrain();
      const closeApp = async () => {
        if (exitCode === 0 && config.drainSeconds > 0) {
          await pause(seconds(config.drainSeconds));
          await Promise.race([endConnections(), pause(CONNECTIONS_END)]);
        }
        await app.close();
      };
      await Promise.all([stopTending(), closeApp()]);
      stopMetrics();
    },
  };
}

/**
 * Serves the metrics on their own port, if they have one. A worker gives its metrics to the parent process instead, which
 * serves those of all workers.
 * @returns a function that stops it
 */
async function publishMetrics({ metrics: settings, host }: Config, metrics: Metrics | undefined, worker?: number) {
  if (metrics === undefined || settings?.port === undefined) return () => {};
  const { listenForMetrics, shareMetrics } = await import('./metrics/index.ts');
  if (worker !== undefined) return shareMetrics(metrics);
  return listenForMetrics({ host, port: settings.port, token: settings.token }, metrics);
}

/**
 * Says what to open, starts jobs and scheduled tasks, fills the sandbox and refreshes its examples. One process of an
 * installation does this, after it listens. While the database is unavailable, each step is repeated: the server listens
 * already, and answers requests as soon as the database does.
 * @returns a function that stops all of it
 */
async function startBackground(
  { app, startJobs, refreshExamples }: ListeningServer,
  options: ServeOptions,
  installation: Installation,
  { begun, stop }: Run,
): Promise<() => Promise<void>> {
  const whenAvailable = <Result>(step: string, work: () => Promise<Result>): Promise<Result | undefined> => {
    const onRetry = (problem: string, pause: number): void =>
      app.log.error({ start: step, problem, retrySeconds: pause / seconds(1) });
    return retryWhileUnavailable(work, { stop, onRetry });
  };
  await whenAvailable('welcome', () => welcome(options, installation, begun));
  const jobs = await whenAvailable('jobs', startJobs);
  const filling = await whenAvailable('sandbox', () => fillSandboxInBackground(options, installation));
  const refreshing = Promise.resolve(filling?.finished).then(() =>
    stop.isRequested()
      ? async () => {}
      : runRepeatedly(refreshExamples, hours(1), (error) => app.log.error({ examples: String(error?.code) })),
  );
  const stopRefreshing = async () => (await refreshing)();
  return async () => void (await Promise.all([jobs?.stop(), filling?.stop(), stopRefreshing()]));
}

/**
 * Runs work now and at an interval, but never twice at the same time.
 * @returns a function that stops it, and resolves when the current run has ended
 */
function runRepeatedly(work: () => Promise<void>, pause: number, failed: (error: { code?: unknown }) => void) {
  let running = Promise.resolve();
  let idle = true;
  const run = () => {
    if (!idle) return;
    idle = false;
    running = work()
      .catch(failed)
      .finally(() => {
        idle = true;
      });
  };
  run();
  const timer = setInterval(run, pause);
  return (): Promise<void> => {
    clearInterval(timer);
    return running;
  };
}

async function prepareData(options: ServeOptions, installation: Installation, stop: StopRequest): Promise<void> {
  const { config } = options;
  const { db } = installation;
  await protectSecrets(options, installation);
  await setSandboxOpen(db, config.sandbox);
  if (config.sandbox) {
    const stale = await findStaleSandbox(db);
    if (stale !== undefined && !lacksOnlyLargeRecords(stale)) await fillSandboxFirst(options, stop);
    await ensureMadeUpAccounts(db, config.passwordCost);
    await ensureDemoApp(db, config.publicUrl);
    await ensureStaffApp(db, config.publicUrl);
    await ensureExplorerClient(db, config);
  }
  await addMissingVersions(db, { clock, random });
  await foldDemographics(db);
}

/** Starts to encrypt secrets in the database, or tells the operator what is needed for that. */
async function protectSecrets(options: ServeOptions, installation: Installation): Promise<void> {
  const { config } = options;
  const { db, encryptionKey: key, encryption, dataDir } = installation;
  const isLocal = isLoopbackHost(new URL(config.publicUrl).hostname);
  const state = await startEncryption(db, {
    key,
    encryption,
    tables: ENCRYPTED_TABLES,
    ownKeyFile: config.encryption === undefined ? findKeyFile(undefined, dataDir) : undefined,
    isOnlyRelease: dataDir !== undefined,
    mayStartInClear: isLocal,
  });
  const say = announcer(options);
  if (state === 'waits')
    say(
      'Signing keys, authenticator secrets and emails aren’t encrypted yet. When all servers run this release, run: patient-access keys rotate-encryption',
      'warn',
    );
  if (state === 'in-clear' && !isLocal)
    say(
      'Signing keys, authenticator secrets and emails aren’t encrypted in the database. Set ENCRYPTION_KEY_FILE (docs/encryption.md).',
      'warn',
    );
}

/**
 * Fills the sandbox with test patients in a separate process, whose memory is freed when it ends. What it prints is a
 * part of the log if that is in JSON.
 */
function spawnSandboxFill(options: ServeOptions, ...args: readonly string[]) {
  const { config, environment: env } = options;
  const program = fileURLToPath(new URL('cli/main.ts', import.meta.url));
  const isText = config.logFormat === 'text';
  const child = spawn(process.execPath, [program, 'sandbox', 'fill', ...args], {
    env,
    stdio: ['ignore', 'ignore', isText ? 'inherit' : 'pipe'],
  });
  if (child.stderr !== null) {
    const say = announcer(options);
    createInterface(child.stderr).on('line', (line) => say(line.trim(), 'warn'));
  }
  return child;
}

/**
 * Fills the sandbox with all test patients except the one with a large record, who is added later, while the server
 * runs. If the server is asked to stop, the process that fills the sandbox is stopped too.
 */
async function fillSandboxFirst(options: ServeOptions, stop: StopRequest): Promise<void> {
  const child = spawnSandboxFill(options, '--but-large');
  void stop.exitCode.then(() => child.kill());
  // This event comes after the last line that the process printed.
  const [code] = await once(child, 'close');
  if (code !== 0)
    throw new OperatorError(
      'The sandbox couldn’t be filled; the reason is above. To start without it, set SANDBOX=off.',
    );
}

/**
 * Adds the missing test patients to the sandbox while the server runs. If the server stops before that is complete, it
 * continues after the next start.
 */
async function fillSandboxInBackground(
  options: ServeOptions,
  { db }: Installation,
): Promise<{ readonly finished: Promise<unknown>; stop(): Promise<void> }> {
  if (!options.config.sandbox || (await findStaleSandbox(db)) === undefined)
    return { finished: Promise.resolve(), stop: async () => {} };
  const child = spawnSandboxFill(options);
  const exited = once(child, 'exit');
  return {
    finished: exited,
    async stop() {
      child.kill();
      await exited;
    },
  };
}

/**
 * Creates a link for the first administrator until one exists. The link is printed, so anyone who reads the server's
 * output can become administrator.
 * @returns the link
 */
async function firstAdministrator(
  { publicUrl }: Config,
  { db }: Installation,
  begun: Date,
): Promise<string | undefined> {
  const audit = createAuditLog({ db, clock, random });
  const startedTogether = later(begun, -minutes(1));
  return (await inviteFirstAdministrator({ db, clock, random, audit, publicUrl }, startedTogether))?.link;
}

/**
 * Prints what to open, and a link for the first administrator until one exists. Other systems collect JSON logs, so
 * those name the command that creates the link.
 */
async function welcome(options: ServeOptions, installation: Installation, begun: Date): Promise<void> {
  const { config, print } = options;
  if (config.logFormat === 'text') {
    print(welcomeText(config, installation, await firstAdministrator(config, installation, begun)));
    return;
  }
  const say = announcer(options);
  if ((await listAdministrators(installation.db)).length === 0)
    say(
      'No administrator exists yet. To create a link for the first one, run: patient-access administrators invite --name NAME',
      'warn',
    );
  say(`Patient Access is listening on ${config.host}:${config.port}`);
}

function welcomeText(config: Config, installation: Installation, firstAdministrator: string | undefined): string {
  const addresses = createAddresses(config.publicUrl, config.prefix);
  const plain = /^http:\/\/(?!localhost|127\.|\[::1\])/.test(config.publicUrl);
  const lines = [
    '',
    ...(plain ? ['  PUBLIC_URL uses http, so traffic isn’t encrypted. Use https, except for a trial.', ''] : []),
    `  Patient Access is listening on ${config.host}:${config.port}`,
    '',
    ...(config.sandbox
      ? [
          `  Open              ${config.publicUrl}/sandbox`,
          '  Sandbox patient   patientapitest / Password1!',
          `  Sandbox staff     deskapitest, staffapitest / Password1! at ${config.publicUrl}/practice`,
          `  Sandbox developer developerapitest / Password1! at ${config.publicUrl}/developer`,
          `  Sandbox review    adminapitest / Password1! at ${config.publicUrl}/review`,
        ]
      : [`  Open              ${config.publicUrl}/`]),
    `  Developers        ${config.publicUrl}/developer`,
    `  Administrators    ${config.publicUrl}/review`,
    `  Documentation     ${config.publicUrl}/docs`,
    `  FHIR R4           ${addresses.fhir.r4}`,
    `  FHIR DSTU2        ${addresses.fhir.dstu2}`,
    `  Authorization     ${addresses.issuer}`,
    ...(firstAdministrator === undefined
      ? []
      : [
          `  Administrator     ${firstAdministrator}  (link for the first administrator: works once, expires after 24 hours)`,
        ]),
    `  Data              ${installation.dataDir ?? 'DATABASE_URL'}`,
    '',
    '  Register an app   npm run cli -- apps add --name "My app" --redirect-uri http://localhost:3000/callback --api r4,dstu2',
    '  Stop              Ctrl-C',
    '',
  ];
  return lines.join('\n');
}
