import { existsSync } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { OperatorError } from './problem.ts';
import { isProcessRunning } from './process-running.ts';

/** Mode of files and folders with health data: only the user who runs this program can read them. */
export const FILE_MODE = 0o600;
export const FOLDER_MODE = 0o700;

/**
 * Fills a new folder under a temporary name, and gives it its name when it is complete. After an error it is removed; after
 * a power failure or SIGKILL, a folder whose name ends in `.incomplete-` and a number stays behind until the next call.
 * @throws OperatorError if the folder exists, or its parent doesn't
 */
export async function fillNewFolder<Result>(
  folder: string,
  fill: (temporary: string) => Promise<Result>,
): Promise<Result> {
  const parent = path.dirname(folder);
  if (existsSync(folder)) throw new OperatorError(`${folder} exists already. Choose a new folder.`);
  if ((await stat(parent).catch(() => undefined))?.isDirectory() !== true)
    throw new OperatorError(`The folder ${parent} doesn't exist. Create it first.`);
  await removeIncomplete(parent);
  const temporary = `${folder}.incomplete-${process.pid}`;
  try {
    await mkdir(temporary, { mode: FOLDER_MODE });
    const result = await fill(temporary);
    await syncFolder(temporary);
    await rename(temporary, folder);
    await syncFolder(parent);
    return result;
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    throw explain(error, folder);
  }
}

/** Makes the names in a folder durable. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

const INCOMPLETE = /\.incomplete-(\d+)$/;

/** Removes what processes left behind that were killed. */
export async function removeIncomplete(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    const pid = Number(INCOMPLETE.exec(name)?.[1] ?? 0);
    if (pid > 0 && (pid === process.pid || !isProcessRunning(pid)))
      await rm(path.join(parent, name), { recursive: true, force: true });
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  EROFS: 'the file system is read-only',
  EIO: 'the disk reports an error',
};

function explain(error: unknown, folder: string): unknown {
  const { code = '', message } = error as NodeJS.ErrnoException;
  const reason = REASONS[code];
  return reason === undefined ? error : new OperatorError(`${folder} wasn't written: ${reason}. (${message})`);
}
