import { existsSync, linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { OperatorError, randomSecret, systemRandom } from '../../kernel/index.ts';
import { type DataDir, toDataDirError } from './data-dir.ts';

/**
 * Returns the password of the embedded database. The password is generated at the first start and stored in a file that
 * only its owner can read.
 */
export function readDatabasePassword(dataDir: DataDir): string {
  try {
    if (!existsSync(dataDir.passwordFile)) createPassword(dataDir);
    return readFileSync(dataDir.passwordFile, 'utf8').trim();
  } catch (error) {
    throw toDataDirError(dataDir.root, error);
  }
}

function createPassword({ cluster, passwordFile }: DataDir): void {
  // The cluster is checked before the password file, because another program at its first start creates the password
  // before the cluster.
  if (existsSync(cluster) && !existsSync(passwordFile)) {
    throw new OperatorError(
      `The database in ${cluster} can't be opened: its password file ${passwordFile} is missing. ` +
        'Restore it from your backup of the data folder.',
    );
  }
  // Creating a link never replaces an existing file. If two programs start for the first time together, both use the
  // same password.
  const aside = `${passwordFile}.new-${process.pid}`;
  writeFileSync(aside, randomSecret(systemRandom), { mode: 0o600, flush: true });
  try {
    linkSync(aside, passwordFile);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}
