import { readFileSync, rmSync } from 'node:fs';
import { isOtherProgram, pidFilePath, readPidFile } from './postmaster.ts';

/** Milliseconds for which a pid file must be stale before it is removed. */
const REMOVE_AFTER = 500;

/**
 * Returns a function that removes a stale `postmaster.pid`. After a power failure or in a restarted container, the pid
 * in the file may belong to another program, and PostgreSQL then doesn't start. The function removes the file when the
 * file has named another program for half a second. If a backend of the old postmaster is still running, PostgreSQL
 * detects that by the cluster's shared memory and doesn't start, with or without the file.
 */
export function createStalePidFileRemover(cluster: string, now: () => number): () => void {
  let seen: { text: string | undefined; since: number } = { text: undefined, since: 0 };
  return () => {
    const text = readStalePidFile(cluster);
    if (text === undefined || text !== seen.text) {
      seen = { text, since: now() };
    } else if (now() - seen.since >= REMOVE_AFTER) {
      rmSync(pidFilePath(cluster), { force: true });
    }
  };
}

/**
 * Returns the text of the pid file if the file is stale, that is, names another program. An empty file counts too; a
 * power failure during a start can leave one behind.
 */
function readStalePidFile(cluster: string): string | undefined {
  const recorded = readPidFile(cluster);
  if (recorded !== undefined && !isOtherProgram(cluster, recorded.pid)) return undefined;
  try {
    const text = readFileSync(pidFilePath(cluster), 'utf8');
    return recorded !== undefined || text === '' ? text : undefined;
  } catch {
    return undefined;
  }
}
