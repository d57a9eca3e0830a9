import { readdirSync } from 'node:fs';
import path from 'node:path';
import { SHARED_DATA } from './shared-data.ts';

/** Adds to a test's name that it is skipped without the published data. */
export const withData = (name: string): string =>
  SHARED_DATA === undefined ? `${name} (SHARED_DATA is not set and ../shared/data is absent)` : name;

/** Paths of the files in a folder of the published data that have this extension. */
export function dataFiles(folder: string, ending: string): readonly string[] {
  if (SHARED_DATA === undefined) return [];
  const whole = path.join(SHARED_DATA, folder);
  return readdirSync(whole)
    .filter((name) => name.endsWith(ending))
    .sort()
    .map((name) => path.join(whole, name));
}
