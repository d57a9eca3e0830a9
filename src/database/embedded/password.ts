import { existsSync, linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { OperatorError, randomSecret, systemRandom } from '../../kernel/index.ts';
import { type DataDir, toDataDirError } from './data-dir.ts';

/** Returns the database's password. It is generated at the first start and readable by its owner only. */
export function readDatabasePassword(dataDir: DataDir): string {
  try {
    if (!existsSync(dataDir.passwordFile)) createPassword(dataDir);
    return readFileSync(dataDir.passwordFile, 'utf8').trim();
  } catch (error) {
    throw toDataDirError(dataDir.root, error);
  }
}

function createPassword({ cluster, passwordFile }: DataDir): void {
  // Checked in this order, because another program at its first start creates the password before the cluster.
  if (existsSync(cluster) && !existsSync(passwordFile)) {
    throw new OperatorError(
      `The database in ${cluster} can't be opened: its password file ${passwordFile} is missing. ` +
        'Restore it from your backup of the data folder.',
    );
  }
  // Creating a link never replaces an existing file, so two programs at their first start end up with the same
  // password.
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
