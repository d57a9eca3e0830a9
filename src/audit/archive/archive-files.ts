import { randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { StringDecoder } from 'node:string_decoder';
import { constants, createZstdCompress, createZstdDecompress } from 'node:zlib';
import { FILE_MODE, FOLDER_MODE, hours, later, syncFolder } from '../../kernel/index.ts';
import { createContentDigest } from './canonical-event.ts';
import { type AuditSegment, digestSegment, lastDay } from './segment.ts';
import { DIGEST_DIGITS } from './segment-store.ts';

/** A file of the archive, and the segment that its name states. */
export interface ArchiveFile {
  /** Path of the events, without the extension. */
  readonly base: string;
  readonly segment: number;
  /** Last day of the segment (UTC), as an ISO 8601 date. */
  readonly day: string;
  /** First 16 digits of the segment's digest. */
  readonly digest: string;
}

/** The ways in which a segment of the archive can differ from what was sealed. */
export type FileProblem = 'file-missing' | 'file-changed' | 'manifest-changed';

const NAME = /^audit-(\d{4}-\d\d-\d\d)-(\d{6,})-([0-9a-f]{16})\.json$/;
const TEMPORARY_NAME = /^audit-\d{4}-\d\d-\d\d-\d{6,}-[0-9a-f]{16}\.[0-9a-f-]{36}\.tmp$/;
/** Milliseconds after which nothing was written to a file, so that the process that began it must have ended. */
const ABANDONED = hours(1);
const EVENTS = '.ndjson.zst';
const MANIFEST = '.json';
/** Version of the archive's format, in each manifest. */
const FORMAT = 1;

/**
 * Returns the folder of the archive: that of the setting, or one beside the embedded database.
 * @param dataDir data folder of the embedded database; undefined for an external one
 */
export const archiveFolder = (setting: string | undefined, dataDir: string | undefined): string | undefined =>
  setting ?? (dataDir === undefined ? undefined : path.join(dataDir, 'audit-archive'));

/**
 * Returns the path of a segment's files without the extension. The name has a part of the digest, so that no file
 * replaces another one, even if the database was restored to an earlier time and other events were sealed since.
 */
export const archivePath = (folder: string, segment: Pick<AuditSegment, 'segment' | 'to' | 'digest'>): string => {
  const number = String(segment.segment).padStart(6, '0');
  return path.join(folder, `audit-${lastDay(segment)}-${number}-${segment.digest.slice(0, DIGEST_DIGITS)}`);
};

/** Lists the segments of an archive by day. Returns an empty list if the folder doesn't exist. */
export async function listArchive(folder: string): Promise<readonly ArchiveFile[]> {
  const names = await listNames(folder);
  return names.sort().flatMap((name) => {
    const [, day, number, digest] = NAME.exec(name) ?? [];
    if (day === undefined || digest === undefined) return [];
    return [{ base: path.join(folder, name.slice(0, -MANIFEST.length)), segment: Number(number), day, digest }];
  });
}

/**
 * Deletes the temporary files of processes that were killed while they wrote a segment. Another process may be writing
 * now, so a file stays for an hour after it was last written to.
 */
export async function removeAbandonedFiles(folder: string, now: Date): Promise<void> {
  for (const name of await listNames(folder)) {
    if (!TEMPORARY_NAME.test(name)) continue;
    const file = path.join(folder, name);
    const written = (await stat(file).catch(ifMissing))?.mtime;
    if (written !== undefined && written < later(now, -ABANDONED)) await rm(file, { force: true });
  }
}

const listNames = (folder: string): Promise<string[]> =>
  readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });

/**
 * Writes a segment to the archive and reads it back. The files get their names only when they are complete and on the
 * disk, the manifest last. An error, such as a full disk, leaves no file.
 * @param lines the lines of the events
 * @throws ArchiveMismatch if the events aren't those that were sealed
 */
