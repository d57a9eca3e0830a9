import { readdirSync, rmSync, statfsSync, statSync } from 'node:fs';
import { freemem, tmpdir } from 'node:os';
import path from 'node:path';
import { findRunningPostmaster } from '../../../src/database/embedded/postmaster.ts';

/** Folder whose files Linux holds in memory. */
const IN_MEMORY = '/dev/shm';
/** Free bytes that /dev/shm must have for the databases to be there. A run with three workers uses 0.7 GB at a time. */
const NEEDED = 2 * 1024 ** 3;
export const FOLDER_PREFIX = 'patient-access-test-';
/** Age in milliseconds at which a database folder of an earlier run counts as abandoned, if no database runs in it. */
const ABANDONED = 60 * 60_000;

/**
 * Returns the parent folder of test databases. It is in memory if there is enough space, where copying the sandbox
 * takes a fifth of the CPU time on a disk.
 */
export function databaseParent(): string {
  try {
    const { bavail, bsize } = statfsSync(IN_MEMORY);
    return Math.min(bavail * bsize, freemem()) < NEEDED ? tmpdir() : IN_MEMORY;
  } catch {
    return tmpdir();
  }
}

/** Removes the folders of killed runs. In memory, they would otherwise stay until the machine restarts. */
export function removeAbandoned(parent: string): void {
  for (const name of readdirSync(parent).filter((name) => name.startsWith(FOLDER_PREFIX))) {
    const folder = path.join(parent, name);
    const isOld = (statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? Date.now()) < Date.now() - ABANDONED;
    if (isOld && findRunningPostmaster(path.join(folder, 'database')) === undefined)
      rmSync(folder, { recursive: true, force: true });
  }
}
