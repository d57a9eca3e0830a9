import { readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { walArchiveFolder } from '../database/index.ts';
import { removeIncomplete, syncFolder } from '../kernel/index.ts';
import { BACKUP, type BackupManifest, readManifest } from './manifest.ts';
import { parseLsn, parseSegmentName } from './wal/lsn.ts';

export interface PruneOptions {
  /** Folder whose subfolders are backups. */
  readonly folder: string;
  /** Number of the newest backups that stay. */
  readonly keep: number;
  readonly walArchive: string | undefined;
}

export interface PrunedBackups {
  readonly kept: readonly string[];
  readonly removed: readonly string[];
  /** Number of WAL files that no backup needs any more. */
  readonly walFiles: number;
}

/** Deletes all but the newest backups in a folder, and the archived WAL from before the oldest of those that stay. */
export async function pruneBackups({ folder, keep, walArchive }: PruneOptions): Promise<PrunedBackups> {
  await removeIncomplete(folder);
  const backups = (await listBackups(folder)).sort((one, other) =>
    one.backup.endedAt < other.backup.endedAt ? 1 : -1,
  );
  const kept = backups.slice(0, keep);
  const removed = backups.slice(keep);
  for (const { name } of removed) {
    // A folder that is deleted in part must not look like a backup.
    const aside = path.join(folder, `${name}.incomplete-${process.pid}`);
    await rename(path.join(folder, name), aside);
    await syncFolder(folder);
    await rm(aside, { recursive: true, force: true });
  }
  const walFiles =
    walArchive === undefined
      ? 0
      : await pruneWal(
          walArchive,
          kept.map(({ backup }) => backup),
        );
  return { kept: kept.map(({ name }) => name), removed: removed.map(({ name }) => name), walFiles };
}

async function listBackups(folder: string): Promise<{ readonly name: string; readonly backup: BackupManifest }[]> {
  const found: { readonly name: string; readonly backup: BackupManifest }[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue;
    const inside = await readdir(path.join(folder, entry.name)).catch((): string[] => []);
    if (inside.includes(BACKUP.manifest))
      found.push({ name: entry.name, backup: await readManifest(path.join(folder, entry.name)) });
  }
  return found;
}

/** Deletes the segments before the oldest backup of each database. Without a backup, all stay. */
async function pruneWal(walArchive: string, backups: readonly BackupManifest[]): Promise<number> {
  let removed = 0;
  for (const systemIdentifier of new Set(backups.map((backup) => backup.systemIdentifier))) {
    const own = backups.filter((backup) => backup.systemIdentifier === systemIdentifier);
    const [{ segmentBytes } = { segmentBytes: 1 }] = own;
    const first = Math.floor(Math.min(...own.map(({ startLsn }) => parseLsn(startLsn))) / segmentBytes);
    const folder = walArchiveFolder(walArchive, systemIdentifier);
    for (const name of await readdir(folder).catch((): string[] => [])) {
      // A file about a backup, `.backup`, and a part of a segment before a restore, `.partial`, begin with its name.
      const parsed = parseSegmentName(name.slice(0, 24), segmentBytes);
      if (parsed === undefined || parsed.segment >= first) continue;
      await rm(path.join(folder, name));
      removed += 1;
    }
  }
  return removed;
}
