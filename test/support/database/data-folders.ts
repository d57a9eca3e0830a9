import { spawnSync } from 'node:child_process';
import { beforeAll, inject } from 'vitest';
import { COMPILE_CACHE } from '../servers/processes.ts';
import { EMBEDDED_PROGRAM } from './embedded-programs.ts';
import { makeFolder, temporaryFolder } from './folders.ts';
import type { Identity } from './identities.ts';

/** Data folders with an unused database, by the user that owns them. They last as long as the run. */
const templates = new Map<string, string>();

/**
 * Returns a function that makes data folders with a stopped database. Each is a copy of a template, because creating a
 * database takes far longer. A folder that is given to the function is used; otherwise it is one of the test.
 */
export function copyDataFolders(identity: Identity): (folder?: string) => string {
  let template: string;
  beforeAll(() => {
    template = templates.get(identity.name) ?? makeTemplate(identity);
    templates.set(identity.name, template);
  });
  return (folder = temporaryFolder(identity)) => {
    const { status, stderr } = spawnSync('cp', ['-a', `${template}/.`, folder], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`the database was not copied: ${stderr}`);
    return folder;
  };
}

function makeTemplate(identity: Identity): string {
  const { folder } = makeFolder(identity, inject('runFolder'));
  const options = { ...identity.spawnAs, env: COMPILE_CACHE, input: '', encoding: 'utf8' } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, [EMBEDDED_PROGRAM, folder, 'command'], options);
  if (status !== 0 || !stdout.includes('"stopped"')) throw new Error(`no database was made: ${stdout}${stderr}`);
  return folder;
}
