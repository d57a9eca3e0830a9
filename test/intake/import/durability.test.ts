import { expect, it, onTestFinished, vi } from 'vitest';
import { migrate, openDatabase, startEmbedded } from '../../../src/database/index.ts';
import { importFiles, textInput } from '../../../src/intake/index.ts';
import { systemClock as clock, systemRandom as random } from '../../../src/kernel/index.ts';
import { ensurePractices, findPracticeByName } from '../../../src/practices/index.ts';
import { postmasterOf, temporaryFolder } from '../../support/database/folders.ts';
import { until } from '../../support/runs/until.ts';

/** The test starts PostgreSQL twice, which takes long beside other tests. */
vi.setConfig({ testTimeout: 150_000 });

const patients = Array.from({ length: 5 }, (_, n) =>
  JSON.stringify({ resourceType: 'Patient', id: `durable-${n}`, name: [{ family: `Family ${n}` }] }),
);

it('keeps everything that a load reported, even if PostgreSQL is killed at that moment', async () => {
  const dataDir = temporaryFolder();
  const running = await startEmbedded({ dataDir, serving: false });
  await migrate(running.connection);
  const db = openDatabase(running.connection, 2);
  await ensurePractices(db, { liveName: 'Durable', sandbox: false });
  const { practiceId } = await findPracticeByName(db, undefined);
  const options = { practiceId, source: 'durable', projections: [], clock, random };
  const { created } = await importFiles(db, options, [textInput('patients.ndjson', patients.join('\n'))]);
  process.kill(postmasterOf(dataDir) ?? 0, 'SIGQUIT');
  await until(() => postmasterOf(dataDir) === undefined);
  await db.close();

  expect(created).toBe(patients.length);
  const again = await startEmbedded({ dataDir, serving: false });
  const after = openDatabase(again.connection, 1);
  onTestFinished(async () => {
    await after.close();
    await again.stop();
  });
  const rows = await after.queryText<{ n: number }>(
    "select count(*)::int as n from resource where type = 'Patient'",
    [],
  );
  expect(rows).toEqual([{ n: patients.length }]);
});
