import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { findDatabaseUser } from '../../src/database/embedded/database-user.ts';
import { copyDataFolders } from '../support/database/data-folders.ts';
import { startEmbeddedProgram } from '../support/database/embedded-programs.ts';
import { clusterOf, temporaryFolder } from '../support/database/folders.ts';
import { type Identity, usualIdentities } from '../support/database/identities.ts';
import { isResponding } from '../support/database/query.ts';

async function expectStart(dataDir: string, identity: Identity): Promise<void> {
  const { adopted, connection } = await startEmbeddedProgram(dataDir, 'server', { identity }).waitForEvent('started');
  expect(adopted).toBe(false);
  expect(await isResponding(connection)).toBe(true);
}

/** Starts any program as the database's user. PostgreSQL knows that programs of other users can't be its own. */
function otherProgram(dataDir: string, identity: Identity): ChildProcess {
  const user = identity.spawnAs ?? findDatabaseUser(clusterOf(dataDir));
  const child = spawn('sleep', ['600'], { ...(user && { uid: user.uid, gid: user.gid }), stdio: 'ignore' });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  return child;
}

const writePidFile = (dataDir: string, text: string): void =>
  writeFileSync(path.join(clusterOf(dataDir), 'postmaster.pid'), text);

const pidFileFor = (dataDir: string, pid: number | undefined): string =>
  `${pid}\n${clusterOf(dataDir)}\n1767225600\n5432\n\n127.0.0.1\n\nready   \n`;

describe.each(usualIdentities())('$name', (identity) => {
  const newDataFolder = copyDataFolders(identity);

  test('a pid file that names another program does not keep the database from starting', async () => {
    const dataDir = newDataFolder();
    writePidFile(dataDir, pidFileFor(dataDir, otherProgram(dataDir, identity).pid));
    await expectStart(dataDir, identity);
    const log = readFileSync(path.join(dataDir, 'postgres.log'), 'utf8');
    expect(log).toContain('lock file "postmaster.pid" already exists');
  });

  test('a pid file that names the PostgreSQL of another folder does not either', async () => {
    const dataDir = newDataFolder();
    const neighbour = newDataFolder();
    const { connection } = await startEmbeddedProgram(neighbour, 'server', { identity }).waitForEvent('started');
    const [pid] = readFileSync(path.join(clusterOf(neighbour), 'postmaster.pid'), 'utf8').split('\n');
    writePidFile(dataDir, pidFileFor(dataDir, Number(pid)));
    await expectStart(dataDir, identity);
    expect(await isResponding(connection)).toBe(true);
  });

  test('an empty pid file, as a power cut leaves it, does not either', async () => {
    const dataDir = newDataFolder();
    writePidFile(dataDir, '');
    await expectStart(dataDir, identity);
  });

  test('an incomplete database of a killed first start is removed', async () => {
    const dataDir = temporaryFolder(identity);
    // No process can have this process id.
    const half = `${clusterOf(dataDir)}.new-99999999`;
    mkdirSync(half);
    writeFileSync(`${half}.password`, 'secret');
    await expectStart(dataDir, identity);
    expect(readdirSync(dataDir).sort()).toEqual(['database', 'database-password', 'postgres.log']);
  });
});
