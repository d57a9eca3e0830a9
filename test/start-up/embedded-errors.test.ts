import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startEmbedded } from '../../src/database/embedded/index.ts';
import { OperatorError } from '../../src/kernel/index.ts';
import { copyDataFolders } from '../support/database/data-folders.ts';
import { startEmbeddedProgram } from '../support/database/embedded-programs.ts';
import { breakCluster, temporaryFolder } from '../support/database/folders.ts';
import { identities } from '../support/database/identities.ts';

const isRoot = process.getuid?.() === 0;
const ordinary = identities().find(({ name }) => name !== 'as root');

/** Returns the error message of a start that fails. */
async function startError(dataDir: string): Promise<string> {
  const error = await startEmbedded({ dataDir, serving: true }).catch((error: unknown) => error);
  expect(error).toBeInstanceOf(OperatorError);
  return (error as OperatorError).message;
}

const [ourselves] = identities();
const newDataFolder = copyDataFolders(ourselves);

test.runIf(isRoot)('as root, a start explains that the database user may not traverse the folder', async () => {
  const folder = temporaryFolder();
  chmodSync(folder, 0o700);
  const message = await startError(path.join(folder, 'data'));
  expect(message).toContain('it runs as the user nobody');
  expect(message).toContain(`chmod o+x ${folder}`);
  expect(message).toContain('Set DATA_DIR');
});

test('a start explains that the data folder is a file', async () => {
  const file = path.join(temporaryFolder(), 'data');
  writeFileSync(file, '');
  expect(await startError(file)).toContain(`The data folder ${file} isn’t a folder`);
});

test.runIf(ordinary)('a start explains that the folder is not writable', async () => {
  const folder = temporaryFolder();
  chmodSync(folder, 0o555);
  onTestFinished(() => chmodSync(folder, 0o755));
  const program = startEmbeddedProgram(folder, 'server', { ...(ordinary && { identity: ordinary }) });
  const { name, message } = await program.waitForEvent('refused');
  expect(name).toBe('OperatorFault');
  expect(message).toContain(`The data folder ${folder} isn’t readable and writable`);
});

test.runIf(isRoot && ordinary)('a start explains that the data folder is another user’s', async () => {
  const dataDir = newDataFolder();
  const program = startEmbeddedProgram(dataDir, 'command', { ...(ordinary && { identity: ordinary }) });
  expect((await program.waitForEvent('refused')).message).toContain('isn’t readable and writable');
});

test('a start explains that the password file is missing', async () => {
  const dataDir = newDataFolder();
  rmSync(path.join(dataDir, 'database-password'));
  expect(await startError(dataDir)).toContain('its password file');
});

test('a start explains that the password file is of another database', async () => {
  const dataDir = newDataFolder();
  writeFileSync(path.join(dataDir, 'database-password'), 'another');
  expect(await startError(dataDir)).toContain('rejects the password');
});

test('a database that PostgreSQL does not start with fails at once, with PostgreSQL’s own message', async () => {
  const dataDir = newDataFolder();
  breakCluster(dataDir);
  const message = await startError(dataDir);
  expect(message).toContain(`The database in ${dataDir} can't be started`);
  expect(message).toContain('database files are incompatible with server');
});

test('a start explains that the folder named database is not PostgreSQL’s', async () => {
  const dataDir = temporaryFolder();
  mkdirSync(path.join(dataDir, 'database'));
  writeFileSync(path.join(dataDir, 'database-password'), 'x');
  writeFileSync(path.join(dataDir, 'database/notes.txt'), '');
  expect(await startError(dataDir)).toContain('contains a folder named database that Patient Access didn’t create');
});

/**
 * Mounts a file system of 16 MB.
 * @returns its folder, or undefined if this system doesn't allow that
 */
function smallDisk(): string | undefined {
  const folder = temporaryFolder();
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=16m,mode=711', 'tmpfs', folder]);
  if (status !== 0) return undefined;
  onTestFinished(() => {
    spawnSync('umount', [folder]);
  });
  return folder;
}

test.runIf(isRoot)('a start explains that the disk is full', async ({ skip }) => {
  const folder = smallDisk();
  if (folder === undefined) return skip('no file system may be mounted here');
  const message = await startError(folder);
  expect(message).toContain("A new database can't be created");
  expect(message).toContain('No space left on device');
});
