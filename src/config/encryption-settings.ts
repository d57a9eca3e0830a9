import path from 'node:path';
import type { SettingName } from './settings.ts';

/** The operator's encryption key: in a file, or in the care of a program. At least one is set; paths are absolute. */
export interface EncryptionSettings {
  readonly keyFile: string | undefined;
  /** It encrypts if both are set, while the keys in the file can still decrypt. */
  readonly program: string | undefined;
}

/** Reads where the encryption key is. The file may not exist yet: a command creates it. */
export function readEncryptionSettings(
  text: (name: SettingName) => string,
  environment: Readonly<Record<string, string | undefined>>,
): EncryptionSettings | undefined {
  const read = (name: SettingName): string | undefined =>
    text(name) === '' ? undefined : path.resolve(environment['INIT_CWD'] ?? '', text(name));
  const settings = { keyFile: read('ENCRYPTION_KEY_FILE'), program: read('ENCRYPTION_KEY_PROGRAM') };
  return settings.keyFile === undefined && settings.program === undefined ? undefined : settings;
}