export async function writeArchive(folder: string, segment: AuditSegment, lines: AsyncIterable<Buffer>): Promise<void> {
  await mkdir(folder, { recursive: true, mode: FOLDER_MODE });
  const base = archivePath(folder, segment);
  // Several processes may write the same segment at the same time.
  const temporary = `${base}.${randomUUID()}.tmp`;
  try {
    await pipeline(
      lines,
      createZstdCompress({ params: { [constants.ZSTD_c_checksumFlag]: 1 } }),
      createWriteStream(temporary, { mode: FILE_MODE, flush: true }),
    );
    if (!(await hasEvents(temporary, segment))) throw new ArchiveMismatch();
    await rename(temporary, base + EVENTS);
    await writeWhole(temporary, `${JSON.stringify({ format: FORMAT, ...segment }, undefined, 2)}\n`);
    await rename(temporary, base + MANIFEST);
    await syncFolder(folder);
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Thrown if the events in the database aren't those that were sealed, so they aren't archived. */
export class ArchiveMismatch extends Error {
  readonly code = 'audit-events-changed';
}

/** Checks that the archive has a segment, and that its events are those that were sealed. */
export async function checkArchive(folder: string, segment: AuditSegment): Promise<FileProblem | undefined> {
  const base = archivePath(folder, segment);
  const manifest = await readManifest(base).catch(ifMissing);
  if (manifest === undefined) return 'file-missing';
  if (JSON.stringify(manifest) !== JSON.stringify(segment)) return 'manifest-changed';
  try {
    return (await hasEvents(base + EVENTS, segment)) ? undefined : 'file-changed';
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 'file-missing';
    if (isCompressionError(error as NodeJS.ErrnoException)) return 'file-changed';
    throw error;
  }
}

/** Tells whether the archive has the files of a segment, without reading the events. */
export async function isInArchive(folder: string, segment: AuditSegment): Promise<boolean> {
  const base = archivePath(folder, segment);
  const file = await open(base + EVENTS).catch(ifMissing);
  await file?.close();
  return file !== undefined && (await readManifest(base).catch(ifMissing)) !== undefined;
}

/**
 * Reads the manifest of a segment, in the order of the segment's properties.
 * @throws SyntaxError if it isn't a manifest
 */
export async function readManifest(base: string): Promise<AuditSegment> {
  const { format: _format, ...segment } = JSON.parse(await readFile(base + MANIFEST, 'utf8'));
  return segment;
}

/** Tells whether a segment's own digest is that of its fields. */
export const isOwnDigest = ({ digest, salt: _salt, ...content }: AuditSegment): boolean =>
  digestSegment(content) === digest;

/** Reads the events of a segment in the archive as bytes. */
export const readArchive = (base: string): AsyncIterable<Buffer> => decompress(base + EVENTS);

/** Splits bytes into lines. A last line without a line feed isn't complete, and is left out. */
export async function* splitLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<string, void, undefined> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  for await (const bytes of chunks) {
    const lines = (rest + decoder.write(bytes)).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
}

const decompress = (file: string): AsyncIterable<Buffer> => {
  const bytes = createReadStream(file);
  const decompressed = createZstdDecompress();
  // An error of the file, such as its absence, is thrown where the events are read.
  bytes.on('error', (error) => decompressed.destroy(error));
  decompressed.on('close', () => bytes.destroy());
  return bytes.pipe(decompressed);
};

async function hasEvents(file: string, { salt, contentDigest, events }: AuditSegment): Promise<boolean> {
  const digest = createContentDigest(Buffer.from(salt, 'hex'));
  for await (const bytes of decompress(file)) digest.add(bytes);
  const found = digest.end();
  return found.contentDigest === contentDigest && found.events === events;
}

const ifMissing = (error: NodeJS.ErrnoException): undefined => {
  if (error.code !== 'ENOENT' && !(error instanceof SyntaxError)) throw error;
};

/** Codes of zlib for a file that isn't complete, or isn't what was compressed. */
const isCompressionError = ({ code }: NodeJS.ErrnoException): boolean =>
  code === 'Z_BUF_ERROR' || code?.startsWith('ZSTD_error_') === true;

async function writeWhole(file: string, text: string): Promise<void> {
  const handle = await open(file, 'w', FILE_MODE);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
