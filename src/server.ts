import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { createApp } from './app.ts';
import { addMissingVersions } from './apps/index.ts';
import { createAuditLog } from './audit/index.ts';
import type { Config, Environment } from './config/index.ts';
import { type Installation, openInstallation } from './installation.ts';
import { foldDemographics } from './intake/index.ts';
import {
  systemClock as clock,
  hours,
  later,
  minutes,
  OperatorError,
  systemRandom as random,
  seconds,
} from './kernel/index.ts';
import { createAddresses } from './oauth/index.ts';
import { inviteFirstAdministrator } from './practice-portal/index.ts';
import { setSandboxOpen } from './practices/index.ts';
import {
  ensureDemoApp,
  ensureExplorerClient,
  ensureMadeUpAccounts,
  ensureStaffApp,
  findStaleSandbox,
  lacksOnlyLargeRecords,
} from './sandbox/index.ts';

export interface ServeOptions {
  readonly config: Config;
  /** Environment variables from which `config` was read. The server passes them to processes that it starts. */
  readonly environment: Environment;
  print(text: string): void;
  /** Signal that aborts when the server should stop. */
  readonly stop: AbortSignal;
}

/** Runs the server until it is asked to stop. Closes the database even after an error. @returns the exit code */
export async function serveUntilStopped(options: ServeOptions): Promise<number> {
  const { config, print } = options;
  const begun = clock.now();
  const stop = toStopRequest(options.stop);
  try {
    await requirePort(config);
    const installation = await openInstallation(config, { serving: true, onLost: stopOnDatabaseLoss(print, stop) });
    return await serveInstallation(installation, options, begun, stop);
  } catch (error) {
    // Ctrl-C also stops the processes that the server started. An error that this causes doesn't count as a failure of
    // the server, so the exit code is 0.
    if (stop.isRequested()) return 0;
    throw error;
  }
}

async function serveInstallation(
  installation: Installation,
  options: ServeOptions,
  begun: Date,
  stop: StopRequest,
): Promise<number> {
  const { config, print } = options;
  try {
    await prepareData(options, installation, stop);
    if (stop.isRequested()) return 0;
    const { app, startJobs, tendProcess, refreshExamples } = await createApp(config, installation.db, {
      dataDir: installation.dataDir,
    });
    await app.listen({ port: config.port, host: config.host }).catch(async (error) => {
      await app.close();
      throw toListenError(config, error);
    });
    const stopTending = runRepeatedly(tendProcess, seconds(15), (error) =>
      app.log.error({ tend: String(error?.code) }),
    );
    const jobs = await startJobs().catch(async (error) => {
      await app.close();
      throw error;
    });
    const filling = await fillSandboxInBackground(options, installation);
    const refreshing = filling.finished.then(() =>
      stop.isRequested()
        ? async () => {}
        : runRepeatedly(refreshExamples, hours(1), (error) => app.log.error({ examples: String(error?.code) })),
    );
    print(welcomeText(config, installation, await firstAdministrator(config, installation, begun)));
    const code = await stop.exitCode;
    // At shutdown, requests and jobs that are in progress are completed, and none is started. Waiting jobs run in another
    // process or after the next start.
    const stopRefreshing = refreshing.then((stopNow) => stopNow());
    await Promise.all([jobs.stop(), stopTending(), filling.stop(), stopRefreshing, app.close()]);
    return code;
  } finally {
    await installation.close();
  }
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

/** Creates the callback that stops the server after the embedded database has died and could not be restarted. */
const stopOnDatabaseLoss = (say: (text: string) => void, stop: StopRequest) => () => {
  say('The database stopped and couldn’t be restarted. Its log is postgres.log in the data folder.');
  stop.request(1);
};

async function prepareData(options: ServeOptions, { db }: Installation, stop: StopRequest): Promise<void> {
  const { config } = options;
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

/** Fills the sandbox with test patients in a separate process, whose memory is freed when it ends. */
function spawnSandboxFill({ environment }: ServeOptions, ...args: readonly string[]) {
  const program = fileURLToPath(new URL('cli/main.ts', import.meta.url));
  const stdio = ['ignore', 'ignore', 'inherit'] as const;
  return spawn(process.execPath, [program, 'sandbox', 'fill', ...args], { env: environment, stdio: [...stdio] });
}

/**
 * Fills the sandbox with all test patients except the one with a large record, who is added later, while the server
 * runs. If the server is asked to stop, the process that fills the sandbox is stopped too.
 */
async function fillSandboxFirst(options: ServeOptions, stop: StopRequest): Promise<void> {
  const child = spawnSandboxFill(options, '--but-large');
  void stop.exitCode.then(() => child.kill());
  const [code] = await once(child, 'exit');
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

interface StopRequest {
  /** Resolves with the exit code when the server is asked to stop. */
  readonly exitCode: Promise<number>;
  isRequested(): boolean;
  request(exitCode: number): void;
}

function toStopRequest(signal: AbortSignal): StopRequest {
  const { promise, resolve } = Promise.withResolvers<number>();
  let isRequested = false;
  const now = (code: number): void => {
    isRequested = true;
    resolve(code);
  };
  if (signal.aborted) now(0);
  signal.addEventListener('abort', () => now(0), { once: true });
  return { exitCode: promise, isRequested: () => isRequested, request: now };
}

/** Checks that the port is free before anything else starts, so that a taken port is reported at once. */
function requirePort(config: Config): Promise<void> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error) => reject(toListenError(config, error)));
    probe.listen({ port: config.port, host: config.host }, () => probe.close(() => resolve()));
  });
}

function toListenError(config: Config, error: NodeJS.ErrnoException): Error {
  const where = `${config.host}:${config.port}`;
  if (error.code === 'EADDRINUSE') {
    return new OperatorError(
      `${where} is used by another program. Stop that program, or choose another port: PORT=8081 npm start`,
    );
  }
  if (error.code === 'EACCES')
    return new OperatorError(`This user may not listen on ${where}. Choose a port above 1023 with PORT.`);
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND' || error.code === 'EAI_AGAIN')
    return new OperatorError(`${config.host} isn’t an address of this machine. Check HOST.`);
  return error;
}

/**
 * Creates a link for the first administrator while there is none. The link is printed, so anyone who reads the server's
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
