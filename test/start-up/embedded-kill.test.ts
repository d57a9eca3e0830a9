import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../support/folders.ts';
import { identities } from '../support/identities.ts';
import { killRounds } from '../support/kill-rounds.ts';

describe.each(identities())('kill -9 under eight writers, $name', (identity) => {
  test('a killed server finds its database again, with every acknowledged row', async () => {
    const report = await killRounds(temporaryFolder(identity), 'server', 3, identity);
    expect(report).toMatchObject({ lost: 0, adopted: 3 });
    expect(report.acknowledged).toBeGreaterThan(0);
  });

  test('so does one whose database was killed with it', async () => {
    const report = await killRounds(temporaryFolder(identity), 'both', 2, identity);
    expect(report).toMatchObject({ lost: 0, adopted: 0 });
  });

  test('and one whose database was just stopping', async () => {
    const report = await killRounds(temporaryFolder(identity), 'mixed', 3, identity);
    expect(report.lost).toBe(0);
  });
});
