import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { WAL_ARCHIVE_EXTENSION } from '../../database/index.ts';
import { OperatorError } from '../../kernel/index.ts';
import { historyName, type Lsn, parseLsn } from './lsn.ts';

/** A part of the history that a recovery follows. Each restore ends a timeline and begins another one. */
export interface TimelinePart {
  readonly timeline: number;
  readonly begin: Lsn;
  /** Where the next timeline begins; infinite for the last part. */
  readonly end: Lsn;
}

const unzip = promisify(gunzip);
const HISTORY = /^([0-9A-F]{8})\.history\.gz$/;

/** Timelines that a recovery from a backup can follow. */
export interface Timelines {
  /** Parts of the chosen one, the oldest first. */
  readonly parts: readonly TimelinePart[];
  /** Numbers of all of them, the newest first. */
  readonly all: readonly number[];
}

/**
 * Finds the timelines that continue a backup's own after the end of the backup. Those of databases that were restored to an
 * earlier time don't. The newest is chosen, unless the caller wants another one.
 * @param names names of the files in the archive
 * @throws OperatorError if the wanted one isn't among them
 */
export async function findTimelines(
  archive: string | undefined,
  names: readonly string[],
  backup: { readonly timeline: number; readonly stop: Lsn; readonly wanted: number | undefined },
): Promise<Timelines> {
  const newer = names
    .flatMap((name) => HISTORY.exec(name)?.[1] ?? [])
    .map((timeline) => Number.parseInt(timeline, 16))
    .filter((timeline) => timeline > backup.timeline)
    .sort((one, other) => other - one);
  const found = new Map<number, readonly TimelinePart[]>();
  for (const timeline of newer) {
    const parts = await readHistory(archive ?? '', timeline);
    const own = parts.find((part) => part.timeline === backup.timeline);
    if (own !== undefined && own.end >= backup.stop) found.set(timeline, parts);
  }
  found.set(backup.timeline, [{ timeline: backup.timeline, begin: 0, end: Number.POSITIVE_INFINITY }]);
  const all = [...found.keys()];
  const parts = found.get(backup.wanted ?? all[0] ?? backup.timeline);
  if (parts !== undefined) return { parts, all };
  throw new OperatorError(
    `The archive has no timeline ${backup.wanted} that continues this backup. Use one of: ${all.join(', ')}.`,
  );
}

/** Reads the file that PostgreSQL wrote when a timeline began: earlier timelines, each with its end. */
async function readHistory(archive: string, timeline: number): Promise<readonly TimelinePart[]> {
  const file = path.join(archive, historyName(timeline) + WAL_ARCHIVE_EXTENSION);
  const text = (await unzip(await readFile(file))).toString('utf8');
  const earlier = text.split('\n').flatMap((line) => {
    const [, number, end] = /^\s*(\d+)\s+([0-9A-F]+\/[0-9A-F]+)/.exec(line) ?? [];
    return number === undefined || end === undefined ? [] : [{ timeline: Number(number), end: parseLsn(end) }];
  });
  let begin = 0;
  return [...earlier, { timeline, end: Number.POSITIVE_INFINITY }].map((part) => {
    const made = { ...part, begin };
    begin = part.end;
    return made;
  });
}
