import { createHash } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir } from 'node:fs/promises';
import path from 'node:path';
import { FILE_MODE, FOLDER_MODE, OperatorError } from '../kernel/index.ts';

/** A file of a backup. */
export interface BackupFile {
  /** Path in the backup, with slashes. */
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

const CHUNK_BYTES = 1024 * 1024;

export interface CopyOptions {
  /** Called with the number of bytes that were copied since the last call. */
  readonly onBytes?: (bytes: number) => void;
  readonly owner?: { readonly uid: number; readonly gid: number } | undefined;
  readonly signal: AbortSignal;
}

/**
 * Copies a file and waits until it is on the disk. A file that grows is copied in its present size: PostgreSQL repeats
 * later changes from its WAL.
 * @returns undefined if the file doesn't exist any more
 * @throws OperatorError if the signal is aborted
 */
export async function copyFile(
  from: string,
  to: string,
  { onBytes, owner, signal }: CopyOptions,
): Promise<Omit<BackupFile, 'path'> | undefined> {
  const source = await open(from).catch(ifMissing);
  if (source === undefined) return undefined;
  const hash = createHash('sha256');
  let bytes = 0;
  let target: FileHandle | undefined;
  try {
    target = await open(to, 'wx', FILE_MODE);
    for await (const part of readParts(source, (await source.stat()).size)) {
      if (signal.aborted) throw new OperatorError('Stopped. Nothing was stored.');
      hash.update(part);
      await target.writeFile(part);
      bytes += part.length;
      onBytes?.(part.length);
    }
    if (owner !== undefined) await target.chown(owner.uid, owner.gid);
    await target.sync();
  } finally {
    await source.close();
    await target?.close();
  }
  return { bytes, sha256: hash.digest('hex') };
}

/** Writes a new file and waits until it is on the disk. */
export async function writeNewFile(file: string, content: string | Buffer): Promise<Omit<BackupFile, 'path'>> {
  const target = await open(file, 'wx', FILE_MODE);
  try {
    await target.writeFile(content);
    await target.sync();
  } finally {
    await target.close();
  }
  return { bytes: Buffer.byteLength(content), sha256: createHash('sha256').update(content).digest('hex') };
}

/** Returns the digest of a file. Returns undefined if it doesn't exist. */
export async function digestFile(file: string): Promise<Omit<BackupFile, 'path'> | undefined> {
  const source = await open(file).catch(ifMissing);
  if (source === undefined) return undefined;
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    for await (const part of readParts(source, (await source.stat()).size)) {
      hash.update(part);
      bytes += part.length;
    }
  } finally {
    await source.close();
  }
  return { bytes, sha256: hash.digest('hex') };
}

/** Reads a file up to a size, in parts that share their memory: most files are small, and a backup has thousands. */
async function* readParts(source: FileHandle, size: number): AsyncGenerator<Buffer> {
  const chunk = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, Math.max(size, 1)));
  for (let done = 0; done < size; ) {
    const { bytesRead } = await source.read(chunk, 0, Math.min(chunk.length, size - done));
    if (bytesRead === 0) return;
    done += bytesRead;
    yield chunk.subarray(0, bytesRead);
  }
}

/** Creates a folder that only its owner can read. */
export async function makeFolder(
  folder: string,
  owner?: { readonly uid: number; readonly gid: number },
): Promise<void> {
  await mkdir(folder, { mode: FOLDER_MODE });
  if (owner === undefined) return;
  const handle = await open(folder);
  try {
    await handle.chown(owner.uid, owner.gid);
  } finally {
    await handle.close();
  }
}

/** Lists the files below a folder with their paths from there, in the order of their names. */
export async function listFiles(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .sort();
}

const ifMissing = (error: NodeJS.ErrnoException): undefined => {
  if (error.code !== 'ENOENT') throw error;
};
