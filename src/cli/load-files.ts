import { type Dirent, readdirSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { OperatorFault } from '../kernel/index.ts';

const LOADED = /\.(json|ndjson|jsonl|xml)$/i;

/**
 * The files that are meant: each as it is named, and of a folder all that may be loaded, also in folders within it, in the
 * order of their names. What can't be read is told when it is.
 * @throws OperatorFault a folder has none
 */
export const filesOf = (names: readonly string[]): readonly string[] =>
  names.flatMap((name) => (isFolder(name) ? filesIn(name) : [name]));

function filesIn(folder: string): readonly string[] {
  const files = [...within(folder, new Set())].sort();
  if (files.length === 0)
    throw new OperatorFault(`The folder ${folder} has no file that ends in .json, .ndjson, .jsonl or .xml.`);
  return files;
}

/** @param seen folders that were looked into: links may lead round in a circle */
function within(folder: string, seen: Set<string>): readonly string[] {
  const real = realpathSync(folder);
  if (seen.has(real)) return [];
  seen.add(real);
  return entriesOf(folder).flatMap((entry) => {
    const name = path.join(folder, entry.name);
    // What systems put beside files: `._patients.json` of macOS, `.git`.
    if (entry.name.startsWith('.')) return [];
    if (entry.isSymbolicLink() ? isFolder(name) : entry.isDirectory()) return within(name, seen);
    return (entry.isFile() || entry.isSymbolicLink()) && LOADED.test(entry.name) ? [name] : [];
  });
}

function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    const { code } = error as { code?: string };
    throw new OperatorFault(`The folder ${folder} can't be read (${code}). Check who may read it.`);
  }
}

const isFolder = (name: string): boolean => {
  try {
    return statSync(name).isDirectory();
  } catch {
    return false;
  }
};
