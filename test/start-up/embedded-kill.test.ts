import { describe, expect, test } from 'vitest';
import { dataFolders } from '../support/data-folders.ts';
import { usualIdentities } from '../support/identities.ts';
import { killRounds } from '../support/kill-rounds.ts';

// The tests in test/deep run twenty rounds of each.
describe.each(usualIdentities())('kill -9 under eight writers, $name', (identity) => {
  const newDataFolder = dataFolders(identity);

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
