import { readFileSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { OperatorError } from '../../kernel/index.ts';

export interface DatabaseUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

const NOBODY = 'nobody';

/**
 * Returns the operating system user for PostgreSQL, which doesn't run as root. If this program runs as root, the user
 * is the owner of the cluster folder, or `nobody` for a new cluster. Returns `undefined` if PostgreSQL can run as the
 * user who runs this program.
 */
export function findDatabaseUser(cluster: string): DatabaseUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const owner = statSync(cluster, { throwIfNoEntry: false });
  if (owner === undefined || owner.uid === 0) return findNobody();
  return { name: `with the id ${owner.uid}`, uid: owner.uid, gid: owner.gid };
}

function findNobody(): DatabaseUser {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith(`${NOBODY}:`));
  if (line === undefined) {
    throw new OperatorError(
      `PostgreSQL can't run as root, and there is no user "${NOBODY}" to run it as. Start as a user other than root.`,
    );
  }
  const [, , uid, gid] = line.split(':');
  return { name: NOBODY, uid: Number(uid), gid: Number(gid) };
}

/**
 * Returns the first folder on the path to a file that the user may not enter, or the file itself if the user may not
 * run it. Returns `undefined` if the user can reach the file.
 */
export function findObstacle(user: DatabaseUser, target: string): string | undefined {
  const steps = ancestors(realpathSync(nearestExisting(target)));
  return steps.find((step) => !canPass(user, step));
}

function canPass(user: DatabaseUser, step: string): boolean {
  const { uid, gid, mode } = statSync(step);
  if (uid === user.uid) return (mode & 0o100) !== 0;
  if (gid === user.gid) return (mode & 0o010) !== 0;
  return (mode & 0o001) !== 0;
}

function nearestExisting(target: string): string {
  let at = path.resolve(target);
  while (statSync(at, { throwIfNoEntry: false }) === undefined) at = path.dirname(at);
  return at;
}

/** Lists all folders on the path, from the root of the file system to the target itself. */
function ancestors(target: string): string[] {
  const parent = path.dirname(target);
  return parent === target ? [target] : [...ancestors(parent), target];
}
