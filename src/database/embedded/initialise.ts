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
import { OperatorFault } from '../../kernel/index.ts';
import { type DataDir, dataDirFault } from './data-dir.ts';
import { lastLines } from './log.ts';
import { runProgram } from './process.ts';

/** The superuser of the embedded cluster, and the one database in it. */
export const USER = 'patient_access';
export const DATABASE = 'postgres';

/**
 * Creates the cluster under another name and renames it into place, so that an interrupted or concurrent creation is
 * never used incomplete.
 */
export async function initialise(dataDir: DataDir, bin: string, password: string): Promise<void> {
  const aside = `${dataDir.cluster}.new-${process.pid}`;
  try {
    removeLeftovers(dataDir);
    makeOwned(dataDir, aside);
    await initdb(dataDir, bin, aside, password);
    putInPlace(dataDir, aside);
  } catch (error) {
    if (!isInitialised(dataDir)) throw dataDirFault(dataDir.root, error);
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}

export const isInitialised = ({ cluster }: DataDir): boolean => existsSync(path.join(cluster, 'PG_VERSION'));

async function initdb(dataDir: DataDir, bin: string, target: string, password: string): Promise<void> {
  const passwordFile = `${target}.password`;
  writeFileSync(passwordFile, password, { mode: 0o600 });
  try {
    if (dataDir.user !== undefined) chownSync(passwordFile, dataDir.user.uid, dataDir.user.gid);
    const run = await runProgram(dataDir, bin, ['initdb', ...initdbOptions(target, passwordFile)], false);
    if ((await run.ended) === 0) return;
    throw new OperatorFault(
      `A new database can't be made in ${dataDir.root}: PostgreSQL's initdb failed. Its last words:${lastLines(run.said())}`,
    );
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

const initdbOptions = (target: string, passwordFile: string): string[] => [
  `--pgdata=${target}`,
  `--username=${USER}`,
  '--auth=scram-sha-256',
  `--pwfile=${passwordFile}`,
  '--encoding=UTF8',
  '--locale=C',
  '--data-checksums',
  '--no-instructions',
];

function makeOwned({ user }: DataDir, folder: string): void {
  mkdirSync(folder, { mode: 0o700 });
  if (user !== undefined) chownSync(folder, user.uid, user.gid);
}

function putInPlace({ root, cluster }: DataDir, aside: string): void {
  renameSync(aside, cluster);
  // initdb has synced its files. Without this, a power failure could still lose the folder's name.
  const parent = openSync(root, 'r');
  fsyncSync(parent);
  closeSync(parent);
}

/** Removes folders of programs that were killed while creating a cluster. */
function removeLeftovers({ root, cluster }: DataDir): void {
  const prefix = `${path.basename(cluster)}.new-`;
  for (const name of readdirSync(root)) {
    const pid = Number.parseInt(name.slice(prefix.length), 10);
    if (name.startsWith(prefix) && (pid === process.pid || !lives(pid))) {
      rmSync(path.join(root, name), { recursive: true, force: true });
    }
  }
}

function lives(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
