import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import {
  type DatabaseUser,
  type DataDir,
  findObstacle,
  openDatabase,
  openDataDir,
  type RecoveredCluster,
  recoverCluster,
  statement,
  walArchiveFolder,
} from '../database/index.ts';
import type { EncryptionKey } from '../encryption/index.ts';
import { FOLDER_MODE, OperatorError, syncFolder } from '../kernel/index.ts';
import { type BackupFile, copyFile, makeFolder } from './copied-files.ts';
import { readDataKeys, requireKey } from './data-keys.ts';
import { BACKUP, type BackupManifest, readManifest } from './manifest.ts';
import { findRestorableTime, type RestorableTime, type WalChoice } from './restorable-time.ts';
import { requirePlace } from './restore-place.ts';

export interface RestoreOptions extends WalChoice {
  readonly folder: string;
  /** Data folder of the restored database. */
  readonly dataDir: string;
  /** Time to restore to; undefined for the last transaction in the WAL. */
  readonly target: Date | undefined;
  readonly key: EncryptionKey | undefined;
  /** The archive of the settings, to which the restored database archives from now on. */
  readonly archiveTo: string | undefined;
  readonly signal: AbortSignal;
  onProgress(done: number, all: number): void;
  onRecovery(): void;
}

export interface RestoredBackup {
  readonly backup: BackupManifest;
  /** Time of the last restored transaction; undefined if there was none after the beginning of the backup. */
  readonly lastTransaction: Date | undefined;
  readonly timeline: number;
}

/**
 * Restores a backup into a data folder without a database. Everything that can be checked before is: the key, the place,
 * and whether the WAL reaches the target. The database gets its name when it is recovered and shut down.
 * @throws OperatorError
 */
