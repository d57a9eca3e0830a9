import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { OperatorError, sha256 } from '../kernel/index.ts';
import { type BackupFile, writeNewFile } from './copied-files.ts';

/** Describes a backup. It is written last, so a folder without it isn't a backup. */
export interface BackupManifest {
  readonly format: number;
  /** Version of PostgreSQL. Another major version can't read the files. */
  readonly postgresql: string;
  readonly systemIdentifier: string;
  readonly segmentBytes: number;
  readonly timeline: number;
  readonly startLsn: string;
  readonly stopLsn: string;
  /** ISO 8601 times. A restore can choose any time after the end. */
  readonly startedAt: string;
  readonly endedAt: string;
  /** Data keys of the database, each encrypted with the operator's key, in base64. A restore tries that key with them. */
  readonly dataKeys: readonly { readonly keyId: string; readonly wrapped: string }[];
  /** Folders of the copied data directory, also empty ones. */
  readonly folders: readonly string[];
  readonly files: readonly BackupFile[];
}

/** Places in a backup. */
export const BACKUP = {
  manifest: 'manifest.json',
  database: 'database',
  wal: 'wal',
  password: 'database-password',
  auditArchive: 'audit-archive',
} as const;

export const FORMAT = 1;

const digestOf = (backup: unknown): string => sha256(JSON.stringify(backup)).toString('hex');

export async function writeManifest(folder: string, backup: BackupManifest): Promise<void> {
  const text = `${JSON.stringify({ digest: digestOf(backup), backup }, undefined, 1)}\n`;
  await writeNewFile(path.join(folder, BACKUP.manifest), text);
}

/**
 * Reads the manifest of a backup.
 * @throws OperatorError if the folder isn't a whole backup, or is one that this release can't read
 */
export async function readManifest(folder: string): Promise<BackupManifest> {
  const file = path.join(folder, BACKUP.manifest);
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR')
      throw new OperatorError(`${folder} isn't a backup, or not a complete one: it has no ${BACKUP.manifest}.`);
    throw new OperatorError(`${file} can't be read (${error.code}).`);
  });
  const { digest, backup } = parse(text) ?? {};
  if (backup === undefined || digest !== digestOf(backup)) throw new OperatorError(`${file} is damaged.`);
  if (backup.format !== FORMAT)
    throw new OperatorError(`The backup ${folder} has the format ${backup.format}, which this release can't read.`);
  for (const name of [...backup.files.map((one) => one.path), ...backup.folders])
    if (path.isAbsolute(name) || name.split(/[/\\]/).includes('..'))
      throw new OperatorError(`${file} names a file outside of the backup.`);
  return backup;
}

function parse(text: string): { readonly digest?: string; readonly backup?: BackupManifest } | undefined {
  try {
    return JSON.parse(text) ?? undefined;
  } catch {
    return undefined;
  }
}
