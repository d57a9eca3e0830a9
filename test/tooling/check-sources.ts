import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from '../support/database/folders.ts';

const script = fileURLToPath(new URL('../../scripts/check-modules.mjs', import.meta.url));

/**
 * Runs the check on a small tree of sources.
 * @param sources texts by path
 */
export function check(sources: Readonly<Record<string, string>>): { status: number | null; problems: string[] } {
  const home = temporaryFolder();
  for (const [name, text] of Object.entries(sources)) {
    const file = path.join(home, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, `${text}\n`);
  }
  const { status, stdout } = spawnSync(process.execPath, [script], { cwd: home, encoding: 'utf8' });
  return { status, problems: stdout.trim().split('\n').slice(0, -1).sort() };
}
