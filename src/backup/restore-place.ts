import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { findRunningPostmaster } from '../database/index.ts';
import { OperatorError } from '../kernel/index.ts';

/** Files that a data folder may have before a restore. The operator puts the key there. */
const ALLOWED = /^(?:encryption-key|audit-archive|lost\+found|postgres\.log(?:\.1)?|postgresql-.*)$/;
const UNFINISHED = /^database\.restoring-\d+$/;

/**
 * Checks that a data folder has no database and nothing else that a restore would replace, and removes what an
 * interrupted restore left behind. The folder may be missing.
 * @throws OperatorError
 */
export async function requirePlace(dataDir: string): Promise<void> {
  const names = await readdir(dataDir).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw new OperatorError(`The data folder ${dataDir} can't be read (${error.code}).`);
  });
  for (const name of ['database', ...names.filter((one) => UNFINISHED.test(one))])
    if (findRunningPostmaster(path.join(dataDir, name)) !== undefined)
      throw new OperatorError(
        `The database in ${path.join(dataDir, name)} is running. Stop its server or command first. A restore needs a data folder without a database.`,
      );
  const others = names.filter((name) => !ALLOWED.test(name) && !UNFINISHED.test(name));
  if (others.length > 0)
    throw new OperatorError(
      `The data folder ${dataDir} isn't empty: it has ${others.slice(0, 5).join(', ')}. Move that away, or set DATA_DIR to an empty folder. A file encryption-key and a folder audit-archive may stay.`,
    );
  for (const name of names.filter((one) => UNFINISHED.test(one)))
    await rm(path.join(dataDir, name), { recursive: true, force: true });
}