export async function restoreBackup(options: RestoreOptions): Promise<RestoredBackup> {
  const { folder, dataDir: root, target, key } = options;
  const backup = await readManifest(folder);
  await requireKey(backup, key);
  await requirePlace(root);
  requireAfterEnd(backup, target);
  const time = await findRestorableTime(folder, backup, options, target);
  requireReachable(time, target);
  const dataDir = openDataDir(root);
  await requireReadable(dataDir, time.archived);
  const temporary = `${dataDir.cluster}.restoring-${process.pid}`;
  try {
    await copyCluster(backup, temporary, dataDir, options);
    options.onRecovery();
    const restored = await recover(backup, temporary, dataDir, time, options);
    await copyOther(backup, dataDir, options);
    await rename(temporary, dataDir.cluster);
    await syncFolder(dataDir.root);
    return { backup, ...restored };
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

function requireAfterEnd({ endedAt }: BackupManifest, target: Date | undefined): void {
  if (target === undefined || target >= new Date(endedAt)) return;
  throw new OperatorError(`The backup ended at ${endedAt}, after the time of --to. Choose an earlier backup.`);
}

/** Checks that the WAL reaches the target. PostgreSQL stops at the first transaction after it. */
function requireReachable({ from, to, problems }: RestorableTime, target: Date | undefined): void {
  if (target !== undefined && target < to) return;
  const period = `With --to, this backup can be restored to times from ${toSecond(from, 'up')} to ${toSecond(to, 'down')}.`;
  const instead = to > from ? period : 'Without WAL_ARCHIVE_DIR and --wal, only the WAL of the backup itself is used.';
  if (problems.length > 0) throw new OperatorError([...problems, instead].join(' '));
  if (target === undefined) return;
  throw new OperatorError(
    `The last transaction in the WAL is of ${to.toISOString()}, and none is later than --to. Without --to, everything is restored.`,
  );
}

/** Formats a time as a whole second that can be restored. PostgreSQL needs a transaction after it, so the end is before. */
export const toSecond = (time: Date, direction: 'up' | 'down'): string => {
  const second = Math.ceil(time.getTime() / 1000);
  return new Date((direction === 'up' ? second : second - 1) * 1000).toISOString().replace('.000', '');
};

/** PostgreSQL runs as another user if this program runs as root. Checks that it can read the archive. */
function requireReadable({ user }: DataDir, files: readonly string[]): Promise<void> {
  return user === undefined ? Promise.resolve() : requireReadableBy(user, files);
}

async function requireReadableBy(user: DatabaseUser, files: readonly string[]): Promise<void> {
  for (const file of files) {
    const { uid, gid, mode } = await stat(file);
    const bit = uid === user.uid ? 0o400 : gid === user.gid ? 0o040 : 0o004;
    const obstacle = (mode & bit) === 0 ? file : findObstacle(user, path.dirname(file));
    if (obstacle !== undefined)
      throw new OperatorError(
        `PostgreSQL runs as the user ${user.name}, who can't read ${obstacle}. Change the owner of the WAL archive.`,
      );
  }
}

/** Copies PostgreSQL's files and the WAL of the backup, and compares them with their digests. */
async function copyCluster(
  backup: BackupManifest,
  temporary: string,
  { user: owner }: DataDir,
  { folder, signal, onProgress }: RestoreOptions,
): Promise<void> {
  const all = backup.files.reduce((sum, { bytes }) => sum + bytes, 0);
  let done = 0;
  const onBytes = (bytes: number): void => {
    done += bytes;
    onProgress(done, all);
  };
  const folders = ['', ...backup.folders].map((inside) => path.join(temporary, inside));
  for (const made of folders) await makeFolder(made, owner);
  for (const file of backup.files) {
    const to = placeInCluster(file, temporary);
    if (to !== undefined) await copyChecked(folder, file, to, { owner, signal, onBytes });
  }
  for (const made of folders) await syncFolder(made);
}

function placeInCluster({ path: name }: BackupFile, temporary: string): string | undefined {
  const [first = '', ...rest] = name.split('/');
  if (first === BACKUP.database) return path.join(temporary, ...rest);
  return first === BACKUP.wal ? path.join(temporary, 'pg_wal', ...rest) : undefined;
}

async function copyChecked(
  folder: string,
  file: BackupFile,
  to: string,
  options: Parameters<typeof copyFile>[2],
): Promise<void> {
  const copied = await copyFile(path.join(folder, file.path), to, options);
  if (copied?.sha256 !== file.sha256)
    throw new OperatorError(
      `The file ${file.path} of the backup ${copied === undefined ? 'is missing' : 'was changed'}. Nothing was restored. Use another backup.`,
    );
}

const lastReplayed = statement(
  'backup.last-replayed',
  { at: 'timestamptz?', segment: 'text' },
  `select pg_last_xact_replay_timestamp() as at, pg_walfile_name(pg_current_wal_lsn()) as segment`,
);

/** Lets PostgreSQL repeat the WAL, checks the result, and shuts it down. */
async function recover(
  backup: BackupManifest,
  cluster: string,
  dataDir: DataDir,
  { timeline }: RestorableTime,
  { folder, target, key, walArchive, archiveTo, signal }: RestoreOptions,
): Promise<Omit<RestoredBackup, 'backup'>> {
  const password = (await readFile(path.join(folder, BACKUP.password), 'utf8')).trim();
  const walFolder = walArchive === undefined ? undefined : walArchiveFolder(walArchive, backup.systemIdentifier);
  const options = { cluster, password, target, timeline, walFolder, walArchive: archiveTo, signal };
  const recovered = await recoverCluster(dataDir, options);
  try {
    return await checkRecovered(recovered, key);
  } finally {
    await recovered.stop();
  }
}

async function checkRecovered(
  { connection }: RecoveredCluster,
  key: EncryptionKey | undefined,
): Promise<Omit<RestoredBackup, 'backup'>> {
  const db = openDatabase(connection, 1);
  try {
    // The key may have been replaced after the backup.
    await requireKey({ dataKeys: await readDataKeys(db) }, key);
    const [row] = await db.query(lastReplayed);
    return {
      lastTransaction: row?.at ?? undefined,
      timeline: Number.parseInt(row?.segment.slice(0, 8) ?? '', 16),
    };
  } finally {
    await db.close();
  }
}

/** Copies the password, and the files of the audit log's archive that aren't there yet. */
async function copyOther(backup: BackupManifest, dataDir: DataDir, { folder, signal }: RestoreOptions): Promise<void> {
  const archive = path.join(dataDir.root, BACKUP.auditArchive);
  for (const file of backup.files) {
    const [first = '', name = ''] = file.path.split('/');
    if (first === BACKUP.auditArchive) {
      await mkdir(archive, { recursive: true, mode: FOLDER_MODE });
      // The name of a file has a part of its digest.
      if (!existsSync(path.join(archive, name))) await copyChecked(folder, file, path.join(archive, name), { signal });
    }
    if (first === BACKUP.password) await copyChecked(folder, file, dataDir.passwordFile, { signal });
  }
}
