import { readdirSync, rmSync, statfsSync, statSync } from 'node:fs';
import { freemem, tmpdir } from 'node:os';
import path from 'node:path';
import { findRunningPostmaster } from '../../../src/database/embedded/postmaster.ts';

/** Linux holds the files of this folder in memory. */
const IN_MEMORY = '/dev/shm';
/** The bytes that must be free there: a run with three workers uses 0.7 GB at a time. */
const NEEDED = 2 * 1024 ** 3;
export const FOLDER_PREFIX = 'patient-access-test-';
/** The age in milliseconds after which a folder without a running database is unused. */
const ABANDONED = 60 * 60_000;

/**
 * The parent folder of test databases. In memory, if there is space, a copy of the sandbox costs a fifth of the CPU
 * time on a disk.
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
