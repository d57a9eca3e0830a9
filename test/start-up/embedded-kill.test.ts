import { describe, expect, test } from 'vitest';
import { dataFolders } from '../support/data-folders.ts';
import { usualIdentities } from '../support/identities.ts';
import { killRounds } from '../support/kill-rounds.ts';

// Twenty rounds of each are in test/deep.
describe.each(usualIdentities())('kill -9 under eight writers, $name', (identity) => {
  const newDataFolder = dataFolders(identity);

  test('a killed server finds its database again, with every acknowledged row', async () => {
    const report = await killRounds(newDataFolder(), 'server', 1, identity);
    expect(report).toMatchObject({ lost: 0, adopted: 1 });
    expect(report.acknowledged).toBeGreaterThan(0);
  });

  test('so does one whose database was killed with it', async () => {
    const report = await killRounds(newDataFolder(), 'both', 1, identity);
    expect(report).toMatchObject({ lost: 0, adopted: 0 });
  });

  test('and one whose database was just stopping', async () => {
    const report = await killRounds(newDataFolder(), 'mixed', 2, identity);
    expect(report.lost).toBe(0);
  });
});
