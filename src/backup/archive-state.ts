import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { type Executor, statement, walArchiveFolder } from '../database/index.ts';
import { parseSegmentName, segmentName } from './wal/lsn.ts';

/** How PostgreSQL archives its write-ahead log (WAL). */
export interface WalArchiveState {
  readonly isOn: boolean;
  /** Files that wait to be archived, and bytes of WAL on the disk of the database. */
  readonly waiting: number;
  readonly bytes: number;
  /** When the latest attempt failed; undefined if the latest one succeeded. */
  readonly failedAt: Date | undefined;
  readonly archivedAt: Date | undefined;
  readonly systemIdentifier: string;
  readonly segmentBytes: number;
}

const state = statement(
  'backup.archive-state',
  {
    ...{ mode: 'text', waiting: 'int4', bytes: 'int8', failed_at: 'timestamptz?', archived_at: 'timestamptz?' },
    ...{ identifier: 'text', segment_bytes: 'int8' },
  },
  `select current_setting('archive_mode') as mode,
     (select count(*)::int from pg_ls_archive_statusdir() where name like '%.ready') as waiting,
     (select coalesce(sum(size), 0)::int8 from pg_ls_waldir()) as bytes,
     case when last_failed_time > coalesce(last_archived_time, '-infinity') then last_failed_time end as failed_at,
     last_archived_time as archived_at,
     (select system_identifier::text from pg_control_system()) as identifier,
     (select setting::int8 from pg_settings where name = 'wal_segment_size') as segment_bytes
   from pg_stat_archiver`,
);

/** Reads how the embedded database archives its WAL. The role of an external database may not read that. */
export async function readArchiveState(db: Executor): Promise<WalArchiveState> {
  const [row] = await db.query(state);
  if (row === undefined) throw new Error('pg_stat_archiver has no row');
  return {
    isOn: row.mode !== 'off',
    waiting: row.waiting,
    bytes: row.bytes,
    failedAt: row.failed_at ?? undefined,
    archivedAt: row.archived_at ?? undefined,
    systemIdentifier: row.identifier,
    segmentBytes: row.segment_bytes,
  };
}

/** The latest backup, as the archive knows it. */
export interface LatestBackup {
  readonly endedAt: Date;
  /** Name of the first file that is missing since its start; undefined if the WAL is complete. */
  readonly missing: string | undefined;
}

const unzip = promisify(gunzip);

/**
 * Finds the latest backup: PostgreSQL archives a small file for each one. The names of the files since then show whether
 * any WAL is missing.
 * @returns undefined if there was no backup since the archive was turned on
 */
export async function findLatestBackup(
  walArchive: string,
  { systemIdentifier, segmentBytes }: Pick<WalArchiveState, 'systemIdentifier' | 'segmentBytes'>,
): Promise<LatestBackup | undefined> {
  const folder = walArchiveFolder(walArchive, systemIdentifier);
  const names = await readdir(folder).catch(() => []);
  const [latest] = names
    .filter((name) => name.endsWith('.backup.gz'))
    .sort(bySegmentAndPosition)
    .slice(-1);
  if (latest === undefined) return undefined;
  const text = (await unzip(await readFile(path.join(folder, latest)))).toString('utf8');
  const [, stoppedAt = ''] = /^STOP TIME: (.+)$/m.exec(text) ?? [];
  const first = parseSegmentName(latest.slice(0, 24), segmentBytes);
  if (first === undefined) return undefined;
  const archived = new Set(
    names.flatMap((name) => parseSegmentName(name.replace(/\.gz$/, ''), segmentBytes)?.segment ?? []),
  );
  let missing: string | undefined;
  const last = Math.max(...archived);
  for (let segment = first.segment; segment < last && missing === undefined; segment++)
    if (!archived.has(segment)) missing = segmentName(first.timeline, segment, segmentBytes);
  return { endedAt: new Date(`${stoppedAt.slice(0, 19).replace(' ', 'T')}Z`), missing };
}

/** Orders names such as `000000010000000000000002.00000028.backup.gz` by position. A later timeline may begin earlier. */
const bySegmentAndPosition = (one: string, other: string): number => (one.slice(8) < other.slice(8) ? -1 : 1);
