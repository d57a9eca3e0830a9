import { chmodSync, existsSync, mkdirSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { OperatorError, sha256 } from '../../kernel/index.ts';
import { type DatabaseUser, findDatabaseUser, findObstacle } from './database-user.ts';

/** Paths of one embedded database. They are absolute, because PostgreSQL runs with `/` as its working directory. */
export interface DataDir {
  readonly root: string;
  /** PostgreSQL's own data directory, inside the data folder. */
  readonly cluster: string;
  readonly passwordFile: string;
  readonly log: string;
  readonly user: DatabaseUser | undefined;
}

/**
 * Returns the default data folder, `.data` in the checkout. If the operating system user of the database can't access
 * the checkout, the default is a folder below /var/lib that is used by this checkout only.
 */
export function defaultDataDir(checkout: string): string {
  const inside = path.join(path.resolve(checkout), '.data');
  const user = findDatabaseUser(clusterFolder(inside));
  if (user === undefined || findObstacle(user, inside) === undefined) return inside;
  // A database that is already in the checkout must not seem lost. Its folder is returned, and opening the folder
  // reports why it can't be accessed.
  if (existsSync(clusterFolder(inside))) return inside;
  const checkoutPath = realpathSync(checkout);
  const name = `${path.basename(checkoutPath)}-${sha256(checkoutPath).toString('hex').slice(0, 8)}`;
  return path.join('/var/lib/patient-access', name);
}

/** Creates the data folder if it is missing. Throws an `OperatorError` if a database can't run in it. */
export function openDataDir(dir: string): DataDir {
  const wanted = path.resolve(dir);
  try {
    makeFolder(wanted);
  } catch (error) {
    throw toDataDirError(wanted, error);
  }
  const root = realpathSync(wanted);
  const cluster = clusterFolder(root);
  const user = findDatabaseUser(cluster);
  if (user !== undefined) requireReachable(root, user);
  return {
    root,
    cluster,
    user,
    passwordFile: path.join(root, 'database-password'),
    log: path.join(root, 'postgres.log'),
  };
}

const clusterFolder = (root: string): string => path.join(root, 'database');

/**
 * Creates a folder with its parents. If this program runs as root, the database's user may pass through the created
 * folders but not list them, regardless of the umask.
 */
export function makeFolder(dir: string): void {
  const mode = process.getuid?.() === 0 ? 0o711 : 0o700;
  const first = mkdirSync(dir, { recursive: true, mode });
  if (!statSync(dir).isDirectory()) throw Object.assign(new Error('not a folder'), { code: 'ENOTDIR' });
  if (first === undefined) return;
  for (let made = dir; made.length >= first.length; made = path.dirname(made)) chmodSync(made, mode);
}

function requireReachable(root: string, user: DatabaseUser): void {
  const obstacle = findObstacle(user, root);
  if (obstacle === undefined) return;
  throw new OperatorError(
    `The data folder ${root} can't be used: PostgreSQL can't run as root, so it runs as the user ${user.name}, ` +
      `who has no access to ${obstacle}. Set DATA_DIR to a folder in /var/lib, or run: chmod o+x ${obstacle}`,
  );
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'isn’t readable and writable for the user who runs this program. Change its owner, or set DATA_DIR',
  EPERM: 'isn’t readable and writable for the user who runs this program. Change its owner, or set DATA_DIR',
  EROFS: 'is on a read-only file system. Set DATA_DIR to another place',
  ENOSPC: 'is on a full disk. Free some space there (a new database needs about 50 MB)',
  EDQUOT: 'has exceeded its disk quota. Free some space there (a new database needs about 50 MB)',
  ENOTDIR: 'isn’t a folder. Set DATA_DIR to another place',
  EEXIST: 'isn’t a folder. Set DATA_DIR to another place',
  ENOTEMPTY:
    'contains a folder named database that Patient Access didn’t create. Move it, or set DATA_DIR to another place',
};

/** Converts a file system error to an `OperatorError` with advice. Returns any other error unchanged. */
export function toDataDirError(dir: string, error: unknown): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  const reason = code === undefined ? undefined : REASONS[code];
  return reason === undefined ? error : new OperatorError(`The data folder ${dir} ${reason}. (${message})`);
}
