import path from 'node:path';
import type { SettingName } from './settings.ts';

/** The operator's encryption key: in a file, or in the care of a program. Both are absolute paths. */
export type EncryptionSettings =
  | { readonly keyFile: string; readonly program?: undefined }
  | { readonly keyFile?: undefined; readonly program: string };

/** Reads where the encryption key is. The file may not exist yet: a command creates it. */
export function readEncryptionSettings(
  text: (name: SettingName) => string,
  environment: Readonly<Record<string, string | undefined>>,
  report: (name: SettingName, message: string) => void,
): EncryptionSettings | undefined {
  const [keyFile, program] = [text('ENCRYPTION_KEY_FILE'), text('ENCRYPTION_KEY_PROGRAM')];
  if (keyFile !== '' && program !== '')
    report('ENCRYPTION_KEY_PROGRAM', 'and ENCRYPTION_KEY_FILE are both set. Set only one of them.');
  const absolute = (given: string): string => path.resolve(environment['INIT_CWD'] ?? '', given);
  if (keyFile !== '') return { keyFile: absolute(keyFile) };
  return program === '' ? undefined : { program: absolute(program) };
}
