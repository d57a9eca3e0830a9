import { chownSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { makeFolder } from './data-dir.ts';
import type { DatabaseUser } from './database-user.ts';

/**
 * Extension of the archive's files, which are compressed with gzip. A segment of 16 MB that is mostly empty then takes
 * about 90 KB.
 */
export const WAL_ARCHIVE_EXTENSION = '.gz';

/** Seconds after which PostgreSQL archives a segment that isn't full, if anything was written. */
const ARCHIVE_TIMEOUT = 60;

/**
 * Returns the folder of one cluster in the archive. A new database in the same data folder thus never finds files of the
 * earlier one, which PostgreSQL would not replace.
 */
export const walArchiveFolder = (archive: string, systemIdentifier: string): string =>
  path.join(archive, systemIdentifier);

/** Returns the settings with which PostgreSQL archives its write-ahead log (WAL) to a folder. */
export const walArchiveSettings = (folder: string): Readonly<Record<string, string>> => ({
  archive_mode: 'on',
  archive_timeout: String(ARCHIVE_TIMEOUT),
  archive_command: archiveCommand(folder),
});

/**
 * Creates the folder, for the user of the database. An error is ignored here, because the server must run without its
 * archive too: PostgreSQL then keeps the segments and tries again, and `doctor` reports it.
 */
export function makeWalArchive(folder: string, user: DatabaseUser | undefined): void {
  try {
    makeFolder(path.dirname(folder));
    if (existsSync(folder)) return;
    mkdirSync(folder, { mode: 0o700 });
    if (user !== undefined) chownSync(folder, user.uid, user.gid);
  } catch {
    // See above.
  }
}

const HISTORY = /^[0-9A-F]{8}\.history$/;

/**
 * Lets PostgreSQL archive the history of its timelines, also of those that began while nothing was archived. Without it, a
 * later restore would not find the WAL of these timelines.
 */
export function queueTimelines(cluster: string, user: DatabaseUser | undefined): void {
  const wal = path.join(cluster, 'pg_wal');
  for (const name of readdirSync(wal).filter((one) => HISTORY.test(one))) {
    const status = path.join(wal, 'archive_status', name);
    if (existsSync(`${status}.ready`) || existsSync(`${status}.done`)) continue;
    writeFileSync(`${status}.ready`, '', { mode: 0o600 });
    if (user !== undefined) chownSync(`${status}.ready`, user.uid, user.gid);
  }
}

/**
 * Returns the shell command that archives a file. It never replaces a file: one with the same content counts as success,
 * as PostgreSQL requires, and another one as a failure. A new file gets its name when it is on the disk. The command
 * creates the folder if only that is missing, but not its parents: if a disk isn't mounted, nothing is stored in its place.
 * https://www.postgresql.org/docs/18/continuous-archiving.html#BACKUP-ARCHIVING-WAL
 */
function archiveCommand(folder: string): string {
  const isSame = `gzip -cd "$f" | cmp -s - "%p"`;
  const makeFolder = `{ [ -d "$d" ] || mkdir "$d"; }`;
  const store = `${makeFolder} && gzip -1c "%p" > "$t" && sync "$t" && mv "$t" "$f" && sync "$d"`;
  const names = `d=${quote(folder)}; f="$d/%f${WAL_ARCHIVE_EXTENSION}"; t="$d/%f.part"`;
  return `umask 077; ${names}; if [ -f "$f" ]; then ${isSame}; else ${store}; fi`;
}

/** Returns the shell command with which a recovery reads a file of the archive. It fails if the file isn't there. */
export function restoreCommand(folder: string): string {
  const file = `${quote(folder)}/%f${WAL_ARCHIVE_EXTENSION}`;
  return `[ -f ${file} ] && gzip -cd ${file} > "%p"`;
}

/** Quotes a path for the shell. PostgreSQL replaces `%` and a letter, so a percent sign is doubled. */
const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`).replaceAll('%', '%%')}'`;
