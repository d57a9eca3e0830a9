import { readFileSync } from 'node:fs';
import path from 'node:path';
import { SETTINGS } from './settings.ts';

/** Longest secret that a file may contain, in bytes. It keeps a wrong path, such as that of a log, from being read. */
const MAX_BYTES = 16 * 1024;

/**
 * Adds the secrets that are in files, as orchestrators provide them. For each secret setting `NAME`, the variable
 * `NAME_FILE` may name a file with its value. The file's last line break doesn't belong to the value. Relative paths
 * start at the folder of the command.
 * @param report called with the name of the variable and the problem of its file
 */
export function readSecretFiles(
  environment: Readonly<Record<string, string | undefined>>,
  report: (name: string, message: string) => void,
): Readonly<Record<string, string | undefined>> {
  const secrets: Record<string, string> = {};
  for (const setting of SETTINGS) {
    if (!('secret' in setting)) continue;
    const { name } = setting;
    const variable = `${name}_FILE`;
    const given = environment[variable]?.trim() ?? '';
    if (given === '') continue;
    if ((environment[name]?.trim() ?? '') !== '') {
      report(variable, `and ${name} are both set. Set only one of them.`);
      continue;
    }
    const file = path.resolve(environment['INIT_CWD'] ?? '', given);
    const secret = readSecret(file, (problem) => report(variable, `names ${file}, which ${problem}.`));
    if (secret !== undefined) secrets[name] = secret;
  }
  return { ...environment, ...secrets };
}

function readSecret(file: string, report: (problem: string) => void): string | undefined {
  try {
    const content = readFileSync(file);
    if (content.length > MAX_BYTES) report(`has more than ${MAX_BYTES / 1024} KiB`);
    else if (content.toString('utf8').trim() === '') report('is empty');
    else return content.toString('utf8').replace(/\r?\n$/, '');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    report(code === 'ENOENT' ? "doesn't exist" : `can't be read (${code})`);
  }
  return undefined;
}
