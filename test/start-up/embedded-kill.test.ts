import { describe, expect, test } from 'vitest';
import { copyDataFolders } from '../support/database/data-folders.ts';
import { usualIdentities } from '../support/database/identities.ts';
import { killRounds } from '../support/database/kill-rounds.ts';

// test/deep/embedded-kill.test.ts repeats these tests twenty times each.
describe.each(usualIdentities())('kill -9 under eight writers, $name', (identity) => {
  const newDataFolder = copyDataFolders(identity);

  test('a killed server finds its database again, with every acknowledged row', async () => {
    const report = await killRounds(newDataFolder(), 'server', 1, identity);
    expect(report).toMatchObject({ lost: 0, adopted: 1 });
    expect(report.acknowledged).toBeGreaterThan(0);
  });

  test('a server whose database was killed with it finds it again too', async () => {
    const report = await killRounds(newDataFolder(), 'both', 1, identity);
    expect(report).toMatchObject({ lost: 0, adopted: 0 });
  });

  test('a server whose database was stopping finds it again too', async () => {
    const report = await killRounds(newDataFolder(), 'mixed', 2, identity);
    expect(report.lost).toBe(0);
  });
});
