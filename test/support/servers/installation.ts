import { makeFolder } from '../database/folders.ts';
import { runCli } from './command-line.ts';
import { freePort, type RunningServer, startServerProcess } from './processes.ts';

/** A data folder, and the servers that the tests of a file start on it one after the other. */
export interface Installation {
  readonly env: Readonly<Record<string, string>> & { readonly DATA_DIR: string };
  startServer(): Promise<RunningServer>;
  /** Kills servers that still run, and removes the folder. */
  remove(): Promise<void>;
}

/** @param program the server's program; by default its source, which needs no build */
export async function makeInstallation(
  settings: Readonly<Record<string, string>> = {},
  program?: string,
): Promise<Installation> {
  const { folder, remove } = makeFolder();
  const env = { ...settings, DATA_DIR: folder, PORT: String(await freePort()) };
  const kills: (() => void)[] = [];
  return {
    env,
    startServer: () => startServerProcess(env, (kill) => kills.push(kill), program),
    remove() {
      for (const kill of kills) kill();
      return remove();
    },
  };
}

export const CALLBACK = 'https://app.example/callback';

export async function addCliApp(env: Readonly<Record<string, string>>, options: readonly string[] = []) {
  const own = ['--name', 'CLI app', '--redirect-uri', CALLBACK, '--api', 'r4,dstu2', '--json'];
  const words = ['apps', 'add', ...own, ...options];
  return { ...JSON.parse((await runCli(words, env)).out), redirect_uri: CALLBACK };
}

/** Returns the status of a FHIR R4 search with an access token. */
export async function patientStatus(origin: string, token: string): Promise<number> {
  const headers = { authorization: `Bearer ${token}` };
  return (await fetch(`${origin}/nge/prod/fhir-api-r4/fhir/r4/Patient`, { headers })).status;
}
