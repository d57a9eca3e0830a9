import { spawnSync } from 'node:child_process';
import { beforeAll } from 'vitest';
import { EMBEDDED_PROGRAM } from './embedded-programs.ts';
import { makeFolder, temporaryFolder } from './folders.ts';
import type { Identity } from './identities.ts';
import { COMPILE_CACHE } from './processes.ts';

/**
 * Makes data folders with a database that doesn't run. Each is a copy of one that the tests of a file, or of a `describe`,
 * share: making a database takes far longer than copying it.
 */
export function dataFolders(identity: Identity): () => string {
  let template: string;
  beforeAll(() => {
    const made = makeFolder(identity);
    template = made.folder;
    const options = { ...identity.spawnAs, env: COMPILE_CACHE, input: '', encoding: 'utf8' } as const;
    const { status, stdout, stderr } = spawnSync(process.execPath, [EMBEDDED_PROGRAM, template, 'command'], options);
    if (status !== 0 || !stdout.includes('"stopped"')) throw new Error(`no database was made: ${stdout}${stderr}`);
    return made.remove;
  });
  return () => {
    const folder = temporaryFolder(identity);
    const { status, stderr } = spawnSync('cp', ['-a', `${template}/.`, folder], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`the database was not copied: ${stderr}`);
    return folder;
  };
}
