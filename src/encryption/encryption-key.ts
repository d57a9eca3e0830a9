import path from 'node:path';
import type { EncryptionSettings } from '../config/index.ts';
import { openKeyFile } from './key-file.ts';
import { openKeyProgram } from './key-program.ts';

/** A data key, encrypted with an encryption key. */
export interface WrappedKey {
  /** Names the encryption key. It isn't secret. */
  readonly keyId: string;
  readonly wrapped: Buffer;
}

/**
 * The operator's encryption key. It is outside of the database and encrypts only data keys. A file has one, or a program
 * that asks a hardware module or a key service.
 */
export interface EncryptionKey {
  /** Where the key is, for messages to the operator: "the file …". */
  readonly place: string;
  /** Returns the id of the key that `wrap` uses. Keys that were used before can still unwrap. */
  currentKeyId(): Promise<string>;
  wrap(dataKey: Buffer): Promise<WrappedKey>;
  /** Throws `OperatorError` if the key isn't available. */
  unwrap(wrapped: WrappedKey): Promise<Buffer>;
}

/** Returns the file with the encryption key of an embedded database. It is beside the folder of the database. */
const defaultKeyFile = (dataDir: string): string => path.join(dataDir, 'encryption-key');

/**
 * Opens the encryption key that the settings name. It is read when it is first needed.
 * @param dataDir data folder of the embedded database; undefined for an external one, which has no default key
 * @returns undefined if there is no encryption key
 */
export function openEncryptionKey(
  settings: EncryptionSettings | undefined,
  dataDir: string | undefined,
): EncryptionKey | undefined {
  if (settings?.program !== undefined) return openKeyProgram(settings.program);
  const file = findKeyFile(settings, dataDir);
  return file === undefined ? undefined : openKeyFile(file);
}

/** Returns the path of the file with the encryption key; undefined if the key isn't in a file. */
export function findKeyFile(settings: EncryptionSettings | undefined, dataDir: string | undefined): string | undefined {
  if (settings !== undefined) return settings.keyFile;
  return dataDir === undefined ? undefined : defaultKeyFile(dataDir);
}
