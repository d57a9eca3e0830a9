import { type Dirent, readdirSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { OperatorError } from '../../kernel/index.ts';

const LOADABLE = /\.(json|ndjson|jsonl|xml)$/i;

/**
 * Returns the files to load: each named file, and all files of a named folder and its subfolders
 * whose name has an extension of `LOADABLE`, sorted by name. Unreadable files are reported when
 * they are loaded.
 * @throws OperatorError if a folder has no such file or can't be read
 */
export const findFiles = (names: readonly string[]): readonly string[] =>
  names.flatMap((name) => (isFolder(name) ? filesInFolder(name) : [name]));

function filesInFolder(folder: string): readonly string[] {
  const files = [...listFolder(folder, new Set())].sort();
  if (files.length === 0) throw new OperatorError(`The folder ${folder} has no .json, .ndjson, .jsonl or .xml file.`);
  return files;
}

/**
 * Returns all files of a folder and its subfolders that can be loaded by their name's extension.
 * @param seen real paths of the visited folders, because symbolic links can form a cycle
 */
function listFolder(folder: string, seen: Set<string>): readonly string[] {
  const real = realpathSync(folder);
  if (seen.has(real)) return [];
  seen.add(real);
  return readEntries(folder).flatMap((entry) => {
    const name = path.join(folder, entry.name);
    // Skips hidden files and folders, because they belong to operating systems and tools, such as
    // `._patients.json` of macOS or `.git`.
    if (entry.name.startsWith('.')) return [];
    if (entry.isSymbolicLink() ? isFolder(name) : entry.isDirectory()) return listFolder(name, seen);
    return (entry.isFile() || entry.isSymbolicLink()) && LOADABLE.test(entry.name) ? [name] : [];
  });
}

function readEntries(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    const { code } = error as { code?: string };
    throw new OperatorError(`The folder ${folder} can't be read (${code}). Check its permissions.`);
  }
}

const isFolder = (name: string): boolean => {
  try {
    return statSync(name).isDirectory();
  } catch {
    return false;
  }
};
