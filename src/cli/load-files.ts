import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { OperatorFault } from '../kernel/index.ts';

const LOADED = /\.(json|ndjson|jsonl|xml)$/i;

/**
 * The files that are meant: each as it is named, and of a folder all that may be loaded, also in folders within it, in the
 * order of their names. What can't be read is told when it is.
 * @throws OperatorFault a folder has none
 */
export const filesOf = (names: readonly string[]): readonly string[] =>
  names.flatMap((name) => (statSync(name, { throwIfNoEntry: false })?.isDirectory() === true ? filesIn(name) : [name]));

function filesIn(folder: string): readonly string[] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && LOADED.test(entry.name))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
  if (files.length === 0)
    throw new OperatorFault(`The folder ${folder} has no file that ends in .json, .ndjson, .jsonl or .xml.`);
  return files;
}
