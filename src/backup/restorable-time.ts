import path from 'node:path';
import { walArchiveFolder } from '../database/index.ts';
import { BACKUP, type BackupManifest } from './manifest.ts';
import { type Lsn, parseLsn } from './wal/lsn.ts';
import { scanWal } from './wal/scan-wal.ts';
import { openWalSource, type WalSource } from './wal/wal-source.ts';

/** How far a backup can be restored with the WAL that is there. */
export interface RestorableTime {
  /** End of the backup. No earlier time can be chosen. */
  readonly from: Date;
  /** Time of the last transaction in the WAL. Without one after the backup, its end. */
  readonly to: Date;
  /** Number of the timeline that a restore follows. */
  readonly timeline: number;
  /** Other timelines in the archive that continue the backup. */
  readonly otherTimelines: readonly number[];
  /** Files of the archive that a restore reads. */
  readonly archived: readonly string[];
  /** Missing or damaged WAL. The times above are those that can be restored in spite of it. */
  readonly problems: readonly string[];
}

export interface WalChoice {
  /** The archive of the setting; undefined to use only the WAL of the backup. */
  readonly walArchive: string | undefined;
  /** Timeline to follow; undefined for the newest. */
  readonly timeline: number | undefined;
}

/**
 * Reads all WAL since the start of a backup and checks it.
 * @param until time after which nothing needs to be read
 */
export async function findRestorableTime(
  folder: string,
  backup: BackupManifest,
  { walArchive, timeline: wanted }: WalChoice,
  until?: Date,
): Promise<RestorableTime> {
  const { segmentBytes, systemIdentifier, timeline } = backup;
  const [start, stop] = [parseLsn(backup.startLsn), parseLsn(backup.stopLsn)];
  const archive = walArchive === undefined ? undefined : walArchiveFolder(walArchive, systemIdentifier);
  const source = await openWalSource({
    own: path.join(folder, BACKUP.wal),
    archive,
    ...{ segmentBytes, timeline, stop, wanted },
  });
  let latest = Date.parse(backup.endedAt);
  const { end, damaged } = await scanWal(source, start, systemIdentifier, (time, at) => {
    if (at >= stop) latest = Math.max(latest, time);
    return until === undefined || at < stop || time <= until.getTime();
  });
  const { parts, all } = source.timelines;
  const followed = parts.at(-1)?.timeline ?? timeline;
  const isPassed = until !== undefined && latest > until.getTime();
  return {
    from: new Date(backup.endedAt),
    to: new Date(latest),
    timeline: followed,
    otherTimelines: all.filter((one) => one !== followed),
    archived: listArchived(source, start, end),
    problems: isPassed ? [] : findProblems(source, { end, stop, damaged }),
  };
}

function listArchived(source: WalSource, start: Lsn, end: Lsn): readonly string[] {
  const { segmentBytes } = source;
  const files: string[] = [];
  for (let segment = Math.floor(start / segmentBytes); segment * segmentBytes <= end; segment++) {
    const file = source.archivedFile(segment);
    if (file !== undefined) files.push(file);
  }
  return files;
}

function findProblems(
  source: WalSource,
  { end, stop, damaged }: { readonly end: Lsn; readonly stop: Lsn; readonly damaged: string | undefined },
): readonly string[] {
  const { segmentBytes } = source;
  const isIncomplete =
    end < stop ? ['The WAL doesn’t reach the end of the backup, so the backup can’t be restored.'] : [];
  if (damaged !== undefined) return [`The WAL file ${damaged} is damaged.`, ...isIncomplete];
  // A record that begins in the last segment can end in one that isn't archived yet.
  const missing = [Math.floor(end / segmentBytes), Math.floor(end / segmentBytes) + 1].find(
    (segment) => !source.has(segment),
  );
  if (missing === undefined || source.last < missing) return isIncomplete;
  return [`The WAL file ${source.nameOf(missing)} is missing, but later ones are there.`, ...isIncomplete];
}
