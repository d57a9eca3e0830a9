import { createHash, type Hash } from 'node:crypto';
import { type FileHandle, mkdir, open } from 'node:fs/promises';
import path from 'node:path';
import { FILE_MODE, FOLDER_MODE } from '../kernel/index.ts';

/** A file of an export, as the manifest lists it. */
export interface ExportedFile {
  /** Path from the folder of the export, with slashes. */
  readonly path: string;
  readonly lines: number;
  readonly bytes: number;
  /** In hex. */
  readonly sha256: string;
}

/** Bytes that are collected before they are written. */
const BUFFER_BYTES = 64 * 1024;

interface OpenFile {
  readonly handle: FileHandle;
  readonly hash: Hash;
  lines: number;
  bytes: number;
  pending: Buffer[];
  pendingBytes: number;
}

/** Files that are written line by line at the same time, with little memory. */
export interface FileSet {
  addLine(path: string, line: string): Promise<void>;
  /** Writes what is left to the disk and closes the files. @returns the files by path */
  finish(): Promise<readonly ExportedFile[]>;
  /** Closes the files after an error. */
  abandon(): Promise<void>;
}

export function createFileSet(folder: string): FileSet {
  const files = new Map<string, OpenFile>();

  async function openFile(name: string): Promise<OpenFile> {
    const target = path.join(folder, ...name.split('/'));
    await mkdir(path.dirname(target), { recursive: true, mode: FOLDER_MODE });
    const handle = await open(target, 'wx', FILE_MODE);
    const file = { handle, hash: createHash('sha256'), lines: 0, bytes: 0, pending: [], pendingBytes: 0 };
    files.set(name, file);
    return file;
  }

  async function flush(file: OpenFile): Promise<void> {
    const bytes = Buffer.concat(file.pending);
    file.pending = [];
    file.pendingBytes = 0;
    file.hash.update(bytes);
    await file.handle.writeFile(bytes);
  }

  return {
    async addLine(name, line) {
      const file = files.get(name) ?? (await openFile(name));
      const bytes = Buffer.from(`${line}\n`);
      file.lines += 1;
      file.bytes += bytes.length;
      file.pending.push(bytes);
      file.pendingBytes += bytes.length;
      if (file.pendingBytes >= BUFFER_BYTES) await flush(file);
    },
    async finish() {
      const finished: ExportedFile[] = [];
      for (const [name, file] of [...files].sort(([one], [other]) => (one < other ? -1 : 1))) {
        await flush(file);
        await file.handle.sync();
        await file.handle.close();
        files.delete(name);
        finished.push({ path: name, lines: file.lines, bytes: file.bytes, sha256: file.hash.digest('hex') });
      }
      return finished;
    },
    async abandon() {
      for (const { handle } of files.values()) await handle.close().catch(() => {});
    },
  };
}
