import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { compose } from './compose.ts';
import type { Config } from './config/index.ts';
import { projections, refreshProjections } from './fhir/index.ts';
import { type Installation, openInstallation } from './installation.ts';
import { hours, OperatorFault } from './kernel/index.ts';
import { addressesOf } from './oauth/index.ts';
import { openSandboxPractice } from './practices/index.ts';
import { ensureDemoApp, staleSandbox } from './sandbox/index.ts';

/** Runs until a signal comes; answers with the exit code. Whatever fails on the way, the database is let go of. */
export async function serveUntilStopped(config: Config, say: (text: string) => void): Promise<number> {
  const stop = untilStopped();
  try {
    await requirePort(config);
    return await serveWith(
      await openInstallation(config, { serving: true, onLost: lost(say, stop) }),
      config,
      say,
      stop,
    );
  } catch (error) {
    // Ctrl-C reaches what we started as well: that it failed is what was asked for.
    if (stop.asked()) return 0;
    throw error;
  }
}

async function serveWith(
  installation: Installation,
  config: Config,
  say: (text: string) => void,
  stop: Stop,
): Promise<number> {
  try {
    await prepare(config, installation, say);
    if (stop.asked()) return 0;
    const { app, sweep } = await compose(config, installation.db);
    await app.listen({ port: config.port, host: config.host }).catch((error) => {
      throw listenFault(config, error);
    });
    const sweepNow = () => void sweep().catch((error) => app.log.error({ sweep: String(error?.code) }));
    const sweeping = setInterval(sweepNow, hours(1));
    say(welcome(config, installation));
    const code = await stop.code;
    clearInterval(sweeping);
    // Answers what is under way, and no more.
    await app.close();
    return code;
  } finally {
    await installation.close();
  }
}

/** The embedded database died and could not be started again. */
const lost = (say: (text: string) => void, stop: Stop) => () => {
  say('The database was lost and could not be started again. Its own words are in postgres.log in the data folder.');
  stop.now(1);
};

async function prepare(config: Config, { db }: Installation, say: (text: string) => void): Promise<void> {
  await openSandboxPractice(db, config.sandbox);
  if (config.sandbox) {
    if ((await staleSandbox(db)) !== undefined) await fillApart();
    await ensureDemoApp(db, config.publicUrl);
  }
  await refreshProjections(db, {
    projections,
    onProgress: (done, all) => say(`Converting records: ${done} of ${all}`),
  });
}

/** As a command of its own beside us: the memory that it takes for a moment ends with it, and is not the server's for ever. */
async function fillApart(): Promise<void> {
  const program = fileURLToPath(new URL('cli/main.ts', import.meta.url));
  const child = spawn(process.execPath, [program, 'sandbox', 'fill'], { stdio: ['ignore', 'ignore', 'inherit'] });
  const [code] = await once(child, 'exit');
  if (code !== 0)
    throw new OperatorFault('The sandbox could not be filled; the reason is above. SANDBOX=off starts without it.');
}

interface Stop {
  /** Resolves with the exit code once it is asked for. */
  readonly code: Promise<number>;
  asked(): boolean;
  now(code: number): void;
}

/** SIGHUP too: a closed terminal must not leave the database running without its server. */
function untilStopped(): Stop {
  const { promise, resolve } = Promise.withResolvers<number>();
  let asked = false;
  const now = (code: number): void => {
    asked = true;
    resolve(code);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => now(0));
  return { code: promise, asked: () => asked, now };
}

/** Asked before anything is started, so that a taken port costs nothing. */
function requirePort(config: Config): Promise<void> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error) => reject(listenFault(config, error)));
    probe.listen({ port: config.port, host: config.host }, () => probe.close(() => resolve()));
  });
}

function listenFault(config: Config, error: NodeJS.ErrnoException): Error {
  const where = `${config.host}:${config.port}`;
  if (error.code === 'EADDRINUSE') {
    return new OperatorFault(
      `${where} is taken by another program. Stop that one, or choose another port: PORT=8081 npm start`,
    );
  }
  if (error.code === 'EACCES')
    return new OperatorFault(`This user may not listen on ${where}. Choose a port above 1023 with PORT.`);
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND' || error.code === 'EAI_AGAIN')
    return new OperatorFault(`This machine has no address ${config.host}. Mend HOST.`);
  return error;
}

function welcome(config: Config, installation: Installation): string {
  const addresses = addressesOf(config.publicUrl, config.prefix);
  const plain = /^http:\/\/(?!localhost|127\.|\[::1\])/.test(config.publicUrl);
  const lines = [
    '',
    ...(plain
      ? ['  PUBLIC_URL is plain http: what passes can be read on the way. Use https for anything but a trial.', '']
      : []),
    `  Patient Access is listening on ${config.host}:${config.port}`,
    '',
    ...(config.sandbox
      ? [
          `  Open              ${config.publicUrl}/demo`,
          '  Sandbox patient   patientapitest / Password1!',
          `  Sandbox staff     staffapitest / Password1! at ${config.publicUrl}/practice/launch`,
        ]
      : [`  Open              ${config.publicUrl}/`]),
    `  FHIR R4           ${addresses.fhir.r4}`,
    `  FHIR DSTU2        ${addresses.fhir.dstu2}`,
    `  Authorization     ${addresses.issuer}`,
    `  Data              ${installation.dataDir ?? 'the database of DATABASE_URL'}`,
    '',
    '  Register an app   npm run cli -- apps add --name "My app" --redirect-uri http://localhost:3000/callback --api r4,dstu2',
    '  Stop              Ctrl-C',
    '',
  ];
  return lines.join('\n');
}
