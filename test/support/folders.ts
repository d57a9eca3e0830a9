import { chmodSync, chownSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { livingPostmaster } from '../../src/database/embedded/postmaster.ts';
import type { Identity } from './identities.ts';
import { databaseParent, FOLDER_PREFIX } from './memory.ts';
import { until } from './until.ts';

/** A folder of this test's own, removed at its end. Passable: as root the database runs as another user. */
export function temporaryFolder(identity?: Identity): string {
  const { folder, remove } = makeFolder(identity);
  onTestFinished(remove);
  return folder;
}

/** A folder that several tests share. */
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

/** The database's process; undefined when it does not run. */
export const postmasterOf = (dataDir: string): number | undefined => livingPostmaster(clusterOf(dataDir))?.pid;

async function endDatabase(dataDir: string): Promise<void> {
  const pid = postmasterOf(dataDir);
  if (pid === undefined) return;
  process.kill(pid, 'SIGQUIT');
  await until(() => postmasterOf(dataDir) === undefined);
}

/** Makes a cluster that PostgreSQL refuses to start with. */
export function breakCluster(dataDir: string): void {
  writeFileSync(path.join(clusterOf(dataDir), 'PG_VERSION'), '12\n');
}
