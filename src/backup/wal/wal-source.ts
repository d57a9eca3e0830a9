import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { WAL_ARCHIVE_EXTENSION } from '../../database/index.ts';
import { type Lsn, parseSegmentName, segmentName } from './lsn.ts';
import { findTimelines, type Timelines } from './timelines.ts';

/** The WAL that a restore can use: that of the backup, and the archive. */
export interface WalSource {
  readonly segmentBytes: number;
  readonly timelines: Timelines;
  /** Reads a segment. Returns undefined if there is none. */
  read(segment: number): Promise<Buffer | undefined>;
  has(segment: number): boolean;
  /** Path of the archive's file with a segment; undefined if the segment is in the backup, or missing. */
  archivedFile(segment: number): string | undefined;
  /** Number of the last segment that exists on the timeline, also beyond one that is missing. */
  readonly last: number;
  /** Name of the file that a segment has, or should have. */
  nameOf(segment: number): string;
}

/** Thrown for a file that isn't a whole segment. */
export class DamagedSegment extends Error {}

export interface WalPlaces {
  /** Folder with the WAL of the backup itself. */
  readonly own: string;
  /** Folder of this database in the archive; undefined without one. */
  readonly archive: string | undefined;
  readonly segmentBytes: number;
  readonly timeline: number;
  /** End of the backup. */
  readonly stop: Lsn;
  /** Timeline to follow; undefined for the newest. */
  readonly wanted: number | undefined;
}

const unzip = promisify(gunzip);
const CHUNK_BYTES = 1024 * 1024;

export async function openWalSource({ own, archive, segmentBytes, ...backup }: WalPlaces): Promise<WalSource> {
  const owned = new Set(await readdir(own));
  const names = archive === undefined ? [] : await readNames(archive);
  const archived = new Set(names.map((name) => name.replace(/\.gz$/, '')));
  const timelines = await findTimelines(archive, names, backup);
  const { parts } = timelines;

  /** Names that a segment may have, the newest timeline first: a segment in which one began is on both. */
  const candidates = (segment: number): readonly string[] =>
    parts
      .filter(({ begin, end }) => Math.floor(begin / segmentBytes) <= segment && end > segment * segmentBytes)
      .map((part) => segmentName(part.timeline, segment, segmentBytes))
      .reverse();
  const find = (segment: number) => candidates(segment).find((name) => archived.has(name) || owned.has(name));

  const last = [...archived, ...owned].reduce((most, name) => {
    const parsed = parseSegmentName(name, segmentBytes);
    return parsed !== undefined && candidates(parsed.segment).includes(name) ? Math.max(most, parsed.segment) : most;
  }, 0);
  return {
    segmentBytes,
    timelines,
    last,
    nameOf: (segment) => find(segment) ?? candidates(segment)[0] ?? '',
    has: (segment) => find(segment) !== undefined,
    async read(segment) {
      const name = find(segment);
      if (name === undefined) return undefined;
      const bytes = owned.has(name)
        ? await readFile(path.join(own, name))
        : await unzip(await readFile(path.join(archive ?? '', name + WAL_ARCHIVE_EXTENSION)), {
            maxOutputLength: segmentBytes + 1,
            chunkSize: CHUNK_BYTES,
          }).catch(() => Buffer.alloc(0));
      if (bytes.length !== segmentBytes) throw new DamagedSegment(name);
      return bytes;
    },
    archivedFile(segment) {
      const name = find(segment);
      if (name === undefined || owned.has(name)) return undefined;
      return path.join(archive ?? '', name + WAL_ARCHIVE_EXTENSION);
    },
  };
}

/** Lists the files of an archive. One that doesn't exist has none. */
async function readNames(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
}
