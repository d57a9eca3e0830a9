import { expect, test } from 'vitest';
import { startEmbedded } from '../../src/database/embedded/index.ts';
import { answers, ask } from '../support/answers.ts';
import { dataFolders } from '../support/data-folders.ts';
import { breakCluster, postmasterOf } from '../support/folders.ts';
import { identities } from '../support/identities.ts';
import { until } from '../support/until.ts';

const [ourselves] = identities();
const newDataFolder = dataFolders(ourselves);
const LOCKS = "select pid from pg_stat_activity where application_name = 'patient-access locks'";

test('a server whose lock connection is cut reacquires its locks', async () => {
  const dataDir = newDataFolder();
  const { connection, stop } = await startEmbedded({ dataDir, serving: true });
  const before = await ask(connection, LOCKS);
  await ask(connection, `select pg_terminate_backend(pid) from (${LOCKS}) as locks`);
  await until(async () => {
    const now = await ask(connection, LOCKS);
    return now.length === 1 && now[0] !== before[0];
  });
  await expect(startEmbedded({ dataDir, serving: true })).rejects.toThrow('Another Patient Access server');
  await stop();
  expect(postmasterOf(dataDir)).toBeUndefined();
});

test('a database that dies under its server is started again, at the same port', async () => {
  const dataDir = newDataFolder();
  const { connection, stop } = await startEmbedded({ dataDir, serving: true });
  await ask(connection, 'create table kept as select 42 as answer');
  process.kill(postmasterOf(dataDir) ?? 0, 'SIGKILL');
  await until(() => answers(connection).catch(() => false));
  expect(await ask(connection, 'select answer from kept')).toEqual([42]);
  await stop();
  expect(postmasterOf(dataDir)).toBeUndefined();
});

test('a server that cannot get its database back reports why', async () => {
  const dataDir = newDataFolder();
  let reason: unknown;
  const lost = (error: unknown): void => {
    reason = error;
  };
  const { stop } = await startEmbedded({ dataDir, serving: true, onLost: lost });
  breakCluster(dataDir);
  process.kill(postmasterOf(dataDir) ?? 0, 'SIGKILL');
  await until(() => reason !== undefined);
  expect(reason).toMatchObject({ name: 'OperatorFault', message: expect.stringContaining("can't be started") });
  await stop();
});
