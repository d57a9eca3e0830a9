// The commands that the documentation requires of a reader.
import { accessSync, constants, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const PROGRAM = path.join(import.meta.dirname, 'jq-program.ts');

/** Returns where a command is, or undefined if this machine doesn't have it. */
export function findCommand(name: string): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter).filter(Boolean);
  return folders.map((folder) => path.join(folder, name)).find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Puts the Node of the tests into a folder as `node`, and a `jq` if this machine has none. */
export function addCommands(folder: string): void {
  symlinkSync(process.execPath, path.join(folder, 'node'));
  if (findCommand('jq') === undefined) addJq(folder);
}

/** Puts the jq of the package jq-web into a folder, as a command (docs/decisions/054). */
export function addJq(folder: string): void {
  writeFileSync(path.join(folder, 'jq'), `#!/bin/sh\nexec '${process.execPath}' '${PROGRAM}' "$@"\n`, { mode: 0o755 });
}
