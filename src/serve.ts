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
  const { stopped, stop } = untilStopped();
  await requirePort(config);
  const installation = await openInstallation(config, {
    serving: true,
    onLost() {
      say(
        'The database was lost and could not be started again. Its own words are in postgres.log in the data folder.',
      );
      stop(1);
    },
  });
  try {
    await prepare(config, installation, say);
    const { app, sweep } = await compose(config, installation.db);
    await app.listen({ port: config.port, host: config.host }).catch((error) => {
      throw listenFault(config, error);
    });
    const sweeping = setInterval(
      () => void sweep().catch((error) => app.log.error({ sweep: String(error?.code) })),
      hours(1),
    );
    say(welcome(config, installation));
    const code = await stopped;
    clearInterval(sweeping);
    // Answers what is under way, and no more.
    await app.close();
    return code;
  } finally {
    await installation.close();
  }
}

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

/** Resolves with the exit code. SIGHUP too: a closed terminal must not leave the database running without its server. */
function untilStopped(): { stopped: Promise<number>; stop(code: number): void } {
  const { promise, resolve } = Promise.withResolvers<number>();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve(0));
  return { stopped: promise, stop: resolve };
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
  if (error.code === 'EADDRNOTAVAIL')
    return new OperatorFault(`This machine has no address ${config.host}. Mend HOST.`);
  return error;
}

function welcome(config: Config, installation: Installation): string {
  const addresses = addressesOf(config.publicUrl, config.prefix);
  const lines = [
    '',
    `  Patient Access is listening on ${config.host}:${config.port}`,
    '',
    ...(config.sandbox
      ? [`  Open              ${config.publicUrl}/demo`, '  Sandbox patient   patientapitest / Password1!']
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
