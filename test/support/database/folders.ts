import { chmodSync, chownSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { findRunningPostmaster } from '../../../src/database/embedded/postmaster.ts';
import { until } from '../runs/until.ts';
import { databaseParent, FOLDER_PREFIX } from './database-folder.ts';
import type { Identity } from './identities.ts';

/**
 * Makes a folder that is removed at the end of the test. Other users may read it, because the database runs as another
 * user if the test runs as root.
 */
export function temporaryFolder(identity?: Identity): string {
  const { folder, remove } = makeFolder(identity);
  onTestFinished(remove);
  return folder;
}

/** Makes a folder that several tests share. */
export function makeFolder(
  identity?: Identity,
  parent = databaseParent(),
): { readonly folder: string; remove(): Promise<void> } {
  const folder = mkdtempSync(path.join(realpathSync(parent), FOLDER_PREFIX));
  chmodSync(folder, 0o711);
  if (identity?.spawnAs !== undefined) chownSync(folder, identity.spawnAs.uid, identity.spawnAs.gid);
  return {
    folder,
    async remove() {
      await endDatabase(folder);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export const clusterOf = (dataDir: string): string => path.join(dataDir, 'database');

/** Process id of the database. Undefined if it isn't running. */
export const postmasterOf = (dataDir: string): number | undefined => findRunningPostmaster(clusterOf(dataDir))?.pid;

async function endDatabase(dataDir: string): Promise<void> {
  const pid = postmasterOf(dataDir);
  if (pid === undefined) return;
  process.kill(pid, 'SIGQUIT');
  await until(() => postmasterOf(dataDir) === undefined);
}

/** Writes an old version into PG_VERSION, so that PostgreSQL doesn't start with the database. */
export function breakCluster(dataDir: string): void {
  writeFileSync(path.join(clusterOf(dataDir), 'PG_VERSION'), '12\n');
}
