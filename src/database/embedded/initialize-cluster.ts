import {
  chownSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { isProcessRunning, OperatorError } from '../../kernel/index.ts';
import { type DataDir, toDataDirError } from './data-dir.ts';
import { lastLines } from './log.ts';
import { runProgram } from './run-program.ts';

/** Name of the embedded database's superuser, and name of its only database. */
export const DATABASE_USER = 'patient_access';
export const DATABASE_NAME = 'postgres';

/**
 * Creates a database cluster under another name and renames it into place, so that an incomplete cluster is never used
 * after an interruption or beside another process.
 */
export async function initializeCluster(dataDir: DataDir, bin: string, password: string): Promise<void> {
  const aside = `${dataDir.cluster}.new-${process.pid}`;
  try {
    removeLeftovers(dataDir);
    createOwnedFolder(dataDir, aside);
    await initdb(dataDir, bin, aside, password);
    publishCluster(dataDir, aside);
  } catch (error) {
    if (!isClusterInitialized(dataDir)) throw toDataDirError(dataDir.root, error);
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}

export const isClusterInitialized = ({ cluster }: DataDir): boolean => existsSync(path.join(cluster, 'PG_VERSION'));

async function initdb(dataDir: DataDir, bin: string, target: string, password: string): Promise<void> {
  const passwordFile = `${target}.password`;
  writeFileSync(passwordFile, password, { mode: 0o600 });
  try {
    if (dataDir.user !== undefined) chownSync(passwordFile, dataDir.user.uid, dataDir.user.gid);
    const run = await runProgram(dataDir, bin, ['initdb', ...initdbOptions(target, passwordFile)], false);
    if ((await run.exitCode) === 0) return;
    throw new OperatorError(
      `A new database can't be created in ${dataDir.root}: PostgreSQL's initdb failed. Its last output:${lastLines(run.readOutput())}`,
    );
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

const initdbOptions = (target: string, passwordFile: string): string[] => [
  `--pgdata=${target}`,
  `--username=${DATABASE_USER}`,
  '--auth=scram-sha-256',
  `--pwfile=${passwordFile}`,
  '--encoding=UTF8',
  '--locale=C',
  '--data-checksums',
  '--no-instructions',
];

function createOwnedFolder({ user }: DataDir, folder: string): void {
  mkdirSync(folder, { mode: 0o700 });
  if (user !== undefined) chownSync(folder, user.uid, user.gid);
}

function publishCluster({ root, cluster }: DataDir, aside: string): void {
  renameSync(aside, cluster);
  // initdb has synced its files, but a power failure could still lose the new folder name. Syncing the parent folder
  // prevents that.
  const parent = openSync(root, 'r');
  fsyncSync(parent);
  closeSync(parent);
}

/** Removes incomplete cluster folders that programs left behind when they were killed. */
function removeLeftovers({ root, cluster }: DataDir): void {
  const prefix = `${path.basename(cluster)}.new-`;
  for (const name of readdirSync(root)) {
    const pid = Number.parseInt(name.slice(prefix.length), 10);
    if (name.startsWith(prefix) && (pid === process.pid || !isProcessRunning(pid))) {
      rmSync(path.join(root, name), { recursive: true, force: true });
    }
  }
}
