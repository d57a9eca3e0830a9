import path from 'node:path';
import type { EncryptionSettings } from '../config/index.ts';
import type { EncryptionKey } from './encryption-key.ts';
import { openKeyFile } from './key-file.ts';
import { openKeyProgram } from './key-program.ts';

/**
 * Opens the encryption key that the settings name. It is read when it is first needed. If there is a program, it encrypts,
 * and a file may have earlier keys.
 * @param dataDir data folder of the embedded database; undefined for an external one, which has no default key
 * @returns undefined without an encryption key
 */
export function openEncryptionKey(
  settings: EncryptionSettings | undefined,
  dataDir: string | undefined,
): EncryptionKey | undefined {
  const keyFile = findKeyFile(settings, dataDir);
  const file = keyFile === undefined ? undefined : openKeyFile(keyFile);
  if (settings?.program === undefined) return file;
  const program = openKeyProgram(settings.program);
  if (file === undefined) return program;
  return {
    ...program,
    unwrap: async (wrapped) => ((await file.has(wrapped.keyId)) ? file.unwrap(wrapped) : program.unwrap(wrapped)),
  };
}

/**
 * Returns the path of the file with the encryption key, which may not exist. The embedded database has its own beside its
 * folder. It is undefined if the file doesn't exist.
 */
export function findKeyFile(settings: EncryptionSettings | undefined, dataDir: string | undefined): string | undefined {
  if (settings?.keyFile !== undefined) return settings.keyFile;
  return dataDir === undefined ? undefined : path.join(dataDir, 'encryption-key');
}
