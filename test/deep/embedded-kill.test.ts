import { describe, expect, test } from 'vitest';
import { startEmbedded } from '../../src/database/embedded/index.ts';
import { postmasterOf, temporaryFolder } from '../support/database/folders.ts';
import { identities } from '../support/database/identities.ts';
import { type KillTarget, killRounds } from '../support/database/kill-rounds.ts';
import { isResponding } from '../support/database/query.ts';

const ROUNDS = 20;
const targets: readonly KillTarget[] = ['server', 'both', 'mixed'];

describe.each(identities())('twenty times kill -9 under eight writers, $name', (identity) => {
  test.each(targets)('killing: %s', { timeout: 300_000 }, async (target) => {
    const report = await killRounds(temporaryFolder(identity), target, ROUNDS, identity);
    console.log(target, JSON.stringify(report));
    expect(report.lost).toBe(0);
    expect(report.starts).toHaveLength(ROUNDS);
    if (target === 'server') expect(report.adopted).toBe(ROUNDS);
  });
});

test('hundreds of concurrent starts and exits never find the database stopped while they use it', {
  timeout: 300_000,
}, async () => {
  const dataDir = temporaryFolder();
  const visit = async (): Promise<void> => {
    for (let round = 0; round < 200; round++) {
      const embedded = await startEmbedded({ dataDir, serving: false });
      await expect(isResponding(embedded.connection)).resolves.toBe(true);
      await embedded.stop();
    }
  };
  await (await startEmbedded({ dataDir, serving: false })).stop();
  await Promise.all(Array.from({ length: 4 }, visit));
  expect(postmasterOf(dataDir)).toBeUndefined();
});
