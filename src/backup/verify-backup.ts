import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { digestFile, listFiles } from './copied-files.ts';
import { BACKUP, type BackupManifest, readManifest } from './manifest.ts';
import { findRestorableTime, type RestorableTime, type WalChoice } from './restorable-time.ts';

export interface BackupVerification extends RestorableTime {
  readonly backup: BackupManifest;
  readonly bytes: number;
}

export interface VerifyOptions extends WalChoice {
  readonly folder: string;
  onProgress(done: number, all: number): void;
}

/**
 * Reads a backup and the WAL that belongs to it, and compares each file with its digest.
 * @throws OperatorError if the folder isn't a backup
 */
export async function verifyBackup({ folder, onProgress, ...wal }: VerifyOptions): Promise<BackupVerification> {
  const backup = await readManifest(folder);
  const bytes = backup.files.reduce((sum, file) => sum + file.bytes, 0);
  const problems: string[] = [];
  let done = 0;
  for (const { path: name, ...expected } of backup.files) {
    const found = await digestFile(path.join(folder, name));
    if (found === undefined) problems.push(`The file ${name} is missing.`);
    else if (found.sha256 !== expected.sha256) problems.push(`The file ${name} was changed.`);
    done += expected.bytes;
    onProgress(done, bytes);
  }
  const known = new Set(backup.files.map((file) => file.path));
  for (const name of await listFiles(folder))
    if (!known.has(name) && name !== BACKUP.manifest) problems.push(`The file ${name} doesn’t belong to the backup.`);
  const hasWal = await readdir(path.join(folder, BACKUP.wal)).then(
    () => true,
    () => false,
  );
  if (!hasWal) return { ...nothingRestorable(backup), backup, bytes, problems };
  const time = await findRestorableTime(folder, backup, wal);
  return { ...time, backup, bytes, problems: [...problems, ...time.problems] };
}

const nothingRestorable = ({ endedAt, timeline }: BackupManifest): RestorableTime => ({
  from: new Date(endedAt),
  to: new Date(endedAt),
  timeline,
  otherTimelines: [],
  archived: [],
  problems: [],
});
