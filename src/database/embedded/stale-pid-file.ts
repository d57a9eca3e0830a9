import { readFileSync, rmSync } from 'node:fs';
import { isForeign, pidFile, recordedPostmaster } from './postmaster.ts';

const CERTAIN_AFTER = 500;

/**
 * After a power cut or in a restarted container, the process that `postmaster.pid` names may be another program by now,
 * and PostgreSQL then refuses to start. The file is removed once it has named a living program that is not this
 * cluster's postmaster for half a second. Should a backend of the old postmaster still live, PostgreSQL finds it by the
 * shared memory of the cluster and refuses all the same.
 */
export function stalePidFileRemover(cluster: string, now: () => number): () => void {
  let seen: { text: string | undefined; since: number } = { text: undefined, since: 0 };
  return () => {
    const text = foreignPidFile(cluster);
    if (text === undefined || text !== seen.text) {
      seen = { text, since: now() };
    } else if (now() - seen.since >= CERTAIN_AFTER) {
      rmSync(pidFile(cluster), { force: true });
    }
  };
}

/** The file's text when it names another program, or when it is empty: the remnant of a start that lost its power. */
function foreignPidFile(cluster: string): string | undefined {
  const recorded = recordedPostmaster(cluster);
  if (recorded !== undefined && !isForeign(cluster, recorded.pid)) return undefined;
  try {
    const text = readFileSync(pidFile(cluster), 'utf8');
    return recorded !== undefined || text === '' ? text : undefined;
  } catch {
    return undefined;
  }
}
