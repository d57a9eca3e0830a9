import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { startEmbedded } from '../../src/database/index.ts';
import { CHECKOUT } from '../support/checkout.ts';
import { copyDataFolders } from '../support/database/data-folders.ts';
import { temporaryFolder } from '../support/database/folders.ts';
import { identities } from '../support/database/identities.ts';
import { runCli } from '../support/servers/command-line.ts';

const newDataFolder = copyDataFolders(identities()[0]);

/** The crontab of docs/backup.md with the folders of a test. */
function readCrontab(folders: Readonly<Record<string, string>>) {
  const page = readFileSync(path.join(CHECKOUT, 'docs/backup.md'), 'utf8');
  const [, text = ''] = /\n```\n(PATH=[\s\S]+?)\n```\n/.exec(page) ?? [];
  const lines = Object.entries(folders)
    .reduce((all, [name, folder]) => all.replaceAll(new RegExp(`(?<![\\w/])${name}(?![\\w-])`, 'g'), folder), text)
    .split('\n');
  const environment = lines.flatMap((line) => {
    const [, name, value] = /^(\w+)=(.*)$/.exec(line) ?? [];
    return name === undefined || value === undefined ? [] : [[name, value] as const];
  });
  const commands = lines.flatMap((line) => /^(?:\S+ +){4}\S+ {2}(.+)$/.exec(line)?.[1]?.replaceAll('\\%', '%') ?? []);
  return { environment: Object.fromEntries(environment), commands };
}

it('the crontab of docs/backup.md works with the environment that cron gives', { timeout: 600_000 }, async () => {
  const [dataDir, bin, wal] = [newDataFolder(), temporaryFolder(), path.join(temporaryFolder(), 'wal')];
  const backups = path.join(temporaryFolder(), 'backups');
  mkdirSync(backups);
  symlinkSync(path.join(CHECKOUT, 'scripts/patient-access'), path.join(bin, 'patient-access'));
  await runCli(['keys', 'create-encryption', path.join(dataDir, 'encryption-key')]);
  await (await startEmbedded({ dataDir, serving: false, walArchive: wal })).stop();
  const { environment, commands } = readCrontab({
    ...{ '/usr/local/bin': bin, '/data': dataDir, '/archive/wal': wal, '/backup': backups },
  });
  expect(Object.keys(environment)).toEqual(['PATH', 'DATA_DIR', 'WAL_ARCHIVE_DIR']);
  expect(commands).toHaveLength(2);
  for (const command of commands) {
    // crontab(5): cron sets these variables, and then those of the crontab.
    const cron = { HOME: '/root', LOGNAME: 'root', SHELL: '/bin/sh', PATH: '/usr/bin:/bin' };
    const { status, stderr } = spawnSync('/bin/sh', ['-c', command], {
      ...{ env: { ...cron, ...environment }, cwd: '/', encoding: 'utf8' },
    });
    expect({ command, status, stderr: status === 0 ? '' : stderr }).toEqual({ command, status: 0, stderr: '' });
  }
  expect(readdirSync(backups)).toEqual([expect.stringMatching(/^\d{4}-\d\d-\d\d$/)]);
});
